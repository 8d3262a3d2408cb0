import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, phone, register, type Site, say, violations } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

test('The mayor reads a case and writes an instruction on a phone; it stands in the journal, and the office is told', async () => {
  const { number } = await register(await site.open())
  const mayor = await site.staff('高市长', ['mayor'])
  await mayor.setViewportSize(phone)
  await mayor.goto(`${site.url}/console/tickets`)
  await mayor.getByRole('link', { name: number }).click()

  await mayor.locator('[data-command=instruct]').first().click()
  await mayor.fill('.command [name=text]', '请主任牵头，三日内给群众答复')
  await mayor.click('.command button.primary')

  await mayor.locator('.journal', { hasText: '高市长批示：请主任牵头' }).waitFor()
  expect(await mayor.locator('[data-command=triage]').count()).toBe(0)
  expect(await mayor.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  expect(await violations(mayor)).toEqual([])
  const supervisor = await site.staff('徐督办', ['supervisor'])
  await supervisor.locator('#notices', { hasText: '高市长批示' }).waitFor()
})

test('A clerk whose line is cut reads so, keeps what was begun, and has all that was said meanwhile when it is back', async () => {
  const citizen = await site.open('/', { viewport: phone })
  await say(citizen, '转人工')
  const clerk = await site.staff('李办', ['clerk'])
  await clerk.goto(`${site.url}/console/conversations`)
  await clerk.locator('.inbox .cards a').first().click()
  await clerk.getByText('接过来', { exact: true }).click()
  await clerk.locator('.answer textarea').fill('您好，我这就')
  const before = site.faults.length

  await clerk.context().setOffline(true)
  await clerk.locator('.offline').waitFor({ timeout: 60_000 })
  await citizen.fill('#say', '我在等，房产证的事')
  await citizen.keyboard.press('Enter')
  await citizen.locator('.message.citizen').last().getByText('已送达').waitFor()
  await clerk.context().setOffline(false)

  await clerk.locator('.offline').waitFor({ state: 'detached', timeout: 30_000 })
  await clerk.locator('.talk .log', { hasText: '我在等，房产证的事' }).waitFor()
  expect(await clerk.locator('.answer textarea').inputValue()).toBe('您好，我这就')
  // A browser reports each request that finds no line.
  const loud = site.faults.splice(before).filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED'))
  expect(loud).toEqual([])
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
