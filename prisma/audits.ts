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
  const [last] = await sql.all<{ mac: string }>('SELECT mac FROM "Audit" ORDER BY id DESC LIMIT 1')
  const line = { at, staffId: staffId ?? null, action, subject: storableText(subject) }
  await sql.insert('Audit', [{ ...line, mac: macOf(cipher, last?.mac ?? '', line) }])
}

export const noteDeed = ({ db, cipher }: { readonly db: Database; readonly cipher: Cipher }, deed: Deed): Promise<void> =>
  db.write((sql) => addDeed(sql, cipher, deed))

/** Lines of a release that knew no chain are chained once, at the first start of one that does. Gives their number. */
export async function chainTrail(db: Database, cipher: Cipher): Promise<number> {
  const begun = await db.read.all('SELECT 1 FROM "Serial" WHERE name = ?', [serial])
  if (begun.length > 0) return 0
  return db.write(async (sql) => {
    if ((await nextSerial(sql, serial)) > 1) return 0
    const lines = await sql.all<AuditLine>('SELECT id, at, "staffId", action, subject FROM "Audit" ORDER BY id')
    let mac = ''
    for (const line of lines) {
      mac = macOf(cipher, mac, line)
      await sql.run('UPDATE "Audit" SET mac = ? WHERE id = ?', [mac, line.id])
    }
    return lines.length
  })
}

const part = 5_000

/** Reads the whole trail: for each line, whether it is as it was written, and behind the line that was before it then. */
export async function* auditTrail(read: Sql, cipher: Cipher): AsyncGenerator<{ readonly id: number; readonly whole: boolean }> {
  for (let [before, after] = ['', 0]; ; ) {
    const lines: (AuditLine & { mac: string })[] = await read.all(
      `SELECT id, at, "staffId", action, subject, mac FROM "Audit" WHERE id > ? ORDER BY id LIMIT ${part}`,
      [after],
    )
    for (const { id, mac, ...line } of lines) {
      yield { id, whole: mac === macOf(cipher, before, line) }
      before = mac
      after = id
    }
    if (lines.length < part) return
  }
}
