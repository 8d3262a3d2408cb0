import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeBy } from '../../api/changes.ts'
import type { AlikeRow, ProgressView, TicketView } from '../../api/contract.ts'
import { runDueJobs } from '../../api/workers/timers.ts'
import type { Command } from '../../casework/decision.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { saveTickets } from '../../prisma/tickets.ts'
import { fillCases } from '../../tools/bench/fill.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
})
afterEach(() => office.close())

const story = '去不动产中心办房产证，说缺契税票据，跑了三趟还是不给办'
type Facts = Readonly<Record<string, unknown>>

async function register(facts: Facts = {}): Promise<TicketView & { code: string }> {
  const { body } = await clerk.post<TicketView & { code: string }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '刘芳', phone: '13800001111', matter: '房产证', story, ...facts },
  })
  return body
}

const alike = async (facts: Facts): Promise<readonly AlikeRow[]> => (await clerk.post<{ rows: AlikeRow[] }>('/alike', { facts })).body.rows
async function progress(number: string, phone: string): Promise<ProgressView> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${office.url}/api/progress`, { method: 'POST', headers, body: JSON.stringify({ number, phone }) })
  return (await answer.json()) as ProgressView
}

test('before a case is registered the clerk is shown the case that it may be, of the same person or in the same words', async () => {
  const { row } = await register()

  expect(await alike({ phone: '13800001111', story: '还是那个房产证的事，不动产中心说缺契税票据' })).toMatchObject([
    { row: { number: row.number }, samePerson: true },
  ])
  expect(await alike({ phone: '13900002222', story })).toMatchObject([{ row: { number: row.number }, samePerson: false }])
  expect(await alike({ phone: '13900002222', story: '房产证的事' })).toEqual([])
  expect(await alike({ phone: '13800001111', matter: '社保卡', story: '社保卡丢了怎么补' })).toEqual([])
})

test('it is found also where more than a hundred others of the same matter have come since', async () => {
  const { row } = await register({ matter: '不动产证' })
  await fillCases(office, 1_300, (serial) => office.now() + 1 + serial)
  const told = `我姓李，${story.replace('契税票据', '契税的票据')}`

  expect(await alike({ phone: '13900009999', matter: '不动产证', story: told })).toMatchObject([{ row: { number: row.number }, samePerson: false }])
  expect(await alike({ phone: '13800001111', matter: '不动产证', story: '还是那件事' })).toMatchObject([{ row: { number: row.number }, samePerson: true }])
})

test('and where more than a hundred of the same person, or in the very same words, have ended', async () => {
  const { row } = await register()
  const { office: inOffice } = office.shell.knowledge.current()
  const facts = { name: '刘芳', phone: '13800001111', matter: '房产证', story: `${story}，急用` }
  const proposal = { demandClass: 'clear', level: 1, departments: [], flags: [], reasons: [] } as const
  const made = (before: Ticket | undefined, command: Command) => {
    const changed = changeBy(before, command, { kind: 'citizen', id: 'person-1' }, office.now() + 1, inOffice)
    if (!changed.ok) throw new Error(changed.refusal.detail)
    return { ...changed.change, code: '000000' }
  }
  const begun = Array.from({ length: 120 }, (_, serial) =>
    made(undefined, {
      type: 'register',
      id: `done-${serial}`,
      number: `0000-20260601-${serial}`,
      channel: 'web',
      demand: 'cannot',
      urgent: false,
      facts,
      proposal,
    }),
  )
  const ended = begun.map(({ after }) => made(after, { type: 'withdraw', reason: '不办了' }))
  for (const changes of [begun, ended]) await office.shell.db.write((sql) => saveTickets(sql, office.shell.cipher, changes))

  expect(await alike({ phone: '13800001111', matter: '房产证', story: '还是那件事' })).toMatchObject([{ row: { number: row.number }, samePerson: true }])
  expect(await alike({ phone: '13900002222', story: `${story}，急用` })).toMatchObject([{ row: { number: row.number }, samePerson: false }])
})

test('after 30 days it is another case', async () => {
  await register()
  office.sleepTo('2026-07-20T10:00:00+08:00')
  await clerk.get('/me')

  expect(await alike({ phone: '13800001111', story })).toEqual([])
})

test('what is told again is added to the case, with a line in the journal, and corrects nothing by itself', async () => {
  const { row } = await register()
  const commandId = randomUUID()
  const body = { commandId, channel: 'phone', facts: { name: '别人', district: '尧都区', story: '又去了一趟，还是不行' } }

  expect((await clerk.post(`/tickets/${row.id}/additions`, body)).status).toBe(200)
  expect((await clerk.post(`/tickets/${row.id}/additions`, body)).status).toBe(200)

  const { ticket, journal } = await clerk.ticket(row.id)
  expect(ticket.facts).toMatchObject({ name: '刘芳', district: '尧都区', story: `${story}\n（来电再次反映）又去了一趟，还是不行` })
  expect(journal.filter((line) => line.event.type === 'amended')).toHaveLength(1)
  expect((await clerk.tickets()).length).toBe(1)
})

test('staff merge two cases: both journals say so, the old number leads to the other for ever, and the story is kept', async () => {
  const [first, second] = [await register(), await register({ phone: '13900002222', story: `${story}，急用` })]
  const third = await register({ phone: '13700003333' })
  expect((await clerk.get<{ rows: AlikeRow[] }>(`/tickets/${second.row.id}/alike`)).body.rows.map((one) => one.row.number)).toContain(first.row.number)

  expect((await clerk.command(second.row.id, { type: 'merge', into: first.row.number.replaceAll('-', ''), reason: '同一件事' })).status).toBe(200)
  expect((await clerk.command(first.row.id, { type: 'merge', into: third.row.number, reason: '同一件事' })).status).toBe(200)

  const target = await clerk.ticket(third.row.id)
  expect(target.ticket.facts.story).toContain('急用')
  expect(target.journal.map((line) => line.text).join()).toContain(first.row.number)
  expect((await clerk.ticket(second.row.id)).ticket).toMatchObject({ stage: 'merged', mergedInto: first.row.number })
  const shown = await progress(second.row.number, '13900002222')
  expect(shown).toMatchObject({ number: second.row.number, stageTitle: '已收到，正在看该由哪个单位办', next: expect.stringContaining(third.row.number) })
})

test('a case is merged into one that is there and open, never into itself or round in a ring', async () => {
  const [first, second] = [await register(), await register({ phone: '13900002222' })]

  const merge = (id: string, into: string) => clerk.command(id, { type: 'merge', into, reason: '同一件事' })
  expect((await merge(first.row.id, '1410-20260610-9999-0')).body.message).toContain('没有找到')
  expect((await merge(first.row.id, first.row.number)).status).toBe(422)
  expect((await merge(second.row.id, first.row.number)).status).toBe(200)
  expect((await merge(first.row.id, second.row.number)).body.message).toContain('不能并入自己')
  const third = await register({ phone: '13700003333' })
  await clerk.command(first.row.id, { type: 'decline', reason: '已进入诉讼', door: '人民法院' })
  expect((await merge(third.row.id, second.row.number)).body.message).toContain('不予受理')
  expect((await clerk.ticket(third.row.id)).ticket.stage).toBe('registered')
})

test('two matters in one case are split: the part gets a number of its own and the same citizen', async () => {
  const { row } = await register()

  const { status, body } = await clerk.command(row.id, { type: 'split', matter: '医保报销', story: '医保也没报', reason: '两件事' })

  expect(status).toBe(200)
  const rows = await clerk.tickets()
  const part = rows.find((one) => one.id !== row.id)
  expect(part?.matter).toBe('医保报销')
  expect(body.journal.map((line) => line.text).join()).toContain(part?.number)
  expect((await progress(part?.number ?? '', '13800001111')).matter).toBe('医保报销')
})

test('the third to complain of one matter within seven days is raised by rule, and staff are told why', async () => {
  const lead = await office.hire('lead', ['lead'])
  const triage = { type: 'triage', demandClass: 'bottleneck', level: 1, cause: '材料缺失', lead: 'natural', reason: '缺票据' } as const
  const cases = []
  for (const phone of ['13800001111', '13900002222', '13700003333']) {
    const { row } = await register({ phone, story: `${phone.slice(0, 3)}说缺票据` })
    await clerk.command(row.id, triage)
    await runDueJobs(office.shell)
    cases.push(row.id)
  }

  const [first, , third] = await Promise.all(cases.map((id) => clerk.ticket(id)))
  expect(first?.ticket.level).toBe(1)
  expect(third?.ticket.level).toBe(2)
  expect(third?.journal.map((line) => line.text).join()).toContain('7天内同一单位同一事项有3人反映')
  const { body } = await lead.get<{ notices: { text: string }[] }>('/today')
  expect(body.notices.map((one) => one.text).join()).toContain('3人反映')
})
