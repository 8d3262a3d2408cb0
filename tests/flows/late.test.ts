import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DashboardView, HealthView, TicketView, TodayView } from '../../api/contract.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
})
afterEach(() => office.close())

async function register(matter: string, urgent = false): Promise<TicketView> {
  const facts = { name: '王梅', phone: '13812345678', matter, story: '窗口不给办' }
  return (await clerk.post<TicketView>('/tickets', { commandId: randomUUID(), channel: 'counter', demand: 'cannot', urgent, facts })).body
}

test('An urgent case that is open stands first in every list, and the clock that a row shows is the one that the list goes by', async () => {
  await register('营业执照')
  await office.sleepTo('2026-06-10T14:00:00+08:00')
  const urgent = await register('供暖中断', true)

  const rows = await clerk.tickets('?open=true')

  expect(rows.map(({ matter }) => matter)).toEqual(['供暖中断', '营业执照'])
  for (const { id, dueAt, clock } of rows) {
    const { deadlines } = await clerk.ticket(id)
    const first = deadlines.filter((one) => one.metAt === undefined && one.cancelledAt === undefined).toSorted((a, b) => a.dueAt - b.dueAt)[0]
    expect({ dueAt, clock }).toEqual({ dueAt: first?.dueAt, clock: first?.title })
  }

  expect((await clerk.command(urgent.row.id, { type: 'decline', reason: '已进入诉讼', door: '人民法院' })).status).toBe(200)
  expect((await clerk.tickets()).map(({ matter }) => matter)).toEqual(['营业执照', '供暖中断'])
})

test('The list of today, the dashboard and the health page count the same cases as late', async () => {
  const lead = await office.hire('lead', ['clerk', 'lead', 'director', 'admin'])
  for (const matter of ['营业执照', '不动产证', '低保']) await register(matter)
  office.sleepTo('2026-06-18T10:00:00+08:00')
  await register('户口')

  const late = (await lead.get<TodayView>('/today')).body.late
  const board = (await lead.get<DashboardView>('/dashboard')).body
  const health = (await lead.get<HealthView>('/health')).body

  expect(late).toHaveLength(3)
  expect(board.today.late).toBe(3)
  expect(board.red.map(({ dueAt, clock }) => ({ dueAt, clock }))).toEqual(late.map(({ dueAt, clock }) => ({ dueAt, clock })))
  expect(health.stored['ticketsOverdue']).toBe(3)
})
