import { setImmediate } from 'node:timers/promises'
import type { Told } from '../casework/repeat.ts'
import type { Instant, Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import { finalStages } from './listing.ts'
import { pairsIn } from './search.ts'
import type { Sql } from './sql.ts'
import { openTicket, phoneIndex, type TicketColumns, ticketByNumber, ticketsById } from './tickets.ts'

/** More would be opened in vain: of a flood of alike cases the newest hundred say enough. */
const most = 100
/** So many letters of a story in the same order are no accident. */
const sameWords = 12

/** Of a story so much is found in another that may be the same one; a little less than the rules ask for, for what is indexed is masked. */
const leastShared = 0.4
const inOneGo = 500
const ends = [...finalStages].map(() => '?').join(', ')

/**
 * Open cases registered since then that this telling may be of: those of the same person, and of all others those in much the same words; the rules judge
 * how alike they are. All of that while is looked at, however many have come since, a few hundred at a time and without opening them.
 */
export async function mayBeSame(read: Sql, cipher: Cipher, told: Told, since: Instant): Promise<Ticket[]> {
  const { id = '', personId = '', facts } = told
  const own = await read.all<{ id: string }>(
    `SELECT id FROM "Ticket" WHERE "registeredAt" >= ? AND id <> ? AND stage NOT IN (${ends}) AND ("phoneIndex" = ? OR "personId" = ?)
     ORDER BY "registeredAt" DESC, id LIMIT ?`,
    [since, id, ...finalStages, phoneIndex(facts, cipher) ?? '', personId, most],
  )
  const ids = new Set([...own.map((row) => row.id), ...(await inSuchWords(read, facts.story, since))])
  ids.delete(id)
  return [...(await ticketsById(read, cipher, [...ids])).values()]
}

/** The ids of the cases that share most of these words, the likeliest first. */
async function inSuchWords(read: Sql, story = '', since: Instant): Promise<string[]> {
  const words = [...new Set(pairsIn(story))]
  const found: { id: string; shared: number }[] = []
  for (let place = { registeredAt: since, id: '' }; words.length > 0; ) {
    const rows = await read.all<{ id: string; registeredAt: number; grams: string }>(
      `SELECT t.id, t."registeredAt", w.grams FROM "Ticket" t JOIN "TicketText" w ON w."ticketId" = t.id
       WHERE t."registeredAt" >= ? AND (t."registeredAt" > ? OR t.id > ?) AND t.stage NOT IN (${ends}) ORDER BY t."registeredAt", t.id LIMIT ?`,
      [place.registeredAt, place.registeredAt, place.id, ...finalStages, inOneGo],
    )
    for (const row of rows) {
      const grams = new Set(row.grams.split(' '))
      const shared = words.filter((pair) => grams.has(pair)).length
      if (shared >= leastShared * words.length) found.push({ id: row.id, shared })
    }
    const last = rows.at(-1)
    if (!last || rows.length < inOneGo) break
    place = last
    // The embedded database answers without waiting: a long walk must let others have their turn.
    await setImmediate()
  }
  return found
    .sort((a, b) => b.shared - a.shared)
    .slice(0, most)
    .map((one) => one.id)
}

/** Cases registered since then that may be of the same matter, newest first; the rules judge how alike they are. */
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
