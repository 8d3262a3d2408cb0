import { expect, test } from 'vitest'
import { faultMeaning } from '../../texts/faults.ts'

test.each([
  ['platform was not reached (TimeoutError)', '连不上'],
  ['platform answered 503', '忙或限流'],
  ['platform answered 404', '查地址设置'],
  ['platform answered 43004', '按后面的错误码'],
  ['platform gave no token (40013)', '访问凭证'],
  ['channel sms is not set up', '还没设置好'],
  ['TypeError: x is not a function', '告诉维护人员'],
])('staff read of the fault 「%s」 what it means', (reason, words) => {
  expect(faultMeaning(reason)).toContain(words)
})
