import { setImmediate } from 'node:timers/promises'
import type { Stamped } from '../casework/decision.ts'
import type { Instant } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'
import { journalPlace } from './tickets.ts'

export type CaseRow = { id: string; number: string; registeredAt: number; stage: string; version: number; headHash: string; sealed: string }
export type LineRow = {
  ticketId: string
  seq: number
  at: number
  byKind: string
  byId: string | null
  type: string
  prevHash: string
  hash: string
  sealed: string
}

/** Cases read at a time: what a walk over all of them holds in memory. So few that they are garbage before the engine counts them among what lasts. */
const batch = 25

/** A place in such a walk: behind this case, at this instant. */
export type Place = { readonly at: Instant; readonly number: string }
const startOf = (from: Instant): Place => ({ at: from, number: '' })

/** A journal in a walk, and its place there. */
export type Walked = Place & { readonly journal: readonly Stamped[] }

type CaseWithLines = { readonly row: CaseRow; readonly lines: readonly LineRow[] }

const caseColumns = 'id, number, "registeredAt", stage, version, "headHash", sealed'

/** One case with its lines. */
export async function caseWithLines(read: Sql, id: string): Promise<CaseWithLines | undefined> {
  const [row] = await read.all<CaseRow>(`SELECT ${caseColumns} FROM "Ticket" WHERE id = ?`, [id])
  return row && { row, lines: await read.all<LineRow>('SELECT * FROM "Journal" WHERE "ticketId" = ? ORDER BY seq', [id]) }
}

/** Every case registered from `from` and before `to`, in that order, with its lines, those behind `after`; the next cases are read when these have been taken. */
export async function* casesWithLines(read: Sql, from: Instant, to: Instant, after = startOf(from)): AsyncGenerator<CaseWithLines> {
  for (let { at, number } = after; ; ) {
    const rows = await read.all<CaseRow>(
      `SELECT ${caseColumns} FROM "Ticket"
       WHERE "registeredAt" >= ? AND "registeredAt" < ? AND ("registeredAt" > ? OR number > ?) ORDER BY "registeredAt", number LIMIT ?`,
      [at, to, at, number, batch],
    )
    const last = rows.at(-1)
    if (!last) return
    const marks = rows.map(() => '?').join(', ')
    const lines = await read.all<LineRow>(
      `SELECT * FROM "Journal" WHERE "ticketId" IN (${marks}) ORDER BY "ticketId", seq`,
      rows.map((row) => row.id),
    )
    const byCase = new Map<string, LineRow[]>(rows.map((row) => [row.id, []]))
    for (const line of lines) byCase.get(line.ticketId)?.push(line)
    for (const row of rows) yield { row, lines: byCase.get(row.id) ?? [] }
    // The embedded database answers without waiting: a long walk must let others have their turn.
    await setImmediate()
    at = last.registeredAt
    number = last.number
  }
}

/** Every case with a line of that type from `from` and before `to`, once for each such instant, in their order: a case of last year is there for what was done today. */
export async function* journalsOfEvents(read: Sql, cipher: Cipher, type: string, from: Instant, to: Instant, after = startOf(from)): AsyncGenerator<Walked> {
  for (let { at, number } = after; ; ) {
    const found = await read.all<{ at: number; ticketId: string; number: string }>(
      `SELECT j.at, j."ticketId", t.number FROM "Journal" j JOIN "Ticket" t ON t.id = j."ticketId"
       WHERE j.type = ? AND j.at >= ? AND j.at < ? AND (j.at > ? OR t.number > ?) ORDER BY j.at, t.number LIMIT ?`,
      [type, at, to, at, number, batch],
    )
    const last = found.at(-1)
    if (!last) return
    const journals = await journalsOf(
      read,
      cipher,
      found.map((one) => one.ticketId),
    )
    // Two lines of one instant are one entry, and stand side by side.
    for (const [index, one] of found.entries()) {
      const before = found[index - 1]
      if (one.at !== before?.at || one.number !== before.number) yield { at: one.at, number: one.number, journal: journals.get(one.ticketId) ?? [] }
    }
    await setImmediate()
    at = last.at
    number = last.number
  }
}

async function journalsOf(read: Sql, cipher: Cipher, ids: readonly string[]): Promise<Map<string, Stamped[]>> {
  const wanted = [...new Set(ids)]
  const lines = await read.all<LineRow>(`SELECT * FROM "Journal" WHERE "ticketId" IN (${wanted.map(() => '?').join(', ')}) ORDER BY "ticketId", seq`, wanted)
  const journals = new Map<string, Stamped[]>(wanted.map((id) => [id, []]))
  for (const line of lines) journals.get(line.ticketId)?.push(cipher.open<Stamped>(line.sealed, journalPlace(line.ticketId, line.seq)))
  return journals
}

/** The journals alone, opened. */
export async function* journalsOfPeriod(read: Sql, cipher: Cipher, from: Instant, to: Instant, after?: Place): AsyncGenerator<Walked> {
  for await (const { row, lines } of casesWithLines(read, from, to, after)) {
    yield { at: row.registeredAt, number: row.number, journal: openJournal(lines, cipher) }
  }
}

export const openJournal = (lines: readonly LineRow[], cipher: Cipher): Stamped[] =>
  lines.map(({ ticketId, seq, sealed }) => cipher.open<Stamped>(sealed, journalPlace(ticketId, seq)))
