import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomRequests } from '../../tools/noise.ts'
import { openOffice } from '../support/office.ts'
import { partnerSecret, partnersFile } from '../support/partner.ts'

const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const secret = 'a-long-secret-for-the-gateway'
const settings = {
  wechat: { appId: 'wx0123456789abcdef', secret: 's', token: 'office_token', mode: 'compatible', encodingAesKey: aesKey },
  kf: { corpId: 'ww0123456789abcdef', secret: 's', token: 'kfToken', encodingAesKey: aesKey },
  sms: { secret, byHand: true },
}

/** The long form is `npm run fuzz`. */
const requests = 700

test('random requests to every webhook, signed and unsigned, meet no crash and no 5xx, and the right ones among them are taken', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  writeFileSync(join(folder, 'c.yaml'), JSON.stringify(settings))
  const office = await openOffice({ CHANNELS_FILE: join(folder, 'c.yaml'), RATE_LIMIT: '1000000', PARTNERS_FILE: partnersFile() })
  for (const channel of ['wechat', 'kf', 'sms', 'partner'] as const) {
    const statuses = new Map<number, number>()
    let done = 0
    for (const { method, url, payload, headers } of randomRequests(channel, { aesKey, secret, partnerSecret, now: office.now })) {
      if (done++ === requests) break
      const body = method === 'GET' ? {} : { body: new Uint8Array(payload) }
      const answer = await fetch(`${office.url}${url}`, { method, headers, ...body })
      await answer.arrayBuffer()
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    }
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
    expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(20)
  }
  await office.close()
  rmSync(folder, { recursive: true })
})
