import type { Row, Sql } from './sql.ts'

// Search by any part of a text, as LIKE finds it, without reading every text. Chinese has no gaps between words, so what is indexed are pairs of
// neighbouring characters, and single ones: FTS5 on SQLite (a table beside TicketText, kept by triggers), GIN on PostgreSQL. Only
// `Ticket.searchText` goes in, which holds no name or number of a person; what is sealed stays out.

/** Letters and digits that stand together. Everything else, the stars of masked text too, parts them. */
const runsOf = (text: string): string[][] => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((run) => [...run])

const pairsOf = (run: readonly string[]): string[] => (run.length < 2 ? [...run] : run.slice(1).map((letter, place) => `${run[place]}${letter}`))

/** The pairs of neighbouring characters, in their order. */
export const pairsIn = (text: string): string[] => runsOf(text).flatMap(pairsOf)

/** The pairs in their order, so that a longer word is a row of them, and then each character by itself. */
export function gramsOf(text: string): string {
  return [...pairsIn(text), ...new Set(runsOf(text).flat())].join(' ')
}

/** The row of a case's text. */
export const textRow = (ticketId: string, searchText: string): Row => ({ ticketId, grams: gramsOf(searchText) })

/** A subquery for the ids of all cases that may hold all the words, and maybe some that do not; undefined where the words hold no letter. */
export function candidates(engine: 'sqlite' | 'postgresql', words: readonly string[]): readonly [text: string, ...values: string[]] | undefined {
  const rows = [...new Set(words.flatMap((word) => runsOf(word).map((run) => pairsOf(run).join(' '))))]
  if (rows.length === 0) return undefined
  if (engine === 'sqlite') {
    const match = rows.map((row) => `"${row}"`).join(' AND ')
    return [`SELECT "ticketId" FROM "TicketText" WHERE id IN (SELECT rowid FROM "TicketGram" WHERE "TicketGram" MATCH ?)`, match]
  }
  // The index says which texts have all the pairs, wherever they stand; the rows of pairs are looked for in the same place.
  const inOrder = rows.filter((row) => row.includes(' '))
  return [
    `SELECT "ticketId" FROM "TicketText" WHERE string_to_array(grams, ' ') @> string_to_array(?, ' ')${' AND grams LIKE ?'.repeat(inOrder.length)}`,
    rows.join(' '),
    ...inOrder.map((row) => `%${row}%`),
  ]
}

const inOneGo = 500
const cursor = 'TicketText'

/**
 * Indexes the cases of a database that was made before there was the index (the migration leaves a cursor then); stopped half-way, it goes on
 * where it was. Cases that are stored meanwhile bring their own rows.
 */
export async function fillTexts(db: { readonly read: Sql; readonly write: <T>(work: (sql: Sql) => Promise<T>) => Promise<T> }): Promise<void> {
  const [left] = await db.read.all<{ value: string }>('SELECT value FROM "Cursor" WHERE name = ?', [cursor])
  for (let after = left?.value; after !== undefined; ) after = await db.write((sql) => fillPart(sql, after ?? ''))
}

async function fillPart(sql: Sql, after: string): Promise<string | undefined> {
  const rows = await sql.all<{ id: string; searchText: string }>('SELECT id, "searchText" FROM "Ticket" WHERE id > ? ORDER BY id LIMIT ?', [after, inOneGo])
  await sql.insert(
    'TicketText',
    rows.map(({ id, searchText }) => textRow(id, searchText)),
    'unless exists',
  )
  const last = rows.length < inOneGo ? undefined : rows.at(-1)?.id
  if (last === undefined) await sql.run('DELETE FROM "Cursor" WHERE name = ?', [cursor])
  else await sql.run('UPDATE "Cursor" SET value = ? WHERE name = ?', [last, cursor])
  return last
}
