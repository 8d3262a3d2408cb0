import { z } from 'zod'
import { isRestricted } from '../casework/access.ts'
import { mainClock } from '../casework/clocks.ts'
import type { Office } from '../casework/policy.ts'
import type { Instant, Result, Stage, Ticket } from '../casework/ticket.ts'
import { DuplicateError } from '../prisma/committer.ts'
import { notePartnerTicket, partnerTicket } from '../prisma/partners.ts'
import { ticketById } from '../prisma/tickets.ts'
import { stageTitles } from '../texts/casework.ts'
import { partners as words } from '../texts/partners.ts'
import { runCommand } from './cases.ts'
import { registration } from './intake.ts'
import type { Partner } from './partners.ts'
import { ProblemError } from './problems.ts'
import type { Shell } from './shell.ts'

const text = (most: number) => z.string().trim().min(1).max(most).optional()

/** Numbers of other systems are letters, digits and a few signs; nothing of a person stands in them. */
export const externalIdOf = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)

/** What another system tells of a case; a field that is not known here is refused rather than lost. */
export const handedCase = z.strictObject({
  externalId: externalIdOf,
  demand: z.enum(['how', 'where', 'cannot']).default('cannot'),
  urgent: z.boolean().default(false),
  facts: z.strictObject({
    name: text(60),
    phone: z
      .string()
      .regex(/^[0-9+ -]{5,20}$/)
      .optional(),
    idNumber: z
      .string()
      .regex(/^[0-9A-Za-z]{5,20}$/)
      .optional(),
    matter: text(200),
    story: z.string().trim().min(1).max(5_000),
    department: text(100),
    told: text(1_000),
    missingPapers: text(500),
    company: text(100),
    address: text(200),
    district: text(60),
    onBehalfOf: text(60),
    happenedOn: z.iso.date().optional(),
    visits: z.number().int().min(0).max(1_000).optional(),
    anonymous: z.boolean().optional(),
    confidential: z.boolean().optional(),
  }),
})
type HandedCase = z.output<typeof handedCase>

/** What a partner hears of a case that it has handed over. `version` grows with every change: an older one that comes later is old news. */
type HandedView = {
  readonly externalId: string
  readonly number: string
  readonly stage: Stage
  readonly stageText: string
  readonly version: number
  readonly registeredAt?: Instant
  readonly dueAt?: Instant
  readonly result?: Result
  readonly reply?: string
  readonly basis?: string
  readonly repliedAt?: Instant
}

/**
 * Of a case that is kept from anybody number and stage alone leave the house, even to whoever handed it over: other systems show their orders to
 * the units complained of, and `isHiddenFrom` cannot follow a case there.
 */
export function handedView(externalId: string, ticket: Ticket, office: Office): HandedView {
  const { number, stage, version, resolution, reply, registeredAt } = ticket
  const bare = { externalId, number, stage, stageText: stageTitles[stage], version }
  if (isRestricted(ticket, office)) return bare
  const dueAt = mainClock(ticket)?.dueAt
  return {
    ...bare,
    registeredAt,
    ...(dueAt === undefined ? {} : { dueAt }),
    // What nobody has checked yet is not said outside.
    ...(reply ? { reply: reply.text, basis: reply.basis, repliedAt: reply.at, ...(resolution ? { result: resolution.result } : {}) } : {}),
  }
}

/** `code` proves the case to its citizen; the answer to the first delivery alone has it. */
type Handed = HandedView & { readonly code?: string; readonly repeated: boolean }

/** Registers what a partner hands over, once for each of its numbers. @throws ProblemError 'differs' | 'refused' */
export async function takeCase(shell: Shell, partner: Pick<Partner, 'id' | 'channel'>, given: HandedCase): Promise<Handed> {
  const { externalId, demand, urgent } = given
  const digest = shell.cipher.index('handed case', JSON.stringify(given))
  const known = await handedBefore(shell, partner.id, externalId, digest)
  if (known) return known
  const facts = Object.fromEntries(Object.entries(given.facts).filter(([, value]) => value !== undefined))
  const { command, code } = await registration(shell, { channel: partner.channel, demand, urgent, facts })
  const row = { partner: partner.id, externalId, ticketId: command.id, digest, at: shell.now() }
  try {
    const answer = await runCommand(shell, { ticketId: command.id, command, by: { kind: 'bot' }, code, also: (sql) => notePartnerTicket(sql, row) })
    if (!answer.ok) throw new ProblemError('refused', answer.refusal.detail, answer.refusal.code)
    return { ...handedView(externalId, answer.ticket, shell.knowledge.current().office), code, repeated: false }
  } catch (fault) {
    // The same one came twice at once: the other delivery registered it.
    const other = fault instanceof DuplicateError ? await handedBefore(shell, partner.id, externalId, digest) : undefined
    if (other) return other
    throw fault
  }
}

async function handedBefore(shell: Shell, partner: string, externalId: string, digest: string): Promise<Handed | undefined> {
  const row = await partnerTicket(shell.db.read, partner, externalId)
  const ticket = row && (await ticketById(shell.db.read, shell.cipher, row.ticketId))
  if (!ticket) return undefined
  if (row.digest !== digest) throw new ProblemError('differs', words.differs(ticket.number))
  return { ...handedView(externalId, ticket, shell.knowledge.current().office), repeated: true }
}

export async function handedStatus(shell: Shell, partner: string, externalId: string): Promise<HandedView | undefined> {
  const row = await partnerTicket(shell.db.read, partner, externalId)
  const ticket = row && (await ticketById(shell.db.read, shell.cipher, row.ticketId))
  return ticket && handedView(externalId, ticket, shell.knowledge.current().office)
}
