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

/** Cases read at a time: what a walk over all of them holds in memory. */
const batch = 200

/** Every case registered from `from` and before `to`, in that order, with its lines; the next cases are read when these have been taken. */
export async function* casesWithLines(read: Sql, from: Instant, to: Instant): AsyncGenerator<{ readonly row: CaseRow; readonly lines: readonly LineRow[] }> {
  for (let [at, number] = [from, '']; ; ) {
    const rows = await read.all<CaseRow>(
      `SELECT id, number, "registeredAt", stage, version, "headHash", sealed FROM "Ticket"
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

/** The journals alone, opened. */
export async function* journalsOfPeriod(read: Sql, cipher: Cipher, from: Instant, to: Instant): AsyncGenerator<readonly Stamped[]> {
  for await (const { row, lines } of casesWithLines(read, from, to)) {
    yield lines.map((line) => cipher.open<Stamped>(line.sealed, journalPlace(row.id, line.seq)))
  }
}
