import { type Attachment, attachmentById, attachmentId, insertAttachment, sentSince } from '../../prisma/attachments.ts'
import { DuplicateError } from '../../prisma/committer.ts'
import { enqueue } from '../../prisma/jobs.ts'
import type { Sql } from '../../prisma/sql.ts'
import { fileProblems } from '../../texts/files.ts'
import { ProblemError } from '../problems.ts'
import type { Shell } from '../shell.ts'
import { scanJob } from '../workers/scans.ts'
import { checkFile } from './check.ts'

const dayMs = 86_400_000
/** Of one person or one case in a day: more than any matter needs, and less than fills a disk. */
export const mostADay = 60

export type Arrived = {
  readonly channel: string
  /** the idempotency key, unique within the channel: visitor and upload key, or a platform's id of the file */
  readonly key: string
  readonly bytes: Buffer
  readonly name: string
  readonly owner: { readonly personId: string } | { readonly ticketId: string }
  /** who of the office adds it */
  readonly staffId?: string
  /** stored in the same transaction, once */
  readonly also?: (sql: Sql, kept: Attachment) => Promise<void>
}

/**
 * Takes a file in, whatever way it came: checked, made safe, sealed on disk, then noted. The same key again gives the same file again.
 * @throws ProblemError 'refusedFile'
 */
export function keepFile(shell: Shell, { channel, key, bytes, name, owner, staffId, also }: Arrived): Promise<Attachment> {
  const id = attachmentId(channel, key)
  const { db, cipher, store, now } = shell
  return shell.mailbox.run(`file:${id}`, async () => {
    const known = await attachmentById(db.read, cipher, id)
    if (known) return known
    if ((await sentSince(db.read, owner, now() - dayMs)) >= mostADay) throw new ProblemError('refusedFile', fileProblems.tooMany)
    // Pictures are unpacked one after another, so that many at once do not take all memory.
    const checked = await shell.mailbox.run('files', () => checkFile(bytes, name))
    const kept: Attachment = {
      id,
      personId: 'personId' in owner ? owner.personId : null,
      conversationId: null,
      ticketId: 'ticketId' in owner ? owner.ticketId : null,
      staffId: staffId ?? null,
      state: shell.scan ? 'checking' : 'ready',
      media: checked.media,
      type: checked.type,
      bytes: checked.bytes.length,
      name: checked.name,
      createdAt: now(),
    }
    await store.put(id, checked.bytes)
    try {
      await shell.commit(async (sql) => {
        await insertAttachment(sql, cipher, kept)
        if (shell.scan) await enqueue(sql, [scanJob(id, now())], now())
        await also?.(sql, kept)
      })
    } catch (fault) {
      // Another process has stored it meanwhile.
      const stored = fault instanceof DuplicateError ? await attachmentById(db.read, cipher, id) : undefined
      if (!stored) throw fault
      return stored
    }
    return kept
  })
}
