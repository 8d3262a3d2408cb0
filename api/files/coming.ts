import type { InboundMessage } from '../../channels/contract.ts'
import { type Attachment, attachmentId, insertAttachment } from '../../prisma/attachments.ts'
import { enqueue, type NewJob } from '../../prisma/jobs.ts'
import type { Sql } from '../../prisma/sql.ts'
import { fileNotes } from '../../texts/files.ts'
import type { Shell } from '../shell.ts'

const fetchJob = (id: string, channel: string, ref: string, runAt: number): NewJob => ({
  kind: 'fetch',
  uniqueKey: `fetch:${id}`,
  orderKey: `fetch:${id}`,
  runAt,
  payload: { id, channel, ref },
})

type Coming = { readonly content: InboundMessage['content']; readonly also?: (sql: Sql) => Promise<void> }

/**
 * What is stored of a message that names a file at its platform: the message names our own file, which has yet to come, and the order to fetch
 * it goes into the same transaction. The platforms keep files for three days only.
 */
export function comingFile({ channels, cipher }: Shell, personId: string, { content, sender, externalId }: InboundMessage, at: number): Coming {
  const { channel } = sender
  if (content.kind !== 'media' || channel === 'web' || !channels.get(channel)?.media) return { content }
  const id = attachmentId(channel, externalId)
  const name = content.name ?? fileNotes.unnamed[content.media]
  const place = { personId, conversationId: null, ticketId: null, staffId: null }
  const file: Attachment = { id, ...place, state: 'fetching', media: content.media, type: '', bytes: 0, name, createdAt: at }
  return {
    content: { ...content, ref: id, name },
    also: async (sql) => {
      await insertAttachment(sql, cipher, file)
      await enqueue(sql, [fetchJob(id, channel, content.ref, at)], at)
    },
  }
}
