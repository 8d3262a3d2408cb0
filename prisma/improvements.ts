import type { Improvement } from '../casework/improvement.ts'
import type { Instant, Ticket } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import { StaleError } from './committer.ts'
import type { Sql } from './sql.ts'
import { openTicket, type TicketColumns } from './tickets.ts'

type Kept = { readonly content: string }
const read = ({ content }: Kept): Improvement => JSON.parse(content)

/** Open ones first by due date, then the others, the newest first. */
export async function improvements(sql: Sql): Promise<Improvement[]> {
  const rows = await sql.all<Kept>(
    `SELECT content FROM "Improvement" ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, CASE WHEN state = 'open' THEN "dueOn" END, "createdAt" DESC, id LIMIT 500`,
  )
  return rows.map(read)
}

/** Those that should be finished by that day (YYYY-MM-DD). */
export async function improvementsDue(sql: Sql, by: string): Promise<Improvement[]> {
  return (await sql.all<Kept>(`SELECT content FROM "Improvement" WHERE state = 'open' AND "dueOn" <= ? ORDER BY "dueOn", id LIMIT 100`, [by])).map(read)
}

export async function improvementById(sql: Sql, id: string): Promise<Improvement | undefined> {
  const [row] = await sql.all<Kept>('SELECT content FROM "Improvement" WHERE id = ?', [id])
  return row && read(row)
}

/** @throws StaleError when somebody else has changed it meanwhile */
export async function saveImprovement(sql: Sql, after: Improvement, now: Instant): Promise<void> {
  const { id, state, owner, dueOn, version } = after
  const columns = { state, owner, dueOn, content: JSON.stringify(after), version, updatedAt: now }
  if (version === 1) return sql.insert('Improvement', [{ id, ...columns, createdAt: now }])
  const names = Object.keys(columns).map((name) => `"${name}" = ?`)
  const changed = await sql.run(`UPDATE "Improvement" SET ${names.join(', ')} WHERE id = ? AND version = ?`, [...Object.values(columns), id, version - 1])
  if (changed !== 1) throw new StaleError('improvement', id)
}

/** Cases registered from `from` and before `to`, oldest first. */
export async function ticketsRegistered(sql: Sql, cipher: Cipher, from: Instant, to: Instant): Promise<Ticket[]> {
  const rows = await sql.all<TicketColumns>(
    'SELECT id, sealed FROM "Ticket" WHERE "registeredAt" >= ? AND "registeredAt" < ? ORDER BY "registeredAt", number',
    [from, to],
  )
  return rows.map((row) => openTicket(row, cipher))
}
