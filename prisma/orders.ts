import { sameNumber } from '../casework/supervision.ts'
import type { Sql } from './sql.ts'
import { nextSerial } from './tickets.ts'

/** False when that 文号 was given before. */
export async function takeOrderNumber(sql: Sql, number: string, ticketId: string, at: number): Promise<boolean> {
  const text = 'INSERT INTO "OrderNumber" (number, "ticketId", at) VALUES (?, ?, ?) ON CONFLICT (number) DO NOTHING'
  return (await sql.run(text, [sameNumber(number), ticketId, at])) === 1
}

/** The next 文号 of a series that is free. In the transaction that the order is stored in, so that no number is lost and two processes wait for each other. */
export async function nextOrderNumber(sql: Sql, series: string, number: (serial: number) => string, ticketId: string, at: number): Promise<string> {
  for (;;) {
    const next = number(await nextSerial(sql, series))
    if (await takeOrderNumber(sql, next, ticketId, at)) return next
  }
}
