import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RegisteredView } from '../../api/contract.ts'
import { openSite, phone, type Site, violations } from './browser.ts'

let site: Site
const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
beforeAll(async () => {
  writeFileSync(join(folder, 'channels.yaml'), JSON.stringify({ sms: { secret: 'a-long-secret-for-the-vendor', byHand: true } }))
  site = await openSite({ CHANNELS_FILE: join(folder, 'channels.yaml') })
})
afterAll(async () => {
  await site.close()
  rmSync(folder, { recursive: true })
})

/** A case from the counter whose citizen is to be told that it was given to a unit. */
async function toldByText(mobile: string): Promise<void> {
  const { administrator: desk } = site
  const facts = { name: '刘芳', phone: mobile, matter: '不动产证', story: '缺部分票据，不给办', told: '不能办', visits: 3 }
  const { body } = await desk.post<RegisteredView>('/tickets', { commandId: randomUUID(), channel: 'counter', demand: 'cannot', facts })
  await desk.command(body.row.id, { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' })
  await desk.command(body.row.id, { type: 'assign', note: '请核实' })
}

test('Where the office has no gateway, a clerk finds the texts of the day, takes them out as a workbook, and notes what was sent and what was not', async () => {
  const mobiles = ['13835700001', '13835700002', '13835700003']
  for (const mobile of mobiles) await toldByText(mobile)
  const page = await site.staff('李', ['clerk'])
  await expect.poll(async () => (await page.reload()) && page.locator('a.button', { hasText: '待发短信' }).innerText(), { timeout: 30_000 }).toContain('3')
  await page.locator('a.button', { hasText: '待发短信' }).click()

  await page.getByRole('heading', { name: '待发短信' }).waitFor()
  await page.locator('tbody tr').nth(2).waitFor()
  expect(await page.locator('tbody').innerText()).toContain(mobiles[0])
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出表格' }).click()])
  expect(download.suggestedFilename()).toMatch(/^待发短信.*\.xlsx$/)
  await page.locator('tr', { hasText: '13835700002' }).getByRole('checkbox').check()
  await page.getByRole('button', { name: '标记：没发出' }).click()
  await page.locator('tr', { hasText: '13835700002' }).waitFor({ state: 'detached' })
  await page.getByLabel('全选').check()
  for (const size of [phone, { width: 1366, height: 768 }]) {
    await page.setViewportSize(size)
    expect(await violations(page)).toEqual([])
  }
  await page.getByRole('button', { name: '标记：已发' }).click()
  await page.getByText('没有要发的短信').waitFor()

  await page.getByRole('link', { name: '今天要做' }).click()
  await expect.poll(async () => (await page.reload()) && page.locator('#notices').innerText(), { timeout: 30_000 }).toContain('没有送达')
  expect(site.faults).toEqual([])
})
