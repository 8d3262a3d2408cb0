import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { parseTicketNumber } from '../../casework/number.ts'
import { CalendarGap } from '../../casework/policy.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { conversationOf, personIdOf } from '../../prisma/conversations.ts'
import { provenTicket, ticketsOfConversation } from '../../prisma/tickets.ts'
import { problems } from '../../texts/api.ts'
import { caseView } from '../casepage.ts'
import type { OfficeView, ProgressView } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { visitorOf } from '../visitor.ts'

const query = z.object({ number: z.string().min(1).max(60), code: z.string().trim().max(20).optional(), phone: z.string().trim().max(20).optional() })

const numberIn = (body: unknown): string => String(query.safeParse(body).data?.number ?? '').replace(/\D/g, '')

/** What anybody may ask without a conversation. */
export function publicRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server
  app.get('/api/office', async (): Promise<OfficeView> => {
    const { policy, calendar } = shell.knowledge.current().office
    const { name, city, slogan } = policy.centre
    const hoursText = policy.hours.map(({ from, to }) => `${from}–${to}`).join(' ')
    try {
      const at = shell.now()
      return { name, city, slogan, hoursText, open: calendar.isOpen(at), nextOpening: calendar.nextOpening(at) }
    } catch (fault) {
      if (!(fault instanceof CalendarGap)) throw fault
      return { name, city, slogan, hoursText, open: false }
    }
  })

  // For one number, wherever the questions come from (an office's people share one address): a million codes would take a hundred days.
  const perNumber = { max: 7, timeWindow: '1 minute', hook: 'preHandler' as const, keyGenerator: ({ body }: FastifyRequest) => `progress ${numberIn(body)}` }
  app.post('/api/progress', { config: { rateLimit: perNumber } }, async (request): Promise<ProgressView> => {
    const { number, code, phone } = parse(query, request.body)
    const read = parseTicketNumber(number)?.number ?? ''
    const proof = { ...(code ? { code: code.normalize('NFKC') } : {}), ...(phone ? { phone: phone.normalize('NFKC').replace(/\D/g, '') } : {}) }
    const isBare = proof.code === undefined && proof.phone === undefined
    const ticket = await (isBare ? ownTicket(server, request, read) : provenTicket(shell.db.read, shell.cipher, read, proof))
    if (!ticket) throw new ProblemError('noProgress', problems.noProgress)
    return caseView(server, ticket)
  })

  app.get('/api/public/guides/:id', async (request) => {
    const { id } = parse(z.object({ id: z.string().max(100) }), request.params)
    const guide = shell.knowledge.current().guides.get(id)
    if (!guide) throw new ProblemError('notFound', problems.notFound)
    return guide
  })
}

/** A case that was begun in this browser's own talk, where its number and code stand to be read anyway: that needs no other proof. */
async function ownTicket(server: Server, request: FastifyRequest, number: string): Promise<Ticket | undefined> {
  const visitor = visitorOf(request, server)
  if (visitor === undefined) return undefined
  const { db, cipher } = server.shell
  const conversation = await conversationOf(db.read, cipher, personIdOf('web', visitor))
  const own = conversation ? await ticketsOfConversation(db.read, cipher, conversation.id) : []
  return own.find((ticket) => ticket.number === number)
}
