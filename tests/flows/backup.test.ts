import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../api/files/store.ts'
import { evolve } from '../../casework/evolve.ts'
import { auditJournals } from '../../prisma/audit.ts'
import { backup, restore } from '../../prisma/backup.ts'
import { type Database, openDatabase } from '../../prisma/database.ts'
import { type OpenTestDatabase, openTestDatabase, testCipher } from '../support/database.ts'
import { newVisitor, paper, send } from '../support/files.ts'
import { aFullLife } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

let office: TestOffice
let empty: OpenTestDatabase
let folder: string
let place: string
beforeEach(async () => {
  office = await openOffice()
  await office.hire('clerk', ['clerk'])
  await aFullLife(office)
  empty = await openTestDatabase()
  place = mkdtempSync(join(tmpdir(), 'bandecheng_test_backup-'))
  folder = join(place, 'copy')
})
afterEach(async () => {
  await office.close()
  await empty.remove()
  rmSync(place, { recursive: true, force: true })
})

async function contents(db: Database): Promise<Record<string, string[]>> {
  const manifest = await backup(db, join(place, `contents-${Math.random()}`), 0)
  return Object.fromEntries(Object.entries(manifest.tables).map(([name, { rows, sha256 }]) => [name, [String(rows), sha256]]))
}

const isEmpty = async (db: Database): Promise<boolean> => (await db.read.all('SELECT 1 FROM "Ticket" UNION ALL SELECT 1 FROM "GuideVersion"')).length === 0

describe('a backup', () => {
  test('brings back what citizens sent, still sealed', async () => {
    const { body } = await send(office.url, await newVisitor(office.url), paper(), '证明.pdf')
    await backup(office.shell.db, folder, 1, office.files)
    const files = join(place, 'files')
    await restore(empty.db, folder, files)

    expect(await openStore(files, testCipher).take(body.id)).toEqual(paper())
  })

  test('brings every row of every table back into an empty database, and the journals still pass the audit', async () => {
    await backup(office.shell.db, folder, 1)
    await restore(empty.db, folder)

    expect(await contents(empty.db)).toEqual(await contents(office.shell.db))
    for await (const { fault, lines } of auditJournals(empty.db.read, testCipher, evolve)) {
      expect(fault).toBeUndefined()
      expect(lines).toBeGreaterThan(10)
    }
  })

  test('leaves the restored database able to number new rows', async () => {
    await backup(office.shell.db, folder, 1)
    await restore(empty.db, folder)

    await empty.db.write((sql) => sql.insert('Audit', [{ at: 1, staffId: null, action: 'after', subject: 'restore' }]))

    const [newest] = await empty.db.read.all<{ action: string }>('SELECT action FROM "Audit" ORDER BY id DESC LIMIT 1')
    expect(newest?.action).toBe('after')
  })

  test('moves an office from one engine to the other', async () => {
    const other = await openDatabase(`file:${join(place, 'other_test.db')}`)
    await backup(office.shell.db, folder, 1)
    await restore(other, folder)
    await backup(other, `${folder}-back`, 2)
    await restore(empty.db, `${folder}-back`)
    await other.close()

    expect(await contents(empty.db)).toEqual(await contents(office.shell.db))
  })

  test('takes what was there at one instant, while others write on', async () => {
    const { db } = office.shell
    const before = await contents(db)
    await db.snapshot(async (rows) => {
      await db.write((sql) => sql.insert('Audit', [{ at: 9, staffId: null, action: 'meanwhile', subject: '' }]))
      for await (const part of rows('Audit')) expect(part.map((row) => row['action'])).not.toContain('meanwhile')
    })

    expect((await contents(db))['Audit']).not.toEqual(before['Audit'])
  })
})

describe('a restore that cannot be right changes nothing', () => {
  test('because a file was altered', async () => {
    await backup(office.shell.db, folder, 1)
    const file = join(folder, 'Journal.jsonl.gz')
    writeFileSync(file, gzipSync(gunzipSync(readFileSync(file)).toString().replace('"seq":2', '"seq":900')))

    await expect(restore(empty.db, folder)).rejects.toMatchObject({ code: 'damaged' })
    expect(await isEmpty(empty.db)).toBe(true)
  })

  test('because a file was cut off', async () => {
    await backup(office.shell.db, folder, 1)
    const file = join(folder, 'GuideVersion.jsonl.gz')
    writeFileSync(file, readFileSync(file).subarray(0, 5_000))

    await expect(restore(empty.db, folder)).rejects.toMatchObject({ code: 'damaged' })
    expect(await isEmpty(empty.db)).toBe(true)
  })

  test.each([
    ['is missing', (file: string) => rmSync(file)],
    ['was altered', (file: string) => writeFileSync(file, 'something else')],
  ])('because a file of a citizen %s', async (_, harm) => {
    const { body } = await send(office.url, await newVisitor(office.url), paper(), '证明.pdf')
    await backup(office.shell.db, folder, 1, office.files)
    harm(join(folder, 'files', body.id.slice(0, 2), body.id))

    await expect(restore(empty.db, folder, join(place, 'files'))).rejects.toMatchObject({ code: 'damaged' })
    expect(await isEmpty(empty.db)).toBe(true)
  })

  test('because the database is in use', async () => {
    await backup(office.shell.db, folder, 1)
    const before = await contents(office.shell.db)

    await expect(restore(office.shell.db, folder)).rejects.toMatchObject({ code: 'notEmpty' })
    expect(await contents(office.shell.db)).toEqual(before)
  })

  test('because the folder holds no complete backup, or one of another release', async () => {
    await expect(restore(empty.db, place)).rejects.toMatchObject({ code: 'notABackup' })
    await backup(office.shell.db, folder, 1)
    const file = join(folder, 'manifest.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/_init"/, '_other"'))

    await expect(restore(empty.db, folder)).rejects.toMatchObject({ code: 'otherRelease' })
  })
})
