import { emptyMemory } from '../bot/turn.ts'
import type { Command, Refusal } from '../casework/decision.ts'
import { mobileOf } from '../casework/phone.ts'
import type { Actor, Role, Ticket } from '../casework/ticket.ts'
import { absorbed } from '../casework/work.ts'
import { StaleError } from '../prisma/committer.ts'
import { conversationById } from '../prisma/conversations.ts'
import { holdersOf, preferenceOf } from '../prisma/persons.ts'
import type { Sql } from '../prisma/sql.ts'
import { phoneIndex, saveTicket, type TicketChange, ticketById } from '../prisma/tickets.ts'
import { type CommittedTurn, openConversation, systemSay } from '../prisma/turns.ts'
import { tasks } from '../texts/api.ts'
import { changeBy } from './changes.ts'
import { paired } from './companion.ts'
import { announce, tellOfTicket } from './desk.ts'
import { numbered, unnumbered } from './numbering.ts'
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
  const pair = await paired(shell, before, command, by)
  if (!pair.ok) return pair
  const { second } = pair
  const { office } = shell.knowledge.current()
  const at = shell.now()
  const changed = changeBy(before, unnumbered(pair.command), by, at, office)
  if (!changed.ok) return changed
  const done = await shell.commit(async (sql) => {
    const final = await numbered(sql, pair.command, ticketId, at, office)
    if ('code' in final) return { ok: false as const, refusal: final }
    const again = final === pair.command ? changed : changeBy(before, final, by, at, office)
    if (!again.ok) throw new Error(`${final.type} refused with its number: ${again.refusal.detail}`)
    const change: TicketChange = { ...again.change, ...(code === undefined ? {} : { code }) }
    await saveTicket(sql, shell.cipher, change)
    if (second) await saveTicket(sql, shell.cipher, second)
    await also?.(sql, change.after)
    const told = [...(await tellCitizen(sql, shell, change)), ...(second ? await tellCitizen(sql, shell, second) : [])]
    return { ok: true as const, ticket: change.after, told }
  })
  if (!done.ok) return done
  for (const turn of done.told) announce(shell, turn, [])
  for (const one of second ? [done.ticket, second.after] : [done.ticket]) tellOfTicket(shell, one)
  return { ok: true, ticket: done.ticket }
}

/** News for the citizen: into a conversation of theirs, from where they go down the ladder; without one onto the desk's list of people to phone. */
async function tellCitizen(sql: Sql, shell: Shell, change: TicketChange): Promise<CommittedTurn[]> {
  const { after, notices, stamped } = change
  const told: CommittedTurn[] = []
  const at = shell.now()
  for (const notice of notices) {
    if (notice.to !== 'citizen') continue
    const id = await conversationForNews(sql, shell, after)
    const turn =
      id === undefined
        ? undefined
        : await systemSay(sql, shell.cipher, id, { text: notice.text, brief: notice.brief }, at, shell.channels.size > 0 ? after.id : undefined)
    if (turn) told.push(turn)
    else await askDesk(sql, after, notice.key, tasks.tellCitizen(after.number, notice.text), at)
  }
  // Others who told of the same matter wait for the same answer; a person judges what of it is theirs to know.
  if (stamped.some(({ event }) => event.type === 'replied')) {
    for (const { number } of absorbed(after)) await askDesk(sql, after, `absorbed.${number}@${after.version}`, tasks.tellAbsorbed(after.number, number), at)
  }
  return told
}

/** Where the case came from, or another conversation of whoever holds its phone; where text messages go out and are wanted, one by text message. */
export async function conversationForNews(sql: Sql, shell: Shell, { conversationId, facts }: Ticket): Promise<string | undefined> {
  if (conversationId && (await conversationById(sql, shell.cipher, conversationId))) return conversationId
  const index = phoneIndex(facts, shell.cipher)
  if (index === null) return undefined
  const known = (await holdersOf(sql, index)).find((one) => one.conversationId !== null)
  if (known?.conversationId) return known.conversationId
  const mobile = mobileOf(facts.phone)
  if (mobile === undefined || !shell.channels.has('sms') || (await preferenceOf(sql, index))?.stoppedAt) return undefined
  return openConversation(sql, shell.cipher, 'sms', mobile, emptyMemory, shell.now())
}

/** A task for the people at the desk; asking twice under one key is asking once. */
export async function askDesk(sql: Sql, ticket: { readonly id: string | undefined }, key: string, text: string, at: number): Promise<void> {
  await askRole(sql, 'clerk', `${ticket.id ?? ''}:${key}:desk`, text, at, ticket.id)
}

/** A task for whoever has a role; asking twice under one key is asking once. */
export async function askRole(sql: Sql, role: Role, uniqueKey: string, text: string, at: number, ticketId?: string): Promise<void> {
  await sql.insert('Notice', [{ uniqueKey, unit: null, role, ticketId: ticketId ?? null, text, at, doneAt: null, doneBy: null }], 'unless exists')
}

/** Once a day: the platform bars the office's account, and only the office can change that. */
export async function askRepair(shell: Shell, channel: string, reason: string): Promise<void> {
  const day = Math.floor(shell.now() / 86_400_000)
  await shell.commit((sql) => askRole(sql, 'admin', `barred:${channel}:${day}`, tasks.barred(channel, reason), shell.now()))
}
