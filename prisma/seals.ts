import { setImmediate } from 'node:timers/promises'
import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'
import { isDuplicate, type Sql } from './sql.ts'

// A journal proves what stands in it, and nothing of a case that is gone with its journal, or was put back to what it was last week. So what
// there is is sealed every hour: docs/decisions/011-a-trail-that-cannot-be-cut.md.

/** What one seal says: how far the trail went, and of each case that had moved since the seal before, how far its journal went. */
type Sealed = {
  readonly at: number
  readonly trail: { readonly id: number; readonly mac: string }
  /** the latest instant of a journal's line that was looked at */
  readonly reached: number
  /** number, lines, hash of the last line */
  readonly cases: readonly (readonly [string, number, string])[]
}

/** A line of a journal. */
type Line = { readonly at: number; readonly ticketId: string }

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

/** How far the clocks of two processes may be apart: so much is read again, or a line that comes with an earlier instant would never be sealed. */
const apartMs = 2 * 60 * 60_000

/** Seals made at a time: 400,000 lines that are new. */
const most = 200

const noTrail: Sealed['trail'] = { id: 0, mac: '' }

export async function newestMark(read: Sql): Promise<Mark | undefined> {
  const [row] = await read.all<Mark>('SELECT number, digest FROM "Seal" ORDER BY number DESC LIMIT 1')
  return row
}

/** `made`: the marks of what was sealed. `unreadable`: seals that were changed, passed over on the way to one that opens. */
export type Sealing = { readonly made: readonly Mark[]; readonly unreadable: readonly number[] }

/** Seals what is new since the last seal; with much that is new, in several, and the rest at the next time. */
export async function sealRecords(db: Database, cipher: Cipher, at: number): Promise<Sealing> {
  const past = await sealedBefore(db.read, cipher, at - settledMs)
  const made: Mark[] = []
  let { number, trail, reached } = past
  for (let from: Line = { at: reached - apartMs, ticketId: '' }; made.length < most; ) {
    const lines = await linesFrom(db.read, from, at - settledMs)
    const heads = await headsOf(db.read, [...new Set(lines.map(({ ticketId }) => ticketId))])
    const cases = heads.filter(([, , hash]) => !past.hashes.has(hash))
    const end = await endOfTrail(db.read)
    from = lines.at(-1) ?? from
    reached = Math.max(reached, from.at)
    if (cases.length > 0 || end.mac !== trail.mac) {
      number += 1
      trail = end
      const mark = await writeSeal(db, cipher, number, { at, trail, reached, cases })
      // Another process was first.
      if (!mark) break
      made.push(mark)
    }
    if (lines.length < part) break
    // The embedded database answers without waiting: others must have their turn.
    await setImmediate()
  }
  return { made, unreadable: past.unreadable }
}

type Before = Pick<Sealed, 'trail' | 'reached'> & { readonly number: number; readonly hashes: ReadonlySet<string>; readonly unreadable: readonly number[] }

/** Where the seals that open have come to, `now` at the most, and the heads that they say of what is read again. */
async function sealedBefore(read: Sql, cipher: Cipher, now: number): Promise<Before> {
  const newest = (await newestMark(read))?.number ?? 0
  const hashes = new Set<string>()
  const unreadable: number[] = []
  let last: Sealed | undefined
  for (let number = newest; ; number--) {
    const [row] = await read.all<SealRow>('SELECT number, digest, sealed FROM "Seal" WHERE number <= ? ORDER BY number DESC LIMIT 1', [number])
    if (!row) break
    number = row.number
    const sealed = opened(cipher, row)
    if (sealed) {
      last ??= { ...sealed, reached: Math.min(sealed.reached, now) }
      if (sealed.reached < last.reached - apartMs) break
      for (const [, , hash] of sealed.cases) hashes.add(hash)
    } else unreadable.push(number)
    await setImmediate()
  }
  return { number: newest, trail: last?.trail ?? noTrail, reached: last?.reached ?? 0, hashes, unreadable }
}

const linesFrom = (read: Sql, from: Line, before: number): Promise<Line[]> =>
  read.all(`SELECT at, "ticketId" FROM "Journal" WHERE at >= ? AND at < ? AND (at > ? OR "ticketId" > ?) ORDER BY at, "ticketId" LIMIT ${part}`, [
    from.at,
    before,
    from.at,
    from.ticketId,
  ])

async function endOfTrail(read: Sql): Promise<Sealed['trail']> {
  const [end] = await read.all<Sealed['trail']>('SELECT id, mac FROM "Audit" ORDER BY id DESC LIMIT 1')
  return end ?? noTrail
}

async function writeSeal({ write }: Database, cipher: Cipher, number: number, sealed: Sealed): Promise<Mark | undefined> {
  const digest = digestOf(cipher, number, sealed)
  try {
    await write((sql) => sql.insert('Seal', [{ number, at: sealed.at, digest, sealed: cipher.seal(sealed, placeOf(number)) }]))
    return { number, digest }
  } catch (fault) {
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
