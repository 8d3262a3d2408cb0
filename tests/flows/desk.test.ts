import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { ConversationView, LiveFrame, NoteView, PhraseView, TicketView, TodayView } from '../../api/contract.ts'
import { createWatch } from '../../api/watch.ts'
import { type ChatClient, createChatClient } from '../support/chat.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openProcess, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let database: TestDatabase
let office: TestOffice
let citizen: ChatClient
let clerk: StaffClient
let other: StaffClient
beforeEach(async () => {
  database = await createTestDatabase()
  office = await openProcess(database)
  citizen = createChatClient(office.url)
  clerk = await office.hire('王敏', ['clerk'])
  other = await office.hire('李强', ['supervisor'])
})
afterEach(async () => {
  citizen.drop()
  await office.close()
})

const view = async (staff: StaffClient, id: string) => (await staff.get<ConversationView>(`/conversations/${id}`)).body
const said = async (id: string) => (await view(clerk, id)).messages.map(({ text }) => text)

async function waiting(): Promise<{ id: string; say: (text: string) => Promise<unknown> }> {
  await citizen.connect()
  await citizen.say('转人工')
  const [row] = await clerk.waiting()
  return { id: row?.id ?? '', say: citizen.say }
}

describe('an answer', () => {
  test('is held back when another window has answered meanwhile, and goes out when the sender wants it still', async () => {
    const { id } = await waiting()
    await clerk.talk(id, { type: 'takeover' })
    const { seq } = (await view(clerk, id)).messages.at(-1) ?? { seq: 0 }
    await clerk.talk(id, { type: 'say', text: '请带身份证来', seen: seq })

    const held = await clerk.talk(id, { type: 'say', text: '请带户口本来', seen: seq })

    expect([held.status, held.body.code]).toEqual([409, 'answered'])
    expect(held.body.message).toContain('请带身份证来')
    expect(await said(id)).not.toContain('请带户口本来')
    expect((await clerk.talk(id, { type: 'say', text: '请带户口本来', seen: seq, anyway: true })).status).toBe(200)
    expect(await said(id)).toContain('请带户口本来')
  })

  test('is not held back because the citizen has said more', async () => {
    const { id, say } = await waiting()
    await clerk.talk(id, { type: 'takeover' })
    const { seq } = (await view(clerk, id)).messages.at(-1) ?? { seq: 0 }
    await say('还在吗')

    expect((await clerk.talk(id, { type: 'say', text: '在的', seen: seq })).status).toBe(200)
  })
})

describe('a conversation that is handed on', () => {
  test('stays with its owner until the colleague accepts, who is told; the citizen hears of it once', async () => {
    const { id } = await waiting()
    await clerk.talk(id, { type: 'takeover' })

    expect((await clerk.talk(id, { type: 'transfer', to: { staffId: '李强' }, note: '涉及督办，请接一下' })).status).toBe(200)
    const { notices } = (await other.get<TodayView>('/today')).body
    expect(notices.map(({ text, conversationId }) => [text, conversationId])).toEqual([[expect.stringContaining('涉及督办'), id]])
    expect((await view(clerk, id)).mine).toBe(true)
    expect((await view(other, id)).handover?.mayAnswer).toBe(true)
    await other.talk(id, { type: 'accept' })

    expect((await view(other, id)).mine).toBe(true)
    expect((await view(other, id)).handover).toBeUndefined()
    expect((await clerk.talk(id, { type: 'say', text: '我再说一句' })).body.code).toBe('notYours')
    expect((await said(id)).filter((text) => text.includes('李强'))).toHaveLength(1)
    expect((await other.get<TodayView>('/today')).body.notices).toEqual([])
    expect((await clerk.get<TodayView>('/today')).body.notices.map(({ text }) => text)).toEqual([expect.stringContaining('李强已接过')])
  })

  test('is taken by one of two who are asked; the other is told that it is gone', async () => {
    const third = await office.hire('赵刚', ['supervisor'])
    const { id } = await waiting()
    await clerk.talk(id, { type: 'takeover' })
    await clerk.talk(id, { type: 'transfer', to: { role: 'supervisor' }, note: '请督办接' })

    const answers = await Promise.all([other.talk(id, { type: 'accept' }), third.talk(id, { type: 'accept' })])

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('that is refused comes with the reason, and one for somebody else cannot be answered', async () => {
    const third = await office.hire('赵刚', ['clerk'])
    const { id } = await waiting()
    await clerk.talk(id, { type: 'takeover' })
    await clerk.talk(id, { type: 'transfer', to: { staffId: '李强' }, note: '请接' })

    expect((await third.talk(id, { type: 'accept' })).status).toBe(409)
    await other.talk(id, { type: 'refuse', reason: '正在开会' })

    expect((await view(clerk, id)).mine).toBe(true)
    expect((await clerk.get<TodayView>('/today')).body.notices.map(({ text }) => text)).toEqual([expect.stringContaining('正在开会')])
  })
})

describe('a note among colleagues', () => {
  test('is kept once, tells whom it names, and never reaches the citizen', async () => {
    const { id } = await waiting()
    const note = { id: randomUUID(), text: '@李强 这位去年也来过，档案在3号柜' }
    for (let times = 0; times < 2; times++) expect((await clerk.post(`/conversations/${id}/notes`, note)).status).toBe(200)

    expect((await view(other, id)).notes.map(({ by, text, mine }) => [by, text, mine])).toEqual([['王敏', note.text, false]])
    expect(await said(id)).not.toContain(note.text)
    expect((await other.get<TodayView>('/today')).body.notices.map(({ text }) => text)).toEqual([expect.stringContaining('王敏在会话备注里提到您')])
    const stored = await office.shell.db.read.all<{ sealed: string }>('SELECT sealed FROM "Note"')
    expect(stored[0]?.sealed).not.toContain('档案')
  })

  test('on a case is read by those alone who may see the case', async () => {
    const chief = await office.hire('外单位', ['chief'], 'tax')
    const { body } = await clerk.post<TicketView>('/tickets', {
      commandId: randomUUID(),
      channel: 'counter',
      demand: 'cannot',
      facts: { name: '张三', phone: '13800000000', matter: '营业执照', story: '网上提交不了' },
    })
    await clerk.post(`/tickets/${body.row.id}/notes`, { id: randomUUID(), text: '材料放在抽屉里' })

    expect((await other.get<{ rows: NoteView[] }>(`/tickets/${body.row.id}/notes`)).body.rows.map(({ text }) => text)).toEqual(['材料放在抽屉里'])
    expect((await chief.get(`/tickets/${body.row.id}/notes`)).status).toBe(404)
  })
})

test('the canned phrases are the office’s own, found by the initials of their reading, and edited on one version', async () => {
  const lead = await office.hire('组长', ['lead'])
  const read = async () => (await clerk.get<{ version: number; rows: PhraseView[] }>('/phrases')).body
  const { version } = await read()

  expect((await lead.post('/phrases', { version, rows: ['请稍等，马上核实', '已经登记'] })).status).toBe(200)

  expect((await read()).rows).toEqual([
    { text: '请稍等，马上核实', initials: 'qsdmshs' },
    { text: '已经登记', initials: 'yjdj' },
  ])
  expect((await lead.post<{ code: string }>('/phrases', { version, rows: [] })).body.code).toBe('stale')
  expect((await clerk.post('/phrases', { version: version + 1, rows: [] })).status).toBe(403)
})

test('what was understood is marked in the citizen’s words, and is registered with what the clerk corrects; number and code come into the talk', async () => {
  const { id, say } = await waiting()
  await clerk.talk(id, { type: 'takeover' })
  await clerk.talk(id, { type: 'handback' })
  await say('办房产证，窗口说缺购房发票不给办，我叫王芳，电话13812345678')
  const before = await view(clerk, id)
  const marked = before.understood.flatMap(({ seq, marks }) =>
    marks.map(({ start, end, label }) => [label, before.messages.find((one) => one.seq === seq)?.text.slice(start, end)]),
  )
  expect(marked).toContainEqual(['电话', '138****5678'])
  expect(before.draft.departments.length).toBeGreaterThan(0)

  const request = { commandId: randomUUID(), demand: 'cannot', facts: { matter: '房屋产权证', story: '缺发票不给办', phone: '138****5678' } }
  const made = await clerk.post<TicketView>(`/conversations/${id}/register`, request)
  const again = await clerk.post<TicketView>(`/conversations/${id}/register`, request)

  expect(made.body.ticket.facts).toMatchObject({ matter: '房屋产权证', story: '缺发票不给办' })
  expect(again.body.row.id).toBe(made.body.row.id)
  const revealed = await clerk.post<{ phone: string }>(`/tickets/${made.body.row.id}/reveal`)
  expect(revealed.body.phone).toBe('13812345678')
  expect((await said(id)).filter((text) => text.includes(made.body.row.number) && text.includes('查询码'))).toHaveLength(1)
  expect((await view(clerk, id)).tickets.map(({ number }) => number)).toContain(made.body.row.number)
})

describe('who looks at a conversation', () => {
  type Window = {
    readonly look: (id: string | undefined, typing?: boolean, seen?: number) => void
    readonly last: () => Presence | undefined
    readonly close: () => void
  }
  type Presence = Extract<LiveFrame, { type: 'presence' }>
  const windows: WebSocket[] = []
  afterEach(() => {
    for (const one of windows.splice(0)) one.terminate()
  })
  async function openWindow(url: string, staff: StaffClient): Promise<Window> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/staff/live`, { headers: { cookie: staff.cookie() } })
    windows.push(socket)
    let last: Presence | undefined
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as LiveFrame
      if (frame.type === 'presence') last = frame
    })
    await new Promise((resolve) => socket.once('open', resolve))
    return {
      look: (id, typing = false, seen) => socket.send(JSON.stringify({ type: 'look', id, typing, seen })),
      last: () => last,
      close: () => socket.close(),
    }
  }
  const people = (window: Window) => (window.last()?.people ?? []).map(({ name, typing, windows }) => `${name}${typing ? '…' : ''}×${windows}`).sort()

  test('is seen in every window with who types, several windows of one person count once, and who closes is gone', async () => {
    const { id } = await waiting()
    const [mine, second, theirs] = [await openWindow(office.url, clerk), await openWindow(office.url, clerk), await openWindow(office.url, other)]
    mine.look(id)
    second.look(id)
    theirs.look(id, true)
    await expect.poll(() => people(mine)).toEqual(['李强…×1', '王敏×2'])

    second.close()
    await expect.poll(() => people(theirs)).toEqual(['李强…×1', '王敏×1'])
    mine.look(undefined)
    await expect.poll(() => people(theirs)).toEqual(['李强…×1'])
  })

  test('and what is on a screen is told to the other side: the citizen that a person has read, the clerk that the answer was seen', async () => {
    const { id, say } = await waiting()
    const before = citizen.state()?.seen
    const asked = Number(await say('还差什么材料'))
    const window = await openWindow(office.url, clerk)

    window.look(id, false, asked)
    await citizen.waitState(({ seen }) => seen === asked)
    await clerk.talk(id, { type: 'takeover' })
    await clerk.talk(id, { type: 'say', text: '户口本' })
    const { seq } = await citizen.wait(({ text }) => text === '户口本')
    expect((await view(clerk, id)).presence.seen).toBe(0)
    citizen.saw(seq)
    await expect.poll(() => window.last()?.seen).toBe(seq)

    expect(before).toBe(0)
    // Neither goes back, and nobody has read what was not said.
    window.look(id, false, 1)
    window.look(id, false, seq + 100)
    citizen.saw(1)
    await expect.poll(async () => (await view(clerk, id)).presence.seen).toBe(seq)
    expect(citizen.state()?.seen).toBe(asked)
  })

  test('is seen from another process as well', async () => {
    const elsewhere = await openProcess({ ...database, remove: async () => undefined })
    try {
      const { id } = await waiting()
      const [here, there] = [await openWindow(office.url, clerk), await openWindow(elsewhere.url, other)]
      here.look(id)
      await expect.poll(async () => (await view(other, id)).presence.people.length).toBe(1)
      await createWatch(elsewhere.shell).look()
      await expect.poll(() => people(there)).toEqual(['王敏×1'])
      const distant = createChatClient(elsewhere.url, citizen.cookie())
      await distant.connect()
      here.look(id, false, 1)
      await citizen.waitState(({ seen }) => seen === 1)
      await createWatch(elsewhere.shell).look()
      await distant.waitState(({ seen }) => seen === 1)
      distant.drop()
    } finally {
      await elsewhere.close()
    }
  })
})
