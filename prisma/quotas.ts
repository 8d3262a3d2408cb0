import type { Opening } from '../channels/contract.ts'
import type { Sql } from './sql.ts'

type QuotaRow = { left: number; until: number; taps: number; tapsUntil: number }

/** Notes what an arrival lets us send, in the transaction that stores it: words open the quota anew, a tap adds some for a moment. */
export async function openQuota(sql: Sql, personId: string, { by, messages, ms }: Opening, at: number): Promise<void> {
  const words = by === 'words'
  await sql.insert('Quota', [{ personId, left: 0, until: 0, taps: 0, tapsUntil: 0 }], 'unless exists')
  const [count, until] = words ? ['left', 'until'] : ['taps', 'tapsUntil']
  await sql.run(`UPDATE "Quota" SET "${count}" = ?, "${until}" = ? WHERE "personId" = ?`, [messages, at + ms, personId])
}

export type Taken = 'taps' | 'left'

/** Takes one message before it is sent, so that two processes never send the last one twice; `keep` of the long quota are left to others. */
export async function takeQuota(sql: Sql, personId: string, keep: number, now: number): Promise<Taken | undefined> {
  // Those of the words first: should the platform take the tap's first, it allows more than we count, and never less.
  const words = await sql.run('UPDATE "Quota" SET "left" = "left" - 1 WHERE "personId" = ? AND "left" > ? AND until > ?', [personId, keep, now])
  if (words === 1) return 'left'
  const taps = await sql.run('UPDATE "Quota" SET taps = taps - 1 WHERE "personId" = ? AND taps > 0 AND "tapsUntil" > ?', [personId, now])
  return taps === 1 ? 'taps' : undefined
}

/** The platform has certainly not taken the message. */
export async function giveBack(sql: Sql, personId: string, taken: Taken): Promise<void> {
  await sql.run(`UPDATE "Quota" SET "${taken}" = "${taken}" + 1 WHERE "personId" = ?`, [personId])
}

/** The platform counts otherwise than we did: it is right. */
export async function closeQuota(sql: Sql, personId: string): Promise<void> {
  await sql.run('UPDATE "Quota" SET "left" = 0, taps = 0 WHERE "personId" = ?', [personId])
}

export type Remaining = { readonly words: number; readonly taps: number; readonly until: number }

/** How many messages may still be sent, and until when; nothing where nobody counts. */
export async function quotaOf(read: Sql, personId: string, now: number): Promise<Remaining | undefined> {
  const [row] = await read.all<QuotaRow>('SELECT * FROM "Quota" WHERE "personId" = ?', [personId])
  if (!row) return undefined
  const words = row.until > now ? row.left : 0
  const taps = row.tapsUntil > now ? row.taps : 0
  return { words, taps, until: row.until > now ? row.until : row.tapsUntil }
}
