import type { Conversation } from '../../bot/turn.ts'
import { conversationById } from '../../prisma/conversations.ts'
import { parcelOf } from '../../prisma/deliveries.ts'
import { fail, finish, type Job, JobTakenError, type NewJob } from '../../prisma/jobs.ts'
import { accountOf } from '../../prisma/staff.ts'
import type { Shell } from '../shell.ts'

export const sessionKey = (conversationId: string): string => `session:${conversationId}`

/** Asked for in the transaction of the takeover; the same change of hands is told once. */
export const sessionJob = ({ id, version }: Pick<Conversation, 'id' | 'version'>, at: number): NewJob => ({
  kind: 'session',
  uniqueKey: `session:${id}:${version}`,
  orderKey: sessionKey(id),
  runAt: at,
  payload: { conversationId: id },
})

/** Tells the platform who speaks in a conversation as it is now: the bot, or the person who has taken over. */
export async function runSession(shell: Shell, job: Job): Promise<void> {
  try {
    const conversation = await conversationById(shell.db.read, shell.cipher, String(job.payload['conversationId']))
    const channel = conversation && shell.channels.get(conversation.channel)
    const parcel = channel?.session && (await parcelOf(shell.db.read, shell.cipher, { ...job, payload: { ...job.payload, from: 1, to: 0 } }))
    if (channel?.session && conversation && parcel) {
      const { owner } = conversation
      const agent = owner.kind === 'staff' ? await accountOf(shell.db, owner.staffId) : undefined
      await channel.session({ channel: conversation.channel, id: parcel.to.externalId }, agent === undefined ? { kind: 'bot' } : { kind: 'human', agent })
    }
    await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const state = await fail(shell.db, job, shell.now(), fault instanceof Error ? fault.message : String(fault))
    shell.log.warn({ err: fault, jobId: job.id, state }, 'platform not told who speaks')
  }
}
