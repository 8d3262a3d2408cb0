import { writeFileSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { act, aFullLife, person } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'
import { openSite } from './browser.ts'

let office: TestOffice
let director: StaffClient
let browser: Browser
let page: Page
const errors: string[] = []
beforeAll(async () => {
  office = await openOffice()
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  // The width of A4 at 96 dots an inch.
  page = await browser.newPage({ viewport: { width: 794, height: 1123 } })
  page.on('console', (message) => void (message.type() === 'error' && errors.push(`${page.url()}: ${message.text()}`)))
})
afterAll(async () => {
  await browser.close()
  await office.close()
})

async function show(path: string): Promise<void> {
  const [name = '', value = ''] = director.cookie().split('=')
  await page.context().addCookies([{ name, value, url: office.url }])
  await page.goto(`${office.url}/api/staff/${path}`)
}

/** Nothing stands over the edge of the sheet, the style is let through, and there is ink on it. */
async function looksLikePaper(path: string): Promise<void> {
  await show(path)
  expect(await page.locator('h1').count(), path).toBeGreaterThan(0)
  expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).textAlign"), path).toBe('center')
  expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'), path).toBeLessThanOrEqual(0)
  const pdf = await page.pdf({ preferCSSPageSize: true })
  if (process.env['KEEP_PAPERS']) writeFileSync(`${process.env['KEEP_PAPERS']}/${path.replaceAll('/', '-')}.pdf`, pdf)
  expect(pdf.byteLength, path).toBeGreaterThan(10_000)
}

test('Every paper of a case that was given all of them, the month report and the six ledgers go onto sheets of A4', async () => {
  const { id } = await aFullLife(office)
  const raised = { type: 'register', id: 't2', number: '1410-20260610-0009-9', channel: 'counter', demand: 'cannot', urgent: false } as const
  const facts = { name: '刘芳', phone: '13800001111', matter: '判决执行', story: '法院判了不执行' }
  const proposal = { demandClass: 'clear', level: 1, departments: [], flags: [], reasons: [] } as const
  await act(office, 't2', '2026-06-24 10:00', { ...raised, facts, proposal }, person('王窗口', ['clerk']))
  await act(office, 't2', '2026-06-24 10:05', { type: 'raise', level: 3, reason: '跨部门' }, person('王窗口', ['clerk']))
  await act(office, 't2', '2026-06-24 10:10', { type: 'decline', reason: '已进入诉讼程序', door: '人民法院执行局' }, person('王窗口', ['clerk']))
  director = await office.hire('director', ['director'])

  const seen = new Set<string>()
  for (const one of [id, 't2']) {
    const { rows } = (await director.get<{ rows: { name: string }[] }>(`/tickets/${one}/papers`)).body
    for (const { name } of rows) {
      await looksLikePaper(`tickets/${one}/papers/${name}`)
      // What the file is called when it is printed to one.
      expect(await page.title(), name).toMatch(/^\S+ 1410-20260610-\d{4}-\d$/)
      seen.add(name)
    }
  }
  expect([...seen].sort()).toEqual(
    [
      'assignment',
      'contents',
      'declined',
      'extension',
      'guide',
      'handover',
      'mandate',
      'minutes',
      'order',
      'rating',
      'receipt',
      'referral',
      'summons',
      'upward',
    ].sort(),
  )
  await looksLikePaper('report/2026-06')
  // Ledgers lie on their side.
  await page.setViewportSize({ width: 1123, height: 794 })
  for (const name of ['intake', 'work', 'callback', 'help', 'order', 'supervision']) await looksLikePaper(`ledgers/${name}.html?from=2026-06-01&to=2026-06-30`)
  expect(errors).toEqual([])
})

test('A call is registered by keyboard alone in under a minute, typed at the pace of a clerk', async () => {
  const site = await openSite()
  try {
    const clerk = await site.staff('电话坐席', ['clerk'])
    await clerk.keyboard.press('Alt+4')
    await clerk.locator('.intake').waitFor()
    const began = Date.now()
    await clerk.locator('[name=channel]').first().focus()
    await clerk.keyboard.press('ArrowDown')
    expect(await clerk.locator('[name=channel][value=phone]').isChecked()).toBe(true)
    const fields = ['赵桂兰', '13911112222', '低保停发', '街道办', '上个月起没发，问了两次都说等通知', '说系统升级，没给书面']
    await clerk.locator('[name=name]').focus()
    // Some 200 strokes a minute for what an input method makes of them: three characters a second.
    for (const text of fields) {
      await clerk.keyboard.type(text, { delay: 330 })
      await clerk.keyboard.press('Tab')
    }
    await clerk.keyboard.press('Control+Enter')
    await clerk.locator('.receipt').waitFor()
    expect(Date.now() - began).toBeLessThan(60_000)
    expect((await clerk.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(10_000)
    expect(site.faults).toEqual([])
  } finally {
    await site.close()
  }
})
