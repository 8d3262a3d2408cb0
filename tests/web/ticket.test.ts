import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StaffClient } from '../support/staff.ts'
import { openSite, phone, register, type Site, violations } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const days = { amount: 3, unit: 'workingDays' } as const

/** A case that a department handles, with a meeting that laid a task on it, and an order that it has signed. */
async function aWorkedCase(lead: StaffClient, unit: StaffClient): Promise<string> {
  const { number } = await register(await site.open())
  const id = (await lead.tickets(`?q=${number}`))[0]?.id ?? ''
  const go = async (client: StaffClient, command: { readonly type: string } & Readonly<Record<string, unknown>>) => {
    const answer = await client.command(id, command)
    expect([command.type, answer.body.message]).toEqual([command.type, undefined])
  }
  await go(lead, { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', reason: '缺票据' })
  await go(lead, { type: 'assign', note: '当天联系' })
  await go(unit, { type: 'accept' })
  await go(unit, { type: 'contact', how: '电话', note: '已联系' })
  await go(lead, { type: 'convene', agenda: '票据怎么补', when: '明天下午三点', place: '三楼会议室', units: ['natural', 'tax'] })
  await go(lead, { type: 'attend', unit: 'tax', name: '税务科张华' })
  await go(lead, { type: 'task', unit: 'natural', text: '凭证明先行受理', allowance: days })
  await go(lead, { type: 'minute', text: '由税务部门出具证明' })
  await go(lead, { type: 'order', kind: 'order', unit: 'natural', cause: '领导批示', demand: '三日内办结', allowance: days })
  return id
}

test('The case shows which clock presses first, its meetings with their tasks, its orders with the step they wait for, its callbacks, and a journal that can be filtered', async () => {
  const lead = await site.client('韩组长', ['lead', 'supervisor', 'clerk'])
  const unit = await site.client('科长', ['chief'], 'natural')
  const id = await aWorkedCase(lead, unit)
  const page = await site.staff('高主任', ['director'])
  await page.goto(`${site.url}/console/tickets/${id}`)

  const clocks = page.locator('.clocks > ul li')
  await clocks.first().waitFor()
  expect(await clocks.allInnerTexts()).toEqual([
    expect.stringMatching(/议定事项|督办反馈/),
    expect.stringMatching(/议定事项|督办反馈/),
    expect.stringMatching(/办结/),
  ])
  expect(await clocks.first().innerText()).toMatch(/自然资源[\s\S]*正常[\s\S]*还剩[\s\S]*到期/)
  // At first sight, without scrolling.
  expect((await clocks.first().boundingBox())?.y).toBeLessThan(320)

  expect(await page.locator('#meetings').innerText()).toMatch(/票据怎么补[\s\S]*三楼会议室[\s\S]*税务科张华[\s\S]*由税务部门出具证明[\s\S]*凭证明先行受理/)
  expect(await page.locator('#orders').innerText()).toMatch(/督办单[\s\S]*已发出，待签收[\s\S]*三日内办结/)
  const [order] = (await lead.ticket(id)).ticket.work?.filter(({ type }) => type === 'ordered') ?? []
  const ordered = order && 'id' in order ? order.id : ''
  await unit.command(id, { type: 'signOrder', order: ordered })
  await page.locator('#orders', { hasText: '已签收，待反馈' }).waitFor()
  await unit.command(id, { type: 'answerOrder', order: ordered, text: '已受理' })
  await page.locator('#orders', { hasText: '已反馈，待核查' }).waitFor()
  await lead.command(id, { type: 'verifyOrder', order: ordered, approved: true, note: '属实' })
  await page.locator('#orders', { hasText: '核查通过' }).waitFor()
  await lead.command(id, { type: 'ask', ask: 'pause', why: 'superior', reason: '等税务总局答复' })
  await page.locator('.note', { hasText: '韩组长申请暂停计时，等批复。理由：等税务总局答复' }).waitFor()

  const others = await site.client('周督', ['director', 'supervisor'])
  await others.command(id, { type: 'answer', approved: false, note: '不用等' })
  await unit.command(id, { type: 'resolve', result: 'done', text: '凭证明已受理' })
  await lead.command(id, { type: 'check', approved: true, note: '属实' })
  await lead.command(id, { type: 'reply', text: '可以办了', basis: '《不动产登记暂行条例》', contact: '窗口3号' })
  await others.command(id, { type: 'callback', outcome: 'answered', answer: { solved: 'partly', rating: 4, comment: '还差一张证' } })
  await page.locator('#callbacks', { hasText: '还差一张证' }).waitFor()
  expect(await page.locator('#callbacks').innerText()).toMatch(/接通[\s\S]*第 1 轮[\s\S]*周督[\s\S]*办成一部分 · 满意/)

  const lines = page.locator('.journal li')
  const all = await lines.count()
  await page.getByRole('button', { name: /^反映人、外单位/ }).click()
  expect(await lines.count()).toBeLessThan(all)
  await page.getByRole('button', { name: /^全部/ }).click()
  await page.fill('[name=journal]', '先行受理')
  expect(await lines.count()).toBe(1)
  expect(await violations(page)).toEqual([])
  await page.setViewportSize(phone)
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
