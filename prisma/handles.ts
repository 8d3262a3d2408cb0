import type { Instant } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import type { NoticeReader } from './notices.ts'
import type { Sql } from './sql.ts'

/** Who a member of staff is at a platform. */
export type Handle = { readonly staffId: string; readonly platform: string; readonly externalId: string }

const indexOf = (cipher: Cipher, code: string): string => cipher.index('handle', code)

/** The newest code of a person is the only one. */
export async function keepHandleCode(sql: Sql, cipher: Cipher, staffId: string, code: string, until: Instant): Promise<void> {
  await sql.run('DELETE FROM "HandleCode" WHERE "staffId" = ? OR until < ?', [staffId, until - 3_600_000])
  await sql.insert('HandleCode', [{ staffId, codeIndex: indexOf(cipher, code), until }])
}

/** Whose code it is; it is used up in the same statement, so that it works once. */
export async function useHandleCode(sql: Sql, cipher: Cipher, code: string, at: Instant): Promise<string | undefined> {
  const [row] = await sql.all<{ staffId: string; until: number }>('DELETE FROM "HandleCode" WHERE "codeIndex" = ? RETURNING "staffId", until', [
    indexOf(cipher, code),
  ])
  return row && row.until > at ? row.staffId : undefined
}

/** One person has one handle on a platform, and one handle belongs to one person: the newest proof counts. */
export async function bindHandle(sql: Sql, { staffId, platform, externalId }: Handle, at: Instant): Promise<void> {
  await sql.run('DELETE FROM "StaffHandle" WHERE platform = ? AND ("staffId" = ? OR "externalId" = ?)', [platform, staffId, externalId])
  await sql.insert('StaffHandle', [{ staffId, platform, externalId, at }])
}

export const dropHandle = (sql: Sql, staffId: string, platform: string): Promise<number> =>
  sql.run('DELETE FROM "StaffHandle" WHERE "staffId" = ? AND platform = ?', [staffId, platform])

export const handlesOf = (read: Sql, staffId: string): Promise<Handle[]> =>
  read.all<Handle>('SELECT "staffId", platform, "externalId" FROM "StaffHandle" WHERE "staffId" = ? ORDER BY platform', [staffId])

export const allHandles = (read: Sql): Promise<Handle[]> =>
  read.all<Handle>('SELECT "staffId", platform, "externalId" FROM "StaffHandle" ORDER BY "staffId", platform')

/** Whose handle it is. */
export async function holderOf(read: Sql, platform: string, externalId: string): Promise<string | undefined> {
  const [row] = await read.all<{ staffId: string }>('SELECT "staffId" FROM "StaffHandle" WHERE platform = ? AND "externalId" = ?', [platform, externalId])
  return row?.staffId
}

export type CallNotice = {
  readonly id: number
  readonly push: string
  readonly unit: string | null
  readonly role: string | null
  readonly staffId: string | null
  readonly ticketId: string
  readonly at: Instant
}

/** Notices that have not yet been given on to phones, the oldest first. */
export const noticesToCall = (sql: Sql, limit: number): Promise<CallNotice[]> =>
  sql.all<CallNotice>(
    'SELECT id, push, unit, role, "staffId", "ticketId", at FROM "Notice" WHERE push IS NOT NULL AND "ticketId" IS NOT NULL ORDER BY id LIMIT ?',
    [limit],
  )

/** True when nobody else has given it on meanwhile. */
export const noteCalled = async (sql: Sql, id: number): Promise<boolean> =>
  (await sql.run('UPDATE "Notice" SET push = NULL WHERE id = ? AND push IS NOT NULL', [id])) === 1

/** What this person was told of a case is noted by them: signed for. */
export const signNotices = (sql: Sql, ticketId: string, { id, roles, unit }: NoticeReader, now: Instant): Promise<number> =>
  sql.run(
    `UPDATE "Notice" SET "doneAt" = ?, "doneBy" = ? WHERE "ticketId" = ? AND "doneAt" IS NULL
     AND ("staffId" = ? OR role IN (${roles.map(() => '?').join(', ')}) OR unit = ?)`,
    [now, id, ticketId, id, ...roles, unit ?? ''],
  )

/** When the `count`-th message before now of this order went out; undefined when there were fewer. */
export async function sentBefore(read: Sql, orderKey: string, count: number): Promise<Instant | undefined> {
  const rows = await read.all<{ doneAt: number | null }>(`SELECT "doneAt" FROM "Job" WHERE "orderKey" = ? AND state = 'done' ORDER BY id DESC LIMIT ?`, [
    orderKey,
    count,
  ])
  return rows.length < count ? undefined : (rows.at(-1)?.doneAt ?? undefined)
}
