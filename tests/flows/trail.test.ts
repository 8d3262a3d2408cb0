import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runRetention } from '../../api/workers/retention.ts'
import { runSeals } from '../../api/workers/seals.ts'
import { auditTrail, beginTrail, noteDeed } from '../../prisma/audits.ts'
import { backup, restore } from '../../prisma/backup.ts'
import { type Database, openDatabase } from '../../prisma/database.ts'
import { auditSeals, type Mark, parseMark, type SealFault } from '../../prisma/seals.ts'
import type { Value } from '../../prisma/sql.ts'
import { openTestDatabase, testCipher } from '../support/database.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
})
afterEach(() => office.close())

const run = (text: string, values: readonly Value[] = []) => office.shell.db.write((sql) => sql.run(text, values))
const later = (hours: number): void => office.sleepTo(new Date(office.now() + hours * 3_600_000).toISOString())

async function broken(db: Database = office.shell.db): Promise<number[]> {
  const found: number[] = []
  for await (const { id, whole } of auditTrail(db.read, testCipher)) if (!whole) found.push(id)
  return found
}
const ids = async () => (await office.shell.db.read.all<{ id: number }>('SELECT id FROM "Audit" ORDER BY id')).map(({ id }) => id)

const noteMany = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => noteDeed(office.shell, { at: index, action: 'looked', subject: `${index}` })))

/** The trail as a release left it that knew no chain. */
async function asBefore(): Promise<void> {
  await run(`UPDATE "Audit" SET mac = ''`)
  await run(`DELETE FROM "Serial" WHERE name = 'audit'`)
  await run(`INSERT INTO "Audit" (at, action, subject) VALUES (1, 'looked', 'before')`)
}

async function register(matter: string): Promise<{ id: string; number: string }> {
  const { body } = await clerk.post<{ row: { id: string; number: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '张三', phone: '13800000000', matter, story: '提交不了' },
  })
  return body.row
}

/** An hour later the tick comes; gives what it wrote into the log. */
async function seal(): Promise<Mark[]> {
  later(1)
  const lines: string[] = []
  await runSeals({ ...office.shell, log: pino({}, { write: (line: string) => void lines.push(line) }) })
  return lines.map((line) => parseMark((JSON.parse(line) as { seal: string }).seal)).filter((mark) => mark !== undefined)
}
const faults = async (marks: readonly Mark[] = [], db: Database = office.shell.db): Promise<SealFault[]> =>
  (await auditSeals(db.read, testCipher, marks)).faults

describe('the trail of who did what', () => {
  test('is one whole chain, also when many write at once', async () => {
    const before = (await ids()).length
    await noteMany(60)

    expect((await ids()).length).toBe(before + 60)
    expect(await broken()).toEqual([])
  })

  test('shows a line that was changed, at that line', async () => {
    await noteMany(3)
    const [, id = 0] = (await ids()).slice(-3)
    await run(`UPDATE "Audit" SET subject = 'something else' WHERE id = ?`, [id])

    expect(await broken()).toEqual([id])
  })

  test('shows a line that was taken out, at the next', async () => {
    await noteMany(3)
    const [, gone = 0, next = 0] = (await ids()).slice(-3)
    await run('DELETE FROM "Audit" WHERE id = ?', [gone])

    expect(await broken()).toEqual([next])
  })

  test('shows a line that was put in without the key, also as a copy of another', async () => {
    await noteMany(3)
    const last = (await ids()).at(-1) ?? 0
    await run(`INSERT INTO "Audit" (at, action, subject) VALUES (1, 'looked', 'away')`)
    await run('INSERT INTO "Audit" (at, "staffId", action, subject, mac) SELECT at, "staffId", action, subject, mac FROM "Audit" WHERE id = ?', [last])

    expect(await broken()).toHaveLength(2)
  })

  test('shows that a line was put in before the first', async () => {
    await noteMany(3)
    await run(`INSERT INTO "Audit" (id, at, action, subject) VALUES (-5, 1, 'looked', 'away')`)

    expect(await broken()).toHaveLength(1)
  })

  test('answers for the lines of a release that knew no chain from its first line on', async () => {
    await asBefore()
    const earlier = await ids()

    expect(await beginTrail(office.shell.db, testCipher, 1)).toBe(true)
    await noteMany(2)
    expect(await beginTrail(office.shell.db, testCipher, 1)).toBe(false)
    expect(await broken()).toEqual([])

    await run(`UPDATE "Audit" SET subject = 'something else' WHERE id = ?`, [earlier[0] ?? 0])
    expect(await broken()).toEqual([(await ids())[earlier.length]])
  })

  test('begins as well with what a command writes before the first start', async () => {
    await asBefore()
    await noteMany(1)

    expect(await beginTrail(office.shell.db, testCipher, 1)).toBe(false)
    expect(await broken()).toEqual([])
  })

  test('does not take in what another process wrote without the key after it began', async () => {
    await asBefore()
    await beginTrail(office.shell.db, testCipher, 1)
    await run(`INSERT INTO "Audit" (at, action, subject) VALUES (1, 'looked', 'after')`)

    expect(await beginTrail(office.shell.db, testCipher, 1)).toBe(false)
    expect(await broken()).toEqual([(await ids()).at(-1)])
  })

  test('does not begin anew once it was sealed, so that altered lines are not signed by the next start', async () => {
    await noteMany(3)
    await seal()
    await asBefore()

    expect(await beginTrail(office.shell.db, testCipher, 1)).toBe(false)
    await noteMany(1)
    expect(await broken()).toEqual([(await ids()).at(-1)])
    expect(await faults()).toEqual([{ kind: 'trail', number: 1 }])
  })
})

describe('the seal of every hour', () => {
  test('agrees with an office where nobody touched anything, however it has gone on', async () => {
    const { id } = await register('营业执照')
    const first = await seal()
    await clerk.command(id, { type: 'amend', facts: { told: '不能办' } })
    await register('不动产证')
    const second = await seal()

    expect([first.length, second.length]).toEqual([1, 1])
    expect(await faults([...first, ...second])).toEqual([])
  })

  test('is made once by two processes, and not at all where nothing has happened', async () => {
    await register('营业执照')
    later(1)
    await Promise.all([runSeals(office.shell), runSeals(office.shell)])

    expect(await seal()).toEqual([])
    expect(await office.shell.db.read.all('SELECT number FROM "Seal"')).toHaveLength(1)
  })

  test('names a case that was removed with all that belongs to it', async () => {
    const { id, number } = await register('营业执照')
    await seal()
    await run('DELETE FROM "Journal" WHERE "ticketId" = ?', [id])
    await run('DELETE FROM "Ticket" WHERE id = ?', [id])

    expect(await faults()).toEqual([{ kind: 'removed', ticket: number }])
  })

  test('names a case that was put back to what it was before', async () => {
    const { id, number } = await register('营业执照')
    const [before] = await office.shell.db.read.all<Record<string, Value>>('SELECT version, "headHash", sealed, stage FROM "Ticket" WHERE id = ?', [id])
    await clerk.command(id, { type: 'amend', facts: { told: '不能办' } })
    await seal()
    const { version = 0, headHash = '', sealed = '', stage = '' } = before ?? {}
    await run('DELETE FROM "Journal" WHERE "ticketId" = ? AND seq > ?', [id, version])
    await run('UPDATE "Ticket" SET version = ?, "headHash" = ?, sealed = ?, stage = ? WHERE id = ?', [version, headHash, sealed, stage, id])

    expect(await faults()).toEqual([{ kind: 'older', ticket: number }])
  })

  test('shows that the newest lines of the trail were cut off', async () => {
    await noteMany(3)
    const [{ number = 0 } = {}] = await seal()
    await run('DELETE FROM "Audit" WHERE id = ?', [(await ids()).at(-1) ?? 0])

    expect(await broken()).toEqual([])
    expect(await faults()).toEqual([{ kind: 'trail', number }])
  })

  test('takes in what a process wrote whose clock was behind', async () => {
    await register('营业执照')
    later(2)
    await register('不动产证')
    await seal()
    later(-2)
    const { id, number } = await register('社保卡')
    later(2)
    await seal()
    await run('DELETE FROM "Journal" WHERE "ticketId" = ?', [id])
    await run('DELETE FROM "Ticket" WHERE id = ?', [id])

    expect(await faults()).toEqual([{ kind: 'removed', ticket: number }])
  })

  test('takes in what is written after a process sealed whose clock was a day ahead', async () => {
    later(24)
    await register('营业执照')
    await seal()
    later(-24)
    const { id, number } = await register('社保卡')
    await seal()
    await run('DELETE FROM "Journal" WHERE "ticketId" = ?', [id])
    await run('DELETE FROM "Ticket" WHERE id = ?', [id])

    expect(await faults()).toEqual([{ kind: 'removed', ticket: number }])
  })

  test('goes on after one that was changed, and the log says which', async () => {
    await register('营业执照')
    const [{ number: changed = 0 } = {}] = await seal()
    await run(`UPDATE "Seal" SET sealed = '1AAAA' WHERE number = ?`, [changed])
    const { id, number } = await register('社保卡')
    const logged: { level: number; number?: number }[] = []
    later(1)
    await runSeals({ ...office.shell, log: pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) }) })
    await run('DELETE FROM "Journal" WHERE "ticketId" = ?', [id])
    await run('DELETE FROM "Ticket" WHERE id = ?', [id])

    expect(logged).toContainEqual(expect.objectContaining({ level: 50, number: changed }))
    expect(await faults()).toEqual([
      { kind: 'seal', number: changed },
      { kind: 'removed', ticket: number },
    ])
  })

  test('lets others have their turn while it takes in what an old database has', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => ({ ticketId: `old${index}`, seq: 1, at: index, byKind: 'system', byId: null, type: 'old' }))
    await office.shell.db.write(async (sql) => {
      for (let from = 0; from < lines.length; from += 500) {
        const rows = lines.slice(from, from + 500).map((line) => ({ ...line, prevHash: '', hash: line.ticketId, sealed: '' }))
        await sql.insert('Journal', rows)
      }
    })
    later(1)
    const sealing = { done: false }
    const sealed = runSeals(office.shell).finally(() => {
      sealing.done = true
    })
    let turns = 0
    for (; !sealing.done; turns++) await setImmediate()
    await sealed

    expect(turns).toBeGreaterThan(2)
  })

  test('itself cannot be changed, taken out, or moved to another place', async () => {
    for (const matter of ['营业执照', '不动产证', '社保卡']) {
      await register(matter)
      await seal()
    }
    await run(`UPDATE "Seal" SET sealed = (SELECT sealed FROM "Seal" WHERE number = 1) WHERE number = 3`)
    await run('DELETE FROM "Seal" WHERE number = 2')

    expect(await faults()).toEqual([
      { kind: 'seal', number: 2 },
      { kind: 'seal', number: 3 },
    ])
  })

  test('in the log tells when the newest seals were removed with what they sealed, also after others were made in their place', async () => {
    await register('营业执照')
    await seal()
    const { id } = await register('不动产证')
    const marks = await seal()
    await run('DELETE FROM "Seal" WHERE number = 2')
    await run('DELETE FROM "Journal" WHERE "ticketId" = ?', [id])
    await run('DELETE FROM "Ticket" WHERE id = ?', [id])

    expect(await faults()).toEqual([])
    expect(await faults(marks)).toEqual([{ kind: 'seal', number: 2 }])
    await register('社保卡')
    await seal()
    expect(await faults(marks)).toEqual([{ kind: 'seal', number: 2 }])
  })

  test('lets a case name nobody any more after its time', async () => {
    const { id } = await register('营业执照')
    await clerk.command(id, { type: 'decline', reason: '已撤销申请', door: '市行政审批局' })
    await seal()
    office.sleepTo('2030-06-10T10:00:00+08:00')
    await runRetention(office.shell)
    const [row] = await office.shell.db.read.all<{ type: string }>('SELECT type FROM "Journal" WHERE "ticketId" = ? ORDER BY seq DESC LIMIT 1', [id])

    expect(row?.type).toBe('deidentified')
    await seal()
    expect(await faults()).toEqual([])
  })

  test('goes into the backup, and holds for what is restored from it', async () => {
    await register('营业执照')
    const [mark] = await seal()
    const place = mkdtempSync(join(tmpdir(), 'bandecheng_test_trail-'))
    const manifest = await backup(office.shell.db, join(place, 'copy'), 1)
    const empty = await openTestDatabase()
    await restore(empty.db, join(place, 'copy'))

    expect(parseMark(manifest.seal ?? '')).toEqual(mark)
    expect([await broken(empty.db), await faults([mark ?? { number: 0, digest: '' }], empty.db)]).toEqual([[], []])
    const other = await openDatabase(`file:${join(place, 'other_test.db')}`)
    expect(await faults([mark ?? { number: 0, digest: '' }], other)).toEqual([{ kind: 'seal', number: 1 }])
    await other.close()
    await empty.remove()
    rmSync(place, { recursive: true, force: true })
  })
})
