import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TicketRow, TicketView, TodayView } from '../../api/contract.ts'
import { fillCases } from '../../tools/bench/fill.ts'
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

async function assigned(facts: Readonly<Record<string, unknown>> = {}, unit = 'natural'): Promise<TicketView> {
  const { body } = await clerk.post<TicketView>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '刘芳', phone: '13835700001', matter: '不动产证', story: '刘芳缺契税票据，电话13835700001', address: '解放路1号', ...facts },
  })
  await clerk.command(body.row.id, { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: unit, reason: '核实' })
  return (await clerk.command(body.row.id, { type: 'assign', note: '请核实票据' })).body
}
const allowance = { amount: 2, unit: 'workingDays' }
const task = { type: 'task', unit: 'tax', text: '补开契税票据', allowance }

describe('a unit that is called to a case', () => {
  test('finds it in its list, reads what it was called for, and answers it; of people and other units it learns nothing', async () => {
    const chief = await office.hire('taxchief', ['chief'], 'tax')
    const { row } = await assigned()
    expect(await chief.tickets()).toEqual([])
    await lead.command(row.id, task)
    await lead.command(row.id, { type: 'task', unit: 'market', text: '别的单位的任务', allowance })
    await clerk.command(row.id, { type: 'amend', facts: {}, note: '又来电催问' })

    expect(await chief.tickets()).toMatchObject([{ id: row.id, clock: '议定事项', lamp: 'green' }])
    const view = await chief.ticket(row.id)
    expect(view.part).toBe(true)
    expect(view.ticket.facts).toEqual({ matter: '不动产证', story: expect.stringContaining('缺契税票据') })
    expect(view.deadlines.map(({ kind }) => kind)).toEqual(['task'])
    expect(view.offers.map(({ type }) => type)).toEqual(['finish'])
    expect(JSON.stringify(view)).not.toMatch(/刘芳|13835700001|解放路|别的单位/)
    for (const place of ['notes', 'files', 'papers', 'papers/assignment', 'alike', 'links']) {
      expect((await chief.get(`/tickets/${row.id}/${place}`)).status, place).toBe(404)
    }
    expect((await chief.post(`/tickets/${row.id}/reveal`)).status).toBe(404)

    const finish = { type: 'finish', task: view.ticket.work?.[0] && 'id' in view.ticket.work[0] ? view.ticket.work[0].id : '', note: '已补开' }
    expect((await chief.command(row.id, finish)).status).toBe(200)
    expect((await clerk.ticket(row.id)).journal.map(({ text }) => text).join()).toContain('已补开')
  })

  test('is not helped by search to what it does not see', async () => {
    const chief = await office.hire('taxchief', ['chief'], 'tax')
    const { row } = await assigned({ company: '侯马某公司' })
    await lead.command(row.id, task)

    for (const query of ['?q=13835700001', '?q=侯马某公司', '?cause=材料缺失']) expect(await chief.tickets(query), query).toEqual([])
    expect((await chief.tickets(`?q=${row.number}`)).map(({ id }) => id)).toEqual([row.id])
  })

  test('is shown of a case that is kept from another unit the question alone, and nothing once it is kept from itself', async () => {
    const chief = await office.hire('taxchief', ['chief'], 'tax')
    const { row } = await assigned({ department: '自然资源局' }, 'hrss')
    await lead.command(row.id, task)
    await clerk.command(row.id, { type: 'amend', facts: { confidential: true } })

    expect((await chief.ticket(row.id)).ticket.facts).toEqual({})
    expect((await chief.ticket(row.id)).ticket.work).toMatchObject([{ text: '补开契税票据' }])
    await clerk.command(row.id, { type: 'amend', facts: { department: '税务局' } })
    expect((await chief.get(`/tickets/${row.id}`)).status).toBe(404)
    expect(await chief.tickets()).toEqual([])
  })

  test('signs and answers its order, comes to its meeting, and appeals against its record', async () => {
    const chief = await office.hire('taxchief', ['chief'], 'tax')
    const director = await office.hire('director', ['director'])
    const { row } = await assigned()
    await lead.command(row.id, { type: 'order', kind: 'order', unit: 'tax', cause: '超期', demand: '三日内答复', allowance })
    await lead.command(row.id, { type: 'convene', agenda: '票据怎么补', when: '明天', place: '三楼', units: ['tax'] })
    await director.command(row.id, { type: 'hold', tier: 1, unit: 'tax', evidence: '见回访', outcome: '记录在案' })

    const { offers } = await chief.ticket(row.id)

    expect(offers.map(({ type }) => type).sort()).toEqual(['appeal', 'attend', 'signOrder'])
    const value = (type: string, name: string) => offers.find((one) => one.type === type)?.fields.find((field) => field.name === name)?.options?.[0]?.value
    expect((await chief.command(row.id, { type: 'signOrder', order: value('signOrder', 'order') })).status).toBe(200)
    expect((await chief.command(row.id, { type: 'attend', name: '王科长' })).status).toBe(200)
    expect((await chief.command(row.id, { type: 'appeal', record: value('appeal', 'record'), text: '情况不符' })).status).toBe(200)
  })

  test('that gave the case back still sees what it did, and not what others do', async () => {
    const chief = await office.hire('natural', ['chief'], 'natural')
    const { row } = await assigned()
    await chief.command(row.id, { type: 'return', reason: '不归我单位', basis: '三定方案', suggested: 'tax' })
    await clerk.command(row.id, { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'tax', reason: '改派' })
    await clerk.command(row.id, { type: 'assign', note: '请税务办' })

    const view = await chief.ticket(row.id)

    expect(view.part).toBe(true)
    expect(view.offers).toEqual([])
    expect(view.journal.map(({ event }) => event.type)).toEqual(['assigned', 'returned'])
    expect((await chief.get<TodayView>('/today')).body.unsigned).toEqual([])
  })
})

describe('a list', () => {
  test('of today names the one case of a unit though hundreds of others end before it', async () => {
    const chief = await office.hire('natural', ['chief'], 'natural')
    await fillCases(office, 501, () => office.now() - 3 * 86_400_000)
    const { row } = await assigned()

    expect((await chief.get<TodayView>('/today')).body.unsigned.map(({ id }) => id)).toEqual([row.id])
  })

  test('by lamp says that there is more until all has been looked at', async () => {
    await fillCases(office, 501, () => office.now() - 3 * 86_400_000)
    const { row } = await assigned()
    const page = async (query: string) => (await clerk.get<{ rows: TicketRow[]; next?: string }>(`/tickets?lamp=green${query}`)).body

    const first = await page('')
    expect(first).toMatchObject({ rows: [], next: expect.any(String) })
    const second = await page(`&cursor=${first.next}`)
    expect(second.rows.map(({ id }) => id)).toEqual([row.id])
    expect(second.next).toBeUndefined()
  })
})
