import { wallMs } from '../../casework/calendar.ts'
import { dayMs } from '../../casework/day.ts'
import { countSilent, hasToldFates, missReceipts } from '../../prisma/deliveries.ts'
import type { Sql } from '../../prisma/sql.ts'
import { tasks } from '../../texts/api.ts'
import { askRole } from '../cases.ts'
import type { Shell } from '../shell.ts'

/** Where the answer to a sending was lost, the platform tells the message's fate within moments if it took it. */
const unsureMs = 10 * 60_000

/** Silence about so many people is the vendor's; fewer may have their phones off. */
const fewestSilent = 3

/** A message that nobody has said to have arrived goes on as one that has not: to the next way, and at last to a person who phones. */
export async function runReceipts(shell: Shell): Promise<number> {
  const now = shell.now()
  const before = now - wallMs(shell.knowledge.current().office.policy.delivery.receiptWithin)
  let missed = 0
  for (const [name, channel] of shell.channels) {
    if (channel.receipts) missed += await shell.commit((sql) => missSent(sql, name, before, now))
    missed += await shell.commit((sql) => missReceipts(sql, name, 'unsure', now - unsureMs, now))
  }
  if (missed > 0) shell.log.warn({ missed }, 'no receipt for messages')
  return missed
}

/** Once a day the administrator is told that the vendor's receipts reach nobody: every message would become a call. */
async function missSent(sql: Sql, channel: string, before: number, now: number): Promise<number> {
  const missed = await missReceipts(sql, channel, 'sent', before, now)
  if (missed > 0 && (await countSilent(sql, channel, before)) >= fewestSilent && !(await hasToldFates(sql, channel, before)))
    await askRole(sql, 'admin', `silent:${channel}:${Math.floor(now / dayMs)}`, tasks.silent(channel), now)
  return missed
}
