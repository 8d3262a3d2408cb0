import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, phone, register, type Site, violations } from './browser.ts'

let site: Site
let foreign: Server
let address: string
/** the same under a name of another site: this browser lets frames of other sites keep nothing at all */
let distant: string
let policy = ''

/** A government site of another name, as strict as sites come: nothing may run but the office's script, nothing be framed but the office's page. */
beforeAll(async () => {
  foreign = createServer((_request, reply) => {
    reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    reply.end(`<!doctype html><html lang="zh-CN"><title>某某政府网</title><h1>某某政府网</h1><script src="${site.url}/widget.js" async></script></html>`)
  })
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`
  distant = address.replace('127.0.0.1', 'localhost')
  site = await openSite({ WIDGET_SITES: `https://elsewhere.example ${address} ${distant}` })
  policy = `default-src 'none'; script-src ${site.url}; frame-src ${site.url}`
})
afterAll(async () => {
  foreign.close()
  await site.close()
})

const faults: string[] = []
async function visit(viewport = { width: 1366, height: 768 }, to = address): Promise<Page> {
  const page = await (await site.browser.newContext({ locale: 'zh-CN', viewport })).newPage()
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    // The browser asks the foreign page itself for its icon, which its own policy forbids.
    if (message.type() === 'error' && !message.text().includes('favicon')) faults.push(message.text())
  })
  await page.goto(to)
  return page
}
const frameOf = (page: Page) => page.frameLocator('iframe')
async function talk(page: Page, text: string): Promise<void> {
  await frameOf(page).locator('#say').fill(text)
  await frameOf(page).locator('#say').press('Enter')
  await frameOf(page).locator('.message.bot').first().waitFor()
}

test('A visitor of a foreign page with a strict policy talks in the widget, is answered, and finds the talk again on the next page', async () => {
  const page = await visit()
  await page.getByRole('button', { name: '办不成事' }).click()

  await talk(page, '我想开个小吃店，执照在哪儿办？')
  await page.goto(`${address}/another`)
  await page.getByRole('button', { name: '办不成事' }).click()

  await frameOf(page).locator('.message.citizen', { hasText: '小吃店' }).waitFor()
  expect(await page.context().cookies()).toEqual([])
  expect(faults).toEqual([])
})

test('Where a browser lets frames of other sites keep nothing, the talk lasts as long as the page, also on the way through the widget', async () => {
  const page = await visit(phone, distant)
  await page.getByRole('button', { name: '办不成事' }).click()
  await talk(page, '我叫王芳，电话13812345678，跑了三趟还是不给办房产证')

  await frameOf(page).locator('.privacy summary').click()
  await frameOf(page).getByRole('link', { name: '我的信息' }).click()
  await frameOf(page).getByText('13812345678').waitFor()
  await frameOf(page).getByText('回到对话').click()

  await frameOf(page).locator('.message.citizen', { hasText: '王芳' }).waitFor()
  expect(faults).toEqual([])
})

test('Closed, it counts on its button what is said meanwhile; opened, the count is gone', async () => {
  const page = await visit()
  await page.getByRole('button', { name: '办不成事' }).click()
  await talk(page, '转人工')
  await page.keyboard.press('Escape')
  await frameOf(page)
    .locator('.panel-bar')
    .getByText('收起')
    .click({ timeout: 1_000 })
    .catch(() => undefined)
  await page.locator('iframe').waitFor({ state: 'hidden' })
  const [row] = await site.administrator.waiting()
  await site.administrator.talk(row?.id ?? '', { type: 'takeover' })
  await site.administrator.talk(row?.id ?? '', { type: 'say', text: '您好，我是窗口的小李' })

  await page.getByRole('button', { name: /条新消息/ }).click()

  await page.getByRole('button', { name: '办不成事？点这里', exact: true }).waitFor()
  await frameOf(page).getByText('窗口的小李').waitFor()
})

test('Opened in a window of its own the talk goes on there', async () => {
  const page = await visit()
  await page.getByRole('button', { name: '办不成事' }).click()
  await talk(page, '老人医保卡丢了怎么补？')
  const opening = page.context().waitForEvent('page')

  await frameOf(page).getByText('新窗口').click()

  const window = await opening
  await window.locator('.message.citizen', { hasText: '医保卡' }).waitFor()
  expect(new URL(window.url()).search).toBe('')
})

test('Inside a foreign page a citizen comes from the door to the case by its number and code, from there to a person, and back', async () => {
  const { number, code } = await register(await site.open())
  const page = await visit(phone, distant)
  await page.getByRole('button', { name: '办不成事' }).click()

  await frameOf(page).locator('.welcome').getByText('查办件进度').click()
  await frameOf(page).locator('[name=number]').fill(number)
  await frameOf(page).locator('[name=proof]').fill(code)
  await frameOf(page).locator('button[type=submit]').click()
  await frameOf(page).locator('.result').getByText(number).waitFor()
  await frameOf(page).getByRole('link', { name: '找窗口说' }).click()
  await frameOf(page).locator('.message.citizen', { hasText: '转人工' }).waitFor()
  await frameOf(page).locator('.quick').getByText('查进度').click()
  await frameOf(page).getByText('回到首页').click()

  await frameOf(page).locator('.message.citizen', { hasText: '转人工' }).waitFor()
  expect(faults).toEqual([])
})

test('On a phone the opened widget has the whole screen, and each of its pages can be put away', async () => {
  const page = await visit(phone)
  const button = page.getByRole('button', { name: '办不成事' })
  await button.click()
  await frameOf(page).locator('.welcome').waitFor()

  await button.waitFor({ state: 'hidden' })
  expect(await page.locator('iframe').boundingBox()).toEqual({ x: 0, y: 0, ...phone })
  for (const door of ['查办件进度', '我的信息']) {
    await frameOf(page).getByRole('link', { name: door }).first().click()
    await frameOf(page).getByRole('heading', { level: 1, name: door }).waitFor()
    await frameOf(page).getByText('收起').click()
    await page.locator('iframe').waitFor({ state: 'hidden' })
    await button.click()
    await frameOf(page).locator('.back a').click()
  }
})

test('A site that the office has not named may not frame the chat, and no other page may be framed at all', async () => {
  const widget = await fetch(`${site.url}/widget`)
  expect(widget.headers.get('content-security-policy')).toContain(`frame-ancestors 'self' https://elsewhere.example ${address} ${distant}`)
  expect(widget.headers.get('x-frame-options')).toBeNull()
  for (const path of ['/', '/progress', '/console', '/privacy', '/public', '/outside']) {
    const { headers } = await fetch(site.url + path)
    expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'self';")
    expect(headers.get('x-frame-options'), path).toBe('SAMEORIGIN')
  }
})

test('The loader is at most 5 KB, may be loaded from everywhere, and asks nothing but our own page', async () => {
  const answer = await fetch(`${site.url}/widget.js`)
  const code = await answer.text()

  expect(Buffer.byteLength(code)).toBeLessThanOrEqual(5 * 1024)
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect(answer.headers.get('cache-control')).toContain('max-age=600')
  expect(code).not.toMatch(/https?:\/\//)
  expect(code).not.toMatch(/\?\.[a-zA-Z_[(]|\?\?/)
  expect(readFileSync('docs/widget.zh-CN.md', 'utf8')).toContain('/widget.js')
})

test('axe-core finds nothing wrong with the button in the foreign page', async () => {
  policy = `${policy}; connect-src *`
  const page = await visit()
  await page.getByRole('button', { name: '办不成事' }).waitFor()
  const found = (await violations(page)).filter((one) => one.includes('button'))
  expect(found).toEqual([])
})
