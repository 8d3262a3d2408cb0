import { randomUUID } from 'node:crypto'
import type { Conversation, Effect, Focus, Memory } from '../bot/turn.ts'
import type { Content, Opening, OutboundMessage } from '../channels/contract.ts'
import { placeInCase, placeInTalk } from './attachments.ts'
import type { Cipher } from './cipher.ts'
import { StaleError } from './committer.ts'
import { type ConversationRow, conversationOf, type StoredMessage, sealMessage, sealState, toConversation } from './conversations.ts'
import { deliveryOf, type Occasion, wakeDeliveries } from './deliveries.ts'
import { enqueue } from './jobs.ts'
import { personRow } from './persons.ts'
import { openQuota } from './quotas.ts'
import type { Row, Sql } from './sql.ts'
import { saveTicket, type TicketChange } from './tickets.ts'

export type Spoken =
  | { readonly author: 'citizen'; readonly content: Content; readonly externalId: string }
  | { readonly author: 'bot' | 'staff' | 'system'; readonly message: OutboundMessage; readonly name?: string; readonly staffId?: string }

/** Everything that one turn changes: stored in one transaction or not at all. */
export type TurnRecord = {
  /** the state that the turn was decided on; version 0 is not stored yet */
  readonly conversation: Conversation
  /** the far end's id on its channel, for a conversation that is not stored yet */
  readonly externalPerson: string
  readonly spoken: readonly Spoken[]
  readonly focus: Focus | undefined
  readonly memory: Memory
  /** undefined leaves the human queue; 'keep' leaves it as it is */
  readonly queue: { readonly at: number; readonly reason: string; readonly urgent: boolean } | undefined | 'keep'
  readonly changes: readonly TicketChange[]
  readonly missed: readonly Extract<Effect, { kind: 'missed' }>[]
  /** what the arrival lets us send to this person */
  readonly opens?: Opening
  /** for deliveries: the case that is told of, and how long the answer waits for the platform's own request */
  readonly occasion?: Occasion
  /** stored in the same transaction: where a platform was read up to, a phone that was proven */
  readonly also?: (sql: Sql) => Promise<void>
  readonly at: number
}

export type CommittedTurn = { readonly conversation: Conversation; readonly messages: readonly StoredMessage[] }

/**
 * @throws StaleError when the conversation or a case has moved on, a takeover included: a bot reply decided before it is refused here
 * @throws UnknownFileError when the message names a file that this person has not sent
 * @throws DuplicateError (from the committer) when the arrival is stored already
 */
export async function commitTurn(sql: Sql, cipher: Cipher, record: TurnRecord): Promise<CommittedTurn> {
  const { conversation, at } = record
  const messages = numbered(record)
  const next = advanced(record, messages.length)
  if (conversation.version === 0) await create(sql, cipher, record, next)
  else await update(sql, cipher, record, next)
  await sql.insert(
    'Message',
    messages.map((message) => sealMessage(cipher, conversation.channel, message)),
  )
  if (record.opens) {
    await openQuota(sql, conversation.personId, record.opens, at)
    await wakeDeliveries(sql, conversation.id, at)
  }
  await record.also?.(sql)
  const deliveries = deliveryOf(conversation, messages, at, record.occasion)
  if (deliveries.length > 0) await enqueue(sql, deliveries, at)
  for (const change of record.changes) await saveTicket(sql, cipher, change)
  await placeFiles(sql, record)
  await sql.insert(
    'Missed',
    record.missed.map((one) => ({
      conversationId: conversation.id,
      sealed: cipher.seal(one.question, 'Missed'),
      why: one.why,
      guides: one.guides.join(' '),
      at,
      state: 'open',
    })),
  )
  return { conversation: next, messages }
}

/** The far end named a file that is not there, or not theirs. */
export class UnknownFileError extends Error {
  constructor(id: string) {
    super(`no file ${id} of this person`)
    this.name = 'UnknownFileError'
  }
}

/** A file belongs to the talk, and to the case that the talk is about. A channel that hands out no files leaves only their mention. */
async function placeFiles(sql: Sql, { conversation, spoken, changes, memory, at }: TurnRecord): Promise<void> {
  const { id: conversationId, personId, channel } = conversation
  const ticketId = changes.at(-1)?.after.id
  for (const one of spoken) {
    const ref = one.author === 'citizen' ? refIn(one.content) : undefined
    if (ref === undefined) continue
    const placed = await placeInTalk(sql, ref, { conversationId, personId }, ticketId ?? memory.ticketId)
    if (!placed && channel === 'web') throw new UnknownFileError(ref)
  }
  if (ticketId !== undefined) await placeInCase(sql, conversationId, ticketId, at)
}

const refIn = (content: Content): string | undefined => (content.kind === 'text' ? content.sound : content.kind === 'media' ? content.ref : undefined)

function numbered(record: TurnRecord): StoredMessage[] {
  const { conversation, at } = record
  let answers: number | undefined
  return record.spoken.map((one, index) => {
    const seq = conversation.seq + index + 1
    const place = { conversationId: conversation.id, seq, author: one.author, at }
    if (one.author === 'citizen') {
      answers = seq
      return { ...place, staffId: undefined, externalId: one.externalId, answers: undefined, body: { content: one.content } }
    }
    return { ...place, staffId: one.staffId, externalId: undefined, answers, body: { message: one.message, ...(one.name ? { name: one.name } : {}) } }
  })
}

function advanced({ conversation, focus, memory, queue }: TurnRecord, messages: number): Conversation {
  const { focus: _focus, queuedAt, queueReason, ...rest } = conversation
  const queued =
    queue === 'keep'
      ? { ...(queuedAt === undefined ? {} : { queuedAt }), ...(queueReason === undefined ? {} : { queueReason }) }
      : queue
        ? { queuedAt: queue.at, queueReason: queue.reason }
        : {}
  return { ...rest, ...queued, ...(focus ? { focus } : {}), memory, seq: conversation.seq + messages, version: conversation.version + 1 }
}

async function create(sql: Sql, cipher: Cipher, record: TurnRecord, next: Conversation): Promise<void> {
  const { conversation, at, queue } = record
  await sql.insert('Person', [personRow(cipher, conversation.channel, record.externalPerson, at)])
  const { id, channel, personId } = conversation
  const row = newRow({ id, channel, personId, seq: next.seq, version: next.version, sealed: sealState(cipher, id, next) }, at)
  const queued = { queuedAt: next.queuedAt ?? null, queueReason: next.queueReason ?? null, urgent: queue !== 'keep' && queue?.urgent === true }
  await sql.insert('Conversation', [{ ...row, ...queued }])
}

type NewRow = {
  readonly id: string
  readonly channel: string
  readonly personId: string
  readonly seq: number
  readonly version: number
  readonly sealed: string
}

const newRow = (row: NewRow, at: number): Row => ({ ...row, ownerId: null, queuedAt: null, queueReason: null, urgent: false, createdAt: at, lastAt: at })

async function update(sql: Sql, cipher: Cipher, { conversation, at, queue }: TurnRecord, next: Conversation): Promise<void> {
  const set = 'seq = ?, version = ?, sealed = ?, "lastAt" = ?'
  const values = [next.seq, next.version, sealState(cipher, conversation.id, next), at]
  const owner = conversation.owner.kind === 'bot' ? null : conversation.owner.staffId
  const where = `WHERE id = ? AND version = ? AND ${owner === null ? '"ownerId" IS NULL' : '"ownerId" = ?'}`
  const keys = [conversation.id, conversation.version, ...(owner === null ? [] : [owner])]
  const changed =
    queue === 'keep'
      ? await sql.run(`UPDATE "Conversation" SET ${set} ${where}`, [...values, ...keys])
      : await sql.run(`UPDATE "Conversation" SET ${set}, "queuedAt" = ?, "queueReason" = ?, urgent = ? ${where}`, [
          ...values,
          queue?.at ?? null,
          queue?.reason ?? null,
          queue?.urgent ?? false,
          ...keys,
        ])
  if (changed !== 1) throw new StaleError('conversation', conversation.id)
}

export type Handover = { readonly staffId: string; readonly staffName: string; readonly at: number; readonly text: string }

/**
 * Gives the conversation to a person, whatever the bot is deciding at that moment: its reply will find another version and be refused.
 * Undefined when someone else has it.
 */
export async function takeOver(sql: Sql, cipher: Cipher, id: string, by: Handover): Promise<CommittedTurn | undefined> {
  const rows = await sql.all<ConversationRow>(
    'UPDATE "Conversation" SET "ownerId" = ?, "queuedAt" = NULL, "queueReason" = NULL, urgent = ?, seq = seq + 1, version = version + 1, "lastAt" = ? WHERE id = ? AND "ownerId" IS NULL RETURNING *',
    [by.staffId, false, by.at, id],
  )
  return announce(sql, cipher, rows[0], by)
}

/** Gives it from one person to another who has taken it on. Undefined when the first does not have it any more. */
export async function passOn(sql: Sql, cipher: Cipher, id: string, fromId: string, by: Handover): Promise<CommittedTurn | undefined> {
  const rows = await sql.all<ConversationRow>(
    'UPDATE "Conversation" SET "ownerId" = ?, seq = seq + 1, version = version + 1, "lastAt" = ? WHERE id = ? AND "ownerId" = ? RETURNING *',
    [by.staffId, by.at, id, fromId],
  )
  return announce(sql, cipher, rows[0], by)
}

/** Gives it back to the bot, with a clean focus. Undefined when it is not this person's. */
export async function handBack(sql: Sql, cipher: Cipher, id: string, by: Handover, memory: Memory): Promise<CommittedTurn | undefined> {
  const rows = await sql.all<ConversationRow>(
    'UPDATE "Conversation" SET "ownerId" = NULL, sealed = ?, seq = seq + 1, version = version + 1, "lastAt" = ? WHERE id = ? AND "ownerId" = ? RETURNING *',
    [sealState(cipher, id, { memory }), by.at, id, by.staffId],
  )
  return announce(sql, cipher, rows[0], by)
}

async function announce(sql: Sql, cipher: Cipher, row: ConversationRow | undefined, by: Handover): Promise<CommittedTurn | undefined> {
  if (!row) return undefined
  return append(sql, cipher, row, { author: 'system', message: { text: by.text }, staffId: by.staffId, name: by.staffName }, by.at)
}

/** What a person who owns the conversation says. Undefined when it is no longer theirs. */
export async function staffSay(
  sql: Sql,
  cipher: Cipher,
  id: string,
  by: Handover,
  attachments?: OutboundMessage['attachments'],
): Promise<CommittedTurn | undefined> {
  const rows = await sql.all<ConversationRow>(
    'UPDATE "Conversation" SET seq = seq + 1, version = version + 1, "lastAt" = ? WHERE id = ? AND "ownerId" = ? RETURNING *',
    [by.at, id, by.staffId],
  )
  const row = rows[0]
  const message = { text: by.text, ...(attachments ? { attachments } : {}) }
  return row && delivered(sql, await append(sql, cipher, row, { author: 'staff', message, staffId: by.staffId, name: by.staffName }, by.at))
}

/** A conversation that the office begins, with someone who is known by a phone number. */
export async function openConversation(sql: Sql, cipher: Cipher, channel: string, externalId: string, memory: Memory, at: number): Promise<string> {
  const person = personRow(cipher, channel, externalId, at)
  const personId = String(person['id'])
  const known = await conversationOf(sql, cipher, personId)
  if (known) return known.id
  const id = randomUUID()
  await sql.insert('Person', [person], 'unless exists')
  await sql.insert('Conversation', [newRow({ id, channel, personId, seq: 0, version: 1, sealed: sealState(cipher, id, { memory }) }, at)])
  return id
}

/** News of a case, put into the conversation whoever owns it. Undefined when there is no such conversation. */
export async function systemSay(
  sql: Sql,
  cipher: Cipher,
  id: string,
  message: OutboundMessage,
  at: number,
  about?: string,
): Promise<CommittedTurn | undefined> {
  const rows = await sql.all<ConversationRow>('UPDATE "Conversation" SET seq = seq + 1, version = version + 1, "lastAt" = ? WHERE id = ? RETURNING *', [at, id])
  const row = rows[0]
  return row && delivered(sql, await append(sql, cipher, row, { author: 'system', message }, at), about === undefined ? {} : { about })
}

/** What a member of staff has said in the platform's own program: kept, under the platform's key, and not sent. */
export async function heardElsewhere(
  sql: Sql,
  cipher: Cipher,
  id: string,
  { by, externalId, text, at }: { readonly by: string; readonly externalId: string; readonly text: string; readonly at: number },
): Promise<CommittedTurn> {
  const [row] = await sql.all<ConversationRow>('UPDATE "Conversation" SET seq = seq + 1, version = version + 1, "lastAt" = ? WHERE id = ? RETURNING *', [
    at,
    id,
  ])
  if (!row) throw new StaleError('conversation', id)
  return append(sql, cipher, row, { author: 'staff', message: { text }, name: by }, at, externalId)
}

/** Also sent, where the channel is remote. That someone took over is not: the platforms count messages, and a person's carry the name. */
async function delivered(sql: Sql, turn: CommittedTurn, occasion: Occasion = {}): Promise<CommittedTurn> {
  const at = turn.messages[0]?.at ?? 0
  await enqueue(sql, deliveryOf(turn.conversation, turn.messages, at, occasion), at)
  return turn
}

async function append(
  sql: Sql,
  cipher: Cipher,
  row: ConversationRow,
  spoken: Exclude<Spoken, { author: 'citizen' }>,
  at: number,
  externalId?: string,
): Promise<CommittedTurn> {
  const message: StoredMessage = {
    conversationId: row.id,
    seq: row.seq,
    author: spoken.author,
    staffId: spoken.staffId,
    externalId,
    answers: undefined,
    at,
    body: { message: spoken.message, ...(spoken.name ? { name: spoken.name } : {}) },
  }
  await sql.insert('Message', [sealMessage(cipher, row.channel, message)])
  const conversation = toConversation(row, cipher)
  return { conversation, messages: [message] }
}
