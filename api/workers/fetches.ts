import { dayMs } from '../../casework/day.ts'
import { ChannelError } from '../../channels/contract.ts'
import { type Attachment, attachmentById, sentSince, settleFetched, wordedKey } from '../../prisma/attachments.ts'
import { enqueue, fail, finish, type Job, JobTakenError } from '../../prisma/jobs.ts'
import { type CommittedTurn, systemSay } from '../../prisma/turns.ts'
import { fileNotes, fileProblems } from '../../texts/files.ts'
import { announce } from '../desk.ts'
import { checkFetched } from '../files/check.ts'
import { mostADay } from '../files/keep.ts'
import { ProblemError } from '../problems.ts'
import type { Shell } from '../shell.ts'
import { scanJob } from './scans.ts'

/** Brings the file over, checks it as any other, and asks the scanner; what can never be had is told to whoever sent it, unless its words are known. */
export async function runFetch(shell: Shell, job: Job): Promise<void> {
  try {
    const file = await attachmentById(shell.db.read, shell.cipher, String(job.payload['id']))
    if (file?.state === 'fetching') await bring(shell, job, file)
    else await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault))
    shell.log.warn({ err: fault, jobId: job.id, state }, 'file not fetched')
  }
}

async function bring(shell: Shell, job: Job, file: Attachment): Promise<void> {
  const { store, scan, cipher, now } = shell
  const had = await fetched(shell, job, file)
  if (typeof had === 'string') return giveUp(shell, job, file, had)
  await store.put(file.id, had.bytes)
  await shell.commit(async (sql) => {
    await finish(sql, job.id, now())
    await settleFetched(sql, cipher, { ...had, id: file.id, bytes: had.bytes.length, state: scan ? 'checking' : 'ready' }, now())
    if (scan) await enqueue(sql, [scanJob(file.id, now())], now())
  })
}

/** The file, or in words for the citizen why it cannot be had. @throws ChannelError and others that may pass */
async function fetched({ channels, db, mailbox, now, revoice, log }: Shell, { payload, uniqueKey }: Job, file: Attachment) {
  const channel = channels.get(String(payload['channel']))
  if (!channel?.media) throw new Error(`channel ${payload['channel']} is not set up`)
  const sent = file.personId === null || uniqueKey === wordedKey(file.id) ? 0 : await sentSince(db.read, { personId: file.personId }, now() - dayMs)
  if (sent > mostADay) return fileNotes.notTaken(file.name, fileProblems.tooMany)
  try {
    const { bytes, name } = await channel.media(String(payload['ref']))
    const checked = await mailbox.run('files', () => checkFetched(bytes, file.media === 'file' && name ? name : file.name))
    return await revoice(checked).catch((fault) => {
      // It can still be saved and played elsewhere.
      log.error({ err: fault, attachmentId: file.id }, 'voice not converted')
      return checked
    })
  } catch (fault) {
    if (fault instanceof ProblemError) return fileNotes.notTaken(file.name, fault.message)
    if (fault instanceof ChannelError && fault.code === 'refused') return fileNotes.notGiven(fileNotes.unnamed[file.media])
    throw fault
  }
}

async function giveUp(shell: Shell, job: Job, file: Attachment, text: string): Promise<void> {
  const told = await shell.commit(async (sql): Promise<CommittedTurn | undefined> => {
    await finish(sql, job.id, shell.now())
    await settleFetched(sql, shell.cipher, { ...file, state: 'lost' }, shell.now())
    if (job.uniqueKey === wordedKey(file.id)) return undefined
    const now = await attachmentById(sql, shell.cipher, file.id)
    return now?.conversationId ? systemSay(sql, shell.cipher, now.conversationId, { text }, shell.now()) : undefined
  })
  if (told) announce(shell, told, [])
}
