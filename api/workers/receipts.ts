import { wallMs } from '../../casework/calendar.ts'
import { missReceipts } from '../../prisma/deliveries.ts'
import type { Shell } from '../shell.ts'

/** Where the answer to a sending was lost, the platform tells the message's fate within moments if it took it. */
const unsureMs = 10 * 60_000

/** A message that nobody has said to have arrived goes on as one that has not: to the next way, and at last to a person who phones. */
export async function runReceipts(shell: Shell): Promise<number> {
  const now = shell.now()
  const before = now - wallMs(shell.knowledge.current().office.policy.delivery.receiptWithin)
  let missed = 0
  for (const [name, channel] of shell.channels) {
    if (channel.receipts) missed += await shell.commit((sql) => missReceipts(sql, name, 'sent', before, now))
    missed += await shell.commit((sql) => missReceipts(sql, name, 'unsure', now - unsureMs, now))
  }
  if (missed > 0) shell.log.warn({ missed }, 'no receipt for messages')
  return missed
}
