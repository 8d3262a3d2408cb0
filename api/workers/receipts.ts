import { wallMs } from '../../casework/calendar.ts'
import { dayMs } from '../../casework/day.ts'
import { hasToldFates, missReceipts } from '../../prisma/deliveries.ts'
import { tasks } from '../../texts/api.ts'
import { askRole } from '../cases.ts'
import type { Shell } from '../shell.ts'

/** Where the answer to a sending was lost, the platform tells the message's fate within moments if it took it. */
const unsureMs = 10 * 60_000

/** Once a day: the vendor's receipts reach nobody, and every message would become a call. */
async function tellSilence(shell: Shell, channel: string): Promise<void> {
  const day = Math.floor(shell.now() / dayMs)
  await shell.commit((sql) => askRole(sql, 'admin', `silent:${channel}:${day}`, tasks.silent(channel), shell.now()))
}

/** A message that nobody has said to have arrived goes on as one that has not: to the next way, and at last to a person who phones. */
export async function runReceipts(shell: Shell): Promise<number> {
  const now = shell.now()
  const before = now - wallMs(shell.knowledge.current().office.policy.delivery.receiptWithin)
  let missed = 0
  for (const [name, channel] of shell.channels) {
    const silent = channel.receipts ? await shell.commit((sql) => missReceipts(sql, name, 'sent', before, now)) : 0
    if (silent > 0 && !(await hasToldFates(shell.db.read, name, before))) await tellSilence(shell, name)
    missed += silent
    missed += await shell.commit((sql) => missReceipts(sql, name, 'unsure', now - unsureMs, now))
  }
  if (missed > 0) shell.log.warn({ missed }, 'no receipt for messages')
  return missed
}
