import type { Stamped } from '../casework/decision.ts'
import type { Instant, Ticket } from '../casework/ticket.ts'
import { type Evolve, faultOf } from './audit.ts'
import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'
import { type CaseRow, type LineRow, openJournal } from './journals.ts'
import { indexTexts } from './listing.ts'
import type { Sql } from './sql.ts'
import { chainHash, journalPlace, openTicket, type TicketChange, ticketPlace } from './tickets.ts'

/** What the rules say of a case, handed in: this folder knows none. */
export type Rules = {
  readonly evolve: Evolve
  readonly withoutIdentity: (journal: readonly Stamped[]) => Stamped[]
  readonly textWithout: (journal: readonly Stamped[], text: string) => string
  readonly shown: (ticket: Ticket) => Pick<TicketChange, 'matter' | 'searchText'>
}

/** Cases that ended before then and still name somebody: so many, the longest ended first, after those that were passed over. */
export async function identified(read: Sql, before: Instant, limit: number, passed: number): Promise<string[]> {
  const rows = await read.all<{ id: string }>('SELECT id FROM "Ticket" WHERE "endedAt" < ? ORDER BY "endedAt", id LIMIT ? OFFSET ?', [before, limit, passed])
  return rows.map(({ id }) => id)
}

/**
 * Rewrites what is kept of a case so that it names nobody, in one transaction: its journal with a chain of its own, whose last line tells where the
 * former chain ended; the case as it follows from it; notes and notices. What the citizen sent goes, and so do the ties to person and talk.
 * `faulty`: a case whose journal fails the audit is left as it is, or its chain would be made whole over a fault. `gone`: another process did it, or it goes on.
 */
export function deidentify(
  db: Database,
  cipher: Cipher,
  { id, before, at }: { readonly id: string; readonly before: Instant; readonly at: Instant },
  rules: Rules,
): Promise<'done' | 'gone' | 'faulty'> {
  return db.write(async (sql) => {
    // Changes nothing, but from here on nobody else does.
    const held = await sql.run('UPDATE "Ticket" SET "endedAt" = "endedAt" WHERE id = ? AND "endedAt" < ?', [id, before])
    if (held === 0) return 'gone'
    const [row] = await sql.all<CaseRow>('SELECT id, number, "registeredAt", stage, version, "headHash", sealed FROM "Ticket" WHERE id = ?', [id])
    const lines = await sql.all<LineRow>('SELECT * FROM "Journal" WHERE "ticketId" = ? ORDER BY seq', [id])
    if (!row || faultOf(row, lines, cipher, rules.evolve)) return 'faulty'
    const journal = openJournal(lines, cipher)
    const cleaned = [
      ...rules.withoutIdentity(journal),
      { event: { type: 'deidentified', formerHead: row.headHash }, by: { kind: 'clock' }, at } satisfies Stamped,
    ]
    const after = cleaned.reduce<Ticket | undefined>(rules.evolve, undefined)
    if (!after) return 'faulty'
    const head = await rewrite(sql, cipher, id, cleaned)
    const { matter, searchText } = rules.shown(after)
    await sql.run(
      `UPDATE "Ticket" SET "personId" = NULL, "conversationId" = NULL, "phoneIndex" = NULL, "endedAt" = NULL, matter = ?, "searchText" = ?, "updatedAt" = ?,
         version = ?, "headHash" = ?, sealed = ? WHERE id = ?`,
      [matter, searchText, at, after.version, head, cipher.seal(after, ticketPlace(id)), id],
    )
    await indexTexts(sql, [{ before: openTicket(row, cipher), after, searchText }])
    await coverBeside(sql, cipher, id, (text) => rules.textWithout(journal, text))
    return 'done'
  })
}

async function rewrite(sql: Sql, cipher: Cipher, ticketId: string, journal: readonly Stamped[]): Promise<string> {
  let hash = ''
  const rows = journal.map((line, index) => {
    const [seq, prevHash] = [index + 1, hash]
    hash = chainHash(ticketId, prevHash, line)
    const by = { byKind: line.by.kind, byId: 'id' in line.by ? line.by.id : null }
    return { ticketId, seq, at: line.at, ...by, type: line.event.type, prevHash, hash, sealed: cipher.seal(line, journalPlace(ticketId, seq)) }
  })
  await sql.run('DELETE FROM "Journal" WHERE "ticketId" = ?', [ticketId])
  await sql.insert('Journal', rows)
  return hash
}

/** What stands beside the journal. Answers of outside units are in it already, their questions too. */
async function coverBeside(sql: Sql, cipher: Cipher, ticketId: string, cover: (text: string) => string): Promise<void> {
  for (const table of ['Attachment', 'OutsideLink']) await sql.run(`DELETE FROM "${table}" WHERE "ticketId" = ?`, [ticketId])
  for (const { id, sealed } of await sql.all<{ id: string; sealed: string }>('SELECT id, sealed FROM "Note" WHERE "ticketId" = ?', [ticketId])) {
    const place = `Note/${id}`
    await sql.run('UPDATE "Note" SET sealed = ? WHERE id = ?', [cipher.seal(cover(cipher.open<string>(sealed, place)), place), id])
  }
  for (const { id, text } of await sql.all<{ id: number; text: string }>('SELECT id, text FROM "Notice" WHERE "ticketId" = ?', [ticketId])) {
    if (cover(text) !== text) await sql.run('UPDATE "Notice" SET text = ? WHERE id = ?', [cover(text), id])
  }
}
