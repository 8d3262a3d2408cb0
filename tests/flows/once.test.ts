import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ProgressView } from '../../api/contract.ts'
import { ticketNumber } from '../../casework/number.ts'
import { personIdOf } from '../../prisma/conversations.ts'
import { visitorCookie } from '../support/chat.ts'
import { act, person } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

const secret = 'a-long-secret-for-the-gateway'
let folder: string
let office: TestOffice
let clerk: StaffClient
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  writeFileSync(join(folder, 'c.yaml'), JSON.stringify({ sms: { secret, byHand: true } }))
  office = await openOffice({ CHANNELS_FILE: join(folder, 'c.yaml'), CHAT_PER_MINUTE: '1000' })
  clerk = await office.hire('clerk', ['clerk'])
})
afterEach(async () => {
  await office.close()
  rmSync(folder, { recursive: true })
})

const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const count = async (table: string, where = '1 = 1'): Promise<number> => (await office.shell.db.read.all(`SELECT 1 FROM "${table}" WHERE ${where}`)).length

describe('what is sent many times at once under one key is done once, and every sender gets the same answer', () => {
  test('a message in the chat, fifty times over five connections', async () => {
    const cookie = await visitorCookie(office.url)
    const frame = JSON.stringify({ type: 'say', key: randomUUID(), content: { kind: 'text', text: '身份证丢了怎么补办' } })
    const acks = await times(5, async () => {
      const socket = new WebSocket(`${office.url.replace('http', 'ws')}/api/chat`, { headers: { cookie } })
      await new Promise((resolve) => socket.once('open', resolve))
      const seqs: number[] = []
      const all = new Promise<void>((resolve) =>
        socket.on('message', (data) => {
          const heard = JSON.parse(String(data)) as { type: string; seq: number }
          if (heard.type === 'ack' && seqs.push(heard.seq) === 10) resolve()
        }),
      )
      for (let each = 0; each < 10; each++) socket.send(frame)
      await all
      socket.terminate()
      return seqs
    })

    expect(acks.flat()).toEqual(Array.from({ length: 50 }, () => 1))
    expect(await count('Message', `author = 'citizen'`)).toBe(1)
  })

  test('a registration at the counter, fifty times', async () => {
    const facts = { name: '张三', phone: '13800000000', matter: '营业执照', story: '提交不了' }
    const body = { commandId: randomUUID(), channel: 'counter', demand: 'cannot', facts }

    const answers = await times(50, () => clerk.post<{ row: { number: string } }>('/tickets', body))

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.row.number)).size).toBe(1)
    expect(await count('Ticket')).toBe(1)
  })

  test('a registration from a talk', async () => {
    const cookie = await visitorCookie(office.url)
    const socket = new WebSocket(`${office.url.replace('http', 'ws')}/api/chat`, { headers: { cookie } })
    await new Promise((resolve) => socket.once('open', resolve))
    const heard = new Promise((resolve) => socket.on('message', (data) => String(data).includes('"ack"') && resolve(undefined)))
    socket.send(JSON.stringify({ type: 'say', key: randomUUID(), content: { kind: 'text', text: '不动产证不给办' } }))
    await heard
    socket.terminate()
    const [talk] = await office.shell.db.read.all<{ id: string }>('SELECT id FROM "Conversation"')
    const facts = { name: '刘芳', phone: '13800001111', matter: '不动产证', story: '不给办' }
    const body = { commandId: randomUUID(), demand: 'cannot', facts }

    const answers = await times(20, () => clerk.post<{ row: { number: string } }>(`/conversations/${talk?.id}/register`, body))

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.row.number)).size).toBe(1)
    expect(await count('Ticket')).toBe(1)
  })

  test('an addition and a rating on the page of a case', async () => {
    const [id, number] = [randomUUID(), ticketNumber({ code: '1410', on: '2026-06-10', serial: 7 })]
    const [desk, chief] = [person('王窗口', ['clerk']), person('李科长', ['chief'], 'natural')]
    const facts = { name: '刘芳', phone: '13800001111', matter: '不动产证', story: '不给办' }
    const proposal = { demandClass: 'bottleneck', level: 1, departments: ['natural'], flags: [], reasons: [] } as const
    await act(office, id, '2026-06-10 10:00', { type: 'register', id, number, channel: 'counter', demand: 'cannot', urgent: false, facts, proposal }, desk)
    await act(office, id, '2026-06-10 10:10', { type: 'triage', demandClass: 'bottleneck', level: 1, cause: '材料缺失', lead: 'natural', reason: '缺' }, desk)
    await act(office, id, '2026-06-10 10:20', { type: 'assign', note: '请核实' }, desk)
    await act(office, id, '2026-06-10 10:30', { type: 'accept' }, chief)
    await act(office, id, '2026-06-10 10:40', { type: 'contact', how: '电话', note: '已联系' }, chief)
    await act(office, id, '2026-06-10 11:00', { type: 'resolve', result: 'done', text: '已补票据' }, chief)
    await act(office, id, '2026-06-10 11:10', { type: 'check', approved: true, note: '属实' }, person('周组长', ['lead']))
    await act(office, id, '2026-06-10 11:20', { type: 'reply', text: '已办好', basis: '《不动产登记暂行条例》', contact: '登记科' }, desk)
    const call = async (path: string, pass: string, body: object) => {
      const headers = { 'content-type': 'application/json', 'x-bandecheng-pass': pass }
      const answer = await fetch(`${office.url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      return { status: answer.status, body: (await answer.json()) as ProgressView }
    }
    const { pass } = (await call('/progress', '', { number, code: '123456' })).body
    const [adding, rating] = [
      { key: randomUUID(), text: '我又去了一趟' },
      { key: randomUUID(), solved: 'yes', rating: 5 },
    ]

    const added = await times(12, () => call('/case/add', pass, adding))
    const rated = await times(12, () => call('/case/rate', pass, rating))

    expect(new Set([...added, ...rated].map(({ status }) => status))).toEqual(new Set([200]))
    expect(await count('Journal', `"ticketId" = '${id}' AND type = 'amended'`)).toBe(1)
    expect(await count('CommandLog', `subject = '${id}'`)).toBe(2)
  })
})

test('twenty text messages of one phone, each pushed three times and all at once, are one conversation with twenty messages, each in a place of its own', async () => {
  const phone = '13835700001'
  const push = (id: number) =>
    fetch(`${office.url}/api/channels/sms/${secret}`, {
      method: 'POST',
      body: JSON.stringify([{ phone_number: phone, content: `第${id}句：不动产证还是不给办`, sequence_id: id }]),
    })

  const answers = await times(60, (index) => push((index % 20) + 1))

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await office.shell.db.read.all('SELECT "personId" FROM "Conversation"')).toEqual([{ personId: personIdOf('sms', phone) }])
  const rows = await office.shell.db.read.all<{ seq: number; author: string }>('SELECT seq, author FROM "Message" ORDER BY seq')
  expect(rows.filter(({ author }) => author === 'citizen')).toHaveLength(20)
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1))
})
