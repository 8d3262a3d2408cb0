import type { Database } from './database.ts'
import type { Row } from './sql.ts'

export type OpenNotice = {
  readonly id: number
  readonly ticketId: string | undefined
  readonly conversationId: string | undefined
  readonly text: string
  readonly at: number
}

/** Whose notices: those of the person, of one of the roles, of the unit. */
export type NoticeReader = { readonly id: string; readonly roles: readonly string[]; readonly unit: string | undefined }

const mine = ({ id, roles, unit }: NoticeReader) => ({
  doneAt: null,
  OR: [{ staffId: id }, { role: { in: [...roles] } }, ...(unit ? [{ unit }] : [])],
})

/** What is still to be noted by this person, newest first; those before a notice when it is named. */
export async function openNotices(db: Database, reader: NoticeReader, limit: number, before?: number): Promise<OpenNotice[]> {
  return notices(db, { ...mine(reader), ...(before === undefined ? {} : { id: { lt: before } }) }, limit)
}

/** One of them. */
export const openNotice = async (db: Database, id: number, reader: NoticeReader): Promise<OpenNotice | undefined> =>
  (await notices(db, { ...mine(reader), id }, 1))[0]

async function notices(db: Database, where: object, limit: number): Promise<OpenNotice[]> {
  const rows = await db.prisma.notice.findMany({ where, orderBy: { id: 'desc' }, take: limit })
  return rows.map(({ id, ticketId, conversationId, text, at }) => ({
    id,
    ticketId: ticketId ?? undefined,
    conversationId: conversationId ?? undefined,
    text,
    at: Number(at),
  }))
}

export async function noticeDone(db: Database, id: number, reader: NoticeReader, now: number): Promise<boolean> {
  const { count } = await db.prisma.notice.updateMany({ where: { id, ...mine(reader) }, data: { doneAt: now, doneBy: reader.id } })
  return count === 1
}

export type PersonalNotice = {
  readonly uniqueKey: string
  readonly to: { readonly staffId: string } | { readonly role: string }
  readonly about: { readonly conversationId?: string | undefined; readonly ticketId?: string | undefined }
  readonly text: string
  readonly at: number
}

/** A row for `Notice` that one person, or everybody of a role, is to see. */
export const personalNotice = ({ uniqueKey, to, about, text, at }: PersonalNotice): Row => ({
  uniqueKey,
  unit: null,
  role: 'role' in to ? to.role : null,
  staffId: 'staffId' in to ? to.staffId : null,
  ticketId: about.ticketId ?? null,
  conversationId: about.conversationId ?? null,
  text,
  at,
  doneAt: null,
  doneBy: null,
})
