import type { FastifyRequest } from 'fastify'
import { decide } from '../casework/decide.ts'
import type { Command } from '../casework/decision.ts'
import type { Actor, Instant, Ticket } from '../casework/ticket.ts'
import { citizenTrail } from '../casework/trail.ts'
import { citizenView, mergedView } from '../casework/view.ts'
import { standing } from '../prisma/alike.ts'
import { type Attachment, attachmentsOfTicket } from '../prisma/attachments.ts'
import { journalOf, ticketById } from '../prisma/tickets.ts'
import { caseProblems } from '../texts/casepage.ts'
import type { ProgressView } from './contract.ts'
import { fileView } from './files/link.ts'
import { ProblemError } from './problems.ts'
import type { Server } from './server.ts'
import type { Signer } from './tokens.ts'

/** Long enough to write an addition and photograph a paper; who was away longer proves again. */
const passMs = 30 * 60_000

function passFor(id: string, passes: Signer, now: Instant): string {
  const held = `${id}.${now + passMs}`
  return `${held}.${passes.sign(held)}`
}

/** The case that the request has a pass for. @throws ProblemError 'linkExpired' */
export async function heldCase({ shell, passes }: Server, request: FastifyRequest): Promise<Ticket> {
  const [id = '', until = '', signature = ''] = String(request.headers['x-bandecheng-pass'] ?? '').split('.')
  const holds = passes.holds(`${id}.${until}`, signature) && Number(until) > shell.now()
  const ticket = holds ? await ticketById(shell.db.read, shell.cipher, id) : undefined
  if (!ticket) throw new ProblemError('linkExpired', caseProblems.proveAgain)
  return ticket
}

/** Whoever has proven a case acts as the citizen of it. */
export const citizenOf = (ticket: Ticket): Actor => ({ kind: 'citizen', id: ticket.personId ?? ticket.id })

export const caseViewer = (ticket: Ticket): string => `case:${ticket.id}`

const isRated = (ticket: Ticket): boolean => ticket.callbacks.some(({ round, outcome }) => outcome === 'answered' && (round ?? 1) === ticket.reopened + 1)

/** Once for each reply; what the talk still adds to an answer that has reopened the case is not asked for here. */
export const mayRate = (ticket: Ticket): boolean => ticket.reply !== undefined && (ticket.stage === 'replied' || ticket.stage === 'closed') && !isRated(ticket)

/** What citizens sent, and what was sent to them in the talk. */
export const isForCitizen = ({ staffId, personId }: Attachment): boolean => staffId === null || personId !== null

/** The case as its citizen's page shows it, with what may be done there now. */
export async function caseView(server: Server, ticket: Ticket): Promise<ProgressView> {
  const { shell, passes, links } = server
  const { office } = shell.knowledge.current()
  const { db, cipher } = shell
  const now = shell.now()
  const [target, journal, files] = await Promise.all([
    standing(db.read, cipher, ticket),
    journalOf(db.read, cipher, ticket.id),
    attachmentsOfTicket(db.read, cipher, ticket.id),
  ])
  const may = (command: Command): boolean => decide(ticket, command, citizenOf(ticket), now, office).ok
  return {
    ...(target.id === ticket.id ? citizenView(ticket, now, office) : mergedView(ticket, target, now, office)),
    pass: passFor(ticket.id, passes, now),
    trail: citizenTrail(
      journal.map(({ stamped }) => stamped),
      office,
    ),
    // What the office has added for itself, other people's papers among it, is not the citizen's to see.
    files: files.filter(isForCitizen).map((file) => fileView(file, caseViewer(ticket), links, now)),
    may: {
      add: may({ type: 'amend', facts: {}, note: '' }),
      withdraw: may({ type: 'withdraw', reason: caseProblems.withdrawReason }),
      rate: mayRate(ticket),
    },
    rated: isRated(ticket),
  }
}
