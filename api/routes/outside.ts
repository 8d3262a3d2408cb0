import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { outsideView } from '../../casework/outside.ts'
import { isOpen } from '../../casework/stages.ts'
import type { Role, Ticket } from '../../casework/ticket.ts'
import { invitations } from '../../casework/work.ts'
import { linkByToken, linksOf, markAnswered, markOpened, markRevoked, type OutsideLink, saveLink } from '../../prisma/outside.ts'
import type { Sql } from '../../prisma/sql.ts'
import { commandAnswer } from '../../prisma/staff.ts'
import { ticketById } from '../../prisma/tickets.ts'
import { problems } from '../../texts/api.ts'
import { outsideProblems, outsideRefusals } from '../../texts/outside.ts'
import { runCommand } from '../cases.ts'
import type { OutsideLinkRow, OutsidePageView } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { actorOf, noteAudit, staffOf } from '../session.ts'
import { hashOf, newSessionToken } from '../tokens.ts'
import { visibleTicket } from './tickets.ts'

const issuers: readonly Role[] = ['clerk', 'lead', 'supervisor', 'director']
const idOf = z.object({ id: z.string().max(100), invitation: z.string().max(60).optional() })
const issuing = z.object({ commandId: z.string().min(8).max(64), unit: z.string().trim().min(2).max(60), question: z.string().trim().min(2).max(2_000) })
// A link that was cut off in copying is answered in the words for an unknown one.
const opening = z.object({ token: z.string().max(1_000) })
const answering = opening.extend({ name: z.string().trim().min(2).max(40), text: z.string().trim().min(2).max(5_000) })
/** Tokens cannot be guessed; this keeps a broken client from knocking all day. */
const limited = { config: { rateLimit: { max: 20, timeWindow: '1 minute' } } }

/** The one-time link by which a unit without an account answers (level 3). */
export function outsideRoutes(app: FastifyInstance, server: Server): void {
  const { shell, config } = server

  app.get('/api/staff/tickets/:id/links', async (request) => {
    const staff = await staffOf(server, request)
    const ticket = await visibleTicket(server, parse(idOf, request.params).id, staff)
    return { rows: await rowsOf(server, ticket) }
  })

  app.post('/api/staff/tickets/:id/links', async (request) => {
    const staff = await staffOf(server, request, issuers)
    const ticket = await visibleTicket(server, parse(idOf, request.params).id, staff)
    const { commandId, unit, question } = parse(issuing, request.body)
    // The address is shown once; whoever asks again under the same key gets the list without it.
    if (await commandAnswer(shell.db, commandId, staff.id)) return { rows: await rowsOf(server, ticket), address: '' }
    const [token, at] = [newSessionToken(), shell.now()]
    const { calendar, policy } = shell.knowledge.current().office
    const expiresAt = calendar.due(at, policy.outsideLink.validFor)
    const also = async (sql: Sql, after: Ticket): Promise<void> => {
      const invitation = invitations(after).at(-1)?.id ?? ''
      await saveLink(sql, shell.cipher, {
        invitation,
        unit,
        question,
        tokenHash: hashOf(token),
        ticketId: ticket.id,
        createdAt: at,
        createdBy: staff.id,
        expiresAt,
      })
      await sql.insert('CommandLog', [{ commandId, staffId: staff.id, subject: ticket.id, version: after.version, at }])
    }
    const answer = await runCommand(shell, { ticketId: ticket.id, command: { type: 'invite', unit, question }, by: actorOf(staff), also })
    if (!answer.ok) throw new ProblemError('refused', answer.refusal.detail, answer.refusal.code)
    await noteAudit(server, staff.id, 'outside link issued', ticket.id)
    // After the hash, so that no server log and no referrer ever holds it.
    const address = `${config.PUBLIC_ORIGIN ?? `${request.protocol}://${request.host}`}/outside#${token}`
    return { rows: await rowsOf(server, ticket), address }
  })

  app.post('/api/staff/tickets/:id/links/:invitation/revoke', async (request) => {
    const staff = await staffOf(server, request, issuers)
    const { id, invitation = '' } = parse(idOf, request.params)
    const ticket = await visibleTicket(server, id, staff)
    const link = (await linksOf(shell.db.read, shell.cipher, ticket.id)).find((one) => one.invitation === invitation)
    if (!link) throw new ProblemError('notFound', problems.notFound)
    const also = async (sql: Sql): Promise<void> => void (await markRevoked(sql, link.tokenHash, shell.now()))
    const answer = await runCommand(shell, { ticketId: ticket.id, command: { type: 'uninvite', invitation }, by: actorOf(staff), also })
    if (!answer.ok) throw new ProblemError('refused', answer.refusal.detail, answer.refusal.code)
    await noteAudit(server, staff.id, 'outside link revoked', ticket.id)
    return { rows: await rowsOf(server, ticket) }
  })

  app.post('/api/outside', limited, async (request): Promise<OutsidePageView> => {
    const { link, ticket } = await opened(server, parse(opening, request.body).token)
    await shell.db.write((sql) => markOpened(sql, link.tokenHash, shell.now()))
    return pageOf(server, link, ticket)
  })

  app.post('/api/outside/answer', limited, async (request): Promise<OutsidePageView> => {
    const { token, name, text } = parse(answering, request.body)
    const { link, ticket } = await opened(server, token)
    if (link.answeredAt !== undefined) return pageOf(server, link, ticket)
    const at = shell.now()
    const also = async (sql: Sql): Promise<void> => {
      if (!(await markAnswered(sql, link.tokenHash, at))) throw new ProblemError('refused', outsideRefusals.answered(), 'answered')
    }
    const answer = await runCommand(shell, {
      ticketId: ticket.id,
      command: { type: 'state', invitation: link.invitation, text },
      by: { kind: 'outside', name: `${link.unit} ${name}` },
      also,
    })
    if (!answer.ok) throw new ProblemError('refused', answer.refusal.detail, answer.refusal.code)
    return pageOf(server, { ...link, answeredAt: at }, ticket)
  })
}

/** @throws ProblemError 'notFound' for a wrong token, 'linkGone' for one that was revoked or ran out unanswered */
async function opened({ shell }: Server, token: string): Promise<{ link: OutsideLink; ticket: Ticket }> {
  const link = await linkByToken(shell.db.read, shell.cipher, hashOf(token))
  const ticket = link && (await ticketById(shell.db.read, shell.cipher, link.ticketId))
  if (!link || !ticket) throw new ProblemError('notFound', outsideProblems.unknown)
  if (link.answeredAt !== undefined) return { link, ticket }
  if (link.revokedAt !== undefined) throw new ProblemError('linkGone', outsideRefusals.revoked())
  if (link.expiresAt <= shell.now()) throw new ProblemError('linkGone', outsideProblems.expired)
  if (!isOpen(ticket.stage)) throw new ProblemError('linkGone', outsideProblems.closed)
  return { link, ticket }
}

/** After the answer the case is not shown any more. */
const pageOf = ({ shell }: Server, link: OutsideLink, ticket: Ticket): OutsidePageView =>
  link.answeredAt === undefined
    ? { ...outsideView(ticket, link, shell.knowledge.current().office), expiresAt: link.expiresAt }
    : { number: ticket.number, unit: link.unit, question: link.question, expiresAt: link.expiresAt, answeredAt: link.answeredAt }

async function rowsOf({ shell }: Server, { id }: Ticket): Promise<OutsideLinkRow[]> {
  const links = await linksOf(shell.db.read, shell.cipher, id)
  return links.map((link) => ({
    invitation: link.invitation,
    unit: link.unit,
    question: link.question,
    expiresAt: link.expiresAt,
    state: stateOf(link, shell.now()),
  }))
}

function stateOf({ answeredAt, revokedAt, expiresAt, openedAt }: OutsideLink, now: number): OutsideLinkRow['state'] {
  if (answeredAt !== undefined) return 'answered'
  if (revokedAt !== undefined) return 'revoked'
  if (expiresAt <= now) return 'expired'
  return openedAt === undefined ? 'open' : 'opened'
}
