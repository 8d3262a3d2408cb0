import { createHash } from 'node:crypto'
import type { Instant } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'

/**
 * `fetching`: still at the platform that it was sent through; `lost`: the platform does not give it, or it is nothing that is kept;
 * `checking`: nobody may open it yet; `refused`: the scanner found something, and the bytes are gone.
 */
export type AttachmentState = 'fetching' | 'lost' | 'checking' | 'ready' | 'refused'
export type AttachmentMedia = 'image' | 'voice' | 'video' | 'file'

export type Attachment = {
  readonly id: string
  readonly personId: string | null
  readonly conversationId: string | null
  readonly ticketId: string | null
  /** who of the office added it; null for what citizens sent */
  readonly staffId: string | null
  readonly state: AttachmentState
  readonly media: AttachmentMedia
  /** what the bytes were found to be, never what was declared */
  readonly type: string
  readonly bytes: number
  readonly name: string
  readonly createdAt: Instant
}

type AttachmentRow = Omit<Attachment, 'name'> & { readonly sealed: string }

/** The same upload always has the same id, before anything is stored; nobody guesses it who does not know the key. */
export const attachmentId = (channel: string, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify(['attachment', channel, key]))
    .digest('base64url')
    .slice(0, 32)

export const attachmentPlace = (id: string): string => `Attachment/${id}`

const columns = 'id, "personId", "conversationId", "ticketId", "staffId", state, media, type, bytes, sealed, "createdAt"'
const toAttachment = ({ sealed, ...row }: AttachmentRow, cipher: Cipher): Attachment => ({ ...row, name: cipher.open<string>(sealed, attachmentPlace(row.id)) })

export async function insertAttachment(sql: Sql, cipher: Cipher, { name, ...row }: Attachment): Promise<void> {
  const checkedAt = row.state === 'ready' ? row.createdAt : null
  await sql.insert('Attachment', [{ ...row, sealed: cipher.seal(name, attachmentPlace(row.id)), checkedAt }], 'unless exists')
}

export async function attachmentById(read: Sql, cipher: Cipher, id: string): Promise<Attachment | undefined> {
  const [row] = await read.all<AttachmentRow>(`SELECT ${columns} FROM "Attachment" WHERE id = ?`, [id])
  return row && toAttachment(row, cipher)
}

export async function attachmentsOfTicket(read: Sql, cipher: Cipher, ticketId: string): Promise<Attachment[]> {
  const rows = await read.all<AttachmentRow>(`SELECT ${columns} FROM "Attachment" WHERE "ticketId" = ? ORDER BY "createdAt", id LIMIT 200`, [ticketId])
  return rows.map((row) => toAttachment(row, cipher))
}

export async function attachmentsOfPerson(read: Sql, cipher: Cipher, personId: string): Promise<Attachment[]> {
  const rows = await read.all<AttachmentRow>(`SELECT ${columns} FROM "Attachment" WHERE "personId" = ? ORDER BY "createdAt", id LIMIT 500`, [personId])
  return rows.map((row) => toAttachment(row, cipher))
}

/** With their talk goes what they sent; what belongs to a case stays with it, without its tie to the person. */
export async function forgetAttachments(sql: Sql, personId: string): Promise<void> {
  await sql.run('DELETE FROM "Attachment" WHERE "personId" = ? AND "ticketId" IS NULL', [personId])
  await sql.run('UPDATE "Attachment" SET "personId" = NULL, "conversationId" = NULL WHERE "personId" = ?', [personId])
}

/** Uploads that no message ever named. */
export const dropUnsent = (sql: Sql, before: Instant): Promise<number> =>
  sql.run('DELETE FROM "Attachment" WHERE "conversationId" IS NULL AND "ticketId" IS NULL AND "createdAt" < ?', [before])

/** Those of the ids that stand there. */
export async function knownAttachments(read: Sql, ids: readonly string[]): Promise<Set<string>> {
  const marks = ids.map(() => '?').join(', ')
  const rows = ids.length === 0 ? [] : await read.all<{ id: string }>(`SELECT id FROM "Attachment" WHERE id IN (${marks})`, ids)
  return new Set(rows.map(({ id }) => id))
}

/** The key of the order to fetch the sound of words that the platform has written down: it is no file that anybody meant to send. */
export const wordedKey = (id: string): string => `fetch:worded:${id}`

/** How many files somebody has sent since a moment, without the sounds of words. */
export async function sentSince(read: Sql, owner: { readonly personId: string } | { readonly ticketId: string }, since: Instant): Promise<number> {
  const [column, value] = 'personId' in owner ? ['personId', owner.personId] : ['ticketId', owner.ticketId]
  const [row] = await read.all<{ count: number }>(
    `SELECT COUNT(*) AS count FROM "Attachment" a WHERE a."${column}" = ? AND a."createdAt" >= ? AND NOT EXISTS (SELECT 1 FROM "Job" j WHERE j."uniqueKey" = ? || a.id)`,
    [value, since, wordedKey('')],
  )
  return row?.count ?? 0
}

/** False when it was settled before. */
export async function settleAttachment(sql: Sql, id: string, state: 'ready' | 'refused', at: Instant): Promise<boolean> {
  return (await sql.run(`UPDATE "Attachment" SET state = ?, "checkedAt" = ? WHERE id = ? AND state = 'checking'`, [state, at, id])) === 1
}

type FetchedRow = Pick<Attachment, 'id' | 'state' | 'media' | 'type' | 'bytes' | 'name'>

/** A file has come from its platform, or will never come. False when that was settled before. */
export async function settleFetched(sql: Sql, cipher: Cipher, { id, state, media, type, bytes, name }: FetchedRow, at: Instant): Promise<boolean> {
  const text = `UPDATE "Attachment" SET state = ?, media = ?, type = ?, bytes = ?, sealed = ?, "checkedAt" = ? WHERE id = ? AND state = 'fetching'`
  return (await sql.run(text, [state, media, type, bytes, cipher.seal(name, attachmentPlace(id)), state === 'ready' ? at : null, id])) === 1
}

/** Before a case is registered, what was sent for it may lie this far back in the talk. */
const lookBackMs = 86_400_000

type Place = { readonly conversationId: string; readonly personId: string }

/** A message names a file: it now belongs to the talk. False when that person never sent such a file. */
export async function placeInTalk(sql: Sql, id: string, { conversationId, personId }: Place, ticketId: string | undefined): Promise<boolean> {
  const text = 'UPDATE "Attachment" SET "conversationId" = ?, "ticketId" = COALESCE("ticketId", ?) WHERE id = ? AND "personId" = ?'
  return (await sql.run(text, [conversationId, ticketId ?? null, id, personId])) === 1
}

/** What was sent in the talk and belongs to no case yet becomes part of the case that the talk has just led to or added to. */
export async function placeInCase(sql: Sql, conversationId: string, ticketId: string, at: Instant): Promise<void> {
  const text = 'UPDATE "Attachment" SET "ticketId" = ? WHERE "conversationId" = ? AND "ticketId" IS NULL AND "createdAt" >= ?'
  await sql.run(text, [ticketId, conversationId, at - lookBackMs])
}
