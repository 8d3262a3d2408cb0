// The pages that citizens come to, for the staff manual: on a phone and on a screen, in both versions.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'

export const desk = { width: 1366, height: 768 }
export const phone = { width: 375, height: 812 }

type Keep = (name: string, picture: Buffer) => Promise<void>

export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.evaluate('document.fonts.ready')
}

const story = ['房产证办不下来，跑了三趟了', '窗口说缺一张购房发票，没给书面的', '我叫王某某，电话13812345678'] as const

export async function takeOfCitizens(browser: Browser, url: string, keep: Keep): Promise<void> {
  for (const [suffix, viewport] of [
    ['', phone],
    ['-desk', desk],
  ] as const) {
    const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport })
    const page = await context.newPage()
    const take = async (name: string, path?: string): Promise<void> => {
      if (path !== undefined) await page.goto(url + path)
      await settled(page)
      await keep(`${name}${suffix}`, await page.screenshot())
    }
    const inBoth = async (name: string, path: string): Promise<void> => {
      await take(name, path)
      await page.locator('.elder-switch').click()
      await take(`${name}-elder`)
      await page.locator('.elder-switch').click()
    }
    await inBoth('citizen', '/')
    await say(page, '我想开个小吃店，执照在哪儿办？')
    await page.locator('.message.bot .card').first().waitFor()
    await take('citizen-guide')
    // A fresh visitor tells of another matter.
    await page.evaluate('localStorage.clear()')
    await context.clearCookies()
    await page.goto(url)
    for (const text of story) await say(page, text)
    await take('citizen-case')
    const [, number = '', code = ''] = /编号 ?(\d+-\d+-\d+-\d)，查询码 ?(\w+)/.exec((await page.locator('.log').textContent()) ?? '') ?? []
    await inBoth('privacy', '/privacy')
    await inBoth('public', '/public')
    await take('progress', '/progress')
    await page.fill('[name=number]', number)
    await page.fill('[name=proof]', code)
    await page.click('button[type=submit]')
    await page.locator('.result').waitFor()
    await take('case')
    await page.locator('.elder-switch').click()
    await take('case-elder')
    await context.close()
  }
}

async function say(page: Page, text: string): Promise<void> {
  const before = await page.locator('.message.bot').count()
  await page.fill('#say', text)
  await page.keyboard.press('Enter')
  await page.locator('.message.bot').nth(before).waitFor()
}

/** Somebody else's site, with the one line that shows the widget. */
export async function openForeign(office: string): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((_request, reply) => {
    reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    reply.end(
      `<!doctype html><html lang="zh-CN"><title>某某市人民政府</title><body style="margin:0;font:18px sans-serif"><h1 style="margin:0;padding:24px 40px;background:#b3261e;color:#fff">某某市人民政府</h1><p style="padding:40px">政务公开　办事服务　互动交流</p><script src="${office}/widget.js" async></script></body></html>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

export async function takeWidget(browser: Browser, url: string, keep: Keep): Promise<void> {
  for (const [suffix, viewport] of [
    ['', phone],
    ['-desk', desk],
  ] as const) {
    const page = await (await browser.newContext({ locale: 'zh-CN', viewport })).newPage()
    await page.goto(url)
    await page.getByRole('button', { name: '办不成事' }).click()
    await page.frameLocator('iframe').locator('.welcome').waitFor()
    await settled(page)
    await keep(`widget${suffix}`, await page.screenshot())
    await page.context().close()
  }
}
