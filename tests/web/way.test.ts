import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logIn, type StaffClient } from '../support/staff.ts'
import { elderFaults, openSite, phone, type Site, say } from './browser.ts'

let site: Site
let checker: StaffClient
beforeAll(async () => {
  site = await openSite()
  const made = await site.administrator.post<{ password: string }>('/people', { account: 'checker', name: '周督', roles: ['supervisor', 'lead'] })
  checker = await logIn(site.url, 'checker', made.body.password)
})
afterAll(() => site.close())

/** What the office does between the registration and its reply. */
async function settle(number: string): Promise<void> {
  const [row] = await site.administrator.tickets(`?q=${number}`)
  const id = row?.id ?? ''
  const must = async (by: StaffClient, command: Parameters<StaffClient['command']>[1]): Promise<void> => {
    const { status, body } = await by.command(id, command)
    expect(status, `${command.type}: ${body.message}`).toBe(200)
  }
  const { administrator: clerk } = site
  await must(clerk, { type: 'triage', demandClass: 'bottleneck', level: 1, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' })
  await must(clerk, { type: 'assign', note: '请当天联系' })
  await must(clerk, { type: 'accept' })
  await must(clerk, { type: 'contact', how: '电话', note: '已问清' })
  await must(clerk, { type: 'resolve', result: 'done', text: '凭税务证明已受理登记' })
  await must(checker, { type: 'check', approved: true, note: '属实' })
  await must(clerk, { type: 'reply', text: '可以办了，请带税务证明来窗口', basis: '《不动产登记暂行条例》', contact: '窗口3号' })
}

describe.each([
  ['the standard version', false],
  ['长辈版', true],
])('On a phone, in %s', (_name, elder) => {
  test('a citizen goes the whole way: a door, the story, a number, the progress, an addition, the reply, and a rating', async () => {
    const page = await site.open('/', { viewport: phone })
    const faults: string[] = []
    const look = async (): Promise<void> => void (elder && faults.push(...(await elderFaults(page))))
    if (elder) await page.locator('.elder-switch').click()
    await look()

    await page.getByRole('button', { name: '办不了怎么办' }).click()
    await page.locator('.message.bot').first().waitFor()
    for (const text of ['办房产证跑了三趟了还是不给办', '窗口说缺一张购房发票，没给书面的', '我叫王芳，电话13812345678']) await say(page, text)
    await look()
    const said = await page.locator('.log').innerText()
    const [, number = ''] = /编号 ?(\d+-\d+-\d+-\d)，查询码/.exec(said) ?? []
    await page.getByRole('link', { name: '看这件事的进度' }).last().click()
    // In the browser that the talk was in, nothing has to be typed again.
    await page.locator('.stage', { hasText: '已收到，正在看该由哪个单位办' }).waitFor()
    await page.fill('[name=addition]', '发票找到了')
    await page.getByRole('button', { name: '发给承办人' }).click()
    await page.getByText('已经补充进去了').waitFor()
    await look()

    await settle(number)
    await page.getByRole('button', { name: '刷新' }).click()
    await page.getByText('请带税务证明来窗口').waitFor()
    await look()
    await page.getByLabel('办成了', { exact: true }).check()
    await page.getByLabel('满意', { exact: true }).check()
    await page.getByRole('button', { name: '交评价' }).click()

    await page.locator('.thanks').waitFor()
    expect(await page.locator('form#rate').count()).toBe(0)
    const [row] = await site.administrator.tickets(`?q=${number}`)
    expect(row?.stage).toBe('closed')
    await look()
    expect(faults).toEqual([])
  })
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
