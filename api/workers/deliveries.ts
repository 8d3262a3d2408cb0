import { ChannelError } from '../../channels/contract.ts'
import { noteSent, type Parcel, parcelOf } from '../../prisma/deliveries.ts'
import { claim, fail, finish, type Job, JobTakenError, mostAttempts } from '../../prisma/jobs.ts'
import { ticketsOfConversation } from '../../prisma/tickets.ts'
import { tasks } from '../../texts/api.ts'
import { askDesk } from '../cases.ts'
import { spokenAtOnce } from '../outbox.ts'
import type { Shell } from '../shell.ts'

/** Sent side by side: a platform that hangs must not hold up the others' messages, and each must end within its lease. */
const batch = 20

/** Sends what is due, until nothing is. */
export async function runDeliveries(shell: Shell): Promise<number> {
  for (let ran = 0; ; ) {
    const jobs = await claim(shell.db, shell.now(), batch, 'deliveries')
    if (jobs.length === 0) return ran
    await Promise.all(jobs.map((job) => runDelivery(shell, job)))
    ran += jobs.length
  }
}

async function runDelivery(shell: Shell, job: Job): Promise<void> {
  try {
    const parcel = await parcelOf(shell.db.read, shell.cipher, job)
    if (parcel) await deliver(shell, job, parcel)
    await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    await miss(shell, job, fault)
  }
}

async function deliver(shell: Shell, job: Job, { channel, to, messages }: Parcel): Promise<void> {
  const open = shell.channels.get(channel)
  if (!open) throw new ChannelError('refused', `channel ${channel} is not set up`)
  const parts = open.parts(spokenAtOnce(messages))
  for (const [index, part] of parts.entries()) {
    if (index < Number(job.payload['sent'])) continue
    await open.send(to, part, `${job.uniqueKey}:${index}`)
    await noteSent(shell.db, job, index + 1, shell.now())
  }
}

/** Later again, or never: then a person is told first, so that a crash in between leaves the message with someone. */
async function miss(shell: Shell, job: Job, fault: unknown): Promise<void> {
  const ends = (fault instanceof ChannelError && fault.code === 'refused') || job.attempts >= mostAttempts
  if (ends) await tellDesk(shell, job)
  const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault), ends)
  shell.log.warn({ err: fault, jobId: job.id, state }, 'message not delivered')
}

async function tellDesk(shell: Shell, job: Job): Promise<void> {
  const conversationId = String(job.payload['conversationId'])
  const [ticket] = await ticketsOfConversation(shell.db.read, shell.cipher, conversationId)
  const text = ticket ? tasks.undeliverable(ticket.number) : tasks.undeliverableChat
  await shell.commit((sql) => askDesk(sql, ticket ?? { id: undefined }, job.uniqueKey, text, shell.now()))
}
