import { unitsOf } from '../casework/part.ts'
import type { Deadline, Stage, Ticket } from '../casework/ticket.ts'
import { textRow } from './search.ts'
import type { Row, Sql } from './sql.ts'

// What lists and searches go by, beside the columns of the case itself; written in the transaction of the case.

type Listed = { readonly before: Ticket | undefined; readonly after: Ticket; readonly searchText: string }

/** Puts the cases into the lists of their units, where their units or their due dates have changed. */
export async function listUnder(sql: Sql, changes: readonly Listed[]): Promise<void> {
  const moved = changes.filter(({ before, after }) => !before || placeOf(before) !== placeOf(after))
  const rows = moved.flatMap(({ after }) => unitsOf(after).map((unit) => ({ unit, ticketId: after.id, sortAt: sortAt(after) })))
  await replaceRows(sql, 'TicketUnit', moved, rows)
}

/** Makes cases found by their new words. */
export async function indexTexts(sql: Sql, reworded: readonly Listed[]): Promise<void> {
  const rows = reworded.map(({ after, searchText }) => textRow(after.id, searchText))
  await replaceRows(sql, 'TicketText', reworded, rows)
}

async function replaceRows(sql: Sql, table: string, changes: readonly Listed[], rows: readonly Row[]): Promise<void> {
  const known = changes.flatMap(({ before }) => (before ? [before.id] : []))
  if (known.length > 0) await sql.run(`DELETE FROM "${table}" WHERE "ticketId" IN (${known.map(() => '?').join(', ')})`, known)
  await sql.insert(table, rows)
}

const placeOf = (ticket: Ticket): string => [sortAt(ticket), ...unitsOf(ticket)].join(' ')

/** Where a case ends: the same as in casework/stages.ts, which a test compares. */
export const finalStages: ReadonlySet<Stage> = new Set(['archived', 'declined', 'transferred', 'merged', 'withdrawn'])

/** Where lists put cases without a due date: the last instant that there is. */
const undatedAt = 8_640_000_000_000_000

/** Where a case stands in lists: by the clock that ends first, and every urgent one that is still open before all others. */
export const sortAt = ({ deadlines, urgent, stage }: Ticket): number =>
  (nextDue(deadlines)?.dueAt ?? undatedAt) - (urgent && !finalStages.has(stage) ? undatedAt : 0)

/** The running clock that ends first. */
export function nextDue(deadlines: readonly Deadline[]): Deadline | undefined {
  const running = deadlines.filter((one) => one.metAt === undefined && one.cancelledAt === undefined)
  return running.reduce<Deadline | undefined>((first, one) => (first && first.dueAt <= one.dueAt ? first : one), undefined)
}
