import type { Instant } from '../casework/ticket.ts'
import type { Database } from './database.ts'
import type { Row, Sql } from './sql.ts'

/** Something to do later. The payload carries keys, never personal data: the work reads what is true when it runs. */
export type NewJob = {
  readonly kind: string
  /** asking again for the same thing is a no-op */
  readonly uniqueKey: string
  /** jobs of one key run one after another */
  readonly orderKey: string
  readonly runAt: Instant
  readonly payload: Readonly<Record<string, string | number>>
}

export type Job = NewJob & { readonly id: number; readonly attempts: number; readonly createdAt: Instant; readonly lastError: string | undefined }

type JobRow = {
  id: number
  kind: string
  uniqueKey: string
  orderKey: string
  runAt: number
  payload: string
  attempts: number
  createdAt: number
  lastError: string | null
}

/** After the tenth failure (about three hours with back-off) a person is told; a job that never ends would hide the fault. */
export const mostAttempts = 10

/** A worker that died loses its claim after this time; longer than the slowest send (30 s), or a job would run twice. */
export const leaseMs = 60_000

export const enqueue = (sql: Sql, jobs: readonly NewJob[], now: Instant): Promise<void> =>
  sql.insert(
    'Job',
    jobs.map((job) => jobRow(job, now)),
    'unless exists',
  )

/** Whether such a job was ever asked for. */
export const isAsked = async (read: Sql, uniqueKey: string): Promise<boolean> =>
  (await read.all('SELECT id FROM "Job" WHERE "uniqueKey" = ?', [uniqueKey])).length > 0

/** Whether a job of this order key is still to be done. */
export const isWaiting = async (read: Sql, orderKey: string): Promise<boolean> =>
  (await read.all(`SELECT id FROM "Job" WHERE "orderKey" = ? AND state = 'open' LIMIT 1`, [orderKey])).length > 0

export const jobRow = ({ payload, ...job }: NewJob, now: Instant): Row => ({
  ...job,
  state: 'open',
  attempts: 0,
  leasedUntil: 0,
  payload: JSON.stringify(payload),
  lastError: null,
  createdAt: now,
  doneAt: null,
})

/** Deliveries wait for platforms and run apart, so that a platform that hangs stops no clock. */
export type Lane = 'clock' | 'deliveries'

/** What talks with others: messages out and in, messages and files that must be fetched, who speaks, the scanner of files, news for other systems, calls to the staff, menus. */
const remoteKinds = `('deliver', 'aside', 'pull', 'fetch', 'session', 'scan', 'webhook', 'push', 'setup')`

/** Its statistics are of before the jobs became due: PostgreSQL would take them for few, and sort all of them each time that it gives out a hundred. */
const alongIndex = 'SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off'

/**
 * Takes due jobs for a minute: of each order key only the oldest open one. One statement that both engines run alike; the outer test of
 * the lease makes a second claimer on PostgreSQL, which waited for the row, pass it over.
 * COALESCE keeps SQLite from walking the index of all open rows, those of the future too, for the outer test of the state.
 */
export async function claim(db: Database, now: Instant, limit: number, lane: Lane = 'clock'): Promise<Job[]> {
  const rows = await db.write(async (sql) => {
    if (db.engine === 'postgresql') await sql.run(alongIndex)
    return sql.all<JobRow>(
      `UPDATE "Job" SET "leasedUntil" = ?, attempts = attempts + 1
       WHERE COALESCE(state, '') = 'open' AND "leasedUntil" < ? AND id IN (
         SELECT j.id FROM "Job" j
         WHERE j.state = 'open' AND j.kind ${lane === 'deliveries' ? 'IN' : 'NOT IN'} ${remoteKinds} AND j."runAt" <= ? AND j."leasedUntil" < ?
           AND NOT EXISTS (SELECT 1 FROM "Job" e WHERE e."orderKey" = j."orderKey" AND e.state = 'open' AND e.id < j.id AND e."runAt" <= j."runAt")
         ORDER BY j."runAt", j.id LIMIT ?)
       RETURNING id, kind, "uniqueKey", "orderKey", "runAt", payload, attempts, "createdAt", "lastError"`,
      [now + leaseMs, now, now, now, limit],
    )
  })
  return rows.map(toJob).sort((a, b) => a.runAt - b.runAt || a.id - b.id)
}

const toJob = (row: JobRow): Job => ({ ...row, payload: JSON.parse(row.payload), lastError: row.lastError ?? undefined })

/** Another worker has done the job, after this one's claim had run out: its consequences must not be stored twice. */
export class JobTakenError extends Error {
  constructor(id: number) {
    super(`job ${id} is done already`)
    this.name = 'JobTakenError'
  }
}

/** In the transaction of what the job did, so that it is done exactly when its consequence is stored. @throws JobTakenError */
export async function finish(sql: Sql, id: number, now: Instant): Promise<void> {
  const changed = await sql.run(`UPDATE "Job" SET state = 'done', "doneAt" = ? WHERE id = ? AND state = 'open'`, [now, id])
  if (changed !== 1) throw new JobTakenError(id)
}

/** The same for many. @throws JobTakenError when one of them is taken */
export async function finishAll(sql: Sql, ids: readonly number[], now: Instant): Promise<void> {
  const changed = await sql.run(`UPDATE "Job" SET state = 'done', "doneAt" = ? WHERE state = 'open' AND id IN (${ids.map(() => '?').join(', ')})`, [
    now,
    ...ids,
  ])
  if (changed !== ids.length) throw new JobTakenError(ids[0] ?? 0)
}

/** Puts a failed job back with growing pauses (1, 2, 4 … 60 minutes), or ends it as dead, which staff see. */
export async function fail(db: Database, job: Job, now: Instant, reason: string, final = false): Promise<'open' | 'dead'> {
  const state = final || job.attempts >= mostAttempts ? 'dead' : 'open'
  const pauseMs = Math.min(60, 2 ** (job.attempts - 1)) * 60_000
  await db.write((sql) =>
    sql.run(`UPDATE "Job" SET state = ?, "runAt" = ?, "leasedUntil" = 0, "lastError" = ? WHERE id = ? AND state = 'open'`, [
      state,
      now + pauseMs,
      reason.slice(0, 300),
      job.id,
    ]),
  )
  return state
}

export async function deadJobs(read: Sql, limit: number): Promise<Job[]> {
  const rows = await read.all<JobRow>(`SELECT * FROM "Job" WHERE state = 'dead' ORDER BY "runAt" DESC LIMIT ?`, [limit])
  return rows.map(toJob)
}

export async function retryJob(db: Database, id: number, now: Instant): Promise<boolean> {
  return (
    (await db.write((sql) =>
      sql.run(`UPDATE "Job" SET state = 'open', attempts = 0, "runAt" = ?, "leasedUntil" = 0 WHERE id = ? AND state = 'dead'`, [now, id]),
    )) === 1
  )
}

/** How long the oldest due job has been waiting, in milliseconds; 0 when nothing is due. */
export async function oldestDueMs(read: Sql, now: Instant): Promise<number> {
  const [row] = await read.all<{ oldest: number | null }>(`SELECT MIN("runAt") AS oldest FROM "Job" WHERE state = 'open' AND "runAt" <= ?`, [now])
  return row?.oldest ? now - row.oldest : 0
}

/** When the next open job is due, if there is one. */
export async function nextRunAt(read: Sql): Promise<Instant | undefined> {
  const [row] = await read.all<{ next: number | null }>(`SELECT MIN("runAt") AS next FROM "Job" WHERE state = 'open'`)
  return row?.next ?? undefined
}

/** When the last job of an order was asked for. */
export async function lastAskedAt(read: Sql, orderKey: string): Promise<number | undefined> {
  const [row] = await read.all<{ createdAt: number }>('SELECT "createdAt" FROM "Job" WHERE "orderKey" = ? ORDER BY id DESC LIMIT 1', [orderKey])
  return row && Number(row.createdAt)
}

/** Whether the last job of an order has been done; false as well where there was none. */
export async function isLastDone(read: Sql, orderKey: string): Promise<boolean> {
  const [row] = await read.all<{ state: string }>('SELECT state FROM "Job" WHERE "orderKey" = ? ORDER BY id DESC LIMIT 1', [orderKey])
  return row?.state === 'done'
}
