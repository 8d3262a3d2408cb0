import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { ImprovementView, LiveFrame, TicketView, TodayView } from '../../api/contract.ts'
import { createChatClient } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

// A case may become secret at any time, and from then on it is nowhere: what was told of it before included.

let office: TestOffice
let clerk: StaffClient
let lead: StaffClient
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
  lead = await office.hire('lead', ['lead'])
})
afterEach(() => office.close())

let phones = 13_900_000_000
async function register(facts: Readonly<Record<string, unknown>> = {}): Promise<TicketView> {
  const { body } = await clerk.post<TicketView>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '张三', phone: String(phones++), matter: '不动产证', story: '自然资源局不给办', department: '自然资源局', ...facts },
  })
  return body
}
const triage = { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', category: '不动产', lead: 'natural', reason: '核实' }
const secret = { type: 'amend', facts: { confidential: true } }

async function assigned(): Promise<TicketView> {
  const { row } = await register()
  await clerk.command(row.id, triage)
  return (await clerk.command(row.id, { type: 'assign', note: '请核实票据' })).body
}

describe('a case that is kept from the unit complained of', () => {
  test('goes into no case that the unit can see, nor the other way round', async () => {
    const hidden = await register({ confidential: true, story: '王科长当面刁难我' })
    const open = await assigned()

    expect((await clerk.command(hidden.row.id, { type: 'merge', into: open.row.number, reason: '同一件事' })).body.message).toContain('保密')
    expect((await clerk.command(open.row.id, { type: 'merge', into: hidden.row.number, reason: '同一件事' })).body.message).toContain('保密')
    expect(JSON.stringify(await clerk.ticket(open.row.id))).not.toContain('王科长')

    const alike = await register({ confidential: true })
    expect((await clerk.command(alike.row.id, { type: 'merge', into: hidden.row.number, reason: '同一件事' })).status).toBe(200)
  })

  test('leaves a part that is split off as secret as it is', async () => {
    const { row } = await register()
    await clerk.command(row.id, { ...triage, lead: 'tax', cause: '吃拿卡要' })
    await clerk.command(row.id, { type: 'split', matter: '社保卡', story: '社保卡也没办', reason: '两件事' })
    const chief = await office.hire('chief', ['chief'], 'natural')

    const part = (await clerk.tickets()).find((one) => one.id !== row.id)
    await clerk.command(part?.id ?? '', { ...triage, lead: 'hrss' })

    expect((await clerk.ticket(part?.id ?? '')).ticket.facts).toMatchObject({ confidential: true })
    expect((await clerk.command(part?.id ?? '', triage)).body.message).toContain('保密件')
    expect((await chief.get(`/tickets/${part?.id}`)).status).toBe(404)
  })

  test('calls the unit to no meeting, task, order or support', async () => {
    const { row } = await register({ confidential: true })
    await clerk.command(row.id, { ...triage, lead: 'tax' })
    const allowance = { amount: 2, unit: 'workingDays' }
    const calls = [
      { type: 'convene', agenda: '怎么补', when: '明天', place: '三楼', units: ['tax', 'natural'] },
      { type: 'task', unit: 'natural', text: '补开票据', allowance },
      { type: 'order', kind: 'order', unit: 'natural', cause: '超期', demand: '三日内办结', allowance },
    ]
    for (const call of calls) expect((await lead.command(row.id, call)).body.message, call.type).toContain('保密件')

    const other = await register()
    await clerk.command(other.row.id, { ...triage, lead: 'tax', supporting: ['natural'] })
    await clerk.command(other.row.id, secret)
    expect((await clerk.command(other.row.id, { type: 'assign', note: '请办' })).body.message).toContain('保密件')
  })

  test('is gone from its list of today with all that was told of it before', async () => {
    const chief = await office.hire('chief', ['chief'], 'natural')
    const { row } = await assigned()
    const today = async () => (await chief.get<TodayView>('/today')).body
    const [notice] = (await today()).notices
    expect(notice?.text).toContain(row.number)

    await clerk.command(row.id, secret)

    expect(JSON.stringify(await today())).not.toContain(row.number)
    expect((await chief.post(`/notices/${notice?.id}/done`)).status).toBe(404)
    const [kept] = await office.shell.db.read.all<{ doneAt: number | null }>('SELECT "doneAt" FROM "Notice" WHERE id = ?', [notice?.id ?? 0])
    expect(kept?.doneAt).toBeNull()
  })
})

describe('what is drawn from many cases', () => {
  const period = { from: '2026-06-01', to: '2026-06-30' }
  const kind = { category: '不动产', cause: '材料缺失', lead: 'natural' }
  const plan = { title: '票据线上补开', measure: '共享票据信息', owner: 'natural', dueOn: '2026-06-15' }

  test('neither shows nor counts for the owner of an improvement the cases that were kept from it since', async () => {
    const cases = [await assigned(), await assigned(), await assigned()]
    const chief = await office.hire('chief', ['chief'], 'natural')
    const { body } = await lead.post<ImprovementView>('/improvements', { commandId: randomUUID(), ...period, ...kind, ...plan })
    const finish = { commandId: randomUUID(), version: 1, command: { type: 'finish', evidence: '已上线' } }
    await chief.post(`/improvements/${body.id}/commands`, finish)
    await clerk.command(cases[0]?.row.id ?? '', secret)
    office.sleepTo('2026-06-11T10:00:00+08:00')

    const seen = async (who: StaffClient) => (await who.get<{ rows: ImprovementView[] }>('/improvements')).body.rows[0]
    expect(await seen(lead)).toMatchObject({ finding: { count: 3, numbers: cases.map(({ row }) => row.number) }, effect: { before: 0, after: 0 } })
    expect(JSON.stringify(await seen(chief))).not.toContain(cases[0]?.row.number)
    expect(await seen(chief)).toMatchObject({ finding: { count: 2 } })
  })
})

describe('the talk that a hidden case came from', () => {
  test('is not there for people of the unit at the desk: not listed, opened, answered, noted, nor in their notices', async () => {
    const citizen = createChatClient(office.url)
    await citizen.connect()
    await citizen.say('转人工')
    const [talk] = await clerk.waiting()
    const id = talk?.id ?? ''
    const inside = await office.hire('inside', ['clerk'], 'natural')
    expect((await inside.waiting()).map((one) => one.id)).toEqual([id])
    const facts = { name: '张三', phone: '13911112222', matter: '不动产证', story: '王科长刁难我', department: '自然资源局', confidential: true }

    const { body } = await clerk.post<TicketView>(`/conversations/${id}/register`, { commandId: randomUUID(), demand: 'cannot', facts })

    expect(body.ticket.facts.confidential).toBe(true)
    expect(await inside.waiting()).toEqual([])
    expect((await inside.get<{ rows: unknown[] }>('/conversations?state=all')).body.rows).toEqual([])
    expect((await inside.get<TodayView>('/today')).body.waiting).toEqual([])
    expect((await inside.get(`/conversations/${id}`)).status).toBe(404)
    expect((await inside.talk(id, { type: 'takeover' })).status).toBe(404)
    expect((await inside.post(`/conversations/${id}/notes`, { id: randomUUID(), text: '看一看' })).status).toBe(404)
    expect((await inside.post(`/conversations/${id}/register`, { commandId: randomUUID(), demand: 'cannot', facts })).status).toBe(404)
    await clerk.talk(id, { type: 'takeover' })
    expect((await clerk.talk(id, { type: 'transfer', to: { staffId: 'inside' }, note: '请接' })).status).toBe(422)
    await clerk.talk(id, { type: 'transfer', to: { role: 'clerk' }, note: '请接' })
    expect((await inside.get<TodayView>('/today')).body.notices.some((one) => one.conversationId === id)).toBe(false)
    citizen.drop()
  })
})

describe('the live hints', () => {
  async function listen(who: StaffClient): Promise<{ heard: LiveFrame[]; ended: () => boolean; socket: WebSocket }> {
    const socket = new WebSocket(`${office.url.replace('http', 'ws')}/api/staff/live`, { headers: { cookie: who.cookie() } })
    const heard: LiveFrame[] = []
    let ended = false
    socket.on('message', (data) => heard.push(JSON.parse(String(data))))
    socket.on('close', () => {
      ended = true
    })
    await vi.waitUntil(() => heard.length === 1)
    return { heard, ended: () => ended, socket }
  }
  const ids = (heard: readonly LiveFrame[]) => new Set(heard.flatMap((one) => (one.type === 'ticket' ? [one.id] : [])))

  test('tell of the cases that a person may see, and of talks whoever talks', async () => {
    const chief = await office.hire('chief', ['chief'], 'natural')
    const other = await office.hire('other', ['chief'], 'tax')
    const mine = await assigned()
    const [a, b] = [await listen(chief), await listen(other)]
    const hidden = await register({ confidential: true })
    const citizen = createChatClient(office.url)
    await citizen.connect()
    await citizen.say('转人工')
    await chief.command(mine.row.id, { type: 'accept' })

    await vi.waitUntil(() => ids(a.heard).has(mine.row.id))
    expect([...ids(a.heard)]).toEqual([mine.row.id])
    expect(hidden.row.id).not.toBe(mine.row.id)
    expect(a.heard.filter((one) => one.type === 'conversation' || one.type === 'presence')).toEqual([])
    expect(ids(b.heard).size).toBe(0)
    for (const one of [a, b]) one.socket.close()
    citizen.drop()
  })

  test('end when the person logs out, also at another process', async () => {
    const chief = await office.hire('chief', ['chief'], 'natural')
    const { row } = await assigned()
    const console = await listen(chief)
    await chief.post('/logout')
    office.sleepTo(new Date(office.now() + 5_000).toISOString())

    await clerk.command(row.id, { type: 'amend', facts: {}, note: '又来电' })

    await vi.waitUntil(console.ended)
    expect(ids(console.heard).size).toBe(0)
  })
})
