import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OutsideLinkRow, OutsidePageView, Problem } from '../../api/contract.ts'
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

type Links = { rows: OutsideLinkRow[]; address: string } & Problem
const story = '刘小芳说外方股东资金进不来，电话13800001111，身份证142601198001011234'

async function register(level = 3, facts: object = {}): Promise<string> {
  const { body } = await clerk.post<{ row: { id: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '刘小芳', phone: '13800001111', matter: '外资注册', story, ...facts },
  })
  const { id } = body.row
  if (level > 1) await clerk.command(id, { type: 'raise', level, reason: '超出本级' })
  return id
}
const issue = (id: string, more: object = {}) =>
  lead.post<Links>(`/tickets/${id}/links`, { commandId: randomUUID(), unit: '驻外使馆商务处', question: '股东身份能否远程认证？', ...more })
async function call<T>(path: string, body: object): Promise<{ status: number; body: T & Problem }> {
  const answer = await fetch(`${office.url}/api/outside${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as T & Problem }
}
const tokenOf = ({ address }: Links): string => address.split('#')[1] ?? ''

test('a unit without an account answers once through its link, and the answer is its opinion in the journal', async () => {
  const id = await register()
  const { body } = await issue(id)
  const token = tokenOf(body)

  const page = await call<OutsidePageView>('', { token })
  expect(page.body).toMatchObject({ unit: '驻外使馆商务处', question: '股东身份能否远程认证？', matter: '外资注册' })
  expect(JSON.stringify(page.body)).not.toMatch(/刘小芳|13800001111|142601198001011234/)
  expect((await lead.get<Links>(`/tickets/${id}/links`)).body.rows).toMatchObject([{ state: 'opened' }])

  office.sleepTo('2026-06-10T15:00:00+08:00')
  expect((await call('/answer', { token, name: '王参赞', text: '可以远程认证' })).status).toBe(200)
  const again = await call<OutsidePageView>('/answer', { token, name: '别人', text: '改一下' })

  expect(again.body.answeredAt).toBe(office.now())
  expect((await call<OutsidePageView>('', { token })).body).toMatchObject({ answeredAt: office.now() })
  expect((await call<OutsidePageView>('', { token })).body.story).toBeUndefined()
  const { journal } = await lead.ticket(id)
  const stated = journal.filter((line) => line.by.kind === 'outside')
  expect(stated).toMatchObject([{ byName: '驻外使馆商务处 王参赞', at: office.now(), text: expect.stringContaining('可以远程认证') }])
  expect((await lead.get<{ notices: { text: string }[] }>('/today')).body.notices.map((one) => one.text).join()).toContain('可以远程认证')
})

test('two answers at once are one', async () => {
  const id = await register()
  const token = tokenOf((await issue(id)).body)

  await Promise.all([1, 2, 3].map((n) => call('/answer', { token, name: `第${n}人`, text: '同意' })))

  expect((await lead.ticket(id)).journal.filter((line) => line.by.kind === 'outside')).toHaveLength(1)
})

test('a wrong, an expired and a revoked link say so in plain words, and take no answer', async () => {
  const id = await register()
  const [late, taken] = [(await issue(id)).body, (await issue(id, { question: '另一问' })).body]
  const newest = taken.rows.find((one) => one.question === '另一问')?.invitation ?? ''

  for (const token of ['x'.repeat(43), 'cut-off', '']) expect((await call('', { token })).body.message).toContain('链接不完整或不对')
  expect((await lead.post(`/tickets/${id}/links/${newest}/revoke`)).status).toBe(200)
  expect((await lead.post(`/tickets/${id}/links/${newest}/revoke`)).status).toBe(422)
  const revoked = await call('/answer', { token: tokenOf(taken), name: '王参赞', text: '可以' })
  expect([revoked.status, revoked.body.message]).toEqual([410, expect.stringContaining('收回')])
  office.sleepTo('2026-06-18T10:00:00+08:00')
  const expired = await call('/answer', { token: tokenOf(late), name: '王参赞', text: '可以' })
  expect([expired.status, expired.body.message]).toEqual([410, expect.stringContaining('已过期')])
  expect((await lead.ticket(id)).journal.filter((line) => line.by.kind === 'outside')).toEqual([])
})

test('links are for cases of the third level, from the desk, and of a confidential case they show the question alone', async () => {
  const low = await register(1, { matter: '社保卡', story: '社保卡丢了补不了' })
  expect((await issue(low)).body.message).toContain('三级响应')
  const chief = await office.hire('chief', ['chief'], 'natural')
  expect((await chief.post(`/tickets/${low}/links`, { commandId: randomUUID(), unit: '省厅', question: '可否' })).status).toBe(403)

  const secret = await register(3, { confidential: true, department: '市场监管局' })
  const { body } = await call<OutsidePageView>('', { token: tokenOf((await issue(secret)).body) })

  expect(body.question).toBeDefined()
  expect([body.matter, body.story]).toEqual([undefined, undefined])
})

test('the link is shown once, its token is nowhere in the database, and issuing and revoking are noted', async () => {
  const id = await register()
  const body = { commandId: randomUUID(), unit: '省厅', question: '能否容缺受理？' }
  const [first, second] = [await lead.post<Links>(`/tickets/${id}/links`, body), await lead.post<Links>(`/tickets/${id}/links`, body)]

  expect(first.body.address).toContain('/outside#')
  expect(second.body).toMatchObject({ address: '', rows: [{ unit: '省厅' }] })
  const kept = JSON.stringify(await office.shell.db.read.all('SELECT * FROM "OutsideLink"'))
  expect(kept).not.toContain(tokenOf(first.body))
  expect(kept).not.toContain('省厅')
  const noted = await office.shell.db.read.all<{ staffId: string }>(`SELECT "staffId" FROM "Audit" WHERE action = 'outside link issued'`)
  expect(noted).toEqual([{ staffId: 'lead' }])
})
