import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeBy, shown } from '../../api/changes.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { backup, restore } from '../../prisma/backup.ts'
import type { Database } from '../../prisma/database.ts'
import { listTickets, type TicketFilter } from '../../prisma/reads.ts'
import { fillTexts } from '../../prisma/search.ts'
import { saveTickets, type TicketChange, ticketById } from '../../prisma/tickets.ts'
import { openTestDatabase, testCipher } from '../support/database.ts'
import { openOffice, type TestOffice, wednesday } from '../support/office.ts'

// More than the list reads before it asks the index, so that both ways are taken.
const cases = 1_400
const things = ['不动产证', '营业执照', '居住证', '公积金提取', '医保备案']
const troubles = ['说缺发票，不给办', '网上提交不了', '两个窗口互相推', '等了两个月没有下文']

let office: TestOffice
let all: Ticket[]
beforeAll(async () => {
  office = await openOffice()
  const changes = Array.from({ length: cases }, (_, place) => registration(place))
  await office.shell.db.write((sql) => saveTickets(sql, testCipher, changes))
  all = changes.map(({ after }) => after).sort((a, b) => due(a) - due(b) || (a.id < b.id ? -1 : 1))
}, 60_000)
afterAll(() => office.close())

const due = ({ deadlines }: Ticket): number => Math.min(...deadlines.map(({ dueAt }) => dueAt))

function registration(place: number): TicketChange {
  const rare = place === 1_313 ? '，小区充电桩ABC-7报装' : ''
  const story = `${things[place % 5]}${troubles[place % 4]}${rare}，第${place}号`
  const proposal = {
    demandClass: 'clear' as const,
    level: 1 as const,
    departments: place % 700 === 5 ? ['tax', 'natural'] : ['natural'],
    flags: [],
    reasons: [],
  }
  const facts = { matter: things[place % 5] ?? '', story }
  const id = `case-${(place * 7_919) % cases}`
  const command = {
    type: 'register' as const,
    id,
    number: `0000-20260610-${place}`,
    channel: 'web' as const,
    demand: 'cannot' as const,
    urgent: false,
    facts,
    proposal,
  }
  const changed = changeBy(undefined, command, { kind: 'bot' }, wednesday + place * 1_000, office.shell.knowledge.current().office)
  if (!changed.ok) throw new Error(changed.refusal.detail)
  const lead = place % 700 === 5 ? 'tax' : 'natural'
  return { ...changed.change, after: { ...changed.change.after, lead, supporting: place % 350 === 9 ? ['tax'] : [] } }
}

async function pages(db: Database, filter: TicketFilter): Promise<string[]> {
  const ids: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await listTickets(db, testCipher, { ...filter, after }, 50)
    ids.push(...page.map(({ id }) => id))
    after = page.at(-1)?.id
    if (page.length < 50) return ids
  }
}

const holds = (ticket: Ticket, words: readonly string[]): boolean => words.every((word) => shown(ticket).searchText.toLowerCase().includes(word.toLowerCase()))
const expected = (words: readonly string[], fits: (ticket: Ticket) => boolean = () => true): string[] =>
  all.filter((ticket) => holds(ticket, words) && fits(ticket)).map(({ id }) => id)

const atTax = ({ lead, supporting }: Ticket): boolean => lead === 'tax' || supporting.includes('tax')

describe('a search', () => {
  test.each([
    [['营业执照']],
    [['公积金', '窗口']],
    [['充电桩']],
    [['小区充电桩ABC-7报装']],
    [['桩']],
    [['ABC-7']],
    [['第777号']],
    [['第1号']],
    [['0000-20260610-1313']],
    [['充电桩', '医保']],
    [['充电桩', '居住证']],
    [['无人机']],
    [['，']],
    [['提取，说']],
    [['%']],
  ])('finds %j in the same cases and the same order as reading every text does, page by page', async (words) => {
    expect(await pages(office.shell.db, { words })).toEqual(expected(words))
  })

  test('keeps to the other conditions of the list', async () => {
    const { db } = office.shell

    expect(await pages(db, { words: ['充电桩'], stage: 'archived' })).toEqual([])
    expect(await pages(db, { words: ['充电桩'], unit: 'tax' })).toEqual([])
    expect(await pages(db, { words: ['下文'], unit: 'tax' })).toEqual(expected(['下文'], atTax))
    expect(await pages(db, { words: ['第5号'], unit: 'tax' })).toEqual(expected(['第5号'], atTax))
    expect(await pages(db, { words: ['第777号'], from: wednesday + 778_000 })).toEqual([])
  })

  test('finds a case by its new words in the moment in which they are stored, and no longer by the old', async () => {
    const { db } = office.shell
    const before = all.find((ticket) => holds(ticket, ['充电桩']))
    if (!before) throw new Error('no such case')
    const after: Ticket = { ...before, version: before.version + 1, facts: { ...before.facts, story: '热泵报装' } }
    const change = (from: Ticket, to: Ticket): TicketChange => ({ before: from, after: to, stamped: [], notices: [], timers: [], ...shown(to) })
    await db.write((sql) => saveTickets(sql, testCipher, [change(before, after)]))
    const found = [await pages(db, { words: ['充电桩'] }), await pages(db, { words: ['热泵'] })]
    await db.write((sql) => saveTickets(sql, testCipher, [change(after, { ...before, version: after.version + 1 })]))

    expect(found).toEqual([[], [before.id]])
    expect(await pages(db, { words: ['充电桩'] })).toEqual([before.id])
  })

  test('finds nothing of a case whose transaction failed', async () => {
    const { db } = office.shell
    const change = registration(cases + 1)
    const failing = db.write(async (sql) => {
      await saveTickets(sql, testCipher, [{ ...change, after: { ...change.after, id: 'doomed' }, searchText: '蒸汽锅炉' }])
      throw new Error('later step failed')
    })

    await expect(failing).rejects.toThrow('later step failed')
    expect(await db.read.all('SELECT 1 FROM "TicketText" WHERE "ticketId" = ?', ['doomed'])).toEqual([])
    expect(await pages(db, { words: ['蒸汽锅炉'] })).toEqual([])
  })
})

describe('the index of the texts', () => {
  test('is filled for the cases of a database that is older than it, also when that was interrupted', async () => {
    const { db } = office.shell
    await db.write(async (sql) => {
      await sql.run('DELETE FROM "TicketText" WHERE "ticketId" <> ?', ['case-0'])
      await sql.run(`INSERT INTO "Cursor" (name, value, at) VALUES ('TicketText', '', 0)`)
    })
    expect(await pages(db, { words: ['充电桩'] })).toEqual([])

    await fillTexts(db)
    await fillTexts(db)

    expect(await pages(db, { words: ['充电桩'] })).toEqual(expected(['充电桩']))
    expect(await db.read.all(`SELECT 1 FROM "Cursor" WHERE name = 'TicketText'`)).toEqual([])
  })

  test('comes back with a backup', async () => {
    const [place, empty] = [mkdtempSync(join(tmpdir(), 'bandecheng_test_search-')), await openTestDatabase()]
    await backup(office.shell.db, join(place, 'copy'), 1)
    await restore(empty.db, join(place, 'copy'))

    expect(await pages(empty.db, { words: ['充电桩'] })).toEqual(expected(['充电桩']))
    await empty.remove()
    rmSync(place, { recursive: true })
  })

  test('is there after all migrations, and no migration drops it', async () => {
    const { db } = office.shell
    const catalogue = db.engine === 'sqlite' ? 'SELECT name FROM sqlite_master' : 'SELECT indexname AS name FROM pg_indexes'
    const names = (await db.read.all<{ name: string }>(catalogue)).map(({ name }) => name)
    const made = db.engine === 'sqlite' ? ['TicketGram', 'TicketText_inserted', 'TicketText_deleted', 'TicketText_updated'] : ['TicketText_grams_idx']

    expect(names).toEqual(expect.arrayContaining(made))
    for (const name of readdirSync(`prisma/migrations/${db.engine}`).filter((one) => /^\d/.test(one)))
      expect(readFileSync(`prisma/migrations/${db.engine}/${name}/migration.sql`, 'utf8')).not.toMatch(
        /DROP (TABLE|INDEX|TRIGGER)[^;]*(TicketGram|TicketText_)/i,
      )
  })

  test('holds no number of a person, and nothing of the sealed columns', async () => {
    const { db } = office.shell
    const change = registration(cases + 2)
    const facts = { ...change.after.facts, name: '欧阳锋行', phone: '13912345678', story: '电话13912345678，蒸汽管道报装' }
    const after: Ticket = { ...change.after, id: 'with-name', facts }
    await db.write((sql) => saveTickets(sql, testCipher, [{ ...change, after, ...shown(after) }]))
    const [row] = await db.read.all<{ grams: string }>('SELECT grams FROM "TicketText" WHERE "ticketId" = ?', ['with-name'])

    expect(row?.grams).toContain('蒸汽')
    expect(row?.grams).not.toContain('锋行')
    expect(row?.grams).not.toContain('23 34 45')
    expect(await ticketById(db.read, testCipher, 'with-name')).toMatchObject({ facts: { phone: '13912345678' } })
  })
})

describe('the list of a unit', () => {
  test('holds the cases that it leads and those that it supports, each once, by due date', async () => {
    expect(await pages(office.shell.db, { unit: 'tax' })).toEqual(expected([], atTax))
    expect(await pages(office.shell.db, { unit: 'nobody' })).toEqual([])
  })

  test('follows a case that goes to another unit, and its due date', async () => {
    const { db } = office.shell
    const before = all.at(-1)
    if (!before) throw new Error('no case')
    const deadlines = before.deadlines.map((one) => ({ ...one, dueAt: 1 }))
    const after: Ticket = { ...before, version: before.version + 1, lead: 'market', supporting: ['tax'], deadlines }
    await db.write((sql) => saveTickets(sql, testCipher, [{ before, after, stamped: [], notices: [], timers: [], ...shown(after) }]))

    expect(await pages(db, { unit: 'market' })).toEqual([before.id])
    expect((await pages(db, { unit: 'tax' }))[0]).toBe(before.id)
    expect(await pages(db, { unit: 'natural' })).not.toContain(before.id)
  })
})
