import { afterAll, beforeAll, expect, test } from 'vitest'
import { enter, openSite, phone, register, type Site, say, violations } from './browser.ts'

let site: Site
const numbers: string[] = []
beforeAll(async () => {
  site = await openSite()
  for (let times = 0; times < 3; times++) numbers.push((await register(await site.open())).number)
  await say(await site.open(), '转人工')
})
afterAll(() => site.close())

const sideways = `Math.max(document.documentElement.scrollWidth - window.innerWidth, ...[...document.querySelectorAll('.table')].map((one) => one.scrollWidth - one.clientWidth))`

test('All that somebody has to do is one list, in sight without scrolling, the citizen who waits first, and one kind of it at a touch', async () => {
  const page = await site.staff('王窗', ['clerk'])
  const rows = page.locator('.duties tbody tr')
  await rows.nth(3).waitFor()

  const box = await rows.nth(3).boundingBox()
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(768)
  expect(await rows.first().innerText()).toContain('等人接待')
  for (const number of numbers) expect(await page.locator('.duties tbody tr', { hasText: number }).count()).toBe(1)
  expect(await page.locator('.kinds .toTriage').innerText()).toMatch(/待研判\s*3/)
  expect(await page.evaluate(sideways)).toBeLessThanOrEqual(0)
  expect(await violations(page)).toEqual([])

  await page.locator('.kinds .toTriage').click()
  expect(await rows.count()).toBe(3)
  await page.locator('.kinds .toArchive').click()
  await page.getByText('这一类没有要做的').waitFor()
})

test('On a phone a case is a card and not a squeezed row', async () => {
  const page = await site.staff('李窗', ['clerk'])
  await page.setViewportSize(phone)
  for (const path of ['', '/tickets']) {
    await page.goto(`${site.url}/console${path}`)
    const row = page.locator('tbody tr', { hasText: numbers[0] ?? '' })
    await row.waitFor()
    expect((await row.locator('.matter').boundingBox())?.width).toBeGreaterThan(270)
    expect(await page.evaluate(sideways)).toBeLessThanOrEqual(0)
    expect(await violations(page)).toEqual([])
  }
})

test('A clerk comes from the login to a case that is judged without touching the mouse', async () => {
  const { password } = (await site.administrator.post<{ password: string }>('/people', { account: 'keys', name: '键', roles: ['clerk'] })).body
  const page = await site.open('/console')
  await enter(page, 'keys', password)
  await page.fill('[name=current]', password)
  await page.fill('[name=next]', 'Spring-in-2026')
  await page.fill('[name=again]', 'Spring-in-2026')
  await page.keyboard.press('Enter')
  await page.locator('.duties tbody tr').first().waitFor()

  await page.keyboard.press('?')
  await page.getByText('列表里下一件、上一件').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('列表里下一件、上一件').waitFor({ state: 'hidden' })
  await page.keyboard.press('/')
  await page.locator('[type=search]:focus').waitFor()
  expect(new URL(page.url()).pathname).toBe('/console/tickets')
  await page.keyboard.type(numbers[0] ?? '')
  await page.keyboard.press('Enter')
  await page.getByText('1 件', { exact: true }).waitFor()
  await page.keyboard.press('Alt+1')
  await page.locator('.duties tbody tr').first().waitFor()
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
  const chosen = await page.locator('.duties tr.cursor .number').innerText()
  await page.keyboard.press('Enter')
  await page.locator('.case-head .number', { hasText: chosen }).waitFor()
  await page.keyboard.press('1')
  await page.locator('.command').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.command').waitFor({ state: 'detached' })
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
