import { afterAll, beforeAll, expect, test } from 'vitest'
import { paper } from '../support/files.ts'
import { openSite, phone, register, type Site, violations } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

async function aCasePage() {
  const { number, code } = await register(await site.open())
  const page = await site.open(`/progress?number=${number}`, { viewport: phone })
  await page.fill('[name=proof]', code)
  await page.click('button[type=submit]')
  await page.locator('.result').waitFor()
  return page
}

test('A citizen adds words and a paper to their case, sees who has it since when, and withdraws it after a second thought', async () => {
  const page = await aCasePage()
  expect(await page.locator('.trail li').first().innerText()).toMatch(/登记\s*刚刚/)

  await page.fill('[name=addition]', '发票找到了')
  await page.getByText('发给承办人').click()
  await page.getByText('已经补充进去了').waitFor()
  await page.setInputFiles('input[type=file]', { name: '发票.pdf', mimeType: 'application/pdf', buffer: paper() })
  await page.getByText('“发票.pdf”已经交上了').waitFor()
  await page.locator('.file', { hasText: '发票.pdf' }).waitFor()
  const found = await violations(page)
  await page.getByRole('button', { name: '不办了，撤回' }).click()
  await page.getByRole('button', { name: '不撤回' }).click()
  await page.getByRole('button', { name: '不办了，撤回' }).click()
  found.push(...(await violations(page)))
  await page.getByRole('button', { name: '确定撤回' }).click()

  await page.locator('.stage', { hasText: '已撤回' }).waitFor()
  expect(await page.locator('[name=addition]').count()).toBe(0)
  expect(found).toEqual([])
})

test('From the case a citizen comes to a person in the talk', async () => {
  const page = await aCasePage()
  await page.getByRole('link', { name: '找窗口说' }).click()
  await page.locator('.message.citizen', { hasText: '转人工' }).waitFor()
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
