import { oldestDueMs } from './jobs.ts'
import type { Sql } from './sql.ts'

/** The last migration that this database has been through. */
export async function schemaVersion(read: Sql): Promise<string> {
  const [row] = await read.all<{ name: string | null }>('SELECT MAX(migration_name) AS name FROM "_prisma_migrations" WHERE rolled_back_at IS NULL')
  return row?.name ?? ''
}

/** Counts that tell whether the office keeps up; `…Seconds` are ages. */
export async function counts(read: Sql, now: number): Promise<Readonly<Record<string, number>>> {
  const [row] = await read.all<Record<string, number>>(
    `SELECT
       (SELECT COUNT(*) FROM "Conversation" WHERE "queuedAt" IS NOT NULL) AS "conversationsWaiting",
       (SELECT COUNT(*) FROM "Ticket" WHERE "dueAt" < ? AND stage NOT IN ('archived', 'declined', 'transferred', 'merged', 'withdrawn')) AS "ticketsOverdue",
       (SELECT COUNT(*) FROM "Job" WHERE state = 'open' AND "runAt" <= ?) AS "jobsDue",
       (SELECT COUNT(*) FROM "Job" WHERE state = 'dead') AS "jobsDead"`,
    [now, now],
  )
  return { ...row, oldestJobSeconds: Math.floor((await oldestDueMs(read, now)) / 1_000) }
}
