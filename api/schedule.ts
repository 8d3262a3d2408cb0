import { randomUUID } from 'node:crypto'
import cron, { type Logger as CronLogger } from 'node-cron'
import { followOffice } from './follow.ts'
import type { Shell } from './shell.ts'
import { openStreams } from './stream.ts'
import { createWatch } from './watch.ts'
import { runDeliveries } from './workers/deliveries.ts'
import { lookAgain } from './workers/pulls.ts'
import { runReceipts } from './workers/receipts.ts'
import { runRetention } from './workers/retention.ts'
import { runSeals } from './workers/seals.ts'
import { runDueJobs } from './workers/timers.ts'

/** A ticker over the Job table: what is due stands there, so a missed, doubled or shifted tick loses and doubles nothing. */
export function startSchedule(shell: Shell & { readonly names: Map<string, string> }): { readonly stop: () => Promise<void> } {
  const ticks = [
    ticker(shell, 'due jobs', '*/10 * * * * *', runDueJobs),
    ticker(shell, 'changes elsewhere', '* * * * * *', createWatch(shell).look),
    ticker(shell, 'edits elsewhere', '*/2 * * * * *', () => followOffice(shell)),
    ticker(shell, 'retention', '23 * * * *', runRetention, 70 * minute),
    ticker(shell, 'seals', '53 * * * *', runSeals, 70 * minute),
    ticker(shell, 'receipts', '*/2 * * * *', runReceipts, 10 * minute),
    // A citizen is waiting at the other end.
    ...(shell.channels.size > 0 || shell.pushes.size > 0 || shell.scan ? [ticker(shell, 'deliveries', '* * * * * *', runDeliveries)] : []),
  ]
  const platforms = ticker(shell, 'platforms', '*/3 * * * *', lookAgain, 10 * minute)
  // What came while nobody listened is asked for at once.
  void platforms.execute()
  ticks.push(platforms)
  const streams = openStreams(shell)
  return {
    stop: async () => {
      streams.close()
      await Promise.all(ticks.map((tick) => tick.destroy()))
    },
  }
}

const minute = 60_000

/** `lateMs`: not having run for so long is a fault. */
function ticker(shell: Shell, what: string, when: string, run: (shell: Shell) => Promise<number>, lateMs = minute) {
  return cron.schedule(
    when,
    async () => {
      const failed = shell.ticks.get(what)?.failedAt
      try {
        const ran = await run(shell)
        shell.ticks.set(what, { at: shell.now(), lateMs, ...(failed === undefined ? {} : { failedAt: failed }) })
        if (ran > 0) shell.log.debug({ what, ran }, 'tick')
      } catch (fault) {
        shell.ticks.set(what, { at: shell.now(), lateMs, failedAt: shell.now() })
        shell.log.error({ err: fault, what }, 'tick failed')
      }
    },
    { noOverlap: true, name: `${what}-${randomUUID()}`, logger: cronLog(shell, what) },
  )
}

/** What node-cron has to say (a slot missed because the process was busy, a run that still goes on) as lines of our log, not its own on the console. */
function cronLog({ log }: Shell, what: string): CronLogger {
  return {
    debug: (said) => log.debug({ what, said: String(said) }, 'schedule'),
    info: (said) => log.info({ what, said }, 'schedule'),
    warn: (said) => log.warn({ what, said }, 'schedule'),
    error: (said, err) => log.error({ what, said: String(said), err }, 'schedule'),
  }
}
