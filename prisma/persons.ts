import { forgetAttachments } from './attachments.ts'
import type { Cipher } from './cipher.ts'
import { personIdOf } from './conversations.ts'
import type { Row, Sql } from './sql.ts'

/** One far end of somebody: the same human may have several. */
export type Reachable = { readonly personId: string; readonly channel: string; readonly externalId: string; readonly conversationId: string | null }

/** Whoever writes from a phone holds it. */
const ownPhone = (cipher: Cipher, channel: string, externalId: string): string | null => (channel === 'sms' ? cipher.index('phone', externalId) : null)

export function personRow(cipher: Cipher, channel: string, externalId: string, at: number): Row {
  return { id: personIdOf(channel, externalId), channel, externalId, phoneIndex: ownPhone(cipher, channel, externalId), createdAt: at }
}

/** Everyone who has proven that they hold this phone, oldest first. */
export async function holdersOf(read: Sql, phoneIndex: string): Promise<Reachable[]> {
  return read.all<Reachable>(
    `SELECT p.id AS "personId", p.channel, p."externalId", c.id AS "conversationId" FROM "Person" p LEFT JOIN "Conversation" c ON c."personId" = p.id
     WHERE p."phoneIndex" = ? ORDER BY p."createdAt", p.id LIMIT 10`,
    [phoneIndex],
  )
}

export async function phoneIndexOf(read: Sql, personId: string): Promise<string | undefined> {
  const [row] = await read.all<{ phoneIndex: string | null }>('SELECT "phoneIndex" FROM "Person" WHERE id = ?', [personId])
  return row?.phoneIndex ?? undefined
}

/** The person has proven that they hold the phone that a case was left with: from now on the case is theirs here too. */
export async function bindPhone(sql: Sql, personId: string, phoneIndex: string): Promise<void> {
  await sql.run('UPDATE "Person" SET "phoneIndex" = ? WHERE id = ?', [phoneIndex, personId])
}

/** Wrong proofs that one person may give in an hour; a code has six digits. */
const mostTries = 5
const triesMs = 3_600_000

export async function mayProve(read: Sql, personId: string, now: number): Promise<boolean> {
  const [row] = await read.all<{ tries: number; until: number }>('SELECT tries, until FROM "ProofTries" WHERE "personId" = ?', [personId])
  return !row || row.until <= now || row.tries < mostTries
}

/** Counted in the database, so that neither a restart nor a second process forgets it. */
export async function noteWrongProof(sql: Sql, personId: string, now: number): Promise<void> {
  await sql.insert('ProofTries', [{ personId, tries: 0, until: now + triesMs }], 'unless exists')
  await sql.run(
    'UPDATE "ProofTries" SET tries = CASE WHEN until <= ? THEN 1 ELSE tries + 1 END, until = CASE WHEN until <= ? THEN ? ELSE until END WHERE "personId" = ?',
    [now, now, now + triesMs, personId],
  )
}

export type Preference = { readonly channel: string | null; readonly stoppedAt: number | null }

export async function preferenceOf(read: Sql, phoneIndex: string): Promise<Preference | undefined> {
  const [row] = await read.all<Preference>('SELECT channel, "stoppedAt" FROM "Preference" WHERE "phoneIndex" = ?', [phoneIndex])
  return row
}

/** Where the holder of a phone wants to hear, or that no more text messages are wanted. Asking for text messages takes a stop back. */
export async function prefer(sql: Sql, phoneIndex: string, wish: { readonly channel: string } | { readonly stoppedAt: number }, at: number): Promise<void> {
  await sql.insert('Preference', [{ phoneIndex, channel: null, stoppedAt: null, updatedAt: at }], 'unless exists')
  if ('stoppedAt' in wish) {
    await sql.run('UPDATE "Preference" SET "stoppedAt" = ?, "updatedAt" = ? WHERE "phoneIndex" = ?', [wish.stoppedAt, at, phoneIndex])
  } else {
    const resumed = wish.channel === 'sms' ? ', "stoppedAt" = NULL' : ''
    await sql.run(`UPDATE "Preference" SET channel = ?, "updatedAt" = ?${resumed} WHERE "phoneIndex" = ?`, [wish.channel, at, phoneIndex])
  }
}

/** A message that was not sent, and the case that it told of. */
export type Untold = { readonly key: string; readonly ticketId: string | undefined }

/**
 * Deletes what is kept of a person who has left: the platform's rule for whoever stops following an account. Cases stay under the office's
 * duty to keep them, without their tie to the person; what still waits to be told is given back for a human to tell.
 * https://developers.weixin.qq.com/doc/service/Account_Management/Wechat_Accreditation_Event_Push.html
 */
export async function forgetPerson(
  sql: Sql,
  personId: string,
  now: number,
): Promise<{ readonly conversationId: string; readonly waiting: readonly Untold[] } | undefined> {
  const [conversation] = await sql.all<{ id: string }>('SELECT id FROM "Conversation" WHERE "personId" = ?', [personId])
  const id = conversation?.id
  const [latest] = await sql.all<{ id: string }>('SELECT id FROM "Ticket" WHERE "personId" = ? ORDER BY "registeredAt" DESC LIMIT 1', [personId])
  const waiting = id
    ? await sql.all<{ uniqueKey: string; payload: string }>(
        `UPDATE "Job" SET state = 'dead', "lastError" = 'the citizen has left', "doneAt" = ? WHERE "orderKey" = ? AND state = 'open' RETURNING "uniqueKey", payload`,
        [now, `deliver:${id}`],
      )
    : []
  if (id) {
    for (const table of ['Message', 'Missed', 'Note', 'Handover', 'Presence']) await sql.run(`DELETE FROM "${table}" WHERE "conversationId" = ?`, [id])
    await sql.run('DELETE FROM "Conversation" WHERE id = ?', [id])
  }
  await sql.run('UPDATE "Ticket" SET "personId" = NULL, "conversationId" = NULL WHERE "personId" = ?', [personId])
  await forgetAttachments(sql, personId)
  for (const table of ['Quota', 'ProofTries', 'ResumeCode', 'Consent']) await sql.run(`DELETE FROM "${table}" WHERE "personId" = ?`, [personId])
  await sql.run('DELETE FROM "Person" WHERE id = ?', [personId])
  return id === undefined
    ? undefined
    : { conversationId: id, waiting: waiting.map(({ uniqueKey, payload }) => ({ key: uniqueKey, ticketId: JSON.parse(payload).ticketId ?? latest?.id })) }
}
