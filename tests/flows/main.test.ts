import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ProgressView } from '../../api/contract.ts'
import { createChatClient } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

const numberIn = (text: string): string | undefined => /\d{4}-\d{8}-\d{4}-\d/.exec(text)?.[0]
const codeIn = (text: string): string | undefined => /查询码\D{0,8}(\d{6})/.exec(text)?.[1]

async function citizen() {
  const chat = createChatClient(office.url)
  await chat.connect()
  return chat
}

/** A citizen who was sent away three times says so, and has a case at the end. */
async function registerCase() {
  const chat = await citizen()
  for (const words of ['我办不动产证跑了三趟了还是不给办，说缺契税发票', '我叫刘芳，电话13835700001']) await chat.say(words)
  const told = await chat.wait((message) => message.author === 'bot' && numberIn(message.text) !== undefined)
  const readBack = chat
    .heard()
    .slice(told.seq - 1)
    .map((message) => message.text)
    .join('\n')
  return { chat, number: numberIn(told.text) ?? '', code: codeIn(told.text) ?? '', told: readBack }
}

async function staffRoom() {
  return {
    clerk: await office.hire('clerk', ['clerk']),
    second: await office.hire('second', ['clerk', 'supervisor']),
    lead: await office.hire('lead', ['lead']),
    chief: await office.hire('chief', ['chief'], 'natural'),
    tax: await office.hire('tax', ['chief'], 'tax'),
  }
}

type Room = Awaited<ReturnType<typeof staffRoom>>

async function must(by: StaffClient, id: string, command: { readonly type: string } & Readonly<Record<string, unknown>>): Promise<string> {
  const { status, body } = await by.command(id, command)
  if (status !== 200) throw new Error(`${command.type}: ${body.code} ${body.message}`)
  return body.row.stage
}

async function workToReply({ clerk, second, chief, tax }: Room, id: string): Promise<void> {
  await must(clerk, id, {
    type: 'triage',
    demandClass: 'bottleneck',
    level: 2,
    cause: '材料缺失',
    lead: 'natural',
    supporting: ['tax'],
    reason: '缺契税票据，需两家核对',
  })
  await must(clerk, id, { type: 'assign', note: '请当日联系反映人' })
  await must(chief, id, { type: 'accept' })
  await must(chief, id, { type: 'contact', how: '电话', note: '已联系，约好明天来' })
  await must(tax, id, { type: 'opine', text: '存根可查，可以补证' })
  await must(chief, id, { type: 'resolve', result: 'done', text: '与税务核对存根，已受理' })
  await must(second, id, { type: 'check', approved: true, note: '属实' })
  await must(clerk, id, { type: 'reply', text: '您的不动产证可以领了', basis: '不动产登记暂行条例', contact: '窗口小李' })
}

describe('a citizen', () => {
  test('who asks where to do something gets the guide, and follow-ups stay on it', async () => {
    const chat = await citizen()
    await chat.say('我想开个小吃店，执照在哪儿办？')
    const first = await chat.wait((message) => message.card !== undefined)
    await chat.say('要带啥')
    await chat.say('几天能下来')

    expect(first.card?.title).toMatch(/食品经营|个体工商户|小餐饮/)
    expect(chat.heard().filter((message) => message.author === 'bot').length).toBeGreaterThanOrEqual(3)
    expect(chat.heard().at(-1)?.text).toMatch(/时限|工作日/)
  })

  test('whose matter was refused has a case with number, code and an honest date, and finds it from anywhere by number and code or phone', async () => {
    const { number, code, told } = await registerCase()
    const ask = (body: object) =>
      fetch(`${office.url}/api/progress`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const byCode = await ask({ number, code })
    const byPhone = await ask({ number: number.replaceAll('-', ''), phone: '13835700001' })

    expect(told).toMatch(/138\*{4}0001/)
    expect(told).toMatch(/今天|明天|\d+月\d+日/)
    expect((await byCode.json()) as ProgressView).toMatchObject({ number, overdue: false })
    expect(byPhone.status).toBe(200)
  })

  test('who knows only a number learns nothing, in the same words as for a number that does not exist', async () => {
    const { number } = await registerCase()
    const ask = async (body: object) => {
      const answer = await fetch(`${office.url}/api/progress`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
      return [answer.status, await answer.text()]
    }

    const answers = await Promise.all([
      ask({ number }),
      ask({ number, code: '000000' }),
      ask({ number, phone: '13900000000' }),
      ask({ number: '1410-20260610-9999-9', code: '000000' }),
    ])

    expect(new Set(answers.map(String)).size).toBe(1)
    expect(answers[0]?.[0]).toBe(404)
  })

  test('who corrects what was noted finds it corrected in the case', async () => {
    const { chat } = await registerCase()
    const { clerk } = await staffRoom()
    await chat.say('电话错了，是13835709999')

    const [row] = await clerk.tickets()
    const { body } = await clerk.post<{ phone: string }>(`/tickets/${row?.id}/reveal`)
    expect(body.phone).toBe('13835709999')
  })
})

describe('what staff see of a case', () => {
  test('carries no full phone number until it is asked for, and a form sent back with the mask does not overwrite the number', async () => {
    await registerCase()
    const { clerk } = await staffRoom()
    const [row] = await clerk.tickets()
    const id = row?.id ?? ''
    const view = await clerk.ticket(id)
    await must(clerk, id, { type: 'amend', facts: { ...view.ticket.facts, matter: '不动产权证书' } })

    const after = await clerk.ticket(id)
    const revealed = await clerk.post<{ phone: string }>(`/tickets/${id}/reveal`)
    expect(JSON.stringify([row, view])).not.toContain('13835700001')
    expect(view.ticket.facts.phone).toBe('138****0001')
    expect(after.ticket.facts.matter).toBe('不动产权证书')
    expect(revealed.body.phone).toBe('13835700001')
  })
})

describe('a conversation', () => {
  test('that a person has taken over hears no bot until it is given back, in both windows', async () => {
    const chat = await citizen()
    const { clerk } = await staffRoom()
    await chat.say('转人工')
    const [row] = await clerk.waiting()
    if (!row) throw new Error('nobody waits')

    expect((await clerk.talk(row.id, { type: 'takeover' })).status).toBe(200)
    await chat.waitState((state) => state.owner === 'staff')
    await chat.say('我想开个小吃店，执照在哪儿办？')
    await clerk.talk(row.id, { type: 'say', text: '您好，我来帮您' })
    await chat.wait((message) => message.author === 'staff')
    const whileTaken = chat.heard()
    await clerk.talk(row.id, { type: 'handback' })
    await chat.waitState((state) => state.owner === 'bot')
    await chat.say('身份证丢了怎么补办')

    const takenAt = whileTaken.findIndex((message) => message.author === 'system')
    expect(whileTaken.slice(takenAt).some((message) => message.author === 'bot')).toBe(false)
    expect(chat.heard().at(-1)?.author).toBe('bot')
  })

  test('is taken by one of two people, and the other is told by whom', async () => {
    const chat = await citizen()
    const { clerk, second } = await staffRoom()
    await chat.say('转人工')
    const [row] = await clerk.waiting()
    if (!row) throw new Error('nobody waits')

    const both = await Promise.all([clerk, second].map((one) => one.talk(row.id, { type: 'takeover' })))

    expect(both.map((one) => one.status).sort()).toEqual([200, 409])
    expect(both.find((one) => one.status === 409)?.body.message).toMatch(/clerk|second/)
  })

  test('stays with the bot while it waits for a person', async () => {
    const chat = await citizen()
    await chat.say('转人工')
    const before = chat.heard().length
    await chat.say('我补充一下，是不动产证的事')

    expect(
      chat
        .heard()
        .slice(before)
        .some((message) => message.author === 'bot'),
    ).toBe(true)
    expect(chat.state()?.queued).toBe(true)
  })
})

describe('a case', () => {
  test('goes through the seven stages, is answered in the conversation, asked about one working day later, and archived only then', async () => {
    const { chat, number } = await registerCase()
    const room = await staffRoom()
    const [row] = await room.clerk.tickets()
    const id = row?.id ?? ''
    await workToReply(room, id)
    await chat.wait((message) => message.author === 'system' && message.text.includes('可以领了'))
    const tooEarly = await room.second.command(id, { type: 'archive', lesson: { cause: '一次讲清', oneOfAKind: true } })

    await office.passTo('2026-06-11T12:00:00+08:00')
    const asked = await chat.wait((message) => message.author === 'bot' && message.text.includes(number) && (message.choices?.length ?? 0) > 1)
    await chat.say('办成了')
    await chat.say('非常满意')
    const { ticket } = await room.clerk.ticket(id)
    const archived = await must(room.second, id, { type: 'archive', lesson: { cause: '票据由部门间核对', oneOfAKind: false, improvement: '不再要求市民补票' } })

    expect(tooEarly.status).toBe(422)
    expect(asked.text).toMatch(/办成/)
    expect(ticket.stage).toBe('closed')
    expect(ticket.callbacks.at(-1)?.answer).toMatchObject({ solved: 'yes', rating: 5 })
    expect(archived).toBe('archived')
  })

  test('that the citizen calls not done is reopened one level up', async () => {
    const { chat, number } = await registerCase()
    const room = await staffRoom()
    const [row] = await room.clerk.tickets()
    const id = row?.id ?? ''
    await workToReply(room, id)
    await office.passTo('2026-06-11T12:00:00+08:00')
    await chat.wait((message) => message.author === 'bot' && message.text.includes(number) && (message.choices?.length ?? 0) > 1)

    await chat.say('没办成')

    const { ticket } = await room.clerk.ticket(id)
    expect(ticket).toMatchObject({ stage: 'triaged', level: 3, reopened: 1 })
  })

  test('sent twice under one command id is one, and a command on an older version is refused with the newer one', async () => {
    await registerCase()
    const room = await staffRoom()
    const [row] = await room.clerk.tickets()
    const command = { type: 'triage', demandClass: 'clear', level: 1, cause: '其他', lead: 'natural', reason: '简单' }
    const send = (commandId: string) => room.clerk.post<{ code?: string }>(`/tickets/${row?.id}/commands`, { commandId, version: row?.version, command })

    const same = await Promise.all(Array.from({ length: 10 }, () => send('one-and-the-same')))
    const stale = await send('another-command')
    const { journal } = await room.clerk.ticket(row?.id ?? '')

    expect(same.every((one) => one.status === 200)).toBe(true)
    expect(journal.filter((line) => line.event.type === 'triaged')).toHaveLength(1)
    expect([stale.status, stale.body.code]).toEqual([409, 'stale'])
  })

  test('that nobody works on is called for before and after its deadlines, each time once, and raised by rule', async () => {
    await registerCase()
    const room = await staffRoom()
    const [row] = await room.clerk.tickets()
    const id = row?.id ?? ''
    await must(room.clerk, id, { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', reason: '需核对' })
    await must(room.clerk, id, { type: 'assign', note: '请办理' })

    await office.passTo('2026-06-18T10:00:00+08:00')
    office.sleepTo('2026-06-26T10:00:00+08:00')
    await office.passTo('2026-06-26T12:00:00+08:00')

    const { journal, ticket } = await room.clerk.ticket(id)
    const marks = journal.flatMap((line) => (line.event.type === 'reminded' && line.event.deadline === 'resolution' ? [line.event.mark] : []))
    expect(marks).toEqual(['p50', 'p80', 'due', 'late1', 'late3', 'late5'])
    expect(ticket.level).toBe(3)
    const { body } = await room.chief.get<{ notices: { text: string }[] }>('/today')
    expect(body.notices.length).toBeGreaterThan(0)
  })
})

test('the same message sent fifty times at once is stored and answered once', async () => {
  const { shell } = office
  const { createDesk } = await import('../../api/desk.ts')
  const desk = createDesk(shell)
  const message = {
    externalId: 'v:same-key',
    sender: { channel: 'web', id: 'v' },
    content: { kind: 'text', text: '身份证丢了怎么补办' },
    sentAt: office.now(),
  } as const

  const answers = await Promise.all(Array.from({ length: 50 }, () => desk.receive(message)))

  expect(new Set(answers.map((answer) => answer.seq))).toEqual(new Set([1]))
  expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1)
  const [count] = await shell.db.read.all<{ count: number }>(`SELECT COUNT(*) AS count FROM "Message" WHERE author = 'citizen'`)
  expect(count?.count).toBe(1)
})
