import type { Content, InboundMessage } from '../../channels/contract.ts'
import { type Attachment, attachmentId, insertAttachment, wordedKey } from '../../prisma/attachments.ts'
import { enqueue, type NewJob } from '../../prisma/jobs.ts'
import type { Sql } from '../../prisma/sql.ts'
import { fileNotes } from '../../texts/files.ts'
import type { Shell } from '../shell.ts'

/** `worded`: the sound of words that are known without it. */
const fetchJob = (id: string, channel: string, ref: string, worded: boolean, runAt: number): NewJob => ({
  kind: 'fetch',
  uniqueKey: worded ? wordedKey(id) : `fetch:${id}`,
  orderKey: `fetch:${id}`,
  runAt,
  payload: { id, channel, ref },
})

type MediaContent = Extract<Content, { kind: 'media' }>
type Coming = { readonly content: InboundMessage['content']; readonly also?: (sql: Sql) => Promise<void> }

/**
 * What is stored of a message that names a file at its platform: the message names our own file, which has yet to come, and the order to fetch
 * it goes into the same transaction. The platforms keep files for three days only.
 */
export function comingFile({ channels, cipher }: Shell, personId: string, { content, sender, externalId }: InboundMessage, at: number): Coming {
  const { channel } = sender
  const sent = fileIn(content)
  if (!sent || channel === 'web' || !channels.get(channel)?.media) return { content }
  const id = attachmentId(channel, externalId)
  const name = sent.name ?? fileNotes.unnamed[sent.media]
  const place = { personId, conversationId: null, ticketId: null, staffId: null }
  const file: Attachment = { id, ...place, state: 'fetching', media: sent.media, type: '', bytes: 0, name, createdAt: at }
  return {
    content: content.kind === 'text' ? { ...content, sound: id } : { ...sent, ref: id, name },
    also: async (sql) => {
      await insertAttachment(sql, cipher, file)
      await enqueue(sql, [fetchJob(id, channel, sent.ref, content.kind === 'text', at)], at)
    },
  }
}

/** What a message names: a file, or the sound of words that the platform has written down. */
function fileIn(content: Content): MediaContent | undefined {
  if (content.kind === 'text') return content.sound === undefined ? undefined : { kind: 'media', media: 'voice', ref: content.sound }
  return content.kind === 'media' ? content : undefined
}
