import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import exceljs from 'exceljs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommand } from '../../api/cases.ts'
import { type SheetLine, workbook } from '../../api/sheet.ts'
import type { Actor } from '../../casework/ticket.ts'
import { casesWithLines, type Place } from '../../prisma/journals.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
let supervisor: StaffClient
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
  supervisor = await office.hire('supervisor', ['supervisor'])
})
afterEach(() => office.close())

type Listed = { title: string; columns: string[]; rows: (string | number)[][]; next?: string }

async function register(facts: Readonly<Record<string, unknown>> = {}): Promise<{ id: string; number: string }> {
  const { body } = await clerk.post<{ row: { id: string; number: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '张三丰', phone: '13812345678', matter: '营业执照', story: '网上提交不了', ...facts },
  })
  return body.row
}

const triage = { type: 'triage', demandClass: 'clear', level: 1, cause: '材料缺失', lead: 'natural', reason: '缺材料' } as const
const rowsOf = async (who: StaffClient, path: string) => (await who.get<Listed>(`/ledgers/${path}`)).body.rows
const file = async (who: StaffClient, path: string): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${office.url}/api/staff/ledgers/${path}`, { headers: { cookie: who.cookie() } })).arrayBuffer())

async function bookOf(data: Buffer): Promise<exceljs.Workbook> {
  const book = new exceljs.Workbook()
  // The two declarations of Buffer differ; the bytes do not.
  await book.xlsx.read(Readable.from([data]))
  return book
}

test('the list names the six ledgers of the office in the order in which it keeps its books', async () => {
  const { body } = await clerk.get<{ rows: { title: string }[] }>('/ledgers')

  expect(body.rows.map((one) => one.title)).toEqual(['工作台账登记簿', '工单受理登记簿', '电话回访登记簿', '协调帮办登记簿', '督办单', '督办台账登记簿'])
})

test('a workbook has the columns of the form, frozen, text as text, and says who exported it and when', async () => {
  const { number } = await register()

  const sheet = (await bookOf(await file(clerk, 'intake.xlsx'))).getWorksheet('2026年6月')

  const { body } = await clerk.get<Listed>('/ledgers/intake')
  expect(sheet?.getRow(3).values).toEqual([undefined, ...body.columns])
  expect(sheet?.views[0]).toMatchObject({ state: 'frozen', ySplit: 3 })
  expect(String(sheet?.getRow(2).getCell(1).value)).toContain('导出人：clerk　导出时间：2026-06-10 10:00')
  expect(sheet?.getRow(4).getCell(2).value).toBe(number)
  expect(sheet?.getRow(4).getCell(8)).toMatchObject({ value: '138****5678', numFmt: '@' })
})

test('every month has a sheet of its own', async () => {
  await register()
  office.sleepTo('2026-07-01T10:00:00+08:00')
  await clerk.get('/me')
  await register()

  const book = await bookOf(await file(clerk, 'intake.xlsx?from=2026-05-01&to=2026-07-31'))

  expect(book.worksheets.map((sheet) => sheet.name)).toEqual(['2026年6月', '2026年7月'])
})

test('words of a citizen never become a formula', async () => {
  await register({ matter: '=HYPERLINK("http://x","y")', story: '@SUM(1)', told: '-1+2', department: '+86' })

  const sheet = (await bookOf(await file(clerk, 'intake.xlsx'))).worksheets[0]

  const cells = sheet?.getRow(4).values as (string | undefined)[]
  expect(cells.filter((cell) => typeof cell === 'string' && /^[=+\-@]/.test(cell))).toEqual([])
  expect(cells).toContain(`'=HYPERLINK("http://x","y")`)
})

test('markup of a citizen is shown, not run, on the print page', async () => {
  await register({ matter: '<script>alert(1)</script>' })

  const page = String(await file(clerk, 'intake.html'))

  expect(page).toContain('&lt;script&gt;alert(1)')
  expect(page).not.toContain('<script')
})

test('a ledger rebuilt for a past day equals the one that was exported on that day', async () => {
  const { id } = await register()
  const then = await Promise.all(['intake', 'work', 'callback', 'help', 'order', 'supervision'].map((name) => rowsOf(supervisor, name)))
  office.sleepTo('2026-06-11T10:00:00+08:00')
  await clerk.get('/me')
  await clerk.command(id, triage)
  await supervisor.get('/me')
  await clerk.command(id, { type: 'amend', facts: { matter: '个体营业执照' } })
  await register()

  const rebuilt = await Promise.all(['intake', 'work', 'callback', 'help', 'order', 'supervision'].map((name) => rowsOf(supervisor, `${name}?on=2026-06-10`)))

  expect(rebuilt).toEqual(then)
  expect(await rowsOf(supervisor, 'intake')).not.toEqual(then[0])
})

test('the unit complained of finds a confidential case in no ledger of any day, others of its cases it does', async () => {
  const chief = await office.hire('chief', ['chief'], 'natural')
  const open = await register()
  const secret = await register()
  for (const one of [open, secret]) await clerk.command(one.id, triage)
  expect((await rowsOf(chief, 'work')).length).toBe(2)
  office.sleepTo('2026-06-11T10:00:00+08:00')
  await clerk.get('/me')
  await clerk.command(secret.id, { type: 'amend', facts: { confidential: true, department: '自然资源局' } })

  for (const query of ['', '?on=2026-06-10']) {
    expect((await rowsOf(chief, `work${query}`)).map((row) => row[1])).toEqual([open.number])
    expect(String(await file(chief, `work.html${query}`))).not.toContain(secret.number)
  }
  expect((await rowsOf(supervisor, 'work')).length).toBe(2)
})

test('a ledger of one department holds the cases that it leads or supports, and no others', async () => {
  const [mine, other] = [await register(), await register()]
  await clerk.command(mine.id, triage)

  expect((await rowsOf(supervisor, 'work?unit=natural')).map((row) => row[1])).toEqual([mine.number])
  expect((await rowsOf(supervisor, 'work?unit=tax')).length).toBe(0)
  expect((await rowsOf(supervisor, 'work')).map((row) => row[1]).sort()).toEqual([mine.number, other.number].sort())
})

test('names and numbers are masked; who may unmask them is noted, who may not is refused', async () => {
  await register()
  const director = await office.hire('director', ['director'])
  const keeper = await office.hire('keeper', ['admin'])

  expect(JSON.stringify(await rowsOf(director, 'intake'))).not.toContain('13812345678')
  expect(JSON.stringify(await rowsOf(director, 'intake?unmask=核对回执'))).toContain('13812345678')
  for (const one of [clerk, keeper]) expect((await one.get('/ledgers/intake?unmask=核对回执')).status).toBe(403)
  expect((await director.get('/ledgers/intake?unmask=')).status).toBe(400)
  expect((await keeper.get('/ledgers/intake')).status).toBe(403)
  const noted = await office.shell.db.read.all<{ staffId: string; subject: string }>(`SELECT "staffId", subject FROM "Audit" WHERE action = 'ledger unmasked'`)
  expect(noted).toEqual([{ staffId: 'director', subject: 'intake.json 2026-06-01..2026-06-10 on 2026-06-10: 核对回执' }])
})

test('a ledger longer than one read and one page has every case once, in order', async () => {
  const by: Actor = { kind: 'staff', id: 'clerk', name: 'clerk', roles: ['clerk'] }
  const proposal = { demandClass: 'clear', level: 1, departments: [], flags: [], reasons: [] } as const
  for (let serial = 1; serial <= 430; serial++) {
    const number = `1410-20260610-${String(serial).padStart(4, '0')}-0`
    const facts = { matter: '营业执照', story: '不能办', phone: '13800000000' }
    const command = { type: 'register', id: `t${serial}`, number, channel: 'counter', demand: 'cannot', urgent: false, facts, proposal } as const
    await runCommand(office.shell, { ticketId: command.id, command, by, code: '000000' })
  }

  const serials: unknown[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { body }: { body: Listed } = await clerk.get<Listed>(`/ledgers/intake?${after && `after=${after}`}`)
    serials.push(...body.rows.map((row) => row[0]))
    after = body.next
  }

  expect(serials).toEqual(Array.from({ length: 430 }, (_, index) => index + 1))
})

test('a walk over all cases reads no further than a few dozen ahead of what was taken from it, and goes on from a place without what came before', async () => {
  for (let count = 0; count < 45; count++) await register()
  const { db } = office.shell
  let rowsRead = 0
  const counting = {
    ...db.read,
    all: async <T>(...asked: Parameters<typeof db.read.all>) => {
      const rows = await db.read.all<T>(...asked)
      if (asked[0].includes('FROM "Ticket"')) rowsRead += rows.length
      return rows
    },
  }

  let taken = 0
  let place: Place | undefined
  for await (const { row } of casesWithLines(counting, 0, Number.MAX_SAFE_INTEGER)) {
    taken += 1
    expect(rowsRead - taken).toBeLessThan(40)
    if (taken === 43) place = { at: row.registeredAt, number: row.number }
  }
  expect(taken).toBe(45)
  rowsRead = 0
  for await (const _ of casesWithLines(counting, 0, Number.MAX_SAFE_INTEGER, place)) taken += 1
  expect([taken, rowsRead]).toEqual([47, 2])
})

test('a callback stands in the ledger of the month in which it was made, however old its case is', async () => {
  const { id, number } = await register()
  const [chief, director] = [await office.hire('chief', ['chief'], 'natural'), await office.hire('director', ['director'])]
  const steps: [StaffClient, { type: string } & Record<string, unknown>][] = [
    [clerk, triage],
    [clerk, { type: 'assign', note: '请办' }],
    [chief, { type: 'accept' }],
    [chief, { type: 'contact', how: '电话', note: '已联系' }],
    [chief, { type: 'resolve', result: 'done', text: '办好了' }],
    [director, { type: 'check', approved: true, note: '属实' }],
    [clerk, { type: 'reply', text: '办好了', basis: '条例', contact: '窗口' }],
  ]
  for (const [by, command] of steps) expect((await by.command(id, command)).status).toBe(200)
  for (const day of ['01', '02']) {
    office.sleepTo(`2026-07-${day}T10:00:00+08:00`)
    await supervisor.get('/me')
    await supervisor.command(id, { type: 'callback', outcome: 'noAnswer' })
  }

  expect(await rowsOf(supervisor, 'callback?from=2026-06-01&to=2026-06-30')).toEqual([])
  expect((await rowsOf(supervisor, 'callback?from=2026-07-02&to=2026-07-02')).map((row) => [row[0], row[1], row[5]])).toEqual([[1, number, 2]])
  expect(await rowsOf(supervisor, 'callback?from=2026-07-01&to=2026-07-31')).toHaveLength(2)
  expect(await rowsOf(supervisor, 'work?from=2026-07-01&to=2026-07-31')).toEqual([])
  const sheet = (await bookOf(await file(supervisor, 'callback.xlsx?from=2026-06-01&to=2026-07-31'))).worksheets.map((one) => one.name)
  expect(sheet).toEqual(['2026年7月'])
})

test('a workbook of 20,000 lines is sent while it is written', async () => {
  let read = 0
  async function* lines(): AsyncGenerator<SheetLine> {
    for (; read < 20_000; read++) {
      // As the walk over the cases does.
      if (read % 200 === 0) await setImmediate()
      yield { month: '2026-06', cells: [read, randomUUID().repeat(10)] }
    }
  }
  const out = workbook({ title: '台账', columns: ['序号', '内容'], notes: [], month: '2026-06' }, lines())

  const readAtFirstBytes: number[] = []
  let bytes = 0
  for await (const chunk of out) {
    if (bytes === 0) readAtFirstBytes.push(read)
    bytes += (chunk as Buffer).length
  }

  expect(readAtFirstBytes[0]).toBeLessThan(20_000)
  expect(bytes).toBeGreaterThan(500_000)
})
