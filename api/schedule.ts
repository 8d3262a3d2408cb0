import { randomUUID } from 'node:crypto'
import cron from 'node-cron'
import { followOffice } from './follow.ts'
import type { Shell } from './shell.ts'
import { createWatch } from './watch.ts'
import { runDeliveries } from './workers/deliveries.ts'
import { runRetention } from './workers/retention.ts'
import { runDueJobs } from './workers/timers.ts'

/** A ticker over the Job table: what is due stands there, so a missed, doubled or shifted tick loses and doubles nothing. */
export function startSchedule(shell: Shell & { readonly names: Map<string, string> }): { readonly stop: () => Promise<void> } {
  const ticks = [
    ticker(shell, 'due jobs', '*/10 * * * * *', runDueJobs),
    ticker(shell, 'changes elsewhere', '* * * * * *', createWatch(shell).look),
    ticker(shell, 'edits elsewhere', '*/2 * * * * *', () => followOffice(shell)),
    ticker(shell, 'retention', '23 * * * *', runRetention),
    // A citizen is waiting at the other end.
    ...(shell.channels.size > 0 || shell.scan ? [ticker(shell, 'deliveries', '* * * * * *', runDeliveries)] : []),
  ]
  return {
    stop: async () => {
      await Promise.all(ticks.map((tick) => tick.destroy()))
    },
  }
}

function ticker(shell: Shell, what: string, when: string, run: (shell: Shell) => Promise<number>) {
  return cron.schedule(
    when,
    async () => {
      const failed = shell.ticks.get(what)?.failedAt
      try {
        const ran = await run(shell)
        shell.ticks.set(what, { at: shell.now(), ...(failed === undefined ? {} : { failedAt: failed }) })
        if (ran > 0) shell.log.debug({ what, ran }, 'tick')
      } catch (fault) {
        shell.ticks.set(what, { at: shell.now(), failedAt: shell.now() })
        shell.log.error({ err: fault, what }, 'tick failed')
      }
    },
    { noOverlap: true, name: `${what}-${randomUUID()}` },
  )
}
