import type { Instant } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'
import { openTicket, type TicketColumns } from './tickets.ts'

export type PartnerTicket = { readonly partner: string; readonly externalId: string; readonly ticketId: string; readonly digest: string; readonly at: Instant }

/** In the transaction of the registration, so that what is sent twice at once is registered once. @throws a duplicate fault for the second */
export const notePartnerTicket = (sql: Sql, row: PartnerTicket): Promise<void> => sql.insert('PartnerTicket', [row])

export async function partnerTicket(read: Sql, partner: string, externalId: string): Promise<PartnerTicket | undefined> {
  const [row] = await read.all<PartnerTicket>('SELECT * FROM "PartnerTicket" WHERE partner = ? AND "externalId" = ?', [partner, externalId])
  return row
}

/** False when this request was taken before. Those that are too old to be taken again are forgotten. */
export async function takeNonce(sql: Sql, partner: string, nonce: string, now: Instant, keptMs: number): Promise<boolean> {
  await sql.run('DELETE FROM "PartnerNonce" WHERE at < ?', [now - keptMs])
  return (await sql.run('INSERT INTO "PartnerNonce" (partner, nonce, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [partner, nonce, now])) === 1
}

/** The cases of a partner, newest first. */
export async function partnerCases(read: Sql, cipher: Cipher, partner: string, most: number) {
  const rows = await read.all<TicketColumns & { externalId: string }>(
    `SELECT p."externalId", t.id, t.sealed FROM "PartnerTicket" p JOIN "Ticket" t ON t.id = p."ticketId"
     WHERE p.partner = ? ORDER BY p.at DESC, p."externalId" LIMIT ?`,
    [partner, most],
  )
  return rows.map((row) => ({ externalId: row.externalId, ticket: openTicket(row, cipher) }))
}
