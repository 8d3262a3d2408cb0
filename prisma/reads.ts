import type { Conversation } from '../bot/turn.ts'
import type { Stage, Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import { type ConversationRow, type MessageRow, type StoredMessage, toConversation, toMessage } from './conversations.ts'
import type { Database } from './database.ts'
import { finalStages } from './listing.ts'
import { candidates } from './search.ts'
import type { Sql } from './sql.ts'
import { openTicket, type TicketColumns } from './tickets.ts'

// What the console reads: lists that may be a moment old; every command checks again when it is committed.

export type ListedConversation = { readonly conversation: Conversation; readonly urgent: boolean; readonly lastAt: number; readonly last: StoredMessage }

export type ConversationFilter = 'waiting' | 'running' | 'all' | { readonly owner: string }

/** Waiting first by urgency and waiting time, else the newest first; at most `limit`. */
export async function listConversations(read: Sql, cipher: Cipher, filter: ConversationFilter, limit: number): Promise<ListedConversation[]> {
  const { where, values, order } = conditionOf(filter)
  const rows = await read.all<
    ConversationRow & {
      lastAuthor: MessageRow['author']
      lastStaff: string | null
      lastKey: string | null
      lastAnswers: number | null
      lastSealed: string
      lastSaidAt: number
    }
  >(
    `SELECT c.*, m.author AS "lastAuthor", m."staffId" AS "lastStaff", m."externalId" AS "lastKey", m.answers AS "lastAnswers", m.sealed AS "lastSealed", m.at AS "lastSaidAt"
     FROM "Conversation" c JOIN "Message" m ON m."conversationId" = c.id AND m.seq = c.seq WHERE ${where} ORDER BY ${order} LIMIT ?`,
    [...values, limit],
  )
  return rows.map((row) => ({
    conversation: toConversation(row, cipher),
    urgent: Boolean(row.urgent),
    lastAt: row.lastAt,
    last: toMessage(
      {
        conversationId: row.id,
        seq: row.seq,
        author: row.lastAuthor,
        staffId: row.lastStaff,
        externalId: row.lastKey,
        answers: row.lastAnswers,
        at: row.lastSaidAt,
        sealed: row.lastSealed,
      },
      cipher,
    ),
  }))
}

function conditionOf(filter: ConversationFilter): { where: string; values: string[]; order: string } {
  if (filter === 'waiting') return { where: 'c."queuedAt" IS NOT NULL AND c."ownerId" IS NULL', values: [], order: 'c.urgent DESC, c."queuedAt"' }
  if (filter === 'running') return { where: 'c."ownerId" IS NOT NULL', values: [], order: 'c."lastAt" DESC' }
  if (filter === 'all') return { where: '1 = 1', values: [], order: 'c."lastAt" DESC' }
  return { where: 'c."ownerId" = ?', values: [filter.owner], order: 'c."lastAt" DESC' }
}

export type TicketFilter = {
  readonly stage?: Stage | undefined
  readonly department?: string | undefined
  readonly phoneIndex?: string | undefined
  /** words, each of which must be found */
  readonly words?: readonly string[] | undefined
  readonly dueBefore?: number | undefined
  /** cases of this unit only */
  readonly unit?: string | undefined
  readonly open?: boolean | undefined
  readonly cause?: string | undefined
  readonly category?: string | undefined
  readonly channel?: string | undefined
  readonly level?: number | undefined
  /** registered from, and before */
  readonly from?: number | undefined
  readonly before?: number | undefined
  /** id of the last case of the page before */
  readonly after?: string | undefined
}

/** Along the list so many cases are read for their words before the index is asked: a usual word fills a page with fewer. */
const near = 600
/** So many more are read where the first ones promise a whole page of them; where they do not, the index has few enough to be put in order. */
const far = 8 * near

const endStages = [...finalStages]

/** Cases by due date, those without one last: along an index, so that a page costs the same whatever the number of cases. */
export async function listTickets(db: Database, cipher: Cipher, filter: TicketFilter, limit: number): Promise<Ticket[]> {
  const index = candidates(db.engine, filter.words ?? [])
  const rows = index === undefined ? await alongList(db, filter, limit) : await found(db, filter, limit, index)
  return rows.map((row) => openTicket(row, cipher))
}

type ListedRow = Pick<TicketColumns, 'id' | 'sealed'>

function alongList({ read }: Database, filter: TicketFilter, limit: number): Promise<ListedRow[]> {
  const { text, values } = listOf(filter, wordsOf(filter))
  return read.all(`SELECT t.id, t.sealed ${text} LIMIT ?`, [...values, limit])
}

/** A usual word is found soon along the list, and would have too many cases to put in order; for a rare one most of the list would be read for nothing. */
async function found(db: Database, filter: TicketFilter, limit: number, index: Condition): Promise<ListedRow[]> {
  const first = await amongFirst(db, filter, limit, near)
  if (first.length === limit) return first
  const more = first.length * (far / near) >= limit ? await amongFirst(db, filter, limit, far) : []
  return more.length === limit ? more : byIndex(db, filter, limit, index)
}

/** A limit of what is read, and not only of what is found: PostgreSQL, which cannot know how usual words are, would else read and sort the whole table. */
function amongFirst({ read }: Database, filter: TicketFilter, limit: number, most: number): Promise<ListedRow[]> {
  const [{ text, values }, words] = [listOf(filter), wordsOf(filter)]
  const first = `SELECT t.id, t.sealed, t."sortAt", t."searchText" ${text} LIMIT ${most}`
  return read.all(`SELECT id, sealed FROM (${first}) AS t WHERE ${textOf(words)} ORDER BY t."sortAt", t.id LIMIT ?`, [...values, ...valuesOf(words), limit])
}

function byIndex({ read }: Database, filter: TicketFilter, limit: number, [within, ...values]: Condition): Promise<ListedRow[]> {
  const all: Condition[] = [[`t.id IN (${within})`, ...values], ...conditionsOf(filter), ...wordsOf(filter)]
  if (filter.unit !== undefined) all.push(['t.id IN (SELECT "ticketId" FROM "TicketUnit" WHERE unit = ?)', filter.unit])
  // The plus keeps both engines from going along the list and asking of every case whether it is among the found.
  return read.all(`SELECT t.id, t.sealed FROM "Ticket" t WHERE ${textOf(all)} ORDER BY +t."sortAt", t.id LIMIT ?`, [...valuesOf(all), limit])
}

/** Cases that were registered or moved since, and all that are open. */
export async function ticketsMoved(read: Sql, cipher: Cipher, since: number): Promise<Ticket[]> {
  const ends = endStages.map(() => '?').join(', ')
  const rows = await read.all<{ id: string; sealed: string }>(`SELECT id, sealed FROM "Ticket" WHERE "updatedAt" >= ? OR stage NOT IN (${ends})`, [
    since,
    ...endStages,
  ])
  return rows.map((row) => openTicket(row, cipher))
}

type Condition = readonly [text: string, ...values: (string | number)[]]

const textOf = (conditions: readonly Condition[]): string => conditions.map(([text]) => text).join(' AND ')
const valuesOf = (conditions: readonly Condition[]): (string | number)[] => conditions.flatMap(([, ...given]) => given)

/** The list of all cases, or the one of a unit: where it is, and in its order. */
function listOf(filter: TicketFilter, more: readonly Condition[] = []): { readonly text: string; readonly values: (string | number)[] } {
  const { unit } = filter
  if (unit === undefined) {
    const all = [...conditionsOf(filter), ...more]
    return { text: `FROM "Ticket" t ${all.length > 0 ? `WHERE ${textOf(all)}` : ''} ORDER BY t."sortAt", t.id`, values: valuesOf(all) }
  }
  const all: Condition[] = [['u.unit = ?', unit], ...conditionsOf(filter, 'u."sortAt", u."ticketId"'), ...more]
  const text = `FROM "TicketUnit" u JOIN "Ticket" t ON t.id = u."ticketId" WHERE ${textOf(all)} ORDER BY u."sortAt", u."ticketId"`
  return { text, values: valuesOf(all) }
}

const wordsOf = ({ words = [] }: TicketFilter): Condition[] => words.map((word) => [`t."searchText" LIKE ? ESCAPE '!'`, `%${word.replace(/[!%_]/g, '!$&')}%`])

/** `place` are the columns that the list goes by. */
function conditionsOf(filter: TicketFilter, place = 't."sortAt", t.id'): Condition[] {
  const { stage, department, phoneIndex, dueBefore, open, after, cause, category, channel, level, from, before } = filter
  const found: (Condition | undefined)[] = [
    stage === undefined ? undefined : ['t.stage = ?', stage],
    open ? [`t.stage NOT IN (${endStages.map(() => '?').join(', ')})`, ...endStages] : undefined,
    department === undefined ? undefined : ['t."leadId" = ?', department],
    phoneIndex === undefined ? undefined : ['t."phoneIndex" = ?', phoneIndex],
    cause === undefined ? undefined : ['t.cause = ?', cause],
    category === undefined ? undefined : ['t.category = ?', category],
    channel === undefined ? undefined : ['t.channel = ?', channel],
    level === undefined ? undefined : ['t.level = ?', level],
    from === undefined ? undefined : ['t."registeredAt" >= ?', from],
    before === undefined ? undefined : ['t."registeredAt" < ?', before],
    dueBefore === undefined ? undefined : ['t."dueAt" < ?', dueBefore],
    after === undefined ? undefined : [`(${place}) > (SELECT "sortAt", id FROM "Ticket" WHERE id = ?)`, after],
  ]
  return found.filter((one) => one !== undefined)
}
