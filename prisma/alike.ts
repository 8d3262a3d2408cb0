import type { Told } from '../casework/repeat.ts'
import type { Instant, Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'
import { openTicket, phoneIndex, type TicketColumns, ticketByNumber } from './tickets.ts'

/** More would be opened in vain: of a flood of alike cases the newest hundred say enough. */
const most = 100
/** So many letters of a story in the same order are no accident. */
const sameWords = 12

/** Cases registered since then that may be of the same person or the same matter, newest first; the rules judge how alike they are. */
export async function alikeTickets(
  read: Sql,
  cipher: Cipher,
  told: Told & { readonly matter: string; readonly category?: string },
  since: Instant,
): Promise<Ticket[]> {
  const { id = '', personId = '', facts, matter, category = '' } = told
  const rows = await read.all<TicketColumns>(
    `SELECT id, sealed FROM "Ticket" WHERE "registeredAt" >= ? AND id <> ? AND stage <> 'merged'
       AND ("phoneIndex" = ? OR "personId" = ? OR matter = ? OR category = ? OR "searchText" LIKE ?) ORDER BY "registeredAt" DESC, id LIMIT ?`,
    [since, id, phoneIndex(facts, cipher) ?? '', personId, matter, category, excerpt(facts.story), most],
  )
  return rows.map((row) => openTicket(row, cipher))
}

/** A pattern from the middle of the longest clause, where a story is most its own; null, which nothing is like, when there is no such clause. */
function excerpt(story = ''): string | null {
  const clauses = story.split(/[\s\p{P}%_\d*]+/u)
  const longest = clauses.reduce((best, one) => (one.length > best.length ? one : best), '')
  const start = Math.max(0, Math.floor((longest.length - sameWords) / 2))
  return longest.length >= sameWords ? `%${longest.slice(start, start + sameWords)}%` : null
}

/** The case that this one has gone into, over however many merges; itself when it stands alone. */
export async function standing(read: Sql, cipher: Cipher, ticket: Ticket): Promise<Ticket> {
  let found = ticket
  for (const met = new Set<string>(); found.stage === 'merged' && found.mergedInto && !met.has(found.id); ) {
    met.add(found.id)
    const next = await ticketByNumber(read, cipher, found.mergedInto)
    if (!next) return found
    found = next
  }
  return found
}
