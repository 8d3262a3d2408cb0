import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'

/** `pending`: the guide `guideId` shall answer it once its draft is approved. */
export type MissedState = 'open' | 'pending' | 'resolved' | 'ignored'

export type MissedQuestion = {
  readonly id: number
  readonly question: string
  readonly why: string
  /** guides that were near */
  readonly guides: readonly string[]
  readonly at: number
  readonly state: MissedState
  readonly ownerId: string | undefined
  readonly guideId: string | undefined
  readonly reason: string | undefined
}

type MissedRow = {
  id: number
  sealed: string
  why: string
  guides: string
  at: number
  state: MissedState
  ownerId: string | null
  guideId: string | null
  reason: string | null
}

const selected = 'SELECT id, sealed, why, guides, at, state, "ownerId", "guideId", reason FROM "Missed"'

/** The newest first; at most `limit`. */
export async function missedOf(read: Sql, cipher: Cipher, state: MissedState, limit: number): Promise<MissedQuestion[]> {
  const rows = await read.all<MissedRow>(`${selected} WHERE state = ? ORDER BY id DESC LIMIT ?`, [state, limit])
  return rows.map((row) => toQuestion(row, cipher))
}

/** What waits for this guide to answer it. */
export async function pendingFor(read: Sql, cipher: Cipher, guideId: string): Promise<MissedQuestion[]> {
  const rows = await read.all<MissedRow>(`${selected} WHERE state = 'pending' AND "guideId" = ? ORDER BY id`, [guideId])
  return rows.map((row) => toQuestion(row, cipher))
}

/** Guides that questions wait for. */
export async function awaitedGuides(read: Sql): Promise<string[]> {
  return (await read.all<{ guideId: string }>(`SELECT DISTINCT "guideId" FROM "Missed" WHERE state = 'pending'`)).map(({ guideId }) => guideId)
}

export async function countMissed(read: Sql): Promise<Record<MissedState, number>> {
  const rows = await read.all<{ state: MissedState; n: number }>('SELECT state, COUNT(*) AS n FROM "Missed" GROUP BY state')
  return { open: 0, pending: 0, resolved: 0, ignored: 0, ...Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)])) }
}

/** `null`: given back. Only what is still open can be taken; returns how many were. */
export const takeMissed = (sql: Sql, ids: readonly number[], ownerId: string | null): Promise<number> =>
  sql.run(`UPDATE "Missed" SET "ownerId" = ? WHERE state = 'open' AND id IN (${marks(ids)})`, [ownerId, ...ids])

/** Hands open questions to a guide; returns how many were still open. */
export const assignMissed = (sql: Sql, ids: readonly number[], guideId: string, by: string): Promise<number> =>
  sql.run(`UPDATE "Missed" SET state = 'pending', "guideId" = ?, "ownerId" = ? WHERE state = 'open' AND id IN (${marks(ids)})`, [guideId, by, ...ids])

export const ignoreMissed = (sql: Sql, ids: readonly number[], reason: string, by: string, at: number): Promise<number> =>
  sql.run(`UPDATE "Missed" SET state = 'ignored', reason = ?, "doneBy" = ?, "doneAt" = ? WHERE state = 'open' AND id IN (${marks(ids)})`, [
    reason,
    by,
    at,
    ...ids,
  ])

/** What was asked again: answered now, or back to the open ones. */
export async function settleMissed(sql: Sql, settled: readonly { readonly id: number; readonly answered: boolean }[], by: string, at: number): Promise<void> {
  for (const { id, answered } of settled) {
    await sql.run(`UPDATE "Missed" SET state = ?, "doneBy" = ?, "doneAt" = ? WHERE state = 'pending' AND id = ?`, [
      answered ? 'resolved' : 'open',
      answered ? by : null,
      answered ? at : null,
      id,
    ])
  }
}

/** What waited for a draft that was not approved is open again. */
export const reopenMissed = (sql: Sql, guideId: string): Promise<number> =>
  sql.run(`UPDATE "Missed" SET state = 'open', "guideId" = NULL WHERE state = 'pending' AND "guideId" = ?`, [guideId])

const marks = (ids: readonly number[]): string => ids.map(() => '?').join(', ')

const toQuestion = ({ sealed, guides, ownerId, guideId, reason, ...row }: MissedRow, cipher: Cipher): MissedQuestion => ({
  ...row,
  question: cipher.open<string>(sealed, 'Missed'),
  guides: guides.split(' ').filter(Boolean),
  ownerId: ownerId ?? undefined,
  guideId: guideId ?? undefined,
  reason: reason ?? undefined,
})
