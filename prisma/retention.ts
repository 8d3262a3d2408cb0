import type { Database } from './database.ts'
import { forgetPerson } from './persons.ts'
import { clearWindows } from './presence.ts'

/** Deleted in one transaction: more would keep a citizen's message waiting. */
const part = 100

/**
 * Forgets chats that led to no case and have been silent since `before` (个人信息保护法 art. 19: no longer than needed). One that waits for a person, or
 * is in a person's hands, stays. Gives the number of chats that are gone; repeated or run by two processes, it does nothing more.
 */
export async function forgetChats(db: Database, before: number, now: number): Promise<number> {
  for (let gone = 0; ; ) {
    const silent = await db.read.all<{ personId: string }>(
      `SELECT "personId" FROM "Conversation" c
       WHERE "lastAt" < ? AND "ownerId" IS NULL AND "queuedAt" IS NULL
         AND NOT EXISTS (SELECT 1 FROM "Ticket" t WHERE t."conversationId" = c.id)
         AND NOT EXISTS (SELECT 1 FROM "Ticket" t WHERE t."personId" = c."personId")
       ORDER BY "lastAt" LIMIT ${part}`,
      [before],
    )
    await db.write(async (sql) => {
      for (const { personId } of silent) await forgetPerson(sql, personId, now)
    })
    gone += silent.length
    if (silent.length < part) return gone
  }
}

/** Sessions that have ended by themselves, and answers to commands that nobody sends again after so long. */
export async function clearStale(
  db: Database,
  { sessionsBefore, commandsBefore }: { readonly sessionsBefore: number; readonly commandsBefore: number },
): Promise<void> {
  await db.write(async (sql) => {
    await sql.run('DELETE FROM "StaffSession" WHERE "createdAt" < ?', [sessionsBefore])
    await sql.run('DELETE FROM "CommandLog" WHERE at < ?', [commandsBefore])
    await clearWindows(sql, sessionsBefore)
  })
}
