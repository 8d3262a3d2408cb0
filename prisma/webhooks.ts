import type { Instant, Ticket } from '../casework/ticket.ts'
import type { Database } from './database.ts'
import { jobRow } from './jobs.ts'
import type { Sql } from './sql.ts'

/** The channels of cases that other systems handed over: of all others nothing is looked up. */
const handedChannels: readonly string[] = ['platform', '12345']

type Moved = { readonly before: Ticket | undefined; readonly after: Ticket }

/** In the transaction of a step: whoever handed the case over is told of it later. What is told is read when it is sent. */
export async function queueWebhooks(sql: Sql, changes: readonly Moved[], at: Instant): Promise<void> {
  const moved = new Map(
    changes
      .filter(({ before, after }) => before && before.stage !== after.stage && handedChannels.includes(after.channel))
      .map(({ after }) => [after.id, after.version]),
  )
  if (moved.size === 0) return
  const ids = [...moved.keys()]
  const known = await sql.all<{ partner: string; externalId: string; ticketId: string }>(
    `SELECT partner, "externalId", "ticketId" FROM "PartnerTicket" WHERE "ticketId" IN (${ids.map(() => '?').join(', ')})`,
    ids,
  )
  const jobs = known.map((one) => ({
    kind: 'webhook',
    uniqueKey: `webhook:${one.partner}:${one.ticketId}:${moved.get(one.ticketId)}`,
    orderKey: `webhook:${one.partner}:${one.ticketId}`,
    runAt: at,
    payload: one,
  }))
  await sql.insert(
    'Job',
    jobs.map((job) => jobRow(job, at)),
    'unless exists',
  )
}

export type WebhookRow = {
  readonly id: number
  readonly key: string
  readonly state: string
  readonly attempts: number
  readonly createdAt: Instant
  readonly doneAt: Instant | null
  readonly lastError: string | null
}

/** The latest messages to other systems, newest first. */
export const webhookLog = (read: Sql, most: number): Promise<WebhookRow[]> =>
  read.all<WebhookRow>(
    `SELECT id, "uniqueKey" AS key, state, attempts, "createdAt", "doneAt", "lastError" FROM "Job" WHERE kind = 'webhook' ORDER BY id DESC LIMIT ?`,
    [most],
  )

/** Sends one again, whatever became of it; false when there is none. One that waits is not touched. */
export async function replayWebhook(db: Database, id: number, now: Instant): Promise<boolean> {
  const changed = await db.write((sql) =>
    sql.run(
      `UPDATE "Job" SET state = 'open', attempts = 0, "runAt" = ?, "leasedUntil" = 0, "doneAt" = NULL WHERE id = ? AND kind = 'webhook' AND state <> 'open'`,
      [now, id],
    ),
  )
  return changed === 1
}
