import { createHash } from 'node:crypto'
import type { Conversation, Focus, Memory } from '../bot/turn.ts'
import type { Content, OutboundMessage } from '../channels/contract.ts'
import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'

/** A place in the conversation. `body` is what was said: the citizen's content, or a message of the bot, staff or system. */
export type StoredMessage = {
  readonly conversationId: string
  readonly seq: number
  readonly author: 'citizen' | 'bot' | 'staff' | 'system'
  readonly staffId: string | undefined
  readonly externalId: string | undefined
  readonly answers: number | undefined
  readonly at: number
  readonly body: { readonly content: Content } | { readonly message: OutboundMessage; readonly name?: string }
}

export type ConversationRow = {
  readonly id: string
  readonly personId: string
  readonly channel: string
  readonly ownerId: string | null
  readonly queuedAt: number | null
  readonly queueReason: string | null
  readonly urgent: number | boolean
  readonly seq: number
  readonly version: number
  readonly seenByStaff: number
  readonly seenByCitizen: number
  readonly sealed: string
  readonly lastAt: number
}

export type ConversationState = { readonly focus?: Focus; readonly memory: Memory }

const placeOf = (id: string): string => `Conversation/${id}`

export const sealState = (cipher: Cipher, id: string, state: ConversationState): string => cipher.seal(state, placeOf(id))

export function toConversation(row: ConversationRow, cipher: Cipher): Conversation {
  const { focus, memory } = cipher.open<ConversationState>(row.sealed, placeOf(row.id))
  return {
    id: row.id,
    channel: row.channel,
    personId: row.personId,
    owner: row.ownerId === null ? { kind: 'bot' } : { kind: 'staff', staffId: row.ownerId },
    ...(row.queuedAt === null ? {} : { queuedAt: row.queuedAt }),
    ...(row.queueReason === null ? {} : { queueReason: row.queueReason }),
    seq: row.seq,
    version: row.version,
    seen: { byStaff: row.seenByStaff, byCitizen: row.seenByCitizen },
    ...(focus ? { focus } : {}),
    memory,
  }
}

export async function conversationById(read: Sql, cipher: Cipher, id: string): Promise<Conversation | undefined> {
  const [row] = await read.all<ConversationRow>('SELECT * FROM "Conversation" WHERE id = ?', [id])
  return row && toConversation(row, cipher)
}

/** The conversation of a person; see `personIdOf`. */
export async function conversationOf(read: Sql, cipher: Cipher, personId: string): Promise<Conversation | undefined> {
  const [row] = await read.all<ConversationRow>('SELECT * FROM "Conversation" WHERE "personId" = ?', [personId])
  return row && toConversation(row, cipher)
}

/** What was said or changed since a moment, by whatever process. */
export const changedConversations = (read: Sql, since: number): Promise<{ id: string; personId: string; version: number }[]> =>
  read.all('SELECT id, "personId", version FROM "Conversation" WHERE "lastAt" >= ?', [since])

/** Notes that a side has had the messages up to a place on its screen. Gives whether that is news. */
export async function markSeen(sql: Sql, by: 'staff' | 'citizen', id: string, seq: number): Promise<boolean> {
  const column = by === 'staff' ? '"seenByStaff"' : '"seenByCitizen"'
  return (await sql.run(`UPDATE "Conversation" SET ${column} = ? WHERE id = ? AND ${column} < ? AND seq >= ?`, [seq, id, seq, seq])) > 0
}

export async function seenByCitizen(read: Sql, id: string): Promise<number> {
  const [row] = await read.all<{ seenByCitizen: number }>('SELECT "seenByCitizen" FROM "Conversation" WHERE id = ?', [id])
  return row?.seenByCitizen ?? 0
}

/** The same far end always gives the same person, in every process, before anything is stored. */
export const personIdOf = (channel: string, externalId: string): string =>
  createHash('sha256')
    .update(JSON.stringify([channel, externalId]))
    .digest('base64url')
    .slice(0, 24)

export type MessageRow = {
  readonly conversationId: string
  readonly seq: number
  readonly author: StoredMessage['author']
  readonly staffId: string | null
  readonly externalId: string | null
  readonly answers: number | null
  readonly at: number
  readonly sealed: string
}

const messagePlace = (conversationId: string, seq: number): string => `Message/${conversationId}/${seq}`

export function sealMessage(cipher: Cipher, channel: string, message: StoredMessage) {
  const { body, staffId, externalId, answers, ...rest } = message
  return {
    ...rest,
    channel,
    staffId: staffId ?? null,
    externalId: externalId ?? null,
    answers: answers ?? null,
    sealed: cipher.seal(body, messagePlace(message.conversationId, message.seq)),
  }
}

export function toMessage(row: MessageRow, cipher: Cipher): StoredMessage {
  return {
    conversationId: row.conversationId,
    seq: row.seq,
    author: row.author,
    staffId: row.staffId ?? undefined,
    externalId: row.externalId ?? undefined,
    answers: row.answers ?? undefined,
    at: row.at,
    body: cipher.open(row.sealed, messagePlace(row.conversationId, row.seq)),
  }
}

/** Messages after a place, in order, at most `limit`. */
export async function messagesAfter(read: Sql, cipher: Cipher, conversationId: string, after: number, limit: number): Promise<StoredMessage[]> {
  const rows = await read.all<MessageRow>('SELECT * FROM "Message" WHERE "conversationId" = ? AND seq > ? ORDER BY seq LIMIT ?', [conversationId, after, limit])
  return rows.map((row) => toMessage(row, cipher))
}

/** The arrival that was stored under this key, if it was. */
export async function messageByKey(read: Sql, channel: string, externalId: string): Promise<{ conversationId: string; seq: number } | undefined> {
  const [row] = await read.all<{ conversationId: string; seq: number }>('SELECT "conversationId", seq FROM "Message" WHERE channel = ? AND "externalId" = ?', [
    channel,
    externalId,
  ])
  return row
}
