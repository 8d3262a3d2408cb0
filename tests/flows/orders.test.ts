import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommand } from '../../api/cases.ts'
import type { Command } from '../../casework/decision.ts'
import { orders } from '../../casework/work.ts'
import { createTestDatabase } from '../support/database.ts'
import { act, person } from '../support/life.ts'
import { openProcess, type TestOffice } from '../support/office.ts'

// Two whole programs on one database: both draw from the same series.
let one: TestOffice
let other: TestOffice
beforeEach(async () => {
  const database = await createTestDatabase()
  one = await openProcess(database)
  other = await openProcess({ ...database, remove: async () => undefined })
})
afterEach(async () => {
  await other.close()
  await one.close()
})

const supervisor = person('赵督办', ['supervisor'])
const ordering = { type: 'order', kind: 'order', unit: 'natural', cause: '超期', demand: '三日内办结', allowance: { amount: 3, unit: 'workingDays' } } as const

async function register(office: TestOffice, id: string, at = '2026-06-10 10:00'): Promise<void> {
  const facts = { name: '刘芳', phone: '13800001111', matter: '不动产证', story: '不给办' }
  const proposal = { demandClass: 'clear', level: 1, departments: [], flags: [], reasons: [] } as const
  const number = `1410-20260610-${id.padStart(4, '0')}-0`
  await act(office, id, at, { type: 'register', id, number, channel: 'counter', demand: 'cannot', urgent: false, facts, proposal }, person('王窗口', ['clerk']))
}

const send = (office: TestOffice, ticketId: string, command: Command) => runCommand(office.shell, { ticketId, command, by: supervisor })
async function sent(office: TestOffice, ticketId: string, command: Command): Promise<string> {
  const answer = await send(office, ticketId, command)
  return answer.ok ? (orders(answer.ticket).at(-1)?.number ?? '') : answer.refusal.detail
}

test('orders that two processes send at once get the numbers of the year one by one, none twice and none left out', async () => {
  const ids = Array.from({ length: 16 }, (_, index) => String(index + 1))
  for (const id of ids) await register(one, id)

  // SQLite has one process; two in one thread would wait for each other.
  const second = one.shell.db.engine === 'postgresql' ? other : one

  const numbers = await Promise.all(ids.map((id, index) => sent(index % 2 ? one : second, id, ordering)))

  expect(numbers.sort()).toEqual(ids.map((id) => `政服督〔2026〕${id}号`).sort())
})

test('each kind counts for itself, and an order that is refused takes no number', async () => {
  await register(one, '1')

  expect(await sent(one, '1', { ...ordering, kind: 'urge' })).toBe('政服催〔2026〕1号')
  expect(await sent(one, '1', { ...ordering, unit: 'nowhere' })).toContain('没有这个单位')
  expect(await sent(one, '1', ordering)).toBe('政服督〔2026〕1号')
  expect(await sent(one, '1', ordering)).toBe('政服督〔2026〕2号')
})

test('a number that the office types is refused when it was given before, in whatever brackets, and the series passes over it', async () => {
  await register(one, '1')
  await register(one, '2')

  expect(await sent(one, '1', { ...ordering, number: '政服督〔2026〕2号' })).toBe('政服督〔2026〕2号')
  expect(await sent(other, '2', { ...ordering, number: '政服督[2026] 2号' })).toContain('已经用过')
  expect(await sent(one, '2', ordering)).toBe('政服督〔2026〕1号')
  expect(await sent(one, '2', ordering)).toBe('政服督〔2026〕3号')
})

test('the words before the year are those of the office', async () => {
  const director = await one.hire('director', ['director'])
  const { version, policy } = (await director.get<{ version: number; policy: { orders: object } }>('/policy')).body
  const orders = { ...policy.orders, prefixes: { urge: '临催', order: '临政服督', circular: '临通' } }
  expect((await director.post('/policy', { version, policy: { ...policy, orders } })).status).toBe(200)
  await register(one, '1')

  expect(await sent(one, '1', ordering)).toBe('临政服督〔2026〕1号')
  expect(
    (await director.post('/policy', { version: version + 1, policy: { ...policy, orders: { ...orders, prefixes: { ...orders.prefixes, order: '〔' } } } }))
      .status,
  ).toBe(400)
})
