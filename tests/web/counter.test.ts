import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type Site } from './browser.ts'

const origin = 'http://banbucheng.example.gov.cn'
let site: Site
beforeAll(async () => {
  site = await openSite({ PUBLIC_ORIGIN: origin })
})
afterAll(() => site.close())

test('A whole form is filled and filed by keyboard alone, and the receipt says code, day and what comes next, under the address that citizens see', async () => {
  const clerk = await site.staff('吴窗', ['clerk'])
  await clerk.evaluate('window.print = () => { window.printed = true }')
  await clerk.keyboard.press('Alt+4')
  await clerk.locator('form.intake').waitFor()
  const inFocus = () => clerk.evaluate('document.activeElement.name || document.activeElement.textContent') as Promise<string>
  const fill = async (fields: readonly (readonly [name: string, value: string])[]): Promise<void> => {
    for (const [name, value] of fields) {
      expect(await inFocus()).toBe(name)
      if (value === ' ') await clerk.keyboard.press('Space')
      else await clerk.keyboard.type(value)
      await clerk.keyboard.press('Tab')
    }
  }

  // The keyboard begins where the clerk does: at the name.
  await fill([
    ['name', '刘桂英'],
    ['phone', '13900001111'],
    ['matter', '不动产证'],
    ['department', '政务大厅2号窗口'],
    ['story', '去了三次，说缺发票'],
    ['told', '先回去找开发商'],
  ])
  expect(await inFocus()).toBe('written')
  await clerk.keyboard.press('ArrowDown')
  await clerk.keyboard.press('ArrowDown')
  await clerk.keyboard.press('Tab')
  await fill([['visits', '3']])
  expect(await inFocus()).toBe('happenedOn')
  await clerk.keyboard.type('20261120')
  for (let steps = 0; steps < 4 && (await inFocus()) === 'happenedOn'; steps++) await clerk.keyboard.press('Tab')
  await fill([
    ['missingPapers', '购房发票'],
    ['company', '桂英小吃店'],
    ['onBehalfOf', '老伴'],
    ['district', '尧都区'],
    ['address', '鼓楼南路8号'],
    ['anonymous', ' '],
    ['confidential', ' '],
  ])
  await clerk.keyboard.press('Control+Enter')

  const receipt = clerk.locator('.receipt')
  await receipt.waitFor()
  const text = await receipt.innerText()
  expect(text).toMatch(/工单编号\s+\d{4,8}-\d{8}-\d+-\d\s+查询码\s+\d{6}\s/)
  expect(text).toMatch(/应办结日期\s+\S+/)
  expect(text).toMatch(/下一步\s+\S+/)
  expect(text).toContain(`${origin}/progress`)
  expect(await receipt.locator('img.qr').getAttribute('alt')).toBe('扫码查进度')
  expect(await inFocus()).toBe('打印')
  await clerk.keyboard.press('Enter')
  expect(await clerk.evaluate('window.printed')).toBe(true)
  await clerk.keyboard.press('Tab')
  await clerk.keyboard.press('Tab')
  await clerk.keyboard.press('Enter')
  await clerk.locator('.intake').waitFor()
  expect(await inFocus()).toBe('name')
  expect(site.faults).toEqual([])
})
