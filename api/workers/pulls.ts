import type { Pull } from '../../channels/contract.ts'
import { cursorOf, keepCursor } from '../../prisma/cursors.ts'
import { fail, finish, type Job, JobTakenError, type NewJob } from '../../prisma/jobs.ts'
import { takeIn } from '../arrivals.ts'
import { createDesk } from '../desk.ts'
import type { Shell } from '../shell.ts'

/** A push that only says that something waits: stored, and acknowledged at once. */
export const pullJob = (channel: string, { name, token }: Pull, at: number): NewJob => ({
  kind: 'pull',
  uniqueKey: `pull:${channel}:${name}:${token ?? at}`,
  orderKey: `pull:${channel}:${name}`,
  runAt: at,
  payload: { channel, name, ...(token === undefined ? {} : { token }), at },
})

/** After ten minutes the platform no longer takes the token of a push; without one it answers too, but seldom. */
const tokenLivesMs = 10 * 60_000

/** Reads page after page until nothing is left: an empty page may be followed by a full one. */
export async function runPull(shell: Shell, job: Job): Promise<void> {
  const channel = shell.channels.get(String(job.payload['channel']))
  const name = String(job.payload['name'])
  const desk = createDesk(shell)
  try {
    for (let more = channel?.pull !== undefined; more; ) {
      const fresh = shell.now() - Number(job.payload['at']) < tokenLivesMs
      const token = job.payload['token']
      const ask = { name, ...(typeof token === 'string' && fresh ? { token } : {}) }
      const place = `${job.payload['channel']}:${name}`
      const page = await channel?.pull?.(ask, await cursorOf(shell.db.read, place))
      if (page) await takeIn(shell, desk, page, String(job.payload['channel']), (sql) => keepCursor(sql, place, page.cursor, shell.now()))
      more = page?.more === true
    }
    await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault))
    shell.log.warn({ err: fault, jobId: job.id, state }, 'platform not read')
  }
}
