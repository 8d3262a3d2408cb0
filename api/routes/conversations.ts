import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import { maskText, unmasked } from '../../casework/mask.ts'
import { readCommand } from '../../casework/read.ts'
import { DuplicateError } from '../../prisma/committer.ts'
import { conversationById, messagesAfter } from '../../prisma/conversations.ts'
import { closeHandovers, offerHandover, openHandover } from '../../prisma/handovers.ts'
import { enqueue } from '../../prisma/jobs.ts'
import { personalNotice } from '../../prisma/notices.ts'
import { type ConversationFilter, listConversations } from '../../prisma/reads.ts'
import type { Sql } from '../../prisma/sql.ts'
import { allStaff, commandAnswer, type StaffMember } from '../../prisma/staff.ts'
import { type CommittedTurn, type Handover, handBack, passOn, staffSay, systemSay, takeOver } from '../../prisma/turns.ts'
import { handover, problems } from '../../texts/api.ts'
import { brief as briefs } from '../../texts/notice.ts'
import { handoverTexts } from '../../texts/talk.ts'
import { runCommand } from '../cases.ts'
import type { ConversationCommand, TicketView } from '../contract.ts'
import { announce } from '../desk.ts'
import { allStaff as everybody } from '../hub.ts'
import { registration } from '../intake.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import { hiddenTalks, refuseHiddenTalk } from '../secrecy.ts'
import type { Server } from '../server.ts'
import { actorOf, noteAudit, staffOf } from '../session.ts'
import { newId } from '../shell.ts'
import { mayTake, speaksElsewhere, talkView, visibleTalks } from '../talk.ts'
import { chatMessage, conversationRow } from '../views.ts'
import { sessionJob } from '../workers/sessions.ts'
import { longestText } from './chat.ts'
import { viewOf, visibleTicket } from './tickets.ts'

const listed = 100
const talkRoles = areas.talk

const state = z.object({ state: z.enum(['waiting', 'running', 'mine', 'all']).default('waiting') })
const reason = z.string().trim().min(1).max(500)
const command: z.ZodType<ConversationCommand> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('takeover') }),
  z.object({
    type: z.literal('say'),
    text: z.string().trim().min(1).max(longestText),
    seen: z.number().int().min(0).optional(),
    anyway: z.boolean().optional(),
  }),
  z.object({ type: z.literal('handback') }),
  z.object({ type: z.literal('transfer'), to: z.union([z.object({ staffId: z.string().max(60) }), z.object({ role: z.enum(talkRoles) })]), note: reason }),
  z.object({ type: z.literal('accept') }),
  z.object({ type: z.literal('refuse'), reason }),
  z.object({ type: z.literal('recall') }),
])
const key = z.string().min(8).max(64)
const body = z.object({ commandId: key, version: z.number().int().min(0), command })
const idOf = z.object({ id: z.string().max(100) })
const registering = z.object({ commandId: key, demand: z.enum(['how', 'where', 'cannot']), urgent: z.boolean().default(false), facts: z.looseObject({}) })

/** Conversations as staff see them, and what they do with them. */
export function conversationRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/conversations', async (request) => {
    const staff = await staffOf(server, request, areas.talk)
    const chosen = parse(state, request.query).state
    const filter: ConversationFilter = chosen === 'mine' ? { owner: staff.id } : chosen
    const rows = await listConversations(shell.db.read, shell.cipher, filter, listed)
    return { rows: (await visibleTalks(server, staff, rows)).map((row) => conversationRow(row, staff.id, shell.names)) }
  })

  app.get('/api/staff/conversations/:id', async (request) => {
    const staff = await staffOf(server, request, areas.talk)
    return talkView(server, parse(idOf, request.params).id, staff)
  })

  app.post('/api/staff/conversations/:id/reveal', async (request) => {
    const staff = await staffOf(server, request, areas.talk)
    const view = await talkView(server, parse(idOf, request.params).id, staff, true)
    await noteAudit(server, staff.id, 'talk shown in full', view.id)
    return view
  })

  app.post('/api/staff/conversations/:id/commands', { config: { body } }, async (request) => {
    const staff = await staffOf(server, request, areas.talk)
    const { id } = parse(idOf, request.params)
    const given = parse(body, request.body)
    await refuseHiddenTalk(shell, staff, id)
    if (!(await commandAnswer(shell.db, given.commandId, staff.id))) await execute(server, id, given.commandId, given.command, staff)
    return talkView(server, id, staff)
  })

  app.post('/api/staff/conversations/:id/register', { config: { body: registering } }, async (request) => {
    const staff = await staffOf(server, request, areas.register)
    const { id } = parse(idOf, request.params)
    const given = parse(registering, request.body)
    await refuseHiddenTalk(shell, staff, id)
    const known = await commandAnswer(shell.db, given.commandId, staff.id)
    const ticketId = known ? known.subject : await registerOnce(server, id, given, staff)
    return viewOf(server, await visibleTicket(server, ticketId, staff), staff) satisfies Promise<TicketView>
  })
}

/** Of two equal registrations at once the one that was first. */
async function registerOnce(server: Server, id: string, given: z.output<typeof registering>, staff: StaffMember): Promise<string> {
  try {
    return await register(server, id, given, staff)
  } catch (fault) {
    const done = fault instanceof DuplicateError ? await commandAnswer(server.shell.db, given.commandId, staff.id) : undefined
    if (!done) throw fault
    return done.subject
  }
}

/** A case from what was said, with what the clerk has corrected; the citizen is told number and code in the talk. Gives the case's id. */
async function register(server: Server, id: string, given: z.output<typeof registering>, staff: StaffMember): Promise<string> {
  const { shell } = server
  const conversation = await conversationById(shell.db.read, shell.cipher, id)
  if (!conversation) throw new ProblemError('notFound', problems.notFound)
  const edited = readCommand({ type: 'amend', facts: given.facts })
  if (!edited.ok || edited.command.type !== 'amend') throw new ProblemError('malformed', problems.malformed)
  const known = conversation.memory.facts
  const facts = { ...known, ...unmasked(edited.command.facts, known) }
  const { channel, personId } = conversation
  const asked = { channel, personId, conversationId: id, enteredBy: staff.id, demand: given.demand, urgent: given.urgent, facts }
  const { command, code } = await registration(shell, asked)
  let told: CommittedTurn | undefined
  const answer = await runCommand(shell, {
    ticketId: command.id,
    command,
    by: actorOf(staff),
    code,
    also: async (sql, after) => {
      await sql.insert('CommandLog', [{ commandId: given.commandId, staffId: staff.id, subject: after.id, version: after.version, at: shell.now() }])
      const text = handoverTexts.registered(staff.name, after.number, code)
      const brief = briefs.registered(after.number, code)
      told = await systemSay(sql, shell.cipher, id, { text, brief }, shell.now(), shell.channels.size > 0 ? after.id : undefined)
    },
  })
  if (!answer.ok) throw new ProblemError('refused', answer.refusal.detail, answer.refusal.code)
  if (told) announce(shell, told, [])
  return command.id
}

async function execute(server: Server, id: string, commandId: string, asked: ConversationCommand, staff: StaffMember): Promise<void> {
  const { shell } = server
  try {
    const turn = await shell.commit(async (sql) => {
      const done = await perform(sql, server, id, asked, staff)
      if (done === undefined) return undefined
      const changesOwner = asked.type === 'takeover' || asked.type === 'handback' || asked.type === 'accept'
      if (done !== 'done' && changesOwner && shell.channels.get(done.conversation.channel)?.session)
        await enqueue(sql, [sessionJob(done.conversation, shell.now())], shell.now())
      const version = done === 'done' ? 0 : done.conversation.version
      await sql.insert('CommandLog', [{ commandId, staffId: staff.id, subject: id, version, at: shell.now() }])
      return done
    })
    if (!turn) throw await refusalOf(server, id, asked)
    if (turn === 'done') shell.staff.tell(everybody, { type: 'conversation', id })
    else announce(shell, turn, [])
  } catch (fault) {
    // The same command came twice at once: the other one did it.
    if (!(fault instanceof DuplicateError)) throw fault
  }
}

/** 'done' changes nothing that the citizen sees. Undefined: the conversation is not this person's to do that with. */
async function perform(sql: Sql, server: Server, id: string, asked: ConversationCommand, staff: StaffMember): Promise<CommittedTurn | 'done' | undefined> {
  const { shell } = server
  const by = (text: string): Handover => ({ staffId: staff.id, staffName: staff.name, at: shell.now(), text })
  switch (asked.type) {
    case 'takeover':
      return takeOver(sql, shell.cipher, id, by(handover.taken(staff.name)))
    case 'say':
      await refuseElsewhere(sql, server, id, staff)
      if (asked.seen !== undefined && !asked.anyway) await refuseAnswered(sql, server, id, asked.seen)
      return staffSay(sql, shell.cipher, id, by(asked.text))
    case 'handback': {
      const conversation = await conversationById(sql, shell.cipher, id)
      if (!conversation) return undefined
      // What was known stays known; half-asked questions and counted misunderstandings do not come back to bite the citizen.
      const memory = { ...conversation.memory, misses: 0, offered: [] }
      await closeHandovers(sql, id, 'recalled', staff.id, shell.now())
      return handBack(sql, shell.cipher, id, by(handover.returned(staff.name)), memory)
    }
    case 'transfer':
      return transfer(sql, server, id, asked, staff)
    case 'accept':
    case 'refuse':
    case 'recall':
      return settle(sql, server, id, asked, staff)
    default:
      return asked satisfies never
  }
}

/** The platform would not carry it, and the citizen would have to be phoned instead. @throws ProblemError 'refused' */
async function refuseElsewhere(sql: Sql, { shell }: Server, id: string, staff: StaffMember): Promise<void> {
  const conversation = await conversationById(sql, shell.cipher, id)
  if (conversation && (await speaksElsewhere(shell, sql, conversation, staff))) throw new ProblemError('refused', problems.elsewhere)
}

/** What another window, or the platform's own program, has answered meanwhile is shown before this goes out as well. @throws ProblemError 'answered' */
async function refuseAnswered(sql: Sql, { shell }: Server, id: string, seen: number): Promise<void> {
  const newer = await messagesAfter(sql, shell.cipher, id, seen, 50)
  const answer = newer.findLast(({ author }) => author === 'staff' || author === 'bot')
  if (!answer) return
  const { text, name } = chatMessage(answer)
  const seconds = Math.max(1, Math.round((shell.now() - answer.at) / 1_000))
  throw new ProblemError('answered', problems.answered(seconds, name ?? handover.bot, maskText(text).slice(0, 60)))
}

type Transfer = Extract<ConversationCommand, { type: 'transfer' }>

async function transfer(sql: Sql, { shell }: Server, id: string, { to, note }: Transfer, staff: StaffMember): Promise<'done' | undefined> {
  const conversation = await conversationById(sql, shell.cipher, id)
  if (conversation?.owner.kind !== 'staff' || conversation.owner.staffId !== staff.id) return undefined
  const at = shell.now()
  if ('staffId' in to) {
    const colleague = (await allStaff(shell.db)).find((one) => one.id === to.staffId && !one.disabled && one.id !== staff.id)
    const mayTalk = colleague?.roles.some((role) => (talkRoles as readonly string[]).includes(role)) && !(await hiddenTalks(shell, colleague, [id])).has(id)
    if (!mayTalk) throw new ProblemError('refused', problems.noSuchColleague)
  }
  const [toId, toRole] = 'staffId' in to ? [to.staffId, undefined] : [undefined, to.role]
  const offer = { id: newId(), conversationId: id, fromId: staff.id, toId, toRole, note, at }
  await offerHandover(sql, shell.cipher, offer)
  const text = handoverTexts.offered(staff.name, note)
  await sql.insert('Notice', [personalNotice({ uniqueKey: `handover:${offer.id}`, to, about: { conversationId: id }, text, at })], 'unless exists')
  return 'done'
}

type Settle = Extract<ConversationCommand, { type: 'accept' | 'refuse' | 'recall' }>

async function settle(sql: Sql, { shell }: Server, id: string, asked: Settle, staff: StaffMember): Promise<CommittedTurn | 'done' | undefined> {
  const offer = await openHandover(sql, shell.cipher, id)
  const may = offer && (asked.type === 'recall' ? offer.fromId === staff.id : mayTake(offer, staff))
  if (!offer || !may) throw new ProblemError('notYours', problems.handoverGone)
  const at = shell.now()
  const outcome = { accept: 'accepted', refuse: 'refused', recall: 'recalled' } as const
  // Of two who answer at once, one finds nothing open any more.
  if ((await closeHandovers(sql, id, outcome[asked.type], staff.id, at)) === 0) throw new ProblemError('notYours', problems.handoverGone)
  await sql.run('UPDATE "Notice" SET "doneAt" = ?, "doneBy" = ? WHERE "uniqueKey" = ? AND "doneAt" IS NULL', [at, staff.id, `handover:${offer.id}`])
  if (asked.type === 'recall') return 'done'
  const text = asked.type === 'accept' ? handoverTexts.accepted(staff.name) : handoverTexts.refused(staff.name, asked.reason)
  const about = { conversationId: id }
  await sql.insert('Notice', [personalNotice({ uniqueKey: `handover:${offer.id}:answer`, to: { staffId: offer.fromId }, about, text, at })], 'unless exists')
  if (asked.type === 'refuse') return 'done'
  return passOn(sql, shell.cipher, id, offer.fromId, { staffId: staff.id, staffName: staff.name, at, text: handover.taken(staff.name) })
}

async function refusalOf({ shell }: Server, id: string, asked: ConversationCommand): Promise<ProblemError> {
  const conversation = await conversationById(shell.db.read, shell.cipher, id)
  if (!conversation) return new ProblemError('notFound', problems.notFound)
  const { owner } = conversation
  if (asked.type === 'takeover' && owner.kind === 'staff') return new ProblemError('taken', problems.taken(shell.names.get(owner.staffId) ?? ''))
  return new ProblemError('notYours', problems.notYours)
}
