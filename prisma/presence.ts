import type { Sql } from './sql.ts'

/** A window in which a conversation is open; without `staffId` it is the citizen's, who types. */
export type Window = {
  readonly windowId: string
  readonly staffId: string | null
  readonly conversationId: string
  readonly typing: boolean
  readonly at: number
}

export async function noteWindow(sql: Sql, { windowId, staffId, conversationId, typing, at }: Window): Promise<void> {
  const values = [staffId, conversationId, typing, at]
  const changed = await sql.run('UPDATE "Presence" SET "staffId" = ?, "conversationId" = ?, typing = ?, at = ? WHERE "windowId" = ?', [...values, windowId])
  if (changed === 0) await sql.insert('Presence', [{ windowId, staffId, conversationId, typing, at }], 'unless exists')
}

export async function forgetWindow(sql: Sql, windowId: string): Promise<void> {
  await sql.run('DELETE FROM "Presence" WHERE "windowId" = ?', [windowId])
}

export async function windowsOf(read: Sql, conversationId: string, since: number): Promise<Window[]> {
  const rows = await read.all<Omit<Window, 'typing'> & { typing: boolean | number }>('SELECT * FROM "Presence" WHERE "conversationId" = ? AND at >= ?', [
    conversationId,
    since,
  ])
  return rows.map((row) => ({ ...row, typing: Boolean(row.typing) }))
}

/** Conversations at which a window was opened or moved since, by whatever process. */
export async function lookedAt(read: Sql, since: number): Promise<{ conversationId: string; at: number }[]> {
  return read.all('SELECT "conversationId", MAX(at) AS at FROM "Presence" WHERE at >= ? GROUP BY "conversationId"', [since])
}

/** Windows that were closed without a word, by a power cut. */
export const clearWindows = (sql: Sql, before: number): Promise<number> => sql.run('DELETE FROM "Presence" WHERE at < ?', [before])
