import { Readable } from 'node:stream'
import exceljs from 'exceljs'
import { afterEach, describe, expect, test } from 'vitest'
import { runReceipts } from '../../api/workers/receipts.ts'
import { emptyMemory } from '../../bot/turn.ts'
import { openConversation } from '../../prisma/turns.ts'
import { act, person, withdrawn } from '../support/life.ts'
import { openSmsWorld, type SmsWorld } from '../support/sms.ts'

let world: SmsWorld
afterEach(() => world.close())

const phone = '13835700001'
const id = 'counter-case'
const number = '1410-20260610-0001-4'
const clerk = person('王窗口', ['clerk'])
const by = { clerk, lead: person('周组长', ['lead']), chief: person('李科长', ['chief'], 'natural') }
const at = (): string => new Date(world.office.now() + 8 * 3_600_000).toISOString().slice(0, 16)
const go = (command: Parameters<typeof act>[3], who = clerk) => act(world.office, id, at(), command, who)
const untold = (): Promise<number> => world.count('Notice', `role = 'clerk' AND text LIKE '%没有送达%'`)
const silent = (): Promise<number> => world.count('Notice', `role = 'admin' AND text LIKE '%没有推送送达回执%'`)

/** Taken down at the counter, of a citizen who has nothing but a phone. */
async function registered(place: { readonly conversationId?: string } = {}): Promise<void> {
  const facts = { name: '刘芳', phone, matter: '不动产证', story: '缺部分票据，不给办', told: '不能办', written: false, visits: 3 }
  const proposal = { demandClass: 'bottleneck', cause: '材料缺失', level: 2, departments: ['natural'], flags: [], reasons: [] } as const
  await go({ type: 'register', id, number, channel: 'counter', demand: 'cannot', urgent: false, facts, proposal, ...place })
  await go({ type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' })
}

async function replied(): Promise<void> {
  await go({ type: 'assign', note: '请核实' })
  await go({ type: 'accept' }, by.chief)
  await go({ type: 'contact', how: '电话', note: '已问清' }, by.chief)
  await go({ type: 'resolve', result: 'done', text: '已补开票据并办结' }, by.chief)
  await go({ type: 'check', approved: true, note: '属实' })
  await go({ type: 'reply', text: '您的不动产证可以领了', basis: '窗口服务协调', contact: '窗口' })
}

describe.each(['aliyun', 'tencent'] as const)('a case from the counter, told through %s', (vendor) => {
  test('reaches the phone, is asked about, and a figure sent back is the answer', async () => {
    world = await openSmsWorld(vendor)
    await registered()
    await go({ type: 'assign', note: '请核实' })
    await world.work()
    expect(world.sms.phone(phone)).toHaveLength(1)
    expect(world.sms.phone(phone)[0]).toContain(number)

    await world.sms.reply(phone, `CX ${number}`, 3)
    await world.work()
    expect(world.sms.phone(phone).length).toBeGreaterThan(1)
    expect(world.sms.troubles).toEqual([])
    expect(await world.count('Message', `author = 'citizen'`)).toBe(1)
    expect(await untold()).toBe(0)
  })

  test.each([true, false])('is told whole what has happened, and asked 办成了吗 with how to answer (a template for it: %s)', async (survey) => {
    world = await openSmsWorld(vendor, { survey })
    await registered()
    await replied()
    await world.work()
    await world.office.passTo('2026-06-11T15:00:00+08:00')
    await world.work()

    const [given, answered, asked] = world.sms.phone(phone)
    expect(given).toMatch(/已交.+办理，最迟2026年6月\d+日办结$/)
    expect(answered).toMatch(/有答复了：您的不动产证可以领了$/)
    expect(asked).toMatch(/办成了吗？回1办成，2办成一部分，3没办成，4没办成但讲清了$/)
    expect(world.sms.phone(phone).join()).not.toContain('…')
    await world.sms.reply(phone, '1')
    await world.work()
    expect(world.sms.phone(phone)).toHaveLength(4)
    expect(await world.count('Journal', `type = 'calledBack'`)).toBe(1)
    expect(await untold()).toBe(0)
  })

  test('after a receipt that says no, is a person’s, once, however often and in whatever order the receipts come', async () => {
    world = await openSmsWorld(vendor)
    await registered()
    world.sms.switchOff(phone)
    await go({ type: 'assign', note: '请核实' })
    await world.work()
    expect(await untold()).toBe(0)
    await world.sms.reports(3, true)
    await world.work()
    await world.work()

    expect(await untold()).toBe(1)
    expect(world.sms.sent()).toBe(1)
  })

  test('of which the vendor says nothing for 72 hours is a person’s, once, and a receipt that comes later changes nothing', async () => {
    world = await openSmsWorld(vendor)
    await registered()
    await go({ type: 'assign', note: '请核实' })
    await world.work()
    await runReceipts(world.office.shell)
    await world.work(71 * 3_600_000)
    await runReceipts(world.office.shell)
    await world.work()
    expect(await untold()).toBe(0)

    await world.work(2 * 3_600_000)
    for (let twice = 0; twice < 2; twice++) await runReceipts(world.office.shell)
    await world.work()
    await world.sms.reports(3)
    await world.work()
    expect(await untold()).toBe(1)
    expect(world.sms.sent()).toBe(1)
  })

  test.each([
    { people: 1, alarms: 0 },
    { people: 3, alarms: 1 },
  ])('are no reason to tell the administrator of a silent vendor before they were for three people: three for $people', async ({ people, alarms }) => {
    world = await openSmsWorld(vendor)
    for (let hour = 0; hour < 3; hour++) {
      await world.sms.reply(`1383570000${hour % people}`, '身份证丢了怎么补')
      await world.work(3_600_000)
    }
    expect(world.sms.sent()).toBeGreaterThanOrEqual(3)
    for (let hour = 0; hour < 75; hour += 3) {
      await world.work(3 * 3_600_000)
      await runReceipts(world.office.shell)
    }

    expect(await silent()).toBe(alarms)
  })

  test('that have failed for want of receipts and the word to the administrator are one step, whatever ends the process', async () => {
    world = await openSmsWorld(vendor)
    const { shell } = world.office
    for (const one of ['13835700001', '13835700002', '13835700003']) await world.sms.reply(one, '身份证丢了怎么补')
    await world.work()
    await world.work(73 * 3_600_000)
    let steps = 0
    const ending: typeof shell = { ...shell, commit: (work) => (steps++ === 0 ? shell.commit(work) : Promise.reject(new Error('ended'))) }
    await expect(runReceipts(ending)).rejects.toThrow('ended')
    await runReceipts(shell)

    expect(await silent()).toBe(1)
  })

  test('of which alone the vendor says nothing is no reason to tell the administrator: others are told of', async () => {
    world = await openSmsWorld(vendor)
    await registered()
    await go({ type: 'assign', note: '请核实' })
    await world.work()
    world.sms.forget()
    await world.work(71 * 3_600_000)
    await withdrawn(world.office, id, at())
    await world.work()
    await world.sms.reports()
    await world.work(2 * 3_600_000)
    await runReceipts(world.office.shell)
    await world.work()

    expect(await untold()).toBe(1)
    expect(await world.count('Notice', `role = 'admin'`)).toBe(0)
  })

  test('whose receipt has come is nobody’s task, however long ago', async () => {
    world = await openSmsWorld(vendor)
    await registered()
    await go({ type: 'assign', note: '请核实' })
    await world.work()
    await world.sms.reports(2)
    await world.work(100 * 3_600_000)
    await runReceipts(world.office.shell)
    await world.work()

    expect(await untold()).toBe(0)
  })

  test('is never sent twice when the vendor’s answer is lost: nobody knows, so a person phones', async () => {
    world = await openSmsWorld(vendor)
    await registered()
    world.sms.faults.push({ kind: 'lost' })
    await go({ type: 'assign', note: '请核实' })
    for (let minute = 0; minute < 5; minute++) await world.work(61_000)

    expect(world.sms.sent()).toBe(1)
    expect(await untold()).toBe(1)
  })

  test('stops on TD, and is then told by phone', async () => {
    world = await openSmsWorld(vendor)
    await registered()
    await world.sms.reply(phone, 'td', 2)
    await go({ type: 'assign', note: '请核实' })
    for (let round = 0; round < 3; round++) await world.work()

    expect(world.sms.sent()).toBe(0)
    expect(await untold()).toBe(1)
  })
})

test('an answer to a busy vendor goes out later, once', async () => {
  world = await openSmsWorld('aliyun')
  await registered()
  world.sms.faults.push({ kind: 'status', status: 503 }, { kind: 'status', status: 500 })
  await go({ type: 'assign', note: '请核实' })
  for (let minute = 0; minute < 5; minute++) await world.work(61_000)

  expect(world.sms.phone(phone)).toHaveLength(1)
  expect(await untold()).toBe(0)
})

test('the survey comes down to the phone, and 1 answers it', async () => {
  world = await openSmsWorld('aliyun')
  await registered()
  await replied()
  await world.work()
  await world.sms.reply(phone, '1', 2)
  await world.work()

  expect(await world.count('Journal', `type = 'calledBack'`)).toBe(1)
  expect(world.sms.troubles).toEqual([])
})

test('a citizen who writes from a phone is not asked for its number, and the case has it', async () => {
  world = await openSmsWorld('aliyun')
  await world.sms.reply(phone, '我办不动产证跑了三趟了还是不给办，说缺契税发票')
  await world.work()
  expect(world.sms.phone(phone).join()).not.toContain('手机号')
  await world.sms.reply(phone, '我叫刘芳')
  await world.work()

  expect(await world.count('Ticket', '"phoneIndex" IS NOT NULL')).toBe(1)
})

test('the words of a clerk go out whole, in the template for answers', async () => {
  world = await openSmsWorld('aliyun')
  const clerkAtDesk = await world.office.hire('clerk', ['clerk'])
  await world.sms.reply(phone, '我办不动产证跑了三趟了还是不给办，说缺契税发票')
  await world.sms.reply(phone, '转人工')
  await world.work()
  const [conversation] = (await clerkAtDesk.get<{ rows: { id: string }[] }>('/conversations')).body.rows
  await clerkAtDesk.talk(conversation?.id ?? '', { type: 'takeover' })
  const text = '您把购房合同和身份证带来，登记中心二楼五号窗口，找李科长当面收件，今天下午四点半之前都可以。'
  await clerkAtDesk.talk(conversation?.id ?? '', { type: 'say', text })
  await world.work()

  expect(world.sms.phone(phone).at(-1)).toContain(text)
})

describe('an office without a gateway', () => {
  test('has the day’s texts as a list, notes what was sent, and what could not be sent is phoned', async () => {
    world = await openSmsWorld('hand')
    const staff = await world.office.hire('clerk', ['clerk'])
    await registered()
    await go({ type: 'assign', note: '请核实' })
    await world.work()
    type Rows = { rows: { id: number; phone: string; text: string; number: string }[] }
    const { body } = await staff.get<Rows>('/texts')
    expect(body.rows).toMatchObject([{ phone, number, text: expect.stringContaining('已') }])
    const file = await fetch(`${world.office.url}/api/staff/texts/list.xlsx`, { headers: { cookie: staff.cookie() } })
    const book = new exceljs.Workbook()
    await book.xlsx.read(Readable.from([Buffer.from(await file.arrayBuffer())]))
    expect(book.worksheets[0]?.getRow(4).getCell(3).value).toBe(phone)

    const ids = body.rows.map((row) => row.id)
    expect((await staff.post('/texts', { ids, sent: true })).status).toBe(200)
    expect((await staff.post('/texts', { ids, sent: true })).status).toBe(404)
    await withdrawn(world.office, id, at())
    await world.work()
    const again = (await staff.get<Rows>('/texts')).body.rows
    await staff.post('/texts', { ids: again.map((row) => row.id), sent: false })
    await world.work()

    expect((await staff.get<Rows>('/texts')).body.rows).toEqual([])
    expect(again).toHaveLength(1)
    expect(await untold()).toBe(1)
  })

  test('keeps from a unit what is told of a case or a talk it must not hear of: in the list, in the count, and when it notes them', async () => {
    world = await openSmsWorld('hand')
    const { shell } = world.office
    const staff = await world.office.hire('counter', ['clerk'], 'natural')
    const talk = (to: string) => shell.commit((sql) => openConversation(sql, shell.cipher, 'sms', to, emptyMemory, world.office.now()))
    const [hidden, other] = [await talk(phone), await talk('13835700002')]
    await registered({ conversationId: hidden })
    await go({ type: 'assign', note: '请核实' })
    await world.work()
    type Rows = { rows: { id: number }[] }
    const seen = async () => ({
      rows: (await staff.get<Rows>('/texts')).body.rows.length,
      count: (await staff.get<{ texts: number }>('/today')).body.texts,
    })
    expect(await seen()).toEqual({ rows: 1, count: 1 })
    const [job] = await shell.db.read.all<Record<string, unknown> & { id: number; payload: string }>(`SELECT * FROM "Job" WHERE state = 'hand'`)
    const { ticketId, ...ofTalk } = JSON.parse(job?.payload ?? '')
    const copy = (id: number, payload: object) => ({ ...job, id, uniqueKey: String(id), payload: JSON.stringify(payload) })

    await go({ type: 'amend', facts: { confidential: true } })
    expect(await seen()).toEqual({ rows: 0, count: 0 })
    const ofCase = Array.from({ length: 500 }, (_, index) => copy(10_000 + index, { ...ofTalk, ticketId, conversationId: other }))
    await shell.commit((sql) => sql.insert('Job', [...ofCase, copy(20_000, ofTalk), copy(20_001, { ...ofTalk, conversationId: other })], 'unless exists'))
    const [open] = (await staff.get<Rows>('/texts')).body.rows
    expect((await staff.post('/texts', { ids: [open?.id, job?.id], sent: true })).status).toBe(404)
    expect((await staff.post('/texts', { ids: [open?.id, 20_000], sent: true })).status).toBe(404)
    expect((await staff.post('/texts', { ids: [open?.id, 99_999], sent: true })).status).toBe(404)
    expect(await world.count('Job', `state = 'hand'`)).toBe(503)
    expect((await staff.post('/texts', { ids: [open?.id], sent: true })).status).toBe(200)
    expect(await seen()).toEqual({ rows: 0, count: 0 })
  })
})
