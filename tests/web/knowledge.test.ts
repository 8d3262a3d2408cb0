import { writeFileSync } from 'node:fs'
import exceljs from 'exceljs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type Site, say, violations } from './browser.ts'

let site: Site
let clerk: Page
let lead: Page
beforeAll(async () => {
  site = await openSite()
  clerk = await site.staff('王窗口', ['clerk'])
  lead = await site.staff('李组长', ['lead'])
})
afterAll(() => site.close())

const shots = process.env['SHOTS']
const shot = async (page: Page, name: string): Promise<void> => {
  if (shots) writeFileSync(`${shots}/${name}.png`, await page.screenshot({ fullPage: true }))
}
const go = async (page: Page, path: string): Promise<void> => {
  await page.goto(`${site.url}/console${path}`)
  await page.locator('main h1').waitFor()
  await page.waitForLoadState('networkidle')
}

test('a clerk edits a guide, tries it out and leaves it to another, who sees what changed and approves', async () => {
  await go(clerk, '/guides')
  await clerk.fill('input[type=search]', '数电发票')
  await clerk.getByRole('link', { name: /领票和开数电发票/ }).click()
  await clerk.fill('[name=fee]', '每本收工本费一元')
  await clerk.fill('[name=question]', '开电子发票收费吗')
  await clerk.getByRole('button', { name: '问', exact: true }).click()
  await clerk.locator('.trial').waitFor()
  expect(await clerk.locator('.trial').innerText()).toContain('工本费一元')
  await clerk.fill('[name=fee]', ' ')
  await clerk.getByRole('button', { name: /保存草稿/ }).click()
  await clerk.getByText('“收费”没有填').waitFor()
  await clerk.fill('[name=fee]', '每本收工本费一元')
  await clerk.fill('[name=note]', '收费标准调整')
  await clerk.getByRole('button', { name: /保存草稿/ }).click()
  await clerk.getByText('正在改第 2 版草稿').waitFor()
  expect(await clerk.getByRole('button', { name: '批准', exact: true }).count()).toBe(0)
  await shot(clerk, 'guide-clerk')

  await go(lead, '/guides')
  await lead.getByText('有待批准的草稿').click()
  await lead.getByRole('link', { name: /领票和开数电发票/ }).click()
  await lead.locator('.difference').waitFor()
  expect(await lead.locator('.difference').innerText()).toContain('每本收工本费一元')
  await shot(lead, 'guide-lead')
  await lead.getByRole('button', { name: '批准', exact: true }).click()
  await lead.getByText('正在用').waitFor()

  const citizen = await site.open()
  await say(citizen, '开电子发票收费吗')
  expect(await citizen.locator('main').innerText()).toContain('工本费一元')
})

test('a workbook is downloaded, edited, and its changes are shown before they become drafts that are approved together', async () => {
  await go(clerk, '/guides')
  const [download] = await Promise.all([clerk.waitForEvent('download'), clerk.getByText('导出工作簿').click()])
  const book = new exceljs.Workbook()
  await book.xlsx.readFile(await download.path())
  const sheet = book.getWorksheet('指南')!
  const column = (sheet.getRow(1).values as string[]).indexOf('收费')
  sheet.getCell(2, column).value = '全免'
  sheet.getCell(3, column).value = ''
  const file = async () => ({ name: 'a.xlsx', mimeType: '', buffer: Buffer.from(await book.xlsx.writeBuffer()) })
  await clerk.setInputFiles('input[type=file]', await file())
  await clerk.getByText('《指南》第 3 行“收费”：没有填').waitFor()
  await shot(clerk, 'import-faults')
  sheet.getCell(3, column).value = '一律不收'
  await clerk.setInputFiles('input[type=file]', await file())
  await clerk.getByText('新增 0 篇，改动 2 篇').waitFor()
  await shot(clerk, 'import')
  await clerk.getByRole('button', { name: '存成草稿，等人批准' }).click()
  await clerk.getByText('已存成 2 份草稿').waitFor()

  await go(lead, '/guides')
  await lead.getByText('有待批准的草稿').click()
  for (const box of await lead.locator('tbody input[type=checkbox]').all()) await box.check()
  await lead.getByRole('button', { name: '批准所选的 2 篇' }).click()
  await shot(lead, 'guides')
  await lead.locator('.el-message-box__btns .el-button--primary').click()
  await lead.getByText('已批准。').first().waitFor()
})

test('missed questions become a name of a guide in one step, and the page says how many are answered now', async () => {
  for (const question of ['怎么申领啷当本', '请问啷当本怎么办理', '办啷当本要什么材料', '哪里办呼噜噜证']) {
    const citizen = await site.open()
    await say(citizen, question)
    const none = citizen.getByText('都不是', { exact: true })
    if (await none.count()) {
      await none.last().click()
      await citizen.waitForLoadState('networkidle')
    }
  }
  await go(lead, '/missed')
  await lead.locator('.group').first().waitFor()
  await shot(lead, 'missed')
  const group = lead.locator('.group', { hasText: '啷当本' }).first()
  await group.getByRole('button', { name: '认领' }).click()
  await group.getByText('您已认领').waitFor()
  await group.getByRole('button', { name: '加到一篇指南' }).click()
  await group.locator('.el-select').click()
  await lead.keyboard.type('领票和开数电')
  await lead.getByRole('option', { name: /领票和开数电发票/ }).click()
  await group.locator('[name=names]').fill('啷当本')
  await shot(lead, 'missed-name')
  await group.getByRole('button', { name: '加上并重新问一遍' }).click()
  await lead.getByText('3 问中 3 问现在答得上').waitFor()

  await lead.getByRole('button', { name: '写成新指南' }).click()
  await lead.getByText('会把 1 个没答上的问题重新问一遍').waitFor()
  expect(await lead.locator('[name=asks]').inputValue()).toBe('哪里办呼噜噜证')
})

test('axe-core finds nothing wrong with the pages for guides, and no page had an error', async () => {
  const found: string[] = []
  for (const path of ['/guides', '/guides/e-invoice', '/guides/new', '/missed']) {
    await go(lead, path)
    found.push(...(await violations(lead)))
  }
  expect(found).toEqual([])
  // The one that was provoked: a guide without its fee.
  expect(site.faults.filter((fault) => !fault.includes('status of 400'))).toEqual([])
})
