import type { Conversation } from '../bot/turn.ts'
import type { Person } from '../channels/contract.ts'
import type { Cipher } from './cipher.ts'
import { messagesAfter, type StoredMessage } from './conversations.ts'
import type { Database } from './database.ts'
import { type Job, leaseMs, type NewJob } from './jobs.ts'
import type { Sql } from './sql.ts'

/** How long an answer waits for the platform's own request to carry it, before it is sent as a message that counts. */
const inPlaceMs = 5_000

export const deliveryKey = (conversationId: string, from: number): string => `deliver:${conversationId}:${from}`

/**
 * What a remote channel must carry, in the transaction that says it. All that is said at once is one delivery, for the platforms count
 * messages. The page on the web reads its messages itself.
 */
export function deliveryOf({ id, channel }: Pick<Conversation, 'id' | 'channel'>, messages: readonly StoredMessage[], at: number): NewJob[] {
  const said = messages.filter((message) => message.author !== 'citizen')
  const [first] = said
  const last = said.at(-1)
  if (channel === 'web' || !first || !last) return []
  const runAt = first.answers === undefined ? at : at + inPlaceMs
  const payload = { conversationId: id, from: first.seq, to: last.seq, sent: 0 }
  return [{ kind: 'deliver', uniqueKey: deliveryKey(id, first.seq), orderKey: `deliver:${id}`, runAt, payload }]
}

/**
 * Takes the delivery over into the platform's own request; again, when the platform pushes again because it did not hear the answer.
 * False when a worker has it or has sent it: then the answer must not be given twice.
 */
export async function answerInPlace(sql: Sql, key: string, now: number): Promise<boolean> {
  const changed = await sql.run(
    `UPDATE "Job" SET state = 'answered', "doneAt" = ? WHERE "uniqueKey" = ? AND (state = 'answered' OR (state = 'open' AND attempts = 0))`,
    [now, key],
  )
  return changed === 1
}

export type Parcel = { readonly channel: string; readonly to: Person; readonly messages: readonly StoredMessage[] }

/** What a delivery is to carry, and to whom. */
export async function parcelOf(read: Sql, cipher: Cipher, { payload }: Job): Promise<Parcel | undefined> {
  const conversationId = String(payload['conversationId'])
  const from = Number(payload['from'])
  const [person] = await read.all<{ channel: string; externalId: string }>(
    'SELECT p.channel, p."externalId" FROM "Person" p JOIN "Conversation" c ON c."personId" = p.id WHERE c.id = ?',
    [conversationId],
  )
  if (!person) return undefined
  const messages = await messagesAfter(read, cipher, conversationId, from - 1, Number(payload['to']) - from + 1)
  return { channel: person.channel, to: { channel: person.channel, id: person.externalId }, messages }
}

/** Notes that so many parts are out, so that a retry goes on behind them, and keeps the claim for the next part. */
export async function noteSent(db: Database, job: Job, sent: number, now: number): Promise<void> {
  await db.write((sql) =>
    sql.run(`UPDATE "Job" SET payload = ?, "leasedUntil" = ? WHERE id = ? AND state = 'open'`, [
      JSON.stringify({ ...job.payload, sent }),
      now + leaseMs,
      job.id,
    ]),
  )
}
