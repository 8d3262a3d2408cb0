import { apologize } from '../bot/manners.ts'
import { startSurvey } from '../bot/survey.ts'
import { type Conversation, type Effect, emptyMemory, type Turn, type TurnInput } from '../bot/turn.ts'
import { dateOf } from '../casework/day.ts'
import type { Actor, Instant, Ticket } from '../casework/ticket.ts'
import type { InboundMessage, Person } from '../channels/contract.ts'
import { DuplicateError, StaleError } from '../prisma/committer.ts'
import { conversationOf, messageByKey, personIdOf } from '../prisma/conversations.ts'
import { bindPhone, phoneIndexOf, prefer } from '../prisma/persons.ts'
import type { Sql } from '../prisma/sql.ts'
import { phoneIndex, type TicketChange, ticketById, ticketsOfPhone } from '../prisma/tickets.ts'
import { type CommittedTurn, commitTurn, type Spoken, type TurnRecord } from '../prisma/turns.ts'
import { changeBy } from './changes.ts'
import { comingFile } from './files/coming.ts'
import { allStaff } from './hub.ts'
import { createLookup } from './lookup.ts'
import { newId, type Shell } from './shell.ts'

/** What became of an arrival. `repeated`: it was stored before, under the same key, and nothing was stored again. */
export type Received = {
  readonly conversationId: string
  readonly seq: number
  readonly repeated: boolean
  readonly turn: Turn | undefined
  readonly ticketIds: readonly string[]
}

export type Desk = {
  /** Stores the message and its answer together, and `also` with them; resolves only when all is on disk. A repeated one stores nothing. */
  readonly receive: (message: InboundMessage, also?: (sql: Sql) => Promise<void>) => Promise<Received>
  /** drops what is kept of a conversation, when its last socket closes */
  readonly forget: (personId: string) => void
}

/** A conversation that other processes keep changing is tried so often before the sender is told to try again. */
const mostAttempts = 8

/** Conversations kept in memory between turns; a miss costs one read. */
const mostKept = 2_000

export function createDesk(shell: Shell): Desk {
  const kept = new Map<string, Conversation>()
  const keep = (key: string, conversation: Conversation): void => {
    kept.delete(key)
    kept.set(key, conversation)
    const oldest = kept.size > mostKept ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
  }

  const attempt = async (personId: string, message: InboundMessage, also: Also): Promise<Received> => {
    const { channel } = message.sender
    const conversation = kept.get(personId) ?? (await conversationOf(shell.db.read, shell.cipher, personId)) ?? fresh(channel, personId)
    const answered = await answer(shell, conversation, message, shell.now())
    const committed = await shell.commit(async (sql) => {
      await also?.(sql)
      return commitTurn(sql, shell.cipher, answered.record)
    })
    keep(personId, committed.conversation)
    announce(shell, committed, answered.record.changes)
    return {
      conversationId: conversation.id,
      seq: conversation.seq + 1,
      repeated: false,
      turn: answered.turn,
      ticketIds: answered.record.changes.map((change) => change.after.id),
    }
  }

  const receive = async (personId: string, message: InboundMessage, also: Also): Promise<Received> => {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(personId, message, also)
      } catch (fault) {
        kept.delete(personId)
        if (fault instanceof DuplicateError) {
          const stored = await messageByKey(shell.db.read, message.sender.channel, message.externalId)
          if (stored) return { ...stored, repeated: true, turn: undefined, ticketIds: [] }
        } else if (!(fault instanceof StaleError)) throw fault
        if (tries === mostAttempts) throw fault
      }
    }
  }

  return {
    receive: (message, also) => {
      const personId = personIdOf(message.sender.channel, message.sender.id)
      return shell.mailbox.run(personId, () => receive(personId, message, also))
    },
    forget: (personId) => {
      kept.delete(personId)
    },
  }
}

type Also = ((sql: Sql) => Promise<void>) | undefined

const fresh = (channel: string, personId: string): Conversation => ({
  id: newId(),
  channel,
  personId,
  owner: { kind: 'bot' },
  seq: 0,
  version: 0,
  memory: emptyMemory,
})

type Answered = { readonly record: TurnRecord; readonly turn: Turn | undefined }

async function answer(shell: Shell, stored: Conversation, message: InboundMessage, at: Instant): Promise<Answered> {
  const phone = await provenPhone(shell, stored, message.sender)
  const conversation = await withSurvey(shell, withPhone(stored, message.sender), message, phone)
  const coming = comingFile(shell, stored.personId, message, at)
  const arrival: Spoken = { author: 'citizen', content: coming.content, externalId: message.externalId }
  const base = {
    conversation,
    externalPerson: message.sender.id,
    occasion: { holdMs: shell.channels.get(conversation.channel)?.limits.inPlaceMs ?? 0 },
    ...(message.opens ? { opens: message.opens } : {}),
    ...alsoOf(message, phone, coming.also, at),
    at,
  }
  if (conversation.owner.kind === 'staff') {
    return { turn: undefined, record: { ...base, spoken: [arrival], focus: undefined, memory: conversation.memory, queue: 'keep', changes: [], missed: [] } }
  }
  const { office, understand } = shell.knowledge.current()
  const understanding = understand(textOf(message), { today: dateOf(at), ...expectation(conversation) })
  const input: TurnInput = { conversation, content: message.content, understanding, now: at, office }
  const turn = await shell.controller.respond(input, createLookup(shell, conversation, phone))
  if (turn.fault !== undefined) shell.log.error({ err: turn.fault, conversationId: conversation.id }, 'turn failed, called a person')
  const { turn: kept, changes } = await carriedOut(shell, input, turn)
  const spoken: Spoken[] = [arrival, ...kept.replies.map((reply): Spoken => ({ author: 'bot', message: reply }))]
  const also = await boundBy(shell, conversation, kept.effects, at)
  const missed = kept.effects.filter((effect) => effect.kind === 'missed')
  return {
    turn: kept,
    record: { ...base, ...also, spoken, focus: kept.focus, memory: kept.memory, queue: queueAfter(conversation, kept.effects, at), changes, missed },
  }
}

/** Whoever writes from a phone holds it; others have proven theirs. On the web nobody has. */
async function provenPhone({ db, cipher }: Shell, { channel, personId }: Conversation, sender: Person): Promise<string | undefined> {
  if (channel === 'web') return undefined
  return channel === 'sms' ? cipher.index('phone', sender.id) : phoneIndexOf(db.read, personId)
}

/** Whoever writes from a phone is not asked for its number. */
function withPhone(conversation: Conversation, { phone }: Person): Conversation {
  const { memory } = conversation
  return phone === undefined || memory.facts.phone !== undefined ? conversation : { ...conversation, memory: { ...memory, facts: { ...memory.facts, phone } } }
}

/** A bare figure answers the survey also where it was not asked: it may have come down the ladder as a text message. */
async function withSurvey(shell: Shell, conversation: Conversation, message: InboundMessage, phone: string | undefined): Promise<Conversation> {
  const { memory } = conversation
  if (phone === undefined || memory.callback || memory.offered.length > 0 || !/^\s*[1-5]\s*$/.test(textOf(message).normalize('NFKC'))) return conversation
  const asked = (await ticketsOfPhone(shell.db.read, shell.cipher, phone)).find((ticket) => ticket.stage === 'replied')
  return asked ? { ...conversation, memory: startSurvey(asked, memory).memory } : conversation
}

/** What was proven and wished in the turn, for its transaction. On the web a person is whoever has the page open: nothing is tied to them. */
async function boundBy(shell: Shell, { channel, personId }: Conversation, effects: readonly Effect[], at: Instant): Promise<Pick<TurnRecord, 'also'>> {
  const wishes = channel === 'web' ? [] : effects.filter((effect) => effect.kind === 'bind' || effect.kind === 'prefer')
  if (wishes.length === 0) return {}
  const known = await Promise.all(
    wishes.map(async (wish) => {
      const ticket = await ticketById(shell.db.read, shell.cipher, wish.ticketId)
      return { wish, phone: ticket ? phoneIndex(ticket.facts, shell.cipher) : null }
    }),
  )
  const also = async (sql: Sql): Promise<void> => {
    for (const { wish, phone } of known) {
      if (phone === null) continue
      await (wish.kind === 'bind' ? bindPhone(sql, personId, phone) : prefer(sql, phone, { channel: wish.channel }, at))
    }
  }
  return { also }
}

/** A wish to be left alone, or the file that a message names: never both. */
function alsoOf({ content }: InboundMessage, phone: string | undefined, coming: Also, at: Instant): Pick<TurnRecord, 'also'> {
  const stops = content.kind === 'event' && content.event === 'stop' && phone !== undefined
  if (stops) return { also: (sql) => prefer(sql, phone, { stoppedAt: at }, at) }
  return coming ? { also: coming } : {}
}

function textOf({ content }: InboundMessage): string {
  return content.kind === 'text' || content.kind === 'choice' ? content.text : ''
}

/** The fact that was just asked for, so that a bare 「王芳」 is read as a name. */
function expectation({ focus }: Conversation): { expecting?: string } {
  const asking = focus?.slots['asking']
  return typeof asking === 'string' ? { expecting: asking } : {}
}

function queueAfter(conversation: Conversation, effects: readonly Effect[], at: Instant): TurnRecord['queue'] {
  const asked = effects.findLast((effect) => effect.kind === 'queue' || effect.kind === 'leaveQueue')
  if (!asked) return 'keep'
  return asked.kind === 'queue' ? { at: conversation.queuedAt ?? at, reason: asked.reason, urgent: asked.urgent } : undefined
}

/** When the rules refuse what the bot has just promised, the citizen must not be told that it is done: an apology, and a person looks. */
async function carriedOut(shell: Shell, input: TurnInput, turn: Turn): Promise<{ turn: Turn; changes: TicketChange[] }> {
  try {
    return { turn, changes: await carryOut(shell, input, turn.effects) }
  } catch (fault) {
    if (fault instanceof StaleError) throw fault
    shell.log.error({ err: fault, conversationId: input.conversation.id }, 'case refused what the bot asked of it, called a person')
    return { turn: apologize(input, fault), changes: [] }
  }
}

async function carryOut(shell: Shell, { conversation, now, office }: TurnInput, effects: readonly Effect[]): Promise<TicketChange[]> {
  const by: Actor = { kind: 'citizen', id: conversation.personId }
  const changes: TicketChange[] = []
  const latest = new Map<string, Ticket>()
  for (const effect of effects) {
    if (effect.kind !== 'ticket') continue
    const { ticketId, code, command } = effect
    const before = latest.get(ticketId) ?? (await ticketById(shell.db.read, shell.cipher, ticketId))
    const changed = changeBy(before, command, by, now, office)
    if (!changed.ok) throw new Error(`${command.type} refused: ${changed.refusal.code}`)
    latest.set(ticketId, changed.change.after)
    changes.push({ ...changed.change, ...(code === undefined ? {} : { code }) })
  }
  return changes
}

/** After the commit only: tells the sockets of this process. */
export function announce(shell: Shell, committed: CommittedTurn, changes: readonly TicketChange[]): void {
  const { conversation } = committed
  shell.told.set(conversation.id, conversation.version)
  shell.chats.tell(conversation.personId, committed)
  shell.staff.tell(allStaff, { type: 'conversation', id: conversation.id })
  for (const { after } of changes) tellOfTicket(shell, after)
}

export function tellOfTicket(shell: Shell, { id, version }: Ticket): void {
  shell.told.set(id, version)
  shell.staff.tell(allStaff, { type: 'ticket', id })
}
