import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FileView, Problem, ProgressView } from '../../api/contract.ts'
import type { Command } from '../../casework/decision.ts'
import { ticketNumber } from '../../casework/number.ts'
import { paper } from '../support/files.ts'
import { act, person } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
beforeAll(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
})
afterAll(() => office.close())

let id: string
let number: string
let serial = 100
const [desk, chief] = [person('王窗口', ['clerk']), person('李科长', ['chief'], 'natural')]
beforeEach(async () => {
  id = randomUUID()
  serial += 1
  number = ticketNumber({ code: '1410', on: '2026-06-10', serial })
  const facts = { name: '刘芳', phone: '13800001111', matter: '不动产证', story: '缺部分票据，不给办' }
  const proposal = { demandClass: 'bottleneck', level: 1, departments: ['natural'], flags: [], reasons: [] } as const
  await go('10:00', { type: 'register', id, number, channel: 'counter', demand: 'cannot', urgent: false, facts, proposal }, desk)
})

const go = (at: string, command: Command, by = desk) => act(office, id, `2026-06-10 ${at}`, command, by)

async function replied(): Promise<void> {
  await go('10:10', { type: 'triage', demandClass: 'bottleneck', level: 1, cause: '材料缺失', lead: 'natural', reason: '缺票据' })
  await go('10:20', { type: 'assign', note: '请核实' })
  await go('10:30', { type: 'accept' }, chief)
  await go('10:40', { type: 'contact', how: '电话', note: '内部：此人难缠' }, chief)
  await go('11:00', { type: 'resolve', result: 'done', text: '已补票据' }, chief)
  await go('11:10', { type: 'check', approved: true, note: '属实' }, person('周组长', ['lead']))
  await go('11:20', { type: 'reply', text: '已办好，来取证', basis: '《不动产登记暂行条例》', contact: '登记科' })
}

type Page = ProgressView & Problem
const headers = (pass: string) => ({ 'content-type': 'application/json', 'x-bandecheng-pass': pass })
async function call<T = Page>(method: 'GET' | 'POST', path: string, pass = '', body?: unknown): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${office.url}/api${path}`, { method, headers: headers(pass), ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return { status: answer.status, body: (await answer.json()) as T }
}
const prove = async (): Promise<Page> => (await call('POST', '/progress', '', { number, code: '123456' })).body
const send = (pass: string, path: string, body: object, key: string = randomUUID()) => call('POST', `/case/${path}`, pass, { key, ...body })

describe("the citizen's page of a case", () => {
  test('tells to whom it was sent and when, without what offices write to each other', async () => {
    await replied()

    const { trail, department } = await prove()

    expect(department).toBe('市自然资源和规划局')
    expect(trail.map(({ text }) => text)).toEqual([
      '窗口收到并登记',
      '转给市自然资源和规划局',
      '承办单位接下',
      '承办单位与您联系',
      '承办单位报来办理结果，窗口审核',
      '答复您',
    ])
    expect(trail[1]?.at).toBe(Date.parse('2026-06-10T10:20:00+08:00'))
    expect(JSON.stringify(trail)).not.toMatch(/难缠|请核实/)
  })

  test('changes nothing by being looked at, also with a reply that waits to be rated', async () => {
    await replied()
    const before = (await clerk.ticket(id)).row.version

    const { pass } = await prove()
    await call('GET', '/case', pass)

    expect((await clerk.ticket(id)).row.version).toBe(before)
  })

  test('takes an addition once, and the unit is told of it', async () => {
    await replied()
    const { pass } = await prove()
    const key = randomUUID()
    const all = await Promise.all(Array.from({ length: 5 }, () => send(pass, 'add', { text: '发票找到了' }, key)))

    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect((await clerk.ticket(id)).ticket.facts.story?.match(/发票找到了/g)).toHaveLength(1)
    expect(all[0]?.body.trail.at(-1)?.text).toBe('您补充了情况')
  })

  test('takes a paper, which then stands with the case for both sides', async () => {
    const { pass } = await prove()
    const upload = () =>
      fetch(`${office.url}/api/case/files?key=paper-0001&name=${encodeURIComponent('发票.pdf')}`, {
        method: 'POST',
        headers: { 'x-bandecheng-pass': pass, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(paper()),
      })
    await Promise.all([upload(), upload()])

    const { files } = (await call('GET', '/case', pass)).body
    expect(files.map(({ name }) => name)).toEqual(['发票.pdf'])
    expect((await fetch(office.url + (files[0]?.url ?? ''))).status).toBe(200)
    expect((await clerk.get<{ rows: FileView[] }>(`/tickets/${id}/files`)).body.rows).toHaveLength(1)
    expect((await clerk.ticket(id)).ticket.facts.story?.match(/发票\.pdf/g)).toHaveLength(1)
  })

  test('withdraws the case, and then takes nothing more', async () => {
    const { pass, may } = await prove()
    expect(may).toEqual({ add: true, withdraw: true, rate: false })

    const { body } = await send(pass, 'withdraw', {})

    expect([body.stageTitle, body.may.add, body.may.withdraw]).toEqual(['已撤回', false, false])
    expect((await send(pass, 'add', { text: '再补一句' })).status).toBe(422)
  })

  test('takes one rating for each reply: 办成了吗, five levels, causes', async () => {
    await replied()
    const { pass, may, rated } = await prove()
    expect([may.rate, rated]).toEqual([true, false])

    const all = await Promise.all([1, 2, 3].map(() => send(pass, 'rate', { solved: 'yes', rating: 4, comment: '快' })))

    expect(all.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1)
    const { ticket } = await clerk.ticket(id)
    expect(ticket.callbacks.map(({ answer }) => answer)).toEqual([{ solved: 'yes', rating: 4, comment: '快' }])
    expect((await call('GET', '/case', pass)).body).toMatchObject({ rated: true, may: { rate: false } })
  })

  test('that says 没办成 starts the case anew, and asks again after the next reply only', async () => {
    await replied()
    const { pass } = await prove()

    const { body } = await send(pass, 'rate', { solved: 'no', rating: 1, reasons: ['推来推去'] })

    expect(body.may.rate).toBe(false)
    const { ticket } = await clerk.ticket(id)
    expect([ticket.stage, ticket.level, ticket.reopened]).toEqual(['triaged', 2, 1])
    expect((await send(pass, 'rate', { solved: 'yes' })).status).toBe(422)
    expect((await clerk.ticket(id)).ticket.callbacks).toHaveLength(1)
  })

  test('cannot be rated again when the answer was given elsewhere', async () => {
    await replied()
    await go('11:30', { type: 'callback', outcome: 'answered', answer: { solved: 'yes', rating: 5 } }, person('赵督办', ['supervisor']))
    const { pass, rated } = await prove()

    const { status, body } = await send(pass, 'rate', { solved: 'no' })

    expect([rated, status, body.message]).toEqual([true, 422, '这次答复已经评过了，或者还没有答复可评，谢谢您。'])
    expect((await clerk.ticket(id)).ticket.stage).toBe('closed')
  })

  test('opens with a pass alone that is neither forged, nor of another case, nor old', async () => {
    const { pass } = await prove()
    const [own = '', until = '', signature = ''] = pass.split('.')

    expect((await call('GET', '/case', pass)).status).toBe(200)
    expect((await call('GET', '/case', '')).status).toBe(403)
    expect((await call('GET', '/case', `full-life.${until}.${signature}`)).status).toBe(403)
    expect((await call('GET', '/case', `${own}.${Number(until) + 1}.${signature}`)).status).toBe(403)
    office.sleepTo(new Date(office.now() + 31 * 60_000).toISOString())
    expect((await call('GET', '/case', pass)).body.message).toContain('再填一次')
  })
})
