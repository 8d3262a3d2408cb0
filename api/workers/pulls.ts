import type { Pull } from '../../channels/contract.ts'
import { cursorOf, keepCursor, placesOf } from '../../prisma/cursors.ts'
import { enqueue, fail, finish, isWaiting, type Job, JobTakenError, type NewJob } from '../../prisma/jobs.ts'
import { tasks } from '../../texts/api.ts'
import { takeIn } from '../arrivals.ts'
import { askRole } from '../cases.ts'
import { createDesk } from '../desk.ts'
import type { Shell } from '../shell.ts'

/** A push that only says that something waits: stored, and acknowledged at once. */
export const pullJob = (channel: string, { name, token, push }: Pull, at: number): NewJob => ({
  kind: 'pull',
  uniqueKey: `pull:${channel}:${name}:${push ?? at}`,
  orderKey: `pull:${channel}:${name}`,
  runAt: at,
  payload: { channel, name, ...(token === undefined ? {} : { token }), at },
})

/** After ten minutes the platform no longer takes the token of a push; without one it answers too, but seldom. */
const tokenLivesMs = 10 * 60_000

/**
 * Asks again, without having been told, for what waits at the platforms: a push that was lost must not leave a citizen unread. Nothing is asked
 * where somebody is about to.
 */
export async function lookAgain(shell: Shell): Promise<number> {
  const jobs: NewJob[] = []
  for (const [name, channel] of shell.channels) {
    if (!channel.pull) continue
    for (const place of await placesOf(shell.db.read, name)) {
      const job = pullJob(name, { name: place }, shell.now())
      if (!(await isWaiting(shell.db.read, job.orderKey))) jobs.push(job)
    }
  }
  if (jobs.length > 0) await shell.commit((sql) => enqueue(sql, jobs, shell.now()))
  return jobs.length
}

/** Reads page after page until nothing is left: an empty page may be followed by a full one. */
export async function runPull(shell: Shell, job: Job): Promise<void> {
  const channel = shell.channels.get(String(job.payload['channel']))
  const name = String(job.payload['name'])
  const desk = createDesk(shell)
  try {
    for (let [more, again] = [channel?.pull !== undefined, false]; more; ) {
      const fresh = shell.now() - Number(job.payload['at']) < tokenLivesMs
      const token = job.payload['token']
      const ask = { name, ...(typeof token === 'string' && fresh ? { token } : {}) }
      const place = `${job.payload['channel']}:${name}`
      const page = await channel?.pull?.(ask, await cursorOf(shell.db.read, place))
      if (page?.restarted) await tellRestart(shell, place)
      again ||= page?.restarted === true
      if (page)
        await takeIn(shell, desk, again ? { ...page, ...over } : page, String(job.payload['channel']), (sql) =>
          keepCursor(sql, place, page.cursor, shell.now()),
        )
      more = page?.more === true
    }
    await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault))
    shell.log.warn({ err: fault, jobId: job.id, state }, 'platform not read')
  }
}

/** Messages that are read a second time are known by their keys; who spoke then is over. */
const over = { taken: [], ended: [] } as const

/** Once a day: the office should look whether anything is missing. */
async function tellRestart(shell: Shell, place: string): Promise<void> {
  const day = Math.floor(shell.now() / 86_400_000)
  await shell.commit((sql) => askRole(sql, 'admin', `restarted:${place}:${day}`, tasks.restarted(place), shell.now()))
}
