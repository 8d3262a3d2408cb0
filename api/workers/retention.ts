import { dayMs } from '../../casework/day.ts'
import { evolve } from '../../casework/evolve.ts'
import { textWithout, withoutIdentity } from '../../casework/identity.ts'
import { clearStrangers } from '../../prisma/deliveries.ts'
import { deidentify, identified } from '../../prisma/identity.ts'
import { clearStale, forgetChats } from '../../prisma/retention.ts'
import { shown } from '../changes.ts'
import { sweepFiles } from '../files/sweep.ts'
import type { Shell } from '../shell.ts'

/** A page that was open over a long holiday may still send its command again. */
const commandsKeptDays = 30

/** Longer than a message is tried, and than platforms push their word again. */
const strangersKeptDays = 7

/** Deletes what the office may no longer keep; which days those are is the office's rule (`keepDays`). */
export async function runRetention(shell: Shell): Promise<number> {
  const now = shell.now()
  const { keepDays } = shell.knowledge.current().office.policy
  await deidentifyCases(shell, now - keepDays.identityAfterClosure * dayMs)
  const gone = await forgetChats(shell.db, now - keepDays.chatWithoutTicket * dayMs, now)
  await clearStale(shell.db, { sessionsBefore: now - dayMs, commandsBefore: now - commandsKeptDays * dayMs })
  await clearStrangers(shell.db, now - strangersKeptDays * dayMs)
  await sweepFiles(shell)
  if (gone > 0) shell.log.info({ gone }, 'chats without a case forgotten')
  return gone
}

/** Cases at a time; each is a transaction of its own, so that nobody's message waits for many. */
const part = 100

/** Cases that ended before then name nobody any more. One whose journal fails the audit stays as it is until a person has looked, and is told of each time. */
async function deidentifyCases({ db, cipher, now, log }: Shell, before: number): Promise<void> {
  for (let [done, passed] = [0, 0]; ; ) {
    const ids = await identified(db.read, before, part, passed)
    for (const id of ids) {
      const outcome = await deidentify(db, cipher, { id, before, at: now() }, { evolve, shown, withoutIdentity, textWithout })
      if (outcome === 'done') done += 1
      if (outcome !== 'faulty') continue
      passed += 1
      log.warn({ ticketId: id }, 'case not de-identified: its journal fails the audit')
    }
    if (ids.length === part) continue
    if (done > 0) log.info({ done }, 'cases de-identified')
    return
  }
}
