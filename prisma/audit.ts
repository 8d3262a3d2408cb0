import { isDeepStrictEqual } from 'node:util'
import type { Stamped } from '../casework/decision.ts'
import type { Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import { type CaseRow, casesWithLines, caseWithLines, type LineRow } from './journals.ts'
import type { Sql } from './sql.ts'
import { chainHash, journalPlace, openTicket } from './tickets.ts'

export type FaultKind = 'missing' | 'surplus' | 'unreadable' | 'changed' | 'broken' | 'columns' | 'head' | 'state' | 'orphan'

/** The first thing that is wrong with a case's journal; what stands after a broken line proves nothing. `line` counts from 1. */
export type Fault = { readonly number: string; readonly line: number | undefined; readonly kind: FaultKind }

export type Audited = { readonly number: string; readonly lines: number; readonly fault: Fault | undefined }

export type Evolve = (ticket: Ticket | undefined, stamped: Stamped) => Ticket

/** Verifies the journal of every case: each line's hash, the chain, its head and count, and that it leads to the case as it is stored. */
export async function* auditJournals(read: Sql, cipher: Cipher, evolve: Evolve): AsyncGenerator<Audited> {
  for await (const { row, lines } of casesWithLines(read, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)) {
    const fault = faultOf(row, lines, cipher, evolve)
    // The office works meanwhile: a case that moved between the reading of its row and of its lines is no fault.
    const again = fault && (await caseWithLines(read, row.id))
    yield { number: row.number, lines: lines.length, fault: again ? faultOf(again.row, again.lines, cipher, evolve) : fault }
  }
  const orphans = await read.all<{ ticketId: string }>(
    'SELECT DISTINCT "ticketId" FROM "Journal" j WHERE NOT EXISTS (SELECT 1 FROM "Ticket" t WHERE t.id = j."ticketId")',
  )
  for (const { ticketId } of orphans) yield { number: ticketId, lines: 0, fault: { number: ticketId, line: undefined, kind: 'orphan' } }
}

/** The first thing that is wrong with one case. */
export function faultOf(row: CaseRow, lines: readonly LineRow[], cipher: Cipher, evolve: Evolve): Fault | undefined {
  const fault = (kind: FaultKind, line?: number): Fault => ({ number: row.number, line, kind })
  const journal: Stamped[] = []
  let prevHash = ''
  for (const [index, line] of lines.entries()) {
    const place = index + 1
    if (line.seq > row.version) return fault('surplus', line.seq)
    if (line.seq !== place) return fault('missing', place)
    const stamped = opened(() => cipher.open<Stamped>(line.sealed, journalPlace(row.id, line.seq)))
    if (!stamped) return fault('unreadable', place)
    if (line.prevHash !== prevHash) return fault('broken', place)
    if (chainHash(row.id, prevHash, stamped) !== line.hash) return fault('changed', place)
    if (!columnsAgree(line, stamped)) return fault('columns', place)
    journal.push(stamped)
    prevHash = line.hash
  }
  if (lines.length < row.version) return fault('missing', lines.length + 1)
  if (row.headHash !== prevHash) return fault('head', lines.length)
  const stored = opened(() => openTicket(row, cipher))
  if (!stored) return fault('unreadable')
  const derived = journal.reduce<Ticket | undefined>(evolve, undefined)
  // Through JSON, as the database keeps it.
  const agrees = derived !== undefined && isDeepStrictEqual(JSON.parse(JSON.stringify(derived)), stored) && row.stage === derived.stage
  return agrees ? undefined : fault('state')
}

function columnsAgree(line: LineRow, { at, by, event }: Stamped): boolean {
  return line.at === at && line.byKind === by.kind && line.byId === ('id' in by ? by.id : null) && line.type === event.type
}

/** What cannot be opened was changed, moved to another place, or sealed with another key. */
function opened<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch (fault) {
    if (fault instanceof Error) return undefined
    throw fault
  }
}
