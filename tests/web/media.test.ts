import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWechat } from '../../tools/simwechat.ts'
import { photo, wave } from '../support/files.ts'
import { openSite, type Site } from './browser.ts'

const account = {
  appId: 'wx0123456789abcdef',
  secret: 'office-secret',
  token: 'office_token',
  mode: 'safe' as const,
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  hook: '',
}
const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
let wechat: Awaited<ReturnType<typeof openWechat>>
let site: Site
beforeAll(async () => {
  wechat = await openWechat(() => account)
  const { hook: _hook, ...settings } = account
  writeFileSync(join(folder, 'channels.yaml'), JSON.stringify({ wechat: { ...settings, apiBase: wechat.url } }))
  site = await openSite({ CHANNELS_FILE: join(folder, 'channels.yaml') })
  account.hook = `${site.url}/api/channels/wechat`
})
afterAll(async () => {
  await site.close()
  await wechat.close()
  rmSync(folder, { recursive: true })
})

test('The clerk sees the picture and hears the voice that a citizen sent through WeChat, and what the browser cannot play can be saved', async () => {
  await wechat.postFile('o_liufang', 'image', { bytes: await photo(), type: 'image/jpeg' })
  await wechat.postFile('o_liufang', 'voice', { bytes: wave(), type: 'voice/amr' })
  await wechat.postFile('o_liufang', 'voice', { bytes: Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(320, 1)]), type: 'voice/amr' })
  const page = await site.staff('郭', ['clerk'])
  await page.goto(`${site.url}/console/conversations`)
  await page.getByRole('button', { name: '全部', exact: true }).click()
  await page.locator('.inbox .cards a').first().click()

  const files = page.locator('.talk .file')
  await files.nth(0).locator('img').waitFor()
  await expect.poll(() => page.evaluate(`document.querySelector('.talk .file img').naturalWidth`)).toBeGreaterThan(0)
  await files.nth(1).getByRole('button', { name: '播放' }).click()
  await expect.poll(() => page.evaluate(`document.querySelector('.talk audio')?.currentTime ?? 0`), { timeout: 10_000 }).toBeGreaterThan(0)

  await files.nth(2).getByRole('button', { name: '播放' }).click()
  await files.nth(2).getByText('浏览器放不了这种格式').waitFor()
  const saving = page.waitForEvent('download')
  await files.nth(2).getByRole('button', { name: '下载' }).click()
  expect((await saving).suggestedFilename()).toBe('语音.amr')
})

test('A clerk sees how many messages the platform still takes, and what was not delivered stands among the failed work, from where it is sent again', async () => {
  await wechat.say('o_wangwu', '转人工')
  const page = await site.staff('李', ['clerk'])
  await page.goto(`${site.url}/console/conversations`)
  await page.locator('.inbox .cards a').first().click()
  await page.getByText('接过来', { exact: true }).click()
  await page.getByText(/平台还允许发 \d 条/).waitFor()
  wechat.faults.push({ kind: 'code', code: 43004 })
  await page.locator('.answer textarea').fill('您好，我是窗口的小李')
  await page.locator('.answer textarea').press('Enter')

  await expect.poll(async () => (await site.administrator.get<{ rows: unknown[] }>('/jobs/dead')).body.rows.length, { timeout: 20_000 }).toBe(1)
  expect(wechat.screen('o_wangwu').join()).not.toContain('小李')
  await page.goto(`${site.url}/console/dead`)
  // What the platform answered, in words that say what to do.
  await page.locator('tbody tr', { hasText: '对方平台不收' }).waitFor()
  await page.locator('tbody tr', { hasText: '向市民发消息' }).getByRole('link', { name: '看会话' }).waitFor()
  await page.getByRole('button', { name: '重试' }).click()

  await expect.poll(() => wechat.screen('o_wangwu').join(), { timeout: 20_000 }).toContain('小李')
  await page.reload()
  await page.getByText('没有失败').waitFor()
  expect(site.faults).toEqual([])
})
