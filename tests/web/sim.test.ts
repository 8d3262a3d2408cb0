import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RegisteredView, TicketRow } from '../../api/contract.ts'
import { freePort } from '../support/server.ts'
import { openSite, type Site } from './browser.ts'

let site: Site
let sim: ChildProcess
let page: Page
const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
beforeAll(async () => {
  const [port, first] = [await freePort(), await freePort()]
  const tsx = resolve('node_modules/.bin/tsx')
  sim = spawn(tsx, [resolve('tools/sim.ts'), `http://127.0.0.1:${port}`, String(first)], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((ready) => sim.stdout?.once('data', ready))
  site = await openSite({ PORT: String(port), CHANNELS_FILE: join(folder, 'data/sim.channels.yaml') })
  page = await (await site.browser.newContext()).newPage()
  await page.goto(`http://127.0.0.1:${first + 1}/`)
})
afterAll(async () => {
  sim.kill()
  await site.close()
  rmSync(folder, { recursive: true })
})

async function say(on: string, text: string): Promise<void> {
  await page.fill(`#${on} input`, text)
  await page.locator(`#${on} form button`).click()
}

test('On the page of npm run sim a citizen has a case in WeChat, and a chief who has bound WeCom signs it there with one tap', async () => {
  await page.getByRole('button', { name: '关注', exact: true }).click()
  await say('wechat', '我办不动产证跑了三趟了还是不给办，说缺契税发票')
  await page.locator('#wechat .screen p:not(.mine)').nth(1).waitFor()
  await say('wechat', '我叫刘芳，电话13835700001')
  await page
    .locator('#wechat .screen')
    .getByText(/\d{4}-\d{8}-\d{4}-\d/)
    .first()
    .waitFor()

  const chief = await site.staff('李科长', ['chief'], 'natural')
  await chief.goto(`${site.url}/console/account`)
  await chief.getByRole('button', { name: '领取绑定码' }).click()
  const [, code = ''] = /绑定 (\d{8})/.exec(await chief.locator('p[role=status]', { hasText: '绑定' }).innerText()) ?? []
  await say('wecom', `绑定 ${code}`)
  await page.locator('#wecom .screen p:not(.mine)').first().waitFor()

  // At any hour: a case of level 1 calls the chief to the desk at once.
  const [row] = (await site.administrator.get<{ rows: TicketRow[] }>('/tickets')).body.rows
  const id = row?.id ?? ''
  await site.administrator.command(id, {
    type: 'triage',
    demandClass: 'bottleneck',
    level: 1,
    cause: '材料缺失',
    lead: 'natural',
    supporting: [],
    reason: '缺票据',
  })
  await site.administrator.command(id, { type: 'assign', note: '请核实' })
  await page.locator('#wecom .screen').getByText('〔签收〕').waitFor({ timeout: 20_000 })
  await page.locator('#wecom .press').getByRole('button', { name: '点最后一个签收' }).click()
  await page.locator('#wecom .screen').getByText('已签收').waitFor({ timeout: 30_000 })

  expect((await site.administrator.get<RegisteredView>(`/tickets/${id}`)).body.row.stage).toBe('accepted')
  expect(await page.locator('.trouble').allInnerTexts()).toEqual(['', '', '', '', ''])
})
