import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Conversation } from '../../bot/turn.ts'
import { dateOf, timeOf } from '../../casework/day.ts'
import { isOpen } from '../../casework/stages.ts'
import type { Facts, Ticket } from '../../casework/ticket.ts'
import { citizenView } from '../../casework/view.ts'
import { attachmentsOfPerson } from '../../prisma/attachments.ts'
import { noteDeed } from '../../prisma/audits.ts'
import { conversationOf, messagesAfter, type StoredMessage } from '../../prisma/conversations.ts'
import { ticketsOfConversation } from '../../prisma/tickets.ts'
import { commitTurn } from '../../prisma/turns.ts'
import { factLabels, factText } from '../../texts/api.ts'
import { mineNotes, mineProblems } from '../../texts/mine.ts'
import { forget } from '../arrivals.ts'
import { runCommand } from '../cases.ts'
import type { MineView } from '../contract.ts'
import { announce } from '../desk.ts'
import { fileView } from '../files/link.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { chatMessage } from '../views.ts'
import { forgetVisitor, ownerOf } from '../visitor.ts'

const phone = z
  .string()
  .transform((text) => text.normalize('NFKC').replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^(1\d{10}|0\d{9,11}|\d{7,8})$/))
const correction = z.object({ name: z.string().trim().min(1).max(40).optional(), phone: z.string().max(30).optional() })
const few = { rateLimit: { max: 20, timeWindow: '1 minute' } }
const mostMessages = 5_000

/** 个人信息保护法 art. 45–47: one sees, takes along, corrects and deletes what is kept of one; who asks is known by the device of the talk, or by a pass that was sent into it. */
export function mineRoutes(app: FastifyInstance, server: Server): void {
  const { shell, links } = server
  const { db, cipher } = shell

  const kept = async (personId: string) => {
    const conversation = await conversationOf(db.read, cipher, personId)
    const [messages, tickets, files] = await Promise.all([
      conversation ? messagesAfter(db.read, cipher, conversation.id, 0, mostMessages) : [],
      conversation ? ticketsOfConversation(db.read, cipher, conversation.id) : [],
      attachmentsOfPerson(db.read, cipher, personId),
    ])
    return { conversation, messages, tickets, files }
  }

  app.get('/api/mine', { config: few }, async (request): Promise<MineView> => {
    const { personId } = await ownerOf(request, server)
    const { conversation, messages, tickets, files } = await kept(personId)
    const { office } = shell.knowledge.current()
    const { keepDays } = office.policy
    const since = messages[0]?.at
    return {
      messages: messages.length,
      ...(since === undefined ? {} : { since }),
      facts: ownFacts(conversation),
      tickets: tickets.map((ticket) => {
        const { number, matter, stageTitle } = citizenView(ticket, shell.now(), office)
        return { number, matter, stageTitle, open: isOpen(ticket.stage) }
      }),
      files: files.map((file) => fileView(file, `person:${personId}`, links, shell.now())),
      chatDays: keepDays.chatWithoutTicket,
      identityDays: keepDays.identityAfterClosure,
    }
  })

  app.get('/api/mine/export', { config: few }, async (request, reply) => {
    const { personId } = await ownerOf(request, server)
    const { conversation, messages, tickets, files } = await kept(personId)
    const { office } = shell.knowledge.current()
    await noteDeed(shell, { at: shell.now(), action: mineNotes.exported, subject: personId })
    const name = `${mineNotes.exportName}-${dateOf(shell.now())}.json`
    const body = {
      at: moment(shell.now()),
      facts: ownFacts(conversation),
      messages: messages.map(spoken),
      tickets: tickets.map((ticket) => citizenView(ticket, shell.now(), office)),
      files: files.map((file) => ({ name: file.name, bytes: file.bytes, at: moment(file.createdAt) })),
    }
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="mine.json"; filename*=UTF-8''${encodeURIComponent(name)}`)
      .header('cache-control', 'no-store')
      .send(JSON.stringify(body, null, 2))
  })

  app.post('/api/mine/correct', { config: { ...few, body: correction } }, async (request) => {
    const { personId } = await ownerOf(request, server)
    const facts = corrected(parse(correction, request.body))
    await shell.mailbox.run(personId, () => correct(server, personId, facts))
    return { ok: true }
  })

  app.post('/api/mine/delete', { config: few }, async (request, reply) => {
    const { personId, byPass } = await ownerOf(request, server)
    const { conversation, files } = await kept(personId)
    if (!conversation && files.length === 0) throw new ProblemError('notFound', mineProblems.empty)
    await forget(shell, server.desk, personId)
    for (const { id, ticketId } of files) if (ticketId === null) await shell.store.remove(id)
    await noteDeed(shell, { at: shell.now(), action: mineNotes.deleted, subject: personId })
    return (byPass ? reply : forgetVisitor(reply)).send({ ok: true })
  })
}

const moment = (at: number): string => `${dateOf(at)} ${timeOf(at)}`

function spoken(message: StoredMessage) {
  const { author, at, text, name, card } = chatMessage(message)
  const lines = card ? [text, card.title, ...card.sections.flatMap(({ heading, lines }) => [heading, ...lines])].join('\n') : text
  return { at: moment(at), who: name ?? mineNotes.who[author], text: lines }
}

/** In full: they are the citizen's own. */
function ownFacts(conversation: Conversation | undefined): Record<string, string> {
  const facts = Object.entries(conversation?.memory.facts ?? {}).filter(([name]) => name !== 'guideId')
  return Object.fromEntries(facts.map(([name, value]) => [factLabels[name] ?? name, factText(name, value)]))
}

function corrected(given: z.output<typeof correction>): Facts {
  const digits = given.phone ? phone.safeParse(given.phone) : undefined
  if (digits && !digits.success) throw new ProblemError('malformed', mineProblems.phone)
  if (!given.name && !digits) throw new ProblemError('malformed', mineProblems.nothingToCorrect)
  return { ...(given.name ? { name: given.name } : {}), ...(digits?.data ? { phone: digits.data } : {}) }
}

/** In what the bot remembers, and in every open case of the talk. */
async function correct(server: Server, personId: string, facts: Facts): Promise<void> {
  const { shell, desk } = server
  const { db, cipher } = shell
  const conversation = await conversationOf(db.read, cipher, personId)
  if (!conversation) throw new ProblemError('notFound', mineProblems.empty)
  const tickets = (await ticketsOfConversation(db.read, cipher, conversation.id)).filter(({ stage }) => isOpen(stage))
  for (const { id } of tickets) await amended(server, id, personId, facts)
  const memory = { ...conversation.memory, facts: { ...conversation.memory.facts, ...facts } }
  const turn = await shell.commit((sql) =>
    commitTurn(sql, cipher, {
      conversation,
      externalPerson: '',
      spoken: [{ author: 'system', message: { text: mineNotes.corrected } }],
      focus: conversation.focus,
      memory,
      queue: 'keep',
      changes: [],
      missed: [],
      at: shell.now(),
    }),
  )
  desk.forget(personId)
  announce(shell, turn, [])
}

async function amended({ shell }: Server, ticketId: Ticket['id'], personId: string, facts: Facts): Promise<void> {
  const answer = await runCommand(shell, { ticketId, command: { type: 'amend', facts }, by: { kind: 'citizen', id: personId } })
  if (!answer.ok) throw new ProblemError('refused', answer.refusal.detail, answer.refusal.code)
}
