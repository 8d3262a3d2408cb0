import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ImprovementView, TodayView } from '../../api/contract.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
let lead: StaffClient
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
  lead = await office.hire('lead', ['lead'])
})
afterEach(() => office.close())

let phones = 13_800_000_000
async function register(): Promise<string> {
  const facts = { phone: String(phones++), matter: '房产证', story: `${phones}号，缺契税票据，不给办` }
  const { body } = await clerk.post<{ row: { id: string; number: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts,
  })
  const triage = { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', category: '不动产', lead: 'natural', reason: '缺票据' }
  await clerk.command(body.row.id, triage)
  return body.row.number
}

const kind = { category: '不动产', cause: '材料缺失', lead: 'natural' }
const plan = { title: '契税票据线上补开', measure: '与税务共享票据信息', owner: 'tax', dueOn: '2026-06-15' }
const period = { from: '2026-06-01', to: '2026-06-30' }
const open = (more: object = {}) =>
  lead.post<ImprovementView & { message: string }>('/improvements', { commandId: randomUUID(), ...period, ...kind, ...plan, ...more })
const act = (who: StaffClient, { id, version }: ImprovementView, command: object) =>
  who.post<ImprovementView & { message: string }>(`/improvements/${id}/commands`, { commandId: randomUUID(), version, command })

test('cases of one kind become an improvement with an owner and a limit, whose effect is counted and which feeds a guide', async () => {
  const numbers = [await register(), await register()]
  const review = await lead.get<{ rows: object[] }>('/review?from=2026-06-01&to=2026-06-30')
  expect(review.body.rows).toMatchObject([{ ...kind, count: 2, numbers }])

  const made = (await open()).body
  const chief = await office.hire('chief', ['chief'], 'tax')
  expect((await chief.get<TodayView>('/today')).body.notices.map((one) => one.text).join()).toContain('契税票据线上补开')

  office.sleepTo('2026-06-12T10:00:00+08:00')
  const done = (await act(chief, made, { type: 'finish', evidence: '6月12日上线' })).body
  expect(done).toMatchObject({ state: 'done', effect: { before: 2, after: 0, days: 30, until: '2026-07-12' } })
  office.sleepTo('2026-06-20T10:00:00+08:00')
  await register()
  office.sleepTo('2026-07-13T10:00:00+08:00')
  const judged = (await act(lead, done, { type: 'verify', effective: true, note: '同类件减少' })).body
  expect(judged).toMatchObject({ state: 'effective', verdict: { before: 2, after: 1, by: 'lead' } })
  expect((await act(lead, judged, { type: 'link', guideId: 'no-such' })).status).toBe(400)
  expect((await act(lead, judged, { type: 'link', guideId: 'estate-new-home' })).body.guideId).toBe('estate-new-home')
  expect((await clerk.get<TodayView>('/today')).body.notices.map((one) => one.text).join()).toContain('写进办事指南')
  expect((await lead.get<{ rows: ImprovementView[] }>('/improvements')).body.rows[0]?.history).toHaveLength(4)
})

test('an improvement that is late stands on the list of today for its owner and the desk, and for no other unit', async () => {
  await Promise.all([register(), register()])
  await open()
  const [owner, other] = [await office.hire('owner', ['chief'], 'tax'), await office.hire('other', ['chief'], 'market')]

  expect((await lead.get<TodayView>('/today')).body.improvements).toEqual([])
  office.sleepTo('2026-06-16T09:00:00+08:00')

  for (const who of [lead, owner]) expect((await who.get<TodayView>('/today')).body.improvements).toMatchObject([{ title: plan.title, overdue: true }])
  expect((await other.get<TodayView>('/today')).body.improvements).toEqual([])
  expect((await other.get<{ rows: unknown[] }>('/improvements')).body.rows).toEqual([])
})

test('what does not hold is refused in plain words', async () => {
  await Promise.all([register(), register()])

  expect((await clerk.post('/improvements', { commandId: randomUUID(), ...period, ...kind, ...plan })).status).toBe(422)
  expect((await open({ owner: 'nobody' })).body.message).toContain('责任单位')
  expect((await open({ dueOn: '2026-06-01' })).body.message).toContain('不能早于今天')
  expect((await open({ cause: '涉外' })).body.message).toContain('同类问题')
  const made = (await open()).body
  expect((await act(lead, made, { type: 'verify', effective: true, note: '好' })).body.message).toContain('登记完成以后')
  const done = (await act(lead, made, { type: 'finish', evidence: '已完成' })).body
  expect((await act(lead, done, { type: 'verify', effective: true, note: '好' })).body.message).toContain('以外的人')
  expect((await act(lead, made, { type: 'finish', evidence: '又完成' })).status).toBe(409)
})

test('what has not worked starts anew', async () => {
  await Promise.all([register(), register()])
  const supervisor = await office.hire('supervisor', ['supervisor'])
  const done = (await act(lead, (await open()).body, { type: 'finish', evidence: '已完成' })).body
  const judged = (await act(supervisor, done, { type: 'verify', effective: false, note: '没有变化' })).body

  const again = (await act(lead, judged, { type: 'assign', owner: 'natural', dueOn: '2026-07-01', reason: '换登记中心牵头' })).body

  expect(again).toMatchObject({ state: 'open', owner: 'natural', dueOn: '2026-07-01', overdue: false })
  expect(again.done).toBeUndefined()
})

test('the same request twice opens one improvement', async () => {
  await Promise.all([register(), register()])
  const body = { commandId: randomUUID(), ...period, ...kind, ...plan }

  const atOnce = await Promise.all([1, 2, 3].map(() => lead.post<ImprovementView>('/improvements', body)))
  const later = await lead.post<ImprovementView>('/improvements', body)

  expect([...atOnce, later].map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(new Set([...atOnce, later].map(({ body }) => body.id)).size).toBe(1)
})
