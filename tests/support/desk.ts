import { readdirSync } from 'node:fs'
import { createController } from '../../bot/controller.ts'
import { isSkillFile, skillOf } from '../../bot/skills.ts'
import { startSurvey } from '../../bot/survey.ts'
import { type Conversation, emptyMemory, type Focus, type Lookup, type Skill, type Turn } from '../../bot/turn.ts'
import { createCalendar } from '../../casework/calendar.ts'
import { dateOf } from '../../casework/day.ts'
import { decide } from '../../casework/decide.ts'
import type { Command } from '../../casework/decision.ts'
import { evolve } from '../../casework/evolve.ts'
import { ticketNumber } from '../../casework/number.ts'
import type { Office } from '../../casework/policy.ts'
import type { Actor, Instant, Ticket } from '../../casework/ticket.ts'
import type { Content, OutboundMessage } from '../../channels/contract.ts'
import { createGuideIndex, createUnderstanding } from '../../nlp/engine.ts'
import { loadSeedDepartments, loadSeedGuides } from '../../prisma/seed/guides.ts'
import { loadSeedCalendar, loadSeedPolicy } from '../../prisma/seed/policy.ts'

export const skillsFolder = new URL('../../bot/skills/', import.meta.url)

export async function discoverSkills(): Promise<readonly Skill[]> {
  const files = readdirSync(skillsFolder).filter(isSkillFile).sort()
  return Promise.all(files.map(async (file) => skillOf(file, await import(new URL(file, skillsFolder).href))))
}

/** The office of the seed, as every test sees it. */
export function seedOffice(): Office {
  const policy = loadSeedPolicy()
  return { policy, departments: loadSeedDepartments(), calendar: createCalendar(loadSeedCalendar(), policy.hours) }
}

/** A working Tuesday, 10:00 in Shanghai. */
export const workingMorning: Instant = Date.parse('2026-03-10T02:00:00Z')

export type World = Awaited<ReturnType<typeof openWorld>>

/** What all conversations of a test run share: office, guides, models, skills. */
export async function openWorld() {
  const office = seedOffice()
  const guides = new Map(loadSeedGuides().map((guide) => [guide.id, guide]))
  const index = createGuideIndex([...guides.values()])
  const understand = createUnderstanding({ departments: office.departments, districts: [] })
  return { office, guides, index, understand, controller: createController(await discoverSkills()) }
}

type Said = { readonly turn: Turn; readonly bot: readonly string[] }

/** One citizen at the desk: the whole path from words to the committed case, in memory. */
export type Desk = {
  readonly say: (text: string) => Promise<Said>
  readonly send: (content: Content) => Promise<Said>
  /** Sends a message in the middle of a flow that some other release has left. */
  readonly resume: (focus: Focus, content: Content) => Promise<Said>
  readonly staff: (command: Command, by?: Actor) => Ticket
  readonly callBack: () => OutboundMessage
  readonly ticket: () => Ticket | undefined
  readonly code: () => string | undefined
  readonly conversation: () => Conversation
  /** Another visitor sits down: a new conversation, the same cases behind it. */
  readonly another: () => void
  readonly set: (change: { now?: Instant; online?: number; channel?: string }) => void
}

export const staffActor: Extract<Actor, { kind: 'staff' }> = {
  kind: 'staff',
  id: 's1',
  name: '李窗口',
  roles: ['clerk', 'lead', 'chief', 'supervisor', 'director'],
  unit: 'window',
}

export function openDesk(world: World): Desk {
  const { office, understand } = world
  const tickets = new Map<string, Ticket>()
  const codes = new Map<string, string>()
  let conversation: Conversation = { id: 'c1', channel: 'web', personId: 'p1', owner: { kind: 'bot' }, seq: 0, version: 0, memory: emptyMemory }
  let now = workingMorning
  let online = 1

  const change = (id: string, command: Command, by: Actor): void => {
    const decision = decide(tickets.get(id), command, by, now, office)
    if (!decision.ok) throw new Error(`${command.type} refused: ${decision.refusal.detail}`)
    const after = decision.events.reduce<Ticket | undefined>((ticket, event) => evolve(ticket, { event, by, at: now }), tickets.get(id))
    if (after) tickets.set(id, after)
  }
  const own = () => [...tickets.values()].reverse()
  const lookup: Lookup = {
    guide: (id) => world.guides.get(id),
    match: world.index.match,
    guidesOfField: (field) => [...world.guides.values()].filter((guide) => guide.field === field),
    ownTickets: async () => own().filter((ticket) => ticket.conversationId === conversation.id),
    ticket: async (id) => tickets.get(id),
    provenTicket: async (number, { code, phone }) =>
      own().find((ticket) => ticket.number === number && ((code && codes.get(ticket.id) === code) || (phone && ticket.facts.phone === phone))),
    mintTicket: async () => ({
      id: `t${tickets.size + 1}`,
      number: ticketNumber({ code: office.policy.centre.code, on: dateOf(now), serial: tickets.size + 1 }),
      code: `${739150 + tickets.size}`,
    }),
    staffOnline: () => online,
  }

  const apply = (turn: Turn): void => {
    const { focus: _f, queuedAt: _q, queueReason: _r, ...rest } = conversation
    let queued = conversation.queuedAt === undefined ? {} : { queuedAt: conversation.queuedAt, queueReason: conversation.queueReason ?? '' }
    for (const effect of turn.effects) {
      if (effect.kind === 'queue') queued = { queuedAt: now, queueReason: effect.reason }
      if (effect.kind === 'leaveQueue') queued = {}
      if (effect.kind !== 'ticket') continue
      change(effect.ticketId, effect.command, { kind: 'citizen', id: conversation.personId })
      if (effect.code) codes.set(effect.ticketId, effect.code)
    }
    // Through JSON, as the database keeps it.
    const { focus, memory } = JSON.parse(JSON.stringify({ focus: turn.focus, memory: turn.memory }))
    conversation = { ...rest, ...queued, ...(focus && { focus }), memory, seq: rest.seq + 1 + turn.replies.length, version: rest.version + 1 }
  }

  const send = async (content: Content): Promise<Said> => {
    const asking = conversation.focus?.slots['asking']
    const words = content.kind === 'text' || content.kind === 'choice' ? content.text : ''
    const understanding = understand(words, { today: dateOf(now), ...(typeof asking === 'string' && { expecting: asking }) })
    const turn = await world.controller.respond({ conversation, content, understanding, now, office }, lookup)
    if (turn.fault) throw turn.fault
    apply(turn)
    return { turn, bot: turn.replies.map((reply) => reply.text) }
  }

  const latest = () => own()[0]
  return {
    send,
    say: (text) => {
      const tapped = conversation.memory.offered.find((choice) => text === `[${choice.text}]`)
      return send(tapped ? { kind: 'choice', ...tapped } : { kind: 'text', text })
    },
    resume: (focus, content) => {
      conversation = { ...conversation, focus }
      return send(content)
    },
    staff: (command, by = staffActor) => {
      const ticket = latest()
      if (!ticket) throw new Error('no case yet')
      change(ticket.id, command, by)
      return tickets.get(ticket.id)!
    },
    callBack: () => {
      const ticket = latest()
      if (!ticket) throw new Error('no case yet')
      const { message, memory } = startSurvey(ticket, conversation.memory)
      conversation = { ...conversation, memory }
      return message
    },
    ticket: latest,
    code: () => codes.get(latest()?.id ?? ''),
    conversation: () => conversation,
    another: () => {
      const id = `${conversation.id}+`
      conversation = { id, channel: 'web', personId: `p-${id}`, owner: { kind: 'bot' }, seq: 0, version: 0, memory: emptyMemory }
    },
    set: (to) => {
      now = to.now ?? now
      online = to.online ?? online
      conversation = { ...conversation, channel: to.channel ?? conversation.channel }
    },
  }
}
