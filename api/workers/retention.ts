import { dayMs } from '../../casework/day.ts'
import { clearStale, forgetChats } from '../../prisma/retention.ts'
import { sweepFiles } from '../files/sweep.ts'
import type { Shell } from '../shell.ts'

/** A page that was open over a long holiday may still send its command again. */
const commandsKeptDays = 30

/** Deletes what the office may no longer keep; which days those are is the office's rule (`keepDays`). */
export async function runRetention(shell: Shell): Promise<number> {
  const now = shell.now()
  const { keepDays } = shell.knowledge.current().office.policy
  const gone = await forgetChats(shell.db, now - keepDays.chatWithoutTicket * dayMs, now)
  await clearStale(shell.db, { sessionsBefore: now - dayMs, commandsBefore: now - commandsKeptDays * dayMs })
  await sweepFiles(shell)
  if (gone > 0) shell.log.info({ gone }, 'chats without a case forgotten')
  return gone
}
