import { refusal } from '../casework/case.ts'
import { dateOf, yearOf } from '../casework/day.ts'
import type { Command, Refusal } from '../casework/decision.ts'
import type { Office } from '../casework/policy.ts'
import { nextOrderNumber, takeOrderNumber } from '../prisma/orders.ts'
import type { Sql } from '../prisma/sql.ts'
import { refusals, workNotes } from '../texts/casework.ts'

/** The command as it may be decided before its 文号 is drawn. */
export const unnumbered = (command: Command): Command => (command.type === 'order' ? { ...command, number: command.number ?? '—' } : command)

/** The command with its 文号, which nobody else gets: the one that was typed, or the next of the year under the office's words for that kind. */
export async function numbered(sql: Sql, command: Command, ticketId: string, at: number, { policy }: Office): Promise<Command | Refusal> {
  if (command.type !== 'order') return command
  if (command.number !== undefined) {
    const isFree = await takeOrderNumber(sql, command.number, ticketId, at)
    return isFree ? command : refusal('limit', refusals.orderNumberTaken(command.number))
  }
  const [prefix, year] = [policy.orders.prefixes[command.kind], yearOf(dateOf(at))]
  return { ...command, number: await nextOrderNumber(sql, `order:${prefix}:${year}`, (serial) => workNotes.orderNumber(prefix, year, serial), ticketId, at) }
}
