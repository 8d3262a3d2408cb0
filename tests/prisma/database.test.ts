import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate as nextRound } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCipher } from '../../prisma/cipher.ts'
import { createCommitter, DuplicateError } from '../../prisma/committer.ts'
import { openDatabase } from '../../prisma/database.ts'
import { outstanding } from '../../prisma/migrate.ts'
import { nextSerial } from '../../prisma/tickets.ts'
import { createTestDatabase, type OpenTestDatabase, openTestDatabase, testKey } from '../support/database.ts'

/** What came with it is one step: there is nothing older to go back to. */
const lastOfFirstRelease = '20261129103000_consent'

let test1: OpenTestDatabase
beforeAll(async () => {
  test1 = await openTestDatabase()
})
afterAll(() => test1.remove())

const serials = async (): Promise<string[]> => (await test1.db.read.all<{ name: string }>('SELECT name FROM "Serial"')).map((row) => row.name)

describe('the database', () => {
  test('has every column that the Prisma schema has, on this engine', async () => {
    const models = Object.entries(test1.db.prisma).filter(([name, model]) => !name.startsWith('$') && !name.startsWith('_') && typeof model === 'object')

    expect(models.length).toBeGreaterThan(10)
    for (const [, model] of models) await expect((model as { findFirst: () => Promise<unknown> }).findFirst()).resolves.toBeNull()
  })

  test('keeps a text without the null characters and half letters that a forged message carries', async () => {
    const { db } = test1
    await db.write((sql) => sql.insert('Notice', [{ uniqueKey: 'forged\u0000', role: 'clerk', text: '一\u0000二\ud800', at: 1 }]))
    const rows = await db.read.all<{ text: string }>('SELECT text FROM "Notice" WHERE "uniqueKey" = ?', ['forged'])

    expect(rows).toEqual([{ text: '一二\ufffd' }])
    await db.write((sql) => sql.run('DELETE FROM "Notice"'))
  })

  test('keeps nothing of a transaction that failed', async () => {
    const failing = test1.db.write(async (sql) => {
      await sql.insert('Serial', [{ name: 'half', next: 1 }])
      throw new Error('later step failed')
    })

    await expect(failing).rejects.toThrow('later step failed')
    expect(await serials()).not.toContain('half')
  })

  test('keeps an acknowledged write that came while another transaction was open and rolled back', async () => {
    const { db } = test1
    const open = db.write(async (sql) => {
      await sql.insert('Serial', [{ name: 'doomed', next: 1 }])
      await new Promise((resolve) => setImmediate(resolve))
      throw new Error('rolled back')
    })
    const meanwhile = db.prisma.serial.create({ data: { name: 'acknowledged', next: 1 } })

    await Promise.allSettled([open, meanwhile])

    expect(await serials()).toContain('acknowledged')
    expect(await serials()).not.toContain('doomed')
  })

  test('never gives a number of a series twice', async () => {
    const numbers = await Promise.all(Array.from({ length: 40 }, () => test1.db.write((sql) => nextSerial(sql, 'race'))))

    expect(new Set(numbers).size).toBe(40)
  })
})

test('every change of the schema since the first release has its way back in the manual, which leaves nothing of it and lets it be made again', async () => {
  const manual = readFileSync('docs/operations.zh-CN.md', 'utf8')
  const later = readdirSync('prisma/migrations/sqlite').filter((name) => name > lastOfFirstRelease)
  const place = await createTestDatabase()
  const db = await openDatabase(place.url)

  for (const name of later.reverse()) {
    const [, statements = ''] = new RegExp(`\\| \`${name}\` \\|[^|]*\\| \`([^\`]+)\` \\|`).exec(manual) ?? []
    expect(statements, name).not.toBe('')
    await db.write(async (sql) => {
      for (const statement of statements.split('; ')) await sql.run(statement)
      await sql.run('DELETE FROM "_prisma_migrations" WHERE migration_name = ?', [name])
    })
  }
  await db.close()

  const again = await openDatabase(place.url)
  expect(await again.prisma.seal.findFirst()).toBeNull()
  await again.close()
  await place.remove()
})

describe('the group commit', () => {
  test('lets the turn that fails fail alone', async () => {
    const commit = createCommitter(test1.db)
    const insert = (name: string) => commit((sql) => sql.insert('Serial', [{ name, next: 1 }]))
    await insert('taken')

    const results = await Promise.allSettled([insert('before'), insert('taken'), insert('after')])

    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({ reason: expect.any(DuplicateError) })
    expect(await serials()).toEqual(expect.arrayContaining(['before', 'after']))
  })

  test('takes turns that begin one in each round of the event loop to the disk together', async () => {
    let transactions = 0
    const counted: typeof test1.db = {
      ...test1.db,
      write: (work) => {
        transactions += 1
        return test1.db.write(work)
      },
    }
    const commit = createCommitter(counted)
    const turns: Promise<unknown>[] = []

    for (let turn = 0; turn < 30; turn++) {
      const round = nextRound()
      turns.push(commit((sql) => sql.insert('Serial', [{ name: `together${turn}`, next: 1 }])))
      await round
    }
    await Promise.all(turns)

    expect(await serials()).toEqual(expect.arrayContaining(['together0', 'together29']))
    expect(transactions).toBeLessThanOrEqual(3)
  })
})

describe('sealed columns', () => {
  const cipher = createCipher(testKey)

  test('open only in the row that they were sealed for, and only unchanged', () => {
    const sealed = cipher.seal({ phone: '13800000000' }, 'Ticket/1')
    const changed = `${sealed.slice(0, 30)}${sealed[30] === 'A' ? 'B' : 'A'}${sealed.slice(31)}`

    expect(cipher.open(sealed, 'Ticket/1')).toEqual({ phone: '13800000000' })
    expect(() => cipher.open(sealed, 'Ticket/2')).toThrow()
    expect(() => cipher.open(changed, 'Ticket/1')).toThrow()
    expect(sealed).not.toContain('138')
  })

  test('never repeat themselves, while the look-up index does', () => {
    expect(cipher.seal('x', 'p')).not.toBe(cipher.seal('x', 'p'))
    expect(cipher.index('phone', '13800000000')).toBe(cipher.index('phone', '13800000000'))
    expect(cipher.index('phone', '13800000000')).not.toBe(cipher.index('code', '13800000000'))
  })
})

describe('migrations', () => {
  const file = (name: string) => ({ name, sql: '', checksum: name })
  const row = (name: string) => ({ migration_name: name, checksum: name, finished_at: 1 })

  test('are applied once and in order', () => {
    expect(outstanding([file('1'), file('2'), file('3')], [row('1')]).map((one) => one.name)).toEqual(['2', '3'])
  })

  test.each([
    ['an edited file', [file('1')], [{ ...row('1'), checksum: 'other' }], /edited/],
    ['a database of a newer release', [file('1')], [row('1'), row('2')], /newer release/],
    ['a migration that failed half-way', [file('1')], [{ ...row('1'), finished_at: null }], /half-way/],
    ['a file older than the last applied one', [file('1'), file('2'), file('3')], [row('1'), row('3')], /older/],
  ])('refuse %s', (_, files, rows, message) => {
    expect(() => outstanding(files, rows)).toThrow(message)
  })
})
