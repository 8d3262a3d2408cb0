import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Guide } from '../../nlp/guide.ts'
import { type Database, openDatabase } from '../../prisma/database.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openProcess, type TestOffice } from '../support/office.ts'

// A database as an older release has left it: some guides had another text there, some did not exist.
let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.remove())

const open = (): Promise<TestOffice> => openProcess({ ...database, remove: async () => undefined })
const said = (office: TestOffice, id: string): Guide | undefined => office.shell.knowledge.current().guides.get(id)

async function asOlderRelease(change: (db: Database) => Promise<unknown>): Promise<void> {
  const db = await openDatabase(database.url)
  await change(db)
  await db.prisma.setting.delete({ where: { name: 'seed' } })
  await db.close()
}

/** What the older release said of this guide. */
async function olderText(db: Database, guideId: string): Promise<void> {
  const row = await db.prisma.guideVersion.findUniqueOrThrow({ where: { guideId_version: { guideId, version: 1 } } })
  await db.prisma.guideVersion.update({
    where: { guideId_version: { guideId, version: 1 } },
    data: { content: JSON.stringify({ ...JSON.parse(row.content), fee: '旧版的收费' }) },
  })
}

test('a changed guide of a new release is served at once where the office has not touched it, and a new one arrives', async () => {
  await (await open()).close()
  await asOlderRelease(async (db) => {
    await olderText(db, 'e-invoice')
    await db.prisma.guideVersion.deleteMany({ where: { guideId: 'id-card-lost' } })
  })

  const office = await open()
  const rows = await office.shell.db.prisma.guideVersion.findMany({ where: { guideId: 'e-invoice' }, orderBy: { version: 'asc' } })
  expect(said(office, 'e-invoice')?.fee).not.toBe('旧版的收费')
  expect(rows.map(({ version, state }) => [version, state])).toEqual([
    [1, 'approved'],
    [2, 'approved'],
  ])
  expect(said(office, 'id-card-lost')).toBeDefined()
  await office.close()
})

test('a guide that the office has edited stays as it is, and the newer text waits as a draft', async () => {
  const before = await open()
  const clerk = await before.hire('clerk', ['clerk'])
  const lead = await before.hire('lead', ['lead'])
  const guide = { ...said(before, 'e-invoice'), where: '本地大厅' }
  await clerk.post('/guides', { guide })
  await lead.post('/guides/decisions', { keys: [{ guideId: 'e-invoice', version: 2, revision: 1 }], state: 'approved' })
  await before.close()
  await asOlderRelease((db) => olderText(db, 'e-invoice'))

  const office = await open()
  const [draft] = await office.shell.db.prisma.guideVersion.findMany({ where: { guideId: 'e-invoice', state: 'draft' } })
  expect(said(office, 'e-invoice')?.where).toBe('本地大厅')
  expect([draft?.version, draft?.by, draft?.note]).toEqual([3, 'seed', expect.stringContaining('新版本')])
  await office.close()

  // A second newer text takes the place of the first, which nobody has decided on.
  await asOlderRelease(async (db) => {
    await db.prisma.guideVersion.update({ where: { guideId_version: { guideId: 'e-invoice', version: 3 } }, data: { content: JSON.stringify(guide) } })
  })
  const later = await open()
  const states = await later.shell.db.prisma.guideVersion.findMany({ where: { guideId: 'e-invoice' }, orderBy: { version: 'asc' } })
  expect(states.map(({ state }) => state)).toEqual(['approved', 'approved', 'withdrawn', 'draft'])
  await later.close()
})

test('a start without a new release writes nothing', async () => {
  await (await open()).close()
  const office = await open()
  const { db } = office.shell
  const versions = await db.read.all('SELECT 1 FROM "GuideVersion" WHERE version > 1')
  expect(versions).toEqual([])
  await office.close()
})
