import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'
import { isDuplicate, type Sql } from './sql.ts'

// A journal proves what stands in it, and nothing of a case that is gone with its journal, or was put back to what it was last week. So what
// there is is sealed every hour: docs/decisions/011-a-trail-that-cannot-be-cut.md.

/** What one seal says: how far the trail went, and of each case that had moved since the seal before, how far its journal went. */
type Sealed = {
  readonly at: number
  readonly trail: { readonly id: number; readonly mac: string }
  /** the last line of a journal that was looked at */
  readonly reached: { readonly at: number; readonly ticketId: string }
  /** number, lines, hash of the last line */
  readonly cases: readonly (readonly [string, number, string])[]
}

type SealRow = { readonly number: number; readonly digest: string; readonly sealed: string }

/** A seal as it is written down outside the database: in the log, in a backup. */
export type Mark = { readonly number: number; readonly digest: string }

export const markText = ({ number, digest }: Mark): string => `${number}:${digest}`

export function parseMark(text: string): Mark | undefined {
  const [, number, digest] = /^(\d+):([\w-]+)$/.exec(text) ?? []
  return number && digest ? { number: Number(number), digest } : undefined
}

const placeOf = (number: number): string => `Seal/${number}`
const digestOf = (cipher: Cipher, number: number, sealed: Sealed): string => cipher.index('seal', JSON.stringify([number, sealed]))

/** Lines looked at for one seal. */
const part = 2_000

/** A line that was decided is stored within seconds; what is younger waits for the next seal. */
const settledMs = 5 * 60_000

export async function newestMark(read: Sql): Promise<Mark | undefined> {
  const [row] = await read.all<Mark>('SELECT number, digest FROM "Seal" ORDER BY number DESC LIMIT 1')
  return row
}

/** Seals what is new since the last seal; with much that is new, in several. @throws Error when the last seal was changed */
export async function sealRecords(db: Database, cipher: Cipher, at: number): Promise<Mark[]> {
  for (const made: Mark[] = []; ; ) {
    const mark = await sealNext(db, cipher, at)
    if (!mark) return made
    made.push(mark)
  }
}

async function sealNext({ read, write }: Database, cipher: Cipher, at: number): Promise<Mark | undefined> {
  const [row] = await read.all<SealRow>('SELECT number, digest, sealed FROM "Seal" ORDER BY number DESC LIMIT 1')
  const last = row && cipher.open<Sealed>(row.sealed, placeOf(row.number))
  const from = last?.reached ?? { at: 0, ticketId: '' }
  const [[end], lines] = await Promise.all([
    read.all<Sealed['trail']>('SELECT id, mac FROM "Audit" ORDER BY id DESC LIMIT 1'),
    read.all<Sealed['reached']>(
      `SELECT at, "ticketId" FROM "Journal" WHERE at >= ? AND at < ? AND (at > ? OR "ticketId" > ?) ORDER BY at, "ticketId" LIMIT ${part}`,
      [from.at, at - settledMs, from.at, from.ticketId],
    ),
  ])
  const trail = end ?? { id: 0, mac: '' }
  if (lines.length === 0 && trail.mac === (last?.trail.mac ?? '')) return undefined
  const cases = await headsOf(read, [...new Set(lines.map(({ ticketId }) => ticketId))])
  const sealed: Sealed = { at, trail, reached: lines.at(-1) ?? from, cases }
  const number = (row?.number ?? 0) + 1
  const digest = digestOf(cipher, number, sealed)
  try {
    await write((sql) => sql.insert('Seal', [{ number, at, digest, sealed: cipher.seal(sealed, placeOf(number)) }]))
    return { number, digest }
  } catch (fault) {
    // Another process was first.
    if (isDuplicate(fault)) return undefined
    throw fault
  }
}

async function headsOf(read: Sql, ids: readonly string[]): Promise<Sealed['cases']> {
  if (ids.length === 0) return []
  const rows = await read.all<{ number: string; version: number; headHash: string }>(
    `SELECT number, version, "headHash" FROM "Ticket" WHERE id IN (${ids.map(() => '?').join(', ')}) ORDER BY number`,
    ids,
  )
  return rows.map(({ number, version, headHash }) => [number, version, headHash])
}

/** `seal`: it is gone, was changed, or is not the one that was written down. `trail`: the trail no longer has the line at which it ended then. */
export type SealFault =
  | { readonly kind: 'seal' | 'trail'; readonly number: number }
  /** `removed`: the case is gone. `older`: its journal does not go so far any more, or goes another way. */
  | { readonly kind: 'removed' | 'older'; readonly ticket: string }

/** Compares what is there with all that was ever sealed, and the seals with those that were written down outside. Each fault once. */
export async function auditSeals(
  read: Sql,
  cipher: Cipher,
  marks: readonly Mark[],
): Promise<{ readonly newest: Mark | undefined; readonly faults: SealFault[] }> {
  const faults = new Map<string, SealFault>()
  const note = (fault: SealFault): void => void faults.set(JSON.stringify(fault), fault)
  let newest: Mark | undefined
  for (;;) {
    const number: number = (newest?.number ?? 0) + 1
    const [row] = await read.all<SealRow>('SELECT number, digest, sealed FROM "Seal" WHERE number >= ? ORDER BY number LIMIT 1', [number])
    if (!row) break
    for (let gone = number; gone < row.number; gone++) note({ kind: 'seal', number: gone })
    const sealed = opened(cipher, row)
    if (!sealed) note({ kind: 'seal', number: row.number })
    else for (const fault of await broken(read, row.number, sealed)) note(fault)
    newest = { number: row.number, digest: sealed ? digestOf(cipher, row.number, sealed) : '' }
    const mark = marks.find((one) => one.number === row.number)
    if (mark && mark.digest !== newest.digest) note({ kind: 'seal', number: row.number })
  }
  for (const { number } of marks) if (number > (newest?.number ?? 0)) note({ kind: 'seal', number })
  return { newest, faults: [...faults.values()] }
}

async function broken(read: Sql, number: number, { trail, cases }: Sealed): Promise<SealFault[]> {
  const faults: SealFault[] = []
  const [line] = await read.all<{ mac: string }>('SELECT mac FROM "Audit" WHERE id = ?', [trail.id])
  if (trail.id > 0 && line?.mac !== trail.mac) faults.push({ kind: 'trail', number })
  if (cases.length === 0) return faults
  const rows = await read.all<{ number: string; seq: number; hash: string; type: string }>(
    `SELECT t.number, j.seq, j.hash, j.type FROM "Ticket" t JOIN "Journal" j ON j."ticketId" = t.id WHERE t.number IN (${cases.map(() => '?').join(', ')})`,
    cases.map(([ticket]) => ticket),
  )
  const journals = new Map<string, typeof rows>()
  for (const row of rows) journals.set(row.number, [...(journals.get(row.number) ?? []), row])
  for (const [ticket, lines, hash] of cases) {
    const journal = journals.get(ticket)
    if (!journal) faults.push({ kind: 'removed', ticket })
    // One that names nobody any more was written anew, and its own last line says so.
    else if (!journal.some((one) => (one.seq === lines && one.hash === hash) || one.type === 'deidentified')) faults.push({ kind: 'older', ticket })
  }
  return faults
}

function opened(cipher: Cipher, { number, sealed }: SealRow): Sealed | undefined {
  try {
    return cipher.open<Sealed>(sealed, placeOf(number))
  } catch (fault) {
    if (fault instanceof Error) return undefined
    throw fault
  }
}
