import { isOverdue } from '../casework/clocks.ts'
import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'
import { oldestDueMs } from './jobs.ts'
import { listTickets } from './reads.ts'
import type { Sql } from './sql.ts'

/** The last migration that this database has been through. */
export async function schemaVersion(read: Sql): Promise<string> {
  const [row] = await read.all<{ name: string | null }>('SELECT MAX(migration_name) AS name FROM "_prisma_migrations" WHERE rolled_back_at IS NULL')
  return row?.name ?? ''
}

/** A clock by days may have passed its minute and not its day: each of these cases is opened. An office with more has no use for the exact figure. */
const mostLate = 2_000

/** Counts that tell whether the office keeps up; `…Seconds` are ages. */
export async function counts(db: Database, cipher: Cipher, now: number): Promise<Readonly<Record<string, number>>> {
  const { read } = db
  const [row] = await read.all<Record<string, number>>(
    `SELECT
       (SELECT COUNT(*) FROM "Conversation" WHERE "queuedAt" IS NOT NULL) AS "conversationsWaiting",
       (SELECT COUNT(*) FROM "Job" WHERE state = 'open' AND "runAt" <= ?) AS "jobsDue",
       (SELECT COUNT(*) FROM "Job" WHERE state = 'dead') AS "jobsDead"`,
    [now],
  )
  const due = await listTickets(db, cipher, { open: true, dueBefore: now }, mostLate)
  const ticketsOverdue = due.filter((ticket) => isOverdue(ticket, now)).length
  return { ...row, ticketsOverdue, oldestJobSeconds: Math.floor((await oldestDueMs(read, now)) / 1_000) }
}
