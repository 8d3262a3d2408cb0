import { randomUUID } from 'node:crypto'
import cron from 'node-cron'
import type { Shell } from './shell.ts'
import { runDueJobs } from './workers/timers.ts'

/** A ticker over the Job table: what is due stands there, so a missed, doubled or shifted tick loses and doubles nothing. */
export function startSchedule(shell: Shell): { readonly stop: () => Promise<void> } {
  const tick = cron.schedule(
    '*/10 * * * * *',
    async () => {
      try {
        const ran = await runDueJobs(shell)
        if (ran > 0) shell.log.info({ ran }, 'due jobs ran')
      } catch (fault) {
        shell.log.error({ err: fault }, 'tick failed')
      }
    },
    { noOverlap: true, name: `due-jobs-${randomUUID()}` },
  )
  return {
    stop: async () => {
      await tick.destroy()
    },
  }
}
