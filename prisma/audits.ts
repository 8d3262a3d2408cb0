import { createHash } from 'node:crypto'
import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'
import { type Sql, storableText } from './sql.ts'
import { nextSerial } from './tickets.ts'

export type AuditLine = { readonly id: number; readonly at: number; readonly staffId: string | null; readonly action: string; readonly subject: string }

export type AuditSearch = {
  readonly person?: string | undefined
  readonly action?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** lines older than this one */
  readonly before?: number | undefined
  readonly limit: number
}

/** Who did what, the latest first; `from` counts, `to` does not. */
export function auditRows(read: Sql, { person, action, from, to, before, limit }: AuditSearch): Promise<AuditLine[]> {
  const conditions: readonly (readonly [string, string | number | undefined])[] = [
    ['"staffId" = ?', person],
    ['action = ?', action],
    ['at >= ?', from],
    ['at < ?', to],
    ['id < ?', before],
  ]
  const given = conditions.flatMap(([text, value]) => (value === undefined ? [] : [{ text, value }]))
  const where = given.length ? `WHERE ${given.map(({ text }) => text).join(' AND ')}` : ''
  return read.all(`SELECT id, at, "staffId", action, subject FROM "Audit" ${where} ORDER BY id DESC LIMIT ?`, [...given.map(({ value }) => value), limit])
}

/** What was done at `at`; `staffId` is missing where a citizen or a command did it. */
export type Deed = { readonly at: number; readonly staffId?: string | undefined; readonly action: string; readonly subject: string }

const serial = 'audit'

/** Keyed, so that nobody writes a line who has the database and not the key; over the line before, so that none is taken out or put in. */
const macOf = (cipher: Cipher, before: string, { at, staffId, action, subject }: Omit<AuditLine, 'id'>): string =>
  cipher.index('audit', JSON.stringify([before, at, staffId, action, subject]))

/**
 * Adds a line to the trail. To be called last in a transaction: from here to its end every other line of any process waits, which is what keeps
 * the chain one, and whoever waited for something else meanwhile could wait in a circle.
 */
export async function addDeed(sql: Sql, cipher: Cipher, { at, staffId, action, subject }: Deed): Promise<void> {
  await nextSerial(sql, serial)
  const line = { at, staffId: staffId ?? null, action, subject: storableText(subject) }
  await sql.insert('Audit', [{ ...line, mac: macOf(cipher, await endOf(sql), line) }])
}

export const noteDeed = ({ db, cipher }: { readonly db: Database; readonly cipher: Cipher }, deed: Deed): Promise<void> =>
  db.write((sql) => addDeed(sql, cipher, deed))

/** Where lines of a release that knew no chain stand alone, adds the one that the chain begins with. Gives whether it did. */
export async function beginTrail(db: Database, cipher: Cipher, at: number): Promise<boolean> {
  if ((await lastMac(db.read)) !== '' || (await begun(db.read))) return false
  await noteDeed({ db, cipher }, { at, action: 'trail begun', subject: '' })
  return true
}

async function lastMac(sql: Sql): Promise<string | undefined> {
  const [last] = await sql.all<{ mac: string }>('SELECT mac FROM "Audit" ORDER BY id DESC LIMIT 1')
  return last?.mac
}

/** A chain that has begun or that a seal has seen does not begin again, or whoever has no key could have altered lines taken in anew. */
async function begun(sql: Sql): Promise<boolean> {
  const found = await sql.all(`SELECT 1 FROM "Audit" WHERE mac <> '' UNION ALL SELECT 1 FROM "Seal" LIMIT 1`)
  return found.length > 0
}

/** What the next line comes behind: the MAC of the last; for the first of all, the digest of those that were there before the chain. */
async function endOf(sql: Sql): Promise<string> {
  const mac = await lastMac(sql)
  if (mac !== '' || (await begun(sql))) return mac ?? ''
  let before = ''
  for await (const line of trailLines(sql)) before = digestOf(before, line)
  return before
}

const digestOf = (before: string, { at, staffId, action, subject }: AuditLine): string =>
  createHash('sha256')
    .update(JSON.stringify([before, at, staffId, action, subject]))
    .digest('base64url')

/** Reads the whole trail: for each line, whether it is as it was written, and behind the line that was before it then. The first of the chain answers for those before the chain. */
export async function* auditTrail(read: Sql, cipher: Cipher): AsyncGenerator<{ readonly id: number; readonly whole: boolean }> {
  let before = ''
  let chained = false
  for await (const line of trailLines(read)) {
    chained ||= line.mac !== ''
    yield { id: line.id, whole: !chained || line.mac === macOf(cipher, before, line) }
    before = chained ? line.mac : digestOf(before, line)
  }
}

const part = 5_000
/** What the column holds at the least: nobody hides a line before the first. */
const leastId = -(2 ** 31)

async function* trailLines(read: Sql): AsyncGenerator<AuditLine & { readonly mac: string }> {
  for (let after = leastId; ; ) {
    const lines = await read.all<AuditLine & { mac: string }>(
      `SELECT id, at, "staffId", action, subject, mac FROM "Audit" WHERE id > ? ORDER BY id LIMIT ${part}`,
      [after],
    )
    yield* lines
    const last = lines.at(-1)
    if (!last || lines.length < part) return
    after = last.id
  }
}
