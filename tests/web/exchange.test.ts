import exceljs from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type Site, violations } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

test('A clerk reads a workbook of 12345 in, sees number and query code of each case and the row that cannot be taken, and takes the results out', async () => {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet('工单')
  sheet.addRows([
    ['12345工单号', '姓名', '联系电话', '诉求内容'],
    ['H-1', '张三', '13800000000', '不动产证跑了三趟不给办'],
    ['H-2', '李四', '13800000001', ''],
  ])
  const page = await site.staff('李', ['clerk'])
  await page.goto(`${site.url}/console/intake`)
  await page.locator('.exchange summary').click()
  const orders = {
    name: '工单.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: Buffer.from(await book.xlsx.writeBuffer()),
  }
  await page.locator('.exchange input[type=file]').setInputFiles(orders)

  await page
    .locator('.exchange tbody tr', { hasText: 'H-1' })
    .getByText(/^\d{6}$/)
    .waitFor()
  await page
    .locator('.exchange li', { hasText: '第 3 行' })
    .getByText(/诉求内容/)
    .waitFor()
  expect(await violations(page)).toEqual([])
  await page.locator('.exchange input[type=file]').setInputFiles(orders)
  await page.getByText('登记 0 件，早已登记 1 件').waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.exchange a').click()])
  expect(download.suggestedFilename()).toMatch(/^12345办理结果.*\.xlsx$/)
  expect(site.faults).toEqual([])
})
