import { attachmentById, settleAttachment } from '../../prisma/attachments.ts'
import { fail, finish, type Job, JobTakenError, type NewJob } from '../../prisma/jobs.ts'
import { type CommittedTurn, systemSay } from '../../prisma/turns.ts'
import { fileNotes } from '../../texts/files.ts'
import { announce } from '../desk.ts'
import type { Shell } from '../shell.ts'

export const scanJob = (id: string, runAt: number): NewJob => ({ kind: 'scan', uniqueKey: `scan:${id}`, orderKey: `scan:${id}`, runAt, payload: { id } })

/** Asks the scanner; until it has answered nobody opens the file, and what it finds is deleted and told. */
export async function runScan(shell: Shell, job: Job): Promise<void> {
  const id = String(job.payload['id'])
  try {
    const file = await attachmentById(shell.db.read, shell.cipher, id)
    const bytes = file && (await shell.store.take(id))
    if (!file || !bytes || !shell.scan) return await shell.commit((sql) => finish(sql, job.id, shell.now()))
    const verdict = await shell.scan(bytes)
    if (verdict === 'infected') await shell.store.remove(id)
    const told = await shell.commit(async (sql): Promise<CommittedTurn | undefined> => {
      await finish(sql, job.id, shell.now())
      await settleAttachment(sql, id, verdict === 'clean' ? 'ready' : 'refused', shell.now())
      const now = await attachmentById(sql, shell.cipher, id)
      // What a clerk sent shows its fate in the talk; the citizen has nothing to send again.
      if (verdict === 'clean' || !now?.conversationId || now.staffId !== null) return undefined
      return systemSay(sql, shell.cipher, now.conversationId, { text: fileNotes.refused(file.name) }, shell.now())
    })
    if (told) announce(shell, told, [])
    if (verdict === 'infected') shell.log.warn({ attachmentId: id }, 'infected file deleted')
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault))
    shell.log.error({ err: fault, jobId: job.id, state }, 'file not scanned')
  }
}
