import { createHash } from 'node:crypto'
import type { Notice, Stamped, Timer } from '../casework/decision.ts'
import { barePhone } from '../casework/phone.ts'
import type { Facts, Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import { StaleError } from './committer.ts'
import { jobRow, type NewJob } from './jobs.ts'
import { finalStages, indexTexts, listUnder, nextDue, sortAt } from './listing.ts'
import type { Row, Sql } from './sql.ts'
import { queueWebhooks } from './webhooks.ts'

/** What one command did to one case, with all that follows from it; stored whole or not at all. */
export type TicketChange = {
  readonly before: Ticket | undefined
  readonly after: Ticket
  readonly stamped: readonly Stamped[]
  /** with a registration: the query code, kept as a keyed hash */
  readonly code?: string
  readonly notices: readonly Notice[]
  /** `key` is unique within the case */
  readonly timers: readonly (Timer & { readonly key: string })[]
  /** the matter as it may be shown in lists and found by search: without names and numbers */
  readonly matter: string
  readonly searchText: string
}

export type TicketColumns = {
  readonly id: string
  readonly number: string
  readonly version: number
  readonly headHash: string
  readonly sealed: string
}

export type JournalEntry = { readonly seq: number; readonly stamped: Stamped; readonly prevHash: string; readonly hash: string }

export const ticketPlace = (id: string): string => `Ticket/${id}`
export const journalPlace = (id: string, seq: number): string => `Journal/${id}/${seq}`

export const openTicket = (row: Pick<TicketColumns, 'id' | 'sealed'>, cipher: Cipher): Ticket => cipher.open<Ticket>(row.sealed, ticketPlace(row.id))

export async function ticketById(read: Sql, cipher: Cipher, id: string): Promise<Ticket | undefined> {
  const [row] = await read.all<TicketColumns>('SELECT id, sealed FROM "Ticket" WHERE id = ?', [id])
  return row && openTicket(row, cipher)
}

export async function ticketByNumber(read: Sql, cipher: Cipher, number: string): Promise<Ticket | undefined> {
  const [row] = await read.all<TicketColumns>('SELECT id, sealed FROM "Ticket" WHERE number = ?', [number])
  return row && openTicket(row, cipher)
}

/** The cases of these numbers, the oldest first. */
export async function ticketsByNumber(read: Sql, cipher: Cipher, numbers: readonly string[]): Promise<Ticket[]> {
  if (numbers.length === 0) return []
  const marks = numbers.map(() => '?').join(', ')
  const rows = await read.all<TicketColumns>(`SELECT id, sealed FROM "Ticket" WHERE number IN (${marks}) ORDER BY "registeredAt", number`, numbers)
  return rows.map((row) => openTicket(row, cipher))
}

/** The cases of these ids, by id. */
export async function ticketsById(read: Sql, cipher: Cipher, ids: readonly string[]): Promise<Map<string, Ticket>> {
  if (ids.length === 0) return new Map()
  const rows = await read.all<TicketColumns>(`SELECT id, sealed FROM "Ticket" WHERE id IN (${ids.map(() => '?').join(', ')})`, ids)
  return new Map(rows.map((row) => [row.id, openTicket(row, cipher)]))
}

/** The case of that number if the code or the phone proves it; undefined alike for a wrong number and a wrong proof. */
export async function provenTicket(
  read: Sql,
  cipher: Cipher,
  number: string,
  proof: { readonly code?: string; readonly phone?: string },
): Promise<Ticket | undefined> {
  // Both hashes are computed whether or not the number exists, and the case is read only once it is proven: the time tells nothing.
  const [row] = await read.all<{ id: string; codeIndex: string; phoneIndex: string | null }>(
    'SELECT id, "codeIndex", "phoneIndex" FROM "Ticket" WHERE number = ?',
    [number],
  )
  const code = cipher.index('code', `${number}:${proof.code ?? ''}`)
  const phone = cipher.index('phone', proof.phone ?? '')
  const proven = row !== undefined && ((proof.code !== undefined && row.codeIndex === code) || (proof.phone !== undefined && row.phoneIndex === phone))
  return proven ? ticketById(read, cipher, row.id) : undefined
}

export async function ticketsOfConversation(read: Sql, cipher: Cipher, conversationId: string): Promise<Ticket[]> {
  const rows = await read.all<TicketColumns>('SELECT id, sealed FROM "Ticket" WHERE "conversationId" = ? ORDER BY "registeredAt" DESC, number DESC LIMIT 20', [
    conversationId,
  ])
  return rows.map((row) => openTicket(row, cipher))
}

/** The cases that came from these conversations. */
export async function ticketsOfConversations(read: Sql, cipher: Cipher, ids: readonly string[]): Promise<Ticket[]> {
  const rows = await read.all<TicketColumns>(`SELECT id, sealed FROM "Ticket" WHERE "conversationId" IN (${ids.map(() => '?').join(', ')})`, ids)
  return rows.map((row) => openTicket(row, cipher))
}

/** The cases of whoever holds a phone, newest first. */
export async function ticketsOfPhone(read: Sql, cipher: Cipher, phone: string): Promise<Ticket[]> {
  const rows = await read.all<TicketColumns>('SELECT id, sealed FROM "Ticket" WHERE "phoneIndex" = ? ORDER BY "registeredAt" DESC, number DESC LIMIT 20', [
    phone,
  ])
  return rows.map((row) => openTicket(row, cipher))
}

export async function journalOf(read: Sql, cipher: Cipher, id: string): Promise<JournalEntry[]> {
  const rows = await read.all<{ seq: number; prevHash: string; hash: string; sealed: string }>(
    'SELECT seq, "prevHash", hash, sealed FROM "Journal" WHERE "ticketId" = ? ORDER BY seq',
    [id],
  )
  return rows.map(({ sealed, ...row }) => ({ ...row, stamped: cipher.open<Stamped>(sealed, journalPlace(id, row.seq)) }))
}

/** What changed since a moment, by whatever process; the version of a case is the number of its journal's lines. */
export const changedTickets = (read: Sql, since: number): Promise<{ id: string; version: number }[]> =>
  read.all('SELECT "ticketId" AS id, MAX(seq) AS version FROM "Journal" WHERE at >= ? GROUP BY "ticketId"', [since])

/** Each line's hash covers the line and the hash before it: a changed, removed or inserted line breaks the chain from there on. */
export const chainHash = (ticketId: string, prevHash: string, stamped: Stamped): string =>
  createHash('sha256')
    .update(JSON.stringify([ticketId, prevHash, stamped]))
    .digest('base64url')

/** @throws StaleError when the case has moved on since it was read */
export const saveTicket = (sql: Sql, cipher: Cipher, change: TicketChange): Promise<void> => saveTickets(sql, cipher, [change])

/** Changes of different cases, each stored whole, with a few statements for all. @throws StaleError when one has moved on since it was read */
export async function saveTickets(sql: Sql, cipher: Cipher, changes: readonly TicketChange[]): Promise<void> {
  const heads = await headsOf(sql, changes)
  const written = changes.map((change) => writtenOf(change, heads.get(change.after.id), cipher))
  const known = written.filter(({ change }) => change.before)
  const were = known.map(({ change }) => change.before?.version ?? 0)
  const stale = await sql.update(
    'Ticket',
    known.map(({ row }) => row),
    were,
  )
  if (stale !== undefined) throw new StaleError('ticket', stale)
  await sql.insert(
    'Ticket',
    written.filter(({ change }) => !change.before).map(({ change, row }) => ({ ...firstColumns(change, cipher), ...row })),
  )
  await listUnder(sql, changes)
  await indexTexts(
    sql,
    changes.filter(({ after, searchText }) => heads.get(after.id)?.searchText !== searchText),
  )
  await sql.insert(
    'Journal',
    written.flatMap(({ lines }) => lines),
  )
  await sql.insert(
    'Job',
    written.flatMap(({ change, at }) => change.timers.map((timer) => jobRow(timerJob(change.after.id, timer), at))),
    'unless exists',
  )
  await sql.insert(
    'Notice',
    written.flatMap(({ change, at }) => change.notices.flatMap((notice) => noticeRow(change.after.id, notice, at))),
    'unless exists',
  )
  await queueWebhooks(sql, changes, written[0]?.at ?? 0)
}

type Written = { readonly change: TicketChange; readonly at: number; readonly lines: readonly Row[]; readonly row: Row & { readonly id: string } }

function writtenOf(change: TicketChange, head: Head | undefined, cipher: Cipher): Written {
  const { before, after, stamped } = change
  let hash = head?.headHash ?? ''
  const lines: Row[] = stamped.map((line, index) => {
    const prevHash = hash
    const seq = (before?.version ?? 0) + index + 1
    hash = chainHash(after.id, prevHash, line)
    return {
      ticketId: after.id,
      seq,
      at: line.at,
      byKind: line.by.kind,
      byId: 'id' in line.by ? line.by.id : null,
      type: line.event.type,
      prevHash,
      hash,
      sealed: cipher.seal(line, journalPlace(after.id, seq)),
    }
  })
  const at = stamped.at(-1)?.at ?? after.registeredAt
  const ended = finalStages.has(after.stage) ? (head?.endedAt ?? at) : null
  const row = {
    id: after.id,
    ...columnsOf(after, cipher),
    matter: change.matter,
    searchText: change.searchText,
    updatedAt: at,
    endedAt: ended,
    version: after.version,
    headHash: hash,
    sealed: cipher.seal(after, ticketPlace(after.id)),
  }
  return { change, at, lines, row }
}

/** What stays as it was at registration. */
function firstColumns({ after, code }: TicketChange, cipher: Cipher): Row {
  const { number, demand, channel, personId, registeredAt } = after
  return { number, codeIndex: cipher.index('code', `${number}:${code ?? ''}`), demand, channel, personId: personId ?? null, registeredAt }
}

type Head = { readonly id: string; readonly headHash: string; readonly version: number; readonly searchText: string; readonly endedAt: number | null }

/** The ends of the chains, and what is found by search so far. @throws StaleError */
async function headsOf(sql: Sql, changes: readonly TicketChange[]): Promise<Map<string, Head>> {
  const known = changes.flatMap(({ before }) => (before ? [before] : []))
  if (new Set(known.map(({ id }) => id)).size < known.length) throw new Error('two changes of one case cannot be stored side by side')
  if (known.length === 0) return new Map()
  const rows = await sql.all<Head>(
    `SELECT id, "headHash", version, "searchText", "endedAt" FROM "Ticket" WHERE id IN (${known.map(() => '?').join(', ')})`,
    known.map(({ id }) => id),
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  for (const { id, version } of known) if (found.get(id)?.version !== version) throw new StaleError('ticket', id)
  return found
}

function columnsOf(ticket: Ticket, cipher: Cipher): Row {
  const due = nextDue(ticket.deadlines)
  return {
    stage: ticket.stage,
    level: ticket.level,
    leadId: ticket.lead ?? null,
    supporting: ticket.supporting.join(' '),
    category: ticket.category ?? ticket.proposal.category ?? null,
    cause: ticket.cause ?? null,
    urgent: ticket.urgent,
    confidential: ticket.facts.confidential ?? false,
    paused: ticket.paused !== undefined,
    conversationId: ticket.conversationId ?? null,
    phoneIndex: phoneIndex(ticket.facts, cipher),
    dueAt: due?.dueAt ?? null,
    sortAt: sortAt(ticket),
    dueKind: due?.kind ?? null,
  }
}

export const phoneIndex = (facts: Facts, cipher: Cipher): string | null => (facts.phone ? cipher.index('phone', barePhone(facts.phone)) : null)

export function timerJob(ticketId: string, { key, ...timer }: Timer & { readonly key: string }): NewJob {
  const { runAt, ...payload } = timer
  return { kind: timer.kind, uniqueKey: `${ticketId}:${key}`, orderKey: `ticket:${ticketId}`, runAt, payload: { ticketId, ...payload } }
}

// What is told to the citizen goes into the conversation (or to a person's phone list) instead: see turns.ts.
function noticeRow(ticketId: string, notice: Notice, at: number): Row[] {
  if (notice.to === 'citizen') return []
  const unit = notice.to === 'unit' ? notice.unit : null
  const role = notice.to === 'role' ? notice.role : null
  const uniqueKey = `${ticketId}:${notice.key}:${unit ?? role}`
  return [{ uniqueKey, unit, role, ticketId, text: notice.text, at, doneAt: null, doneBy: null, push: notice.push ?? null }]
}

/** The next number of a series, never given twice; gaps are harmless. */
export async function nextSerial(sql: Sql, name: string): Promise<number> {
  const [row] = await sql.all<{ next: number }>(
    'INSERT INTO "Serial" (name, next) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET next = "Serial".next + 1 RETURNING next',
    [name],
  )
  if (!row) throw new Error(`serial ${name} gave no row`)
  return row.next
}
