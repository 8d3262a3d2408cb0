import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TodayView } from '../../api/contract.ts'
import { runDueJobs } from '../../api/workers/timers.ts'
import type { Command } from '../../casework/decision.ts'
import { act, person } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

const [clerk, chief, lead] = [person('王窗口', ['clerk']), person('李科长', ['chief'], 'natural'), person('周组长', ['lead'])]

/** A case of one citizen, replied to on June 10. */
async function replied(id: string, number: string, phone: string): Promise<void> {
  const facts = { name: '刘芳', phone, matter: `不动产证${id}`, story: '不给办' }
  const proposal = { demandClass: 'clear', level: 1, departments: ['natural'], flags: [], reasons: [] } as const
  const steps: readonly (readonly [Command, typeof clerk])[] = [
    [{ type: 'register', id, number, channel: 'counter', demand: 'cannot', urgent: false, facts, proposal }, clerk],
    [{ type: 'triage', demandClass: 'clear', level: 1, cause: '材料缺失', lead: 'natural', reason: '缺票据' }, clerk],
    [{ type: 'assign', note: '请办' }, clerk],
    [{ type: 'accept' }, chief],
    [{ type: 'contact', how: '电话', note: '已问清' }, chief],
    [{ type: 'resolve', result: 'done', text: '已办' }, chief],
    [{ type: 'check', approved: true, note: '属实' }, lead],
    [{ type: 'reply', text: '已办好', basis: '窗口服务协调', contact: '登记科' }, clerk],
  ]
  for (const [command, by] of steps) await act(office, id, '2026-06-10 10:00', command, by)
}

const calls = async (): Promise<string[]> => {
  const rows = await office.shell.db.read.all<{ ticketId: string }>(`SELECT "ticketId" FROM "Notice" WHERE "uniqueKey" LIKE '%:callback.1.1:desk' ORDER BY id`)
  return rows.map((row) => row.ticketId)
}

test('a citizen with two cases is asked about one, and about the other only after the quiet time', async () => {
  await replied('t1', '1410-20260610-0001-4', '13800001111')
  await replied('t2', '1410-20260610-0002-2', '13800001111')

  await office.passTo('2026-06-11T12:00:00+08:00')
  expect(await calls()).toEqual(['t1'])
  await office.passTo('2026-06-17T18:00:00+08:00')
  expect(await calls()).toEqual(['t1'])
  await office.passTo('2026-06-18T12:00:00+08:00')
  expect(await calls()).toEqual(['t1', 't2'])
})

test('two citizens are each asked on their day', async () => {
  await replied('t1', '1410-20260610-0001-4', '13800001111')
  await replied('t2', '1410-20260610-0002-2', '13900002222')

  await office.passTo('2026-06-11T12:00:00+08:00')

  expect(await calls()).toEqual(['t1', 't2'])
})

test('a survey that an outage has put off into the night is asked in the morning', async () => {
  await replied('t1', '1410-20260610-0001-4', '13800001111')
  office.sleepTo('2026-06-11T22:00:00+08:00')

  await runDueJobs(office.shell)
  expect(await calls()).toEqual([])
  await office.passTo('2026-06-12T09:30:00+08:00')
  expect(await calls()).toEqual(['t1'])
})

test('a call that nobody makes closes no case: it stays to be done and the supervisor is told that it is late', async () => {
  await replied('t1', '1410-20260610-0001-4', '13800001111')
  const supervisor = await office.hire('supervisor', ['supervisor'])

  await office.passTo('2026-06-25T12:00:00+08:00')

  const { ticket } = await supervisor.ticket('t1')
  expect([ticket.stage, ticket.callbacks]).toEqual(['replied', []])
  const { body } = await supervisor.get<TodayView>('/today')
  expect([body.late, body.callbacks].map((rows) => rows.map((row) => row.id))).toEqual([['t1'], ['t1']])
  expect(body.notices.map((one) => one.text).join()).toMatch(/回访时限.*超期/)
})
