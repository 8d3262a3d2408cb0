import { createHash } from 'node:crypto'
import type { Notice, Stamped, Timer } from '../casework/decision.ts'
import type { Deadline, Facts, Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import { StaleError } from './committer.ts'
import { enqueue, type NewJob } from './jobs.ts'
import type { Row, Sql } from './sql.ts'

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

const ticketPlace = (id: string): string => `Ticket/${id}`
export const journalPlace = (id: string, seq: number): string => `Journal/${id}/${seq}`

export const openTicket = (row: Pick<TicketColumns, 'id' | 'sealed'>, cipher: Cipher): Ticket => cipher.open<Ticket>(row.sealed, ticketPlace(row.id))

export async function ticketById(read: Sql, cipher: Cipher, id: string): Promise<Ticket | undefined> {
  const [row] = await read.all<TicketColumns>('SELECT id, sealed FROM "Ticket" WHERE id = ?', [id])
  return row && openTicket(row, cipher)
}

/** The case of that number if the code or the phone proves it; undefined alike for a wrong number and a wrong proof. */
export async function provenTicket(
  read: Sql,
  cipher: Cipher,
  number: string,
  proof: { readonly code?: string; readonly phone?: string },
): Promise<Ticket | undefined> {
  const [row] = await read.all<TicketColumns & { codeIndex: string; phoneIndex: string | null }>(
    'SELECT id, "codeIndex", "phoneIndex", sealed FROM "Ticket" WHERE number = ?',
    [number],
  )
  // Both hashes are computed whether or not the number exists, so that the time tells nothing.
  const code = cipher.index('code', `${number}:${proof.code ?? ''}`)
  const phone = cipher.index('phone', proof.phone ?? '')
  const proven = row !== undefined && ((proof.code !== undefined && row.codeIndex === code) || (proof.phone !== undefined && row.phoneIndex === phone))
  return proven ? openTicket(row, cipher) : undefined
}

export async function ticketsOfConversation(read: Sql, cipher: Cipher, conversationId: string): Promise<Ticket[]> {
  const rows = await read.all<TicketColumns>('SELECT id, sealed FROM "Ticket" WHERE "conversationId" = ? ORDER BY "registeredAt" DESC, number DESC LIMIT 20', [
    conversationId,
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
export async function saveTicket(sql: Sql, cipher: Cipher, change: TicketChange): Promise<void> {
  const { before, after, stamped } = change
  let hash = before ? await headHash(sql, before) : ''
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
  const columns = {
    ...columnsOf(after, cipher),
    matter: change.matter,
    searchText: change.searchText,
    updatedAt: at,
    version: after.version,
    headHash: hash,
    sealed: cipher.seal(after, ticketPlace(after.id)),
  }
  if (before) {
    const names = Object.keys(columns)
    const text = `UPDATE "Ticket" SET ${names.map((name) => `"${name}" = ?`).join(', ')} WHERE id = ? AND version = ?`
    const changed = await sql.run(text, [...Object.values(columns), after.id, before.version])
    if (changed !== 1) throw new StaleError('ticket', after.id)
  } else {
    const code = cipher.index('code', `${after.number}:${change.code ?? ''}`)
    await sql.insert('Ticket', [
      {
        id: after.id,
        number: after.number,
        codeIndex: code,
        demand: after.demand,
        channel: after.channel,
        personId: after.personId ?? null,
        registeredAt: after.registeredAt,
        ...columns,
      },
    ])
  }
  await sql.insert('Journal', lines)
  await enqueue(
    sql,
    change.timers.map((timer) => timerJob(after.id, timer)),
    at,
  )
  await sql.insert(
    'Notice',
    change.notices.flatMap((notice) => noticeRow(after.id, notice, at)),
    'unless exists',
  )
}

async function headHash(sql: Sql, before: Ticket): Promise<string> {
  const [row] = await sql.all<{ headHash: string; version: number }>('SELECT "headHash", version FROM "Ticket" WHERE id = ?', [before.id])
  if (!row || row.version !== before.version) throw new StaleError('ticket', before.id)
  return row.headHash
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
    dueKind: due?.kind ?? null,
  }
}

export const phoneIndex = (facts: Facts, cipher: Cipher): string | null => (facts.phone ? cipher.index('phone', facts.phone) : null)

/** The running clock that ends first. */
export function nextDue(deadlines: readonly Deadline[]): Deadline | undefined {
  const running = deadlines.filter((one) => one.metAt === undefined && one.cancelledAt === undefined)
  return running.reduce<Deadline | undefined>((first, one) => (first && first.dueAt <= one.dueAt ? first : one), undefined)
}

export function timerJob(ticketId: string, { key, ...timer }: Timer & { readonly key: string }): NewJob {
  const { runAt, ...payload } = timer
  return { kind: timer.kind, uniqueKey: `${ticketId}:${key}`, orderKey: `ticket:${ticketId}`, runAt, payload: { ticketId, ...payload } }
}

// What is told to the citizen goes into the conversation (or to a person's phone list) instead: see turns.ts.
function noticeRow(ticketId: string, notice: Notice, at: number): Row[] {
  if (notice.to === 'citizen') return []
  const unit = notice.to === 'unit' ? notice.unit : null
  const role = notice.to === 'role' ? notice.role : null
  return [{ uniqueKey: `${ticketId}:${notice.key}:${unit ?? role}`, unit, role, ticketId, text: notice.text, at, doneAt: null, doneBy: null }]
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
