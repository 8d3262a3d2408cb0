import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { maySee } from '../../casework/access.ts'
import { areas } from '../../casework/areas.ts'
import { DuplicateError } from '../../prisma/committer.ts'
import { conversationById, messagesAfter } from '../../prisma/conversations.ts'
import { enqueue } from '../../prisma/jobs.ts'
import { quotaOf } from '../../prisma/quotas.ts'
import { type ConversationFilter, type ListedConversation, listConversations } from '../../prisma/reads.ts'
import type { Sql } from '../../prisma/sql.ts'
import { commandAnswer, type StaffMember } from '../../prisma/staff.ts'
import { ticketsOfConversation } from '../../prisma/tickets.ts'
import { type CommittedTurn, type Handover, handBack, staffSay, takeOver } from '../../prisma/turns.ts'
import { handover, problems } from '../../texts/api.ts'
import type { ConversationCommand, ConversationRow, ConversationView } from '../contract.ts'
import { announce } from '../desk.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { actorOf, staffOf } from '../session.ts'
import { chatMessage, conversationRow, factsShown, ticketRow } from '../views.ts'
import { sessionJob } from '../workers/sessions.ts'
import { longestText } from './chat.ts'

const listed = 100
const shown = 500

const state = z.object({ state: z.enum(['waiting', 'running', 'mine', 'all']).default('waiting') })
const command: z.ZodType<ConversationCommand> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('takeover') }),
  z.object({ type: z.literal('say'), text: z.string().trim().min(1).max(longestText) }),
  z.object({ type: z.literal('handback') }),
])
const body = z.object({ commandId: z.string().min(8).max(64), version: z.number().int().min(0), command })
const idOf = z.object({ id: z.string().max(100) })

/** Conversations as staff see them, and the takeover. */
export function conversationRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/conversations', async (request) => {
    const staff = await staffOf(server, request, areas.talk)
    const chosen = parse(state, request.query).state
    const filter: ConversationFilter = chosen === 'mine' ? { owner: staff.id } : chosen
    const rows = await listConversations(shell.db.read, shell.cipher, filter, listed)
    return { rows: rows.map((row) => rowOf(server, row, staff)) }
  })

  app.get('/api/staff/conversations/:id', async (request) => {
    const staff = await staffOf(server, request, areas.talk)
    return viewOf(server, parse(idOf, request.params).id, staff)
  })

  app.post('/api/staff/conversations/:id/commands', async (request) => {
    const staff = await staffOf(server, request, areas.talk)
    const { id } = parse(idOf, request.params)
    const given = parse(body, request.body)
    if (!(await commandAnswer(shell.db, given.commandId, staff.id))) await execute(server, id, given.commandId, given.command, staff)
    return viewOf(server, id, staff)
  })
}

async function execute(server: Server, id: string, commandId: string, asked: ConversationCommand, staff: StaffMember): Promise<void> {
  const { shell } = server
  try {
    const turn = await shell.commit(async (sql) => {
      const done = await perform(sql, server, id, asked, staff)
      if (done && shell.channels.get(done.conversation.channel)?.session && asked.type !== 'say')
        await enqueue(sql, [sessionJob(done.conversation, shell.now())], shell.now())
      if (done) await sql.insert('CommandLog', [{ commandId, staffId: staff.id, subject: id, version: done.conversation.version, at: shell.now() }])
      return done
    })
    if (!turn) throw await refusalOf(server, id, asked)
    announce(shell, turn, [])
  } catch (fault) {
    // The same command came twice at once: the other one did it.
    if (!(fault instanceof DuplicateError)) throw fault
  }
}

async function perform(sql: Sql, { shell }: Server, id: string, asked: ConversationCommand, staff: StaffMember): Promise<CommittedTurn | undefined> {
  const by = (text: string): Handover => ({ staffId: staff.id, staffName: staff.name, at: shell.now(), text })
  switch (asked.type) {
    case 'takeover':
      return takeOver(sql, shell.cipher, id, by(handover.taken(staff.name)))
    case 'say':
      return staffSay(sql, shell.cipher, id, by(asked.text))
    case 'handback': {
      const conversation = await conversationById(sql, shell.cipher, id)
      if (!conversation) return undefined
      // What was known stays known; half-asked questions and counted misunderstandings do not come back to bite the citizen.
      const memory = { ...conversation.memory, misses: 0, offered: [] }
      return handBack(sql, shell.cipher, id, by(handover.returned(staff.name)), memory)
    }
    default:
      return asked satisfies never
  }
}

async function refusalOf({ shell }: Server, id: string, asked: ConversationCommand): Promise<ProblemError> {
  const conversation = await conversationById(shell.db.read, shell.cipher, id)
  if (!conversation) return new ProblemError('notFound', problems.notFound)
  const { owner } = conversation
  if (asked.type === 'takeover' && owner.kind === 'staff') return new ProblemError('taken', problems.taken(shell.names.get(owner.staffId) ?? ''))
  return new ProblemError('notYours', problems.notYours)
}

const rowOf = ({ shell }: Server, row: ListedConversation, staff: StaffMember): ConversationRow => conversationRow(row, staff.id, shell.names)

async function viewOf(server: Server, id: string, staff: StaffMember): Promise<ConversationView> {
  const { shell } = server
  const conversation = await conversationById(shell.db.read, shell.cipher, id)
  if (!conversation) throw new ProblemError('notFound', problems.notFound)
  const { office } = shell.knowledge.current()
  const counted = shell.channels.get(conversation.channel)?.limits.quota !== undefined
  const [messages, tickets, quota] = await Promise.all([
    messagesAfter(shell.db.read, shell.cipher, id, Math.max(0, conversation.seq - shown), shown),
    ticketsOfConversation(shell.db.read, shell.cipher, id),
    counted ? quotaOf(shell.db.read, conversation.personId, shell.now()) : undefined,
  ])
  const last = messages.at(-1)
  if (!last) throw new ProblemError('notFound', problems.notFound)
  const seen = tickets.filter((ticket) => maySee(ticket, actorOf(staff), office))
  return {
    ...rowOf(server, { conversation, urgent: seen.some((ticket) => ticket.urgent), lastAt: last.at, last }, staff),
    messages: messages.map(chatMessage),
    tickets: seen.map((ticket) => ticketRow(ticket, shell.now(), office)),
    facts: factsShown(conversation.memory.facts),
    ...(counted ? { quota: { left: (quota?.words ?? 0) + (quota?.taps ?? 0), until: quota?.until ?? 0 } } : {}),
  }
}
