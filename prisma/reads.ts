import type { Conversation } from '../bot/turn.ts'
import type { Stage, Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import { type ConversationRow, type MessageRow, type StoredMessage, toConversation, toMessage } from './conversations.ts'
import type { Database } from './database.ts'
import type { Sql } from './sql.ts'
import { openTicket } from './tickets.ts'

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

const endStages: readonly Stage[] = ['archived', 'declined', 'transferred', 'merged', 'withdrawn']

/** Cases by due date, those without one last: along an index, so that a page costs the same whatever the number of cases. */
export async function listTickets(db: Database, cipher: Cipher, filter: TicketFilter, limit: number): Promise<Ticket[]> {
  const conditions = conditionsOf(filter)
  const where = conditions.length > 0 ? `WHERE ${conditions.map(([text]) => text).join(' AND ')}` : ''
  const values = conditions.flatMap(([, ...given]) => given)
  const text = `SELECT id, sealed FROM "Ticket" ${where} ORDER BY "sortAt", id LIMIT ?`
  const rows = await db.read.all<{ id: string; sealed: string }>(text, [...values, limit])
  return rows.map((row) => openTicket(row, cipher))
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

function conditionsOf(filter: TicketFilter): Condition[] {
  const { stage, department, phoneIndex, words = [], dueBefore, unit, open, after, cause, category, channel, level, from, before } = filter
  const found: (Condition | undefined)[] = [
    stage === undefined ? undefined : ['stage = ?', stage],
    open ? [`stage NOT IN (${endStages.map(() => '?').join(', ')})`, ...endStages] : undefined,
    department === undefined ? undefined : ['"leadId" = ?', department],
    phoneIndex === undefined ? undefined : ['"phoneIndex" = ?', phoneIndex],
    cause === undefined ? undefined : ['cause = ?', cause],
    category === undefined ? undefined : ['category = ?', category],
    channel === undefined ? undefined : ['channel = ?', channel],
    level === undefined ? undefined : ['level = ?', level],
    from === undefined ? undefined : ['"registeredAt" >= ?', from],
    before === undefined ? undefined : ['"registeredAt" < ?', before],
    dueBefore === undefined ? undefined : ['"dueAt" < ?', dueBefore],
    unit === undefined ? undefined : [`("leadId" = ? OR ' ' || supporting || ' ' LIKE ?)`, unit, `% ${unit} %`],
    after === undefined ? undefined : ['("sortAt", id) > (SELECT "sortAt", id FROM "Ticket" WHERE id = ?)', after],
    ...words.map((word): Condition => [`"searchText" LIKE ? ESCAPE '!'`, `%${word.replace(/[!%_]/g, '!$&')}%`]),
  ]
  return found.filter((one) => one !== undefined)
}
