import type { Conversation, Effect, Turn } from '../bot/turn.ts'
import { emptyMemory } from '../bot/turn.ts'
import { dateOf } from '../casework/day.ts'
import type { Command } from '../casework/decision.ts'
import type { Actor, Instant, Ticket } from '../casework/ticket.ts'
import type { InboundMessage } from '../channels/contract.ts'
import { DuplicateError, StaleError } from '../prisma/committer.ts'
import { conversationOf, messageByKey } from '../prisma/conversations.ts'
import { type TicketChange, ticketById } from '../prisma/tickets.ts'
import { type CommittedTurn, commitTurn, type Spoken, type TurnRecord } from '../prisma/turns.ts'
import { changeBy } from './changes.ts'
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
  /** Stores the message and its answer together; resolves only when both are on disk. */
  readonly receive: (message: InboundMessage) => Promise<Received>
  readonly forget: (channel: string, personId: string) => void
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

  const attempt = async (key: string, message: InboundMessage): Promise<Received> => {
    const { channel, id } = message.sender
    const conversation = kept.get(key) ?? (await conversationOf(shell.db.read, shell.cipher, channel, id)) ?? fresh(channel)
    const at = shell.now()
    const answered = await answer(shell, conversation, message, at)
    const committed = await shell.commit((sql) => commitTurn(sql, shell.cipher, answered.record))
    keep(key, committed.conversation)
    announce(shell, committed, answered.record.changes)
    return {
      conversationId: conversation.id,
      seq: conversation.seq + 1,
      repeated: false,
      turn: answered.turn,
      ticketIds: answered.record.changes.map((change) => change.after.id),
    }
  }

  const receive = async (key: string, message: InboundMessage): Promise<Received> => {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(key, message)
      } catch (fault) {
        kept.delete(key)
        if (fault instanceof DuplicateError) {
          const stored = await messageByKey(shell.db.read, message.sender.channel, message.externalId)
          if (stored) return { ...stored, repeated: true, turn: undefined, ticketIds: [] }
        } else if (!(fault instanceof StaleError)) throw fault
        if (tries === mostAttempts) throw fault
      }
    }
  }

  return {
    receive: (message) => {
      const key = `${message.sender.channel}:${message.sender.id}`
      return shell.mailbox.run(key, () => receive(key, message))
    },
    forget: (channel, personId) => {
      kept.delete(`${channel}:${personId}`)
    },
  }
}

const fresh = (channel: string): Conversation => ({ id: newId(), channel, personId: newId(), owner: { kind: 'bot' }, seq: 0, version: 0, memory: emptyMemory })

type Answered = { readonly record: TurnRecord; readonly turn: Turn | undefined }

async function answer(shell: Shell, conversation: Conversation, message: InboundMessage, at: Instant): Promise<Answered> {
  const arrival: Spoken = { author: 'citizen', content: message.content, externalId: message.externalId }
  const base = { conversation, externalPerson: message.sender.id, at }
  if (conversation.owner.kind === 'staff') {
    return { turn: undefined, record: { ...base, spoken: [arrival], focus: undefined, memory: conversation.memory, queue: 'keep', changes: [], missed: [] } }
  }
  const { office, understand } = shell.knowledge.current()
  const understanding = understand(textOf(message), { today: dateOf(at), ...expectation(conversation) })
  const turn = await shell.controller.respond({ conversation, content: message.content, understanding, now: at, office }, createLookup(shell, conversation))
  if (turn.fault !== undefined) shell.log.error({ err: turn.fault, conversationId: conversation.id }, 'turn failed, called a person')
  const changes = await carryOut(shell, conversation, turn.effects, at)
  const spoken: Spoken[] = [arrival, ...turn.replies.map((reply): Spoken => ({ author: 'bot', message: reply }))]
  const missed = turn.effects.filter((effect) => effect.kind === 'missed')
  return { turn, record: { ...base, spoken, focus: turn.focus, memory: turn.memory, queue: queueAfter(conversation, turn.effects, at), changes, missed } }
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

async function carryOut(shell: Shell, conversation: Conversation, effects: readonly Effect[], at: Instant): Promise<TicketChange[]> {
  const by: Actor = { kind: 'citizen', id: conversation.personId }
  const changes: TicketChange[] = []
  const latest = new Map<string, Ticket>()
  for (const effect of effects) {
    if (effect.kind !== 'ticket') continue
    const { ticketId, code } = effect
    const before = latest.get(ticketId) ?? (await ticketById(shell.db.read, shell.cipher, ticketId))
    const changed = changeBy(before, effect.command, by, at, shell.knowledge.current().office)
    if (!changed.ok) {
      // The bot said that it is done and the rules say no: a person must look, and the citizen's words are in the conversation.
      throw new Error(`case refused ${effect.command.type}: ${changed.refusal.code}`)
    }
    latest.set(ticketId, changed.change.after)
    changes.push({ ...changed.change, ...(code === undefined ? {} : { code }) })
  }
  return changes
}

/** After the commit only: tells the sockets of this process. */
export function announce(shell: Shell, committed: CommittedTurn, changes: readonly TicketChange[]): void {
  shell.chats.tell(committed.conversation.id, committed)
  shell.staff.tell(allStaff, { type: 'conversation', id: committed.conversation.id })
  for (const change of changes) shell.staff.tell(allStaff, { type: 'ticket', id: change.after.id })
}

export type { Command }
