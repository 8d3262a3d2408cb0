import type { Command, Refusal } from '../casework/decision.ts'
import type { Actor, Ticket } from '../casework/ticket.ts'
import { StaleError } from '../prisma/committer.ts'
import type { Sql } from '../prisma/sql.ts'
import { saveTicket, type TicketChange, ticketById } from '../prisma/tickets.ts'
import { type CommittedTurn, systemSay } from '../prisma/turns.ts'
import { tasks } from '../texts/api.ts'
import { changeBy } from './changes.ts'
import { announce, tellOfTicket } from './desk.ts'
import type { Shell } from './shell.ts'

export type CaseCommand = {
  readonly ticketId: string
  readonly command: Command
  readonly by: Actor
  /** the version that the person saw; a newer one is a StaleError. Without it the command is decided on whatever is true now. */
  readonly version?: number
  /** stored in the same transaction: an idempotency key, a finished job */
  readonly also?: (sql: Sql, after: Ticket) => Promise<void>
  /** with a registration */
  readonly code?: string
}

export type CaseAnswer = { readonly ok: true; readonly ticket: Ticket } | { readonly ok: false; readonly refusal: Refusal }

/** Commands without a version are decided again when the case has moved on meanwhile. */
const mostAttempts = 8

/**
 * Decides a command of staff or clock and stores it with its consequences.
 * @throws StaleError when the case is no longer as the person saw it
 */
export async function runCommand(shell: Shell, request: CaseCommand): Promise<CaseAnswer> {
  for (let tries = 1; ; tries++) {
    try {
      return await decideAndStore(shell, request)
    } catch (fault) {
      if (!(fault instanceof StaleError) || request.version !== undefined || tries === mostAttempts) throw fault
    }
  }
}

async function decideAndStore(shell: Shell, { ticketId, command, by, version, also, code }: CaseCommand): Promise<CaseAnswer> {
  const before = await ticketById(shell.db.read, shell.cipher, ticketId)
  if (version !== undefined && before && before.version !== version) throw new StaleError('ticket', ticketId)
  const changed = changeBy(before, command, by, shell.now(), shell.knowledge.current().office)
  if (!changed.ok) return changed
  const change: TicketChange = { ...changed.change, ...(code === undefined ? {} : { code }) }
  const told = await shell.commit(async (sql) => {
    await saveTicket(sql, shell.cipher, change)
    await also?.(sql, change.after)
    return tellCitizen(sql, shell, change)
  })
  for (const turn of told) announce(shell, turn, [])
  tellOfTicket(shell, change.after)
  return { ok: true, ticket: change.after }
}

/** News for the citizen: into the conversation that the case came from, or onto the desk's list of people to phone. */
async function tellCitizen(sql: Sql, shell: Shell, { after, notices }: TicketChange): Promise<CommittedTurn[]> {
  const told: CommittedTurn[] = []
  const at = shell.now()
  for (const notice of notices) {
    if (notice.to !== 'citizen') continue
    const turn = after.conversationId ? await systemSay(sql, shell.cipher, after.conversationId, { text: notice.text }, at) : undefined
    if (turn) told.push(turn)
    else await askDesk(sql, after, notice.key, tasks.tellCitizen(after.number, notice.text), at)
  }
  return told
}

/** A task for the people at the desk; asking twice under one key is asking once. */
export async function askDesk(sql: Sql, ticket: { readonly id: string | undefined }, key: string, text: string, at: number): Promise<void> {
  await sql.insert(
    'Notice',
    [{ uniqueKey: `${ticket.id ?? ''}:${key}:desk`, unit: null, role: 'clerk', ticketId: ticket.id ?? null, text, at, doneAt: null, doneBy: null }],
    'unless exists',
  )
}
