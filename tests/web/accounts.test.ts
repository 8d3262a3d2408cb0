import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logIn, testPassword } from '../support/staff.ts'
import { enter, openSite, type Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

test('An administrator changes who somebody is, and what they may do follows at once; nobody changes the own rights', async () => {
  const { password } = (await site.administrator.post<{ password: string }>('/people', { account: 'moves', name: '马科', roles: ['clerk'] })).body
  const moved = await logIn(site.url, 'moves', password)
  const admin = await site.staff('关管', ['admin'])
  await admin.goto(`${site.url}/console/people`)
  await admin.locator('[data-person=moves]').click()
  await admin.fill('[name=person]', '马督办')
  await admin.getByRole('checkbox', { name: '窗口工作人员' }).uncheck()
  await admin.getByRole('checkbox', { name: '督办员' }).check()
  await admin.getByRole('button', { name: '保存' }).click()
  await admin.locator('tr', { hasText: '马督办' }).getByText('督办员').waitFor()
  expect((await moved.get('/me')).body).toMatchObject({ name: '马督办', roles: ['supervisor'] })

  const before = site.faults.length
  await admin.locator('tr', { hasText: '关管' }).locator('[data-person]').click()
  await admin.getByRole('checkbox', { name: '督办员' }).check()
  await admin.getByRole('button', { name: '保存' }).click()
  await admin.getByText('自己的岗位和单位不能自己改').waitFor()
  expect(site.faults.splice(before)).toHaveLength(1)
})

test('Who binds an authenticator app is asked for its code at the next login, and gives it up with the password', async () => {
  const { password } = (await site.administrator.post<{ password: string }>('/people', { account: 'factor', name: '双因', roles: ['clerk'] })).body
  await logIn(site.url, 'factor', password)
  const page = await site.open('/console')
  await enter(page, 'factor', testPassword)
  await page.locator('.duties').waitFor()
  await page.goto(`${site.url}/console/account`)
  await page.locator('.panel .primary').first().click()
  const secret = Secret.fromBase32((await page.locator('.enrol code').innerText()).trim())
  await page.fill('[name=code]', new TOTP({ secret }).generate())
  await page.keyboard.press('Enter')
  await page.locator('.enrol').waitFor({ state: 'detached' })

  const before = site.faults.length
  const other = await site.open('/console')
  await enter(other, 'factor', testPassword)
  await other.locator('[name=code]').waitFor()
  await other.fill('[name=code]', '000000')
  await other.keyboard.press('Enter')
  await other.getByRole('alert').waitFor()
  site.faults.splice(before)
  // A code is good once: the next one of the app.
  await other.fill('[name=code]', new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 }))
  await other.keyboard.press('Enter')
  await other.locator('.duties').waitFor()

  await other.goto(`${site.url}/console/account`)
  await other.getByRole('button', { name: '解除' }).click()
  await other.locator('.el-message-box input').fill(testPassword)
  await other.keyboard.press('Enter')
  await other.getByRole('button', { name: '绑定' }).first().waitFor()
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
