import { asideOf, dropAside } from '../../prisma/asides.ts'
import { fail, type Job, JobTakenError } from '../../prisma/jobs.ts'
import { takeIn } from '../arrivals.ts'
import { createDesk } from '../desk.ts'
import type { Shell } from '../shell.ts'

/** Deals with a push that was put aside by a process that has not come to it: the same as if it had just come. */
export async function runAside(shell: Shell, job: Job): Promise<void> {
  const id = String(job.payload['id'])
  try {
    const aside = await asideOf(shell.db.read, shell.cipher, id)
    const receipt = aside && shell.channels.get(aside.channel)?.receive(aside.request, aside.at)
    if (receipt) await takeIn(shell, createDesk(shell), receipt, aside.channel)
    await shell.commit((sql) => dropAside(sql, id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault))
    shell.log.warn({ err: fault, jobId: job.id, state }, 'push not dealt with')
  }
}
