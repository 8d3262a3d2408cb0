import { enqueue, fail, finish, type Job, JobTakenError, type NewJob } from '../../prisma/jobs.ts'
import type { Shell } from '../shell.ts'

/** What the settings say of a platform's own side (a menu) may have changed since the last start: it is told again, and again until it has heard. */
export async function askSetUps(shell: Shell): Promise<void> {
  const at = shell.now()
  const jobs = [...shell.channels].flatMap(([name, { setUp }]): NewJob[] =>
    setUp ? [{ kind: 'setup', uniqueKey: `setup:${name}:${at}`, orderKey: `setup:${name}`, runAt: at, payload: { channel: name } }] : [],
  )
  if (jobs.length > 0) await shell.commit((sql) => enqueue(sql, jobs, at))
}

export async function runSetUp(shell: Shell, job: Job): Promise<void> {
  try {
    await shell.channels.get(String(job.payload['channel']))?.setUp?.()
    await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault))
    shell.log.warn({ err: fault, jobId: job.id, state }, 'platform not set up')
  }
}
