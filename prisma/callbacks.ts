import type { Instant, Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'
import type { Sql } from './sql.ts'
import { phoneIndex } from './tickets.ts'

/** When asking this citizen about another case last began after `since` (its first attempt); known by the conversation's person or by the phone number. */
export async function lastAsked(read: Sql, cipher: Cipher, ticket: Ticket, since: Instant): Promise<Instant | undefined> {
  const [row] = await read.all<{ at: number | null }>(
    `SELECT MAX(j."doneAt") AS at FROM "Ticket" t JOIN "Job" j ON j."orderKey" = 'ticket:' || t.id
     WHERE (t."phoneIndex" = ? OR t."personId" = ?) AND t.id <> ? AND j.kind = 'callback' AND j."uniqueKey" LIKE '%:callback.%.1' AND j.state = 'done' AND j."doneAt" > ?`,
    [phoneIndex(ticket.facts, cipher) ?? '', ticket.personId ?? '', ticket.id, since],
  )
  return row?.at ?? undefined
}

/** Puts a claimed job back for later, as if it had not been tried. */
export async function postpone(db: Database, id: number, runAt: Instant): Promise<void> {
  await db.write((sql) => sql.run(`UPDATE "Job" SET "runAt" = ?, "leasedUntil" = 0, attempts = attempts - 1 WHERE id = ? AND state = 'open'`, [runAt, id]))
}
