import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RegisteredView } from '../../api/contract.ts'
import type { Command } from '../../casework/decision.ts'
import type { Actor } from '../../casework/ticket.ts'
import { act, aFullLife, person } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

const names = async (who: StaffClient, id: string) => (await who.get<{ rows: { name: string }[] }>(`/tickets/${id}/papers`)).body.rows.map((one) => one.name)
const page = async (who: StaffClient, path: string) => (await fetch(`${office.url}/api/staff/${path}`, { headers: { cookie: who.cookie() } })).text()

test('a case has the papers that its life gave reason for, and each says what it is for', async () => {
  const { id, number } = await aFullLife(office)
  const director = await office.hire('director', ['director'])

  const available = await names(director, id)

  expect(available.sort()).toEqual(
    ['receipt', 'assignment', 'order', 'extension', 'minutes', 'mandate', 'handover', 'rating', 'summons', 'referral', 'contents', 'guide'].sort(),
  )
  for (const name of available) {
    const text = await page(director, `tickets/${id}/papers/${name}`)
    expect(text).toContain('size: A4')
    expect(text).not.toMatch(/undefined|NaN|\[object/)
    if (!['guide', 'minutes', 'summons'].includes(name)) expect(text, name).toContain(number)
  }
  expect(await page(director, `tickets/${id}/papers/receipt`)).toContain('<svg')
  expect(await page(director, `tickets/${id}/papers/extension`)).toMatch(/2026年6月17日[\s\S]*档案在外地[\s\S]*2026年6月23日/)
  expect(await page(director, `tickets/${id}/papers/minutes`)).toMatch(/孙科长[\s\S]*补开契税票据[\s\S]*已补开/)
})

test('a fresh case has its receipt, and no paper for what has not happened', async () => {
  const clerk = await office.hire('clerk', ['clerk'])
  const facts = { name: '刘芳', phone: '13800001111', matter: '<b>证</b>', story: '不给办' }
  const proposal = { demandClass: 'clear', level: 1, departments: [], flags: [], reasons: [] } as const
  const register = { type: 'register', id: 't1', number: '1410-20260610-0001-4', channel: 'counter', demand: 'cannot', urgent: false, facts, proposal } as const
  await act(office, 't1', '2026-06-10 10:00', register, person('王窗口', ['clerk']))

  expect((await names(clerk, 't1')).sort()).toEqual(['handover', 'mandate', 'receipt'])
  expect((await clerk.get('/tickets/t1/papers/declined')).status).toBe(404)
  const receipt = await page(clerk, 'tickets/t1/papers/receipt')
  expect(receipt).toContain('&lt;b&gt;')
  expect(receipt).toContain('138****1111')
})

test('the receipt of a registration at the desk bears the code, once, and says by when and what comes next', async () => {
  const clerk = await office.hire('clerk', ['clerk'])
  const facts = { name: '刘芳', phone: '13800001111', matter: '不动产证', story: '不给办' }
  const asked = { commandId: randomUUID(), channel: 'counter', demand: 'cannot', facts }

  const { body } = await clerk.post<RegisteredView>('/tickets', asked)
  const again = await clerk.post<RegisteredView>('/tickets', asked)

  const shown = Object.fromEntries(body.receipt.form)
  expect(body.code).toMatch(/^\d{6}$/)
  expect(shown).toMatchObject({ 工单编号: body.row.number, 查询码: body.code, 受理人: 'clerk', 联系电话: '138****1111' })
  expect(shown['应办结日期']).toBeTruthy()
  expect(shown['下一步']).toMatch(/\d月\d+日/)
  expect(body.receipt.closing.join()).toContain(`${office.url}/progress`)
  expect(JSON.stringify(again.body)).not.toContain(body.code)
  expect(await page(clerk, `tickets/${body.row.id}/papers/receipt`)).not.toContain(body.code)
})

test('who is told no is told the right door on paper', async () => {
  const clerk = await office.hire('clerk', ['clerk'])
  const proposal = { demandClass: 'clear', level: 1, departments: [], flags: [], reasons: [] } as const
  const facts = { name: '刘芳', matter: '判决执行', story: '法院判了不执行' }
  const register = { type: 'register', id: 't1', number: '1410-20260610-0001-4', channel: 'counter', demand: 'cannot', urgent: false, facts, proposal } as const
  await act(office, 't1', '2026-06-10 10:00', register, person('王窗口', ['clerk']))
  await act(office, 't1', '2026-06-10 10:10', { type: 'decline', reason: '已进入诉讼程序', door: '人民法院执行局' }, person('王窗口', ['clerk']))

  expect(await page(clerk, 'tickets/t1/papers/declined')).toMatch(/已进入诉讼程序[\s\S]*人民法院执行局[\s\S]*行政复议/)
})

test('who is told that the law does not allow it reads on paper by which law, who handled it and who released it', async () => {
  const [clerk, lead, chief] = [person('王窗口', ['clerk']), person('专班组长', ['lead']), person('孙科长', ['chief'], 'natural')]
  const proposal = { demandClass: 'clear', level: 2, departments: ['natural'], flags: [], reasons: [] } as const
  const facts = { name: '刘芳', matter: '不动产证', story: '违建要办证' }
  const register = { type: 'register', id: 't1', number: '1410-20260610-0001-4', channel: 'counter', demand: 'cannot', urgent: false, facts, proposal } as const
  const steps: [string, Command, Actor][] = [
    ['10:00', register, clerk],
    ['10:10', { type: 'triage', demandClass: 'clear', level: 2, cause: '政策空白', lead: 'natural', reason: '核实' }, clerk],
    ['10:20', { type: 'assign', note: '请核实' }, clerk],
    ['10:30', { type: 'accept' }, chief],
    ['10:40', { type: 'contact', how: '电话', note: '已问清' }, chief],
    ['14:00', { type: 'resolve', result: 'lawfullyImpossible', text: '违法建筑不予登记', basis: '《不动产登记暂行条例》第二十二条' }, chief],
  ]
  for (const [time, command, by] of steps) await act(office, 't1', `2026-06-10 ${time}`, command, by)
  const reader = await office.hire('reader', ['clerk'])
  expect(await names(reader, 't1')).not.toContain('impossible')

  await act(office, 't1', '2026-06-10 15:00', { type: 'check', approved: true, note: '依据充分' }, lead)

  const text = await page(reader, 'tickets/t1/papers/impossible')
  expect(text).toMatch(/违法建筑不予登记[\s\S]*第二十二条[\s\S]*孙科长 2026年6月10日 14:00[\s\S]*专班组长 2026年6月10日 15:00/)
  expect(text).toMatch(/核准人[\s\S]*行政复议|行政复议[\s\S]*核准人/)
})

test('the letter to the discipline office is printed for it and the director alone, and hidden from the unit', async () => {
  const { id } = await aFullLife(office)
  const clerk = await office.hire('clerk', ['clerk'])
  const chief = await office.hire('chief', ['chief'], 'natural')

  expect(await names(clerk, id)).not.toContain('referral')
  expect((await clerk.get(`/tickets/${id}/papers/referral`)).status).toBe(404)
  expect((await chief.get(`/tickets/${id}/papers`)).status).toBe(404)
})

test('of several of one kind each is printed, as it was then; an extension that nobody asked for has its paper too', async () => {
  const [clerk, lead] = [person('王窗口', ['clerk']), person('周组长', ['lead'])]
  const proposal = { demandClass: 'clear', level: 2, departments: ['natural'], flags: [], reasons: [] } as const
  const facts = { name: '刘芳', phone: '13800001111', matter: '营业执照', story: '不给办' }
  const register = { type: 'register', id: 't1', number: '1410-20260610-0001-4', channel: 'counter', demand: 'cannot', urgent: false, facts, proposal } as const
  const steps: [string, Command, Actor][] = [
    ['10 10:00', register, clerk],
    [
      '10 10:10',
      { type: 'triage', demandClass: 'clear', level: 2, cause: '材料缺失', lead: 'natural', help: 'assist', plan: '先登记后补票', reason: '核实' },
      clerk,
    ],
    ['10 10:20', { type: 'assign', note: '请核实票据' }, clerk],
    ['10 11:00', { type: 'accept' }, person('李科长', ['chief'], 'natural')],
    ['11 09:00', { type: 'reassign', lead: 'market', reason: '登记在市场监管局' }, clerk],
    ['11 10:00', { type: 'accept' }, person('孙科长', ['chief'], 'market')],
    ['12 10:00', { type: 'extend', allowance: { amount: 3, unit: 'workingDays' }, reason: '档案在外地' }, lead],
  ]
  for (const [time, command, by] of steps) await act(office, 't1', `2026-06-${time}`, command, by)
  const reader = await office.hire('reader', ['clerk'])
  const rows = (await reader.get<{ rows: { name: string; title: string }[] }>('/tickets/t1/papers')).body.rows
  const paper = (name: string) => page(reader, `tickets/t1/papers/${name}`)

  expect(rows.filter(({ title }) => title.includes('交办单'))).toEqual([
    { name: 'assignment-1', title: '交办单（1）' },
    { name: 'assignment-2', title: '交办单（2）' },
  ])
  expect(await paper('assignment-1')).toMatch(
    /自然资源和规划局[\s\S]*请核实票据[\s\S]*帮办[\s\S]*先登记后补票[\s\S]*2026年6月17日[\s\S]*李科长 2026年6月10日 11:00/,
  )
  expect(await paper('assignment-2')).toMatch(/市场监督管理局[\s\S]*登记在市场监管局[\s\S]*2026年6月23日[\s\S]*孙科长 2026年6月11日 10:00/)
  expect(await paper('assignment')).toBe(await paper('assignment-2'))
  expect((await reader.get('/tickets/t1/papers/assignment-3')).status).toBe(404)
  expect(await paper('extension')).toMatch(/2026年6月17日[\s\S]*档案在外地[\s\S]*负责人直接批准（周组长 2026年6月12日 10:00）[\s\S]*2026年6月23日/)
})

test('an earlier assignment says what held when it was made, with the numbers in its plan masked', async () => {
  const [clerk, lead, chief] = [person('王窗口', ['clerk']), person('周组长', ['lead']), person('李科长', ['chief'], 'natural')]
  const proposal = { demandClass: 'clear', level: 2, departments: ['natural'], flags: [], reasons: [] } as const
  const facts = { name: '刘芳', phone: '13800001111', matter: '营业执照', story: '不给办' }
  const register = { type: 'register', id: 't1', number: '1410-20260610-0001-4', channel: 'counter', demand: 'cannot', urgent: false, facts, proposal } as const
  const triage = { type: 'triage', demandClass: 'clear', cause: '材料缺失', reason: '核实' } as const
  const steps: [string, Command, Actor][] = [
    ['10 10:00', register, clerk],
    ['10 10:10', { ...triage, level: 2, lead: 'natural', supporting: ['tax'], help: 'assist', plan: '先登记后补票，问13612345678' }, clerk],
    ['10 10:20', { type: 'assign', note: '请核实票据' }, clerk],
    ['10 11:00', { type: 'return', reason: '不归我单位', basis: '三定方案' }, chief],
    ['10 14:00', { ...triage, level: 3, lead: 'market', supporting: ['natural'] }, lead],
    ['10 14:10', { type: 'assign', note: '请办理' }, lead],
  ]
  for (const [time, command, by] of steps) await act(office, 't1', `2026-06-${time}`, command, by)
  const reader = await office.hire('reader', ['clerk'])
  const rowsOf = async (name: string) => {
    const text = await page(reader, `tickets/t1/papers/${name}`)
    return Object.fromEntries([...text.matchAll(/<th>(.*?)<\/th><td>(.*?)<\/td>/g)].map(([, label, value]) => [label, value]))
  }

  const [first, second] = [await rowsOf('assignment-1'), await rowsOf('assignment-2')]
  expect(first).toMatchObject({ 协办单位: '市税务局', 帮办方式: '帮办', 一事一策方案: '先登记后补票，问136****5678' })
  expect(second).toMatchObject({ 协办单位: '市自然资源和规划局' })
  expect([second['帮办方式'], second['一事一策方案']]).toEqual([undefined, undefined])
  expect(first['响应级别']).not.toBe(second['响应级别'])
})

test('the report of a month gives every figure with its denominator and its definition', async () => {
  await aFullLife(office)
  const director = await office.hire('director', ['director'])

  const text = await page(director, 'report/2026-06')

  expect(text).toContain('本月受理 1 件')
  expect(text).toMatch(/满意率<\/td><td>1\/1<\/td><td>100%<\/td><td>评价在基本满意及以上/)
  expect(text).toMatch(/当场办结率<\/td><td>0\/1/)
  expect(text).toMatch(/发出回访（消息或电话）1 件，联系上 1 件，得到评价 1 件，不愿接受回访 0 件/)
})

test('the list of contents calls the reply a reply and the callback a callback', async () => {
  const { id } = await aFullLife(office)
  const director = await office.hire('director', ['director'])

  const text = await page(director, `tickets/${id}/papers/contents`)

  for (const title of ['受理回执', '研判记录', '交办单', '办结报告', '审核意见', '答复意见', '回访记录', '归档总结'])
    expect(text).toContain(`<td>${title}</td>`)
  for (const title of ['会议纪要', '委托书', '延期审批表', '督办单', '约谈通知书', '办理情况记录']) expect(text.split(`<td>${title}</td>`)).toHaveLength(2)
  expect(text).not.toContain('移送函')
  const places = [...text.matchAll(/流水第(\d+)/g)].map((found) => Number(found[1]))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(text).not.toMatch(/<td>(已反馈，待核查|办结|处理意见|结论|办理情况)<\/td>/)
})
