import type { Conversation } from '../bot/turn.ts'
import type { Fate } from '../channels/contract.ts'
import type { Cipher } from './cipher.ts'
import { messagesAfter, type StoredMessage } from './conversations.ts'
import type { Database } from './database.ts'
import { type Job, JobTakenError, leaseMs, type NewJob } from './jobs.ts'
import type { Reachable } from './persons.ts'
import type { Sql } from './sql.ts'

export const deliveryKey = (conversationId: string, from: number): string => `deliver:${conversationId}:${from}`

/** `about`: the case that the message tells of. `holdMs`: how long an answer waits for the platform's own request to carry it. */
export type Occasion = { readonly about?: string; readonly holdMs?: number }

/**
 * What a remote channel must carry, in the transaction that says it. All that is said at once is one delivery, for the platforms count
 * messages. The page on the web reads its messages itself; the news of a case may go further from there.
 */
export function deliveryOf(
  { id, channel }: Pick<Conversation, 'id' | 'channel'>,
  messages: readonly StoredMessage[],
  at: number,
  { about, holdMs = 0 }: Occasion = {},
): NewJob[] {
  const said = messages.filter((message) => message.author !== 'citizen')
  const [first] = said
  const last = said.at(-1)
  if ((channel === 'web' && about === undefined) || !first || !last) return []
  const runAt = first.answers === undefined ? at : at + holdMs
  const payload = { conversationId: id, from: first.seq, to: last.seq, sent: 0, rung: 0, ...(about === undefined ? {} : { ticketId: about }) }
  return [{ kind: 'deliver', uniqueKey: deliveryKey(id, first.seq), orderKey: `deliver:${id}`, runAt, payload }]
}

/** The citizen has written again: what was held back for want of quota may go. */
export async function wakeDeliveries(sql: Sql, conversationId: string, at: number): Promise<void> {
  await sql.run(`UPDATE "Job" SET "runAt" = ? WHERE "orderKey" = ? AND state = 'open' AND attempts > 0 AND "leasedUntil" < ? AND "runAt" > ?`, [
    at,
    `deliver:${conversationId}`,
    at,
    at,
  ])
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

export type Parcel = {
  readonly to: Reachable
  readonly messages: readonly StoredMessage[]
  /** entitles to one message in answer to the platform's event */
  readonly code: string | undefined
}

/** What a delivery is to carry, and to whom. */
export async function parcelOf(read: Sql, cipher: Cipher, { payload }: Job): Promise<Parcel | undefined> {
  const conversationId = String(payload['conversationId'])
  const from = Number(payload['from'])
  const [to] = await read.all<Reachable>(
    'SELECT p.id AS "personId", p.channel, p."externalId", c.id AS "conversationId" FROM "Person" p JOIN "Conversation" c ON c."personId" = p.id WHERE c.id = ?',
    [conversationId],
  )
  if (!to) return undefined
  const found = await messagesAfter(read, cipher, conversationId, from - 2, Number(payload['to']) - from + 2)
  const asked = found.find((message) => message.seq === from - 1)?.body
  const code = asked && 'content' in asked && asked.content.kind === 'event' ? asked.content.code : undefined
  return { to, messages: found.filter((message) => message.seq >= from && message.seq <= Number(payload['to'])), code }
}

/**
 * Notes that so many parts are out, so that a retry goes on behind them, and keeps the claim for the next part. Gives the reason where the
 * platform has said meanwhile that it could not deliver: its word may come before the answer to the sending.
 * @throws JobTakenError when the message has gone on from another step
 */
export async function noteSent(db: Database, job: Job, sent: number, dispatch: Dispatched | undefined, now: number): Promise<string | undefined> {
  return db.write(async (sql) => {
    const changed = await sql.run(`UPDATE "Job" SET payload = ?, "leasedUntil" = ? WHERE id = ? AND state = 'open' AND payload = ?`, [
      withSent(job, sent),
      now + leaseMs,
      job.id,
      withSent(job, sent - 1),
    ])
    if (changed !== 1) throw new JobTakenError(job.id)
    return dispatch && noteDispatch(sql, job, dispatch, now)
  })
}

async function noteDispatch(sql: Sql, job: Job, { channel, externalId, unsure }: Dispatched, now: number): Promise<string | undefined> {
  // The name of an earlier message, where the platform gives none: that one is settled, or will never be.
  await sql.run(`DELETE FROM "Dispatch" WHERE channel = ? AND "externalId" = ? AND "jobId" NOT IN (?, ${nobody})`, [channel, externalId, job.id])
  const state = unsure ? 'unsure' : 'sent'
  await sql.insert('Dispatch', [{ channel, externalId, jobId: job.id, rung: rungOf(job), state, reason: null, at: now }], 'unless exists')
  const [early] = await sql.all<{ state: string; reason: string | null }>(
    `UPDATE "Dispatch" SET "jobId" = ?, rung = ? WHERE channel = ? AND "externalId" = ? AND "jobId" = ${nobody} RETURNING state, reason`,
    [job.id, rungOf(job), channel, externalId],
  )
  return early?.state === 'failed' ? (early.reason ?? 'no reason') : undefined
}

/** The platform has said itself that it took nothing: the next try is another request to it. */
export async function noteRefusal(db: Database, { id }: Job): Promise<void> {
  await db.write(async (sql) => {
    const [row] = await sql.all<{ payload: string }>(`SELECT payload FROM "Job" WHERE id = ? AND state = 'open'`, [id])
    if (!row) return
    const payload = JSON.parse(row.payload)
    await sql.run('UPDATE "Job" SET payload = ? WHERE id = ?', [JSON.stringify({ ...payload, refusals: Number(payload['refusals'] ?? 0) + 1 }), id])
  })
}

/** All parts are out. @throws JobTakenError when one of them was said not to be delivered, and the message has gone on from there */
export async function finishSent(sql: Sql, job: Job, sent: number, now: number): Promise<void> {
  const changed = await sql.run(`UPDATE "Job" SET state = 'done', "doneAt" = ? WHERE id = ? AND state = 'open' AND payload = ?`, [
    now,
    job.id,
    withSent(job, sent),
  ])
  if (changed !== 1) throw new JobTakenError(job.id)
}

const withSent = (job: Pick<Job, 'payload'>, sent: number): string => JSON.stringify({ ...job.payload, sent })

/** The message of a platform's word that came before anybody here knew of it. */
const nobody = 0

/** `unsure`: nobody knows whether the platform took it. */
export type Dispatched = { readonly channel: string; readonly externalId: string; readonly unsure: boolean }

/** The step of the ladder that the delivery stands on. */
export const rungOf = ({ payload }: Pick<Job, 'payload'>): number => Number(payload['rung'] ?? 0)

const standOn = (job: Pick<Job, 'payload'>, rung: number): string => JSON.stringify({ ...job.payload, rung, sent: 0 })

/** Puts a delivery back until the citizen writes again, or until they may no longer be answered. */
export async function hold(db: Database, job: Job, until: number): Promise<void> {
  await db.write((sql) => sql.run(`UPDATE "Job" SET "runAt" = ?, "leasedUntil" = 0, attempts = 1 WHERE id = ? AND state = 'open'`, [until, job.id]))
}

/** A person sends this message: it waits on the list of the day's texts. */
export async function leaveByHand(db: Database, job: Job): Promise<void> {
  await db.write((sql) => sql.run(`UPDATE "Job" SET state = 'hand', "leasedUntil" = 0 WHERE id = ? AND state = 'open'`, [job.id]))
}

/** What people must send by hand, the oldest first, behind the one of that id. */
export const handJobs = (read: Sql, after: number, limit: number): Promise<Job[]> =>
  deliveriesWhere(read, `state = 'hand' AND id > ? ORDER BY id LIMIT ?`, [after, limit])

/** Those of these deliveries that stand there, whatever has become of them. */
export const deliveriesById = (read: Sql, ids: readonly number[]): Promise<Job[]> =>
  deliveriesWhere(read, `kind = 'deliver' AND id IN (${ids.map(() => '?').join(', ')})`, ids)

async function deliveriesWhere(read: Sql, condition: string, values: readonly number[]): Promise<Job[]> {
  const rows = await read.all<Omit<Job, 'payload'> & { payload: string }>(`SELECT * FROM "Job" WHERE ${condition}`, values)
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) }))
}

/** A person has sent it, or could not: then it goes on as any message that failed. Twice noted is once noted. */
export async function noteByHand(sql: Sql, id: number, wasSent: boolean, now: number): Promise<boolean> {
  if (wasSent) return (await sql.run(`UPDATE "Job" SET state = 'done', "doneAt" = ? WHERE id = ? AND state = 'hand'`, [now, id])) === 1
  const [row] = await sql.all<{ payload: string }>(`SELECT payload FROM "Job" WHERE id = ? AND state = 'hand'`, [id])
  if (!row) return false
  const payload = JSON.parse(row.payload)
  await sql.run(`UPDATE "Job" SET state = 'open', payload = ?, "runAt" = ?, attempts = 0, "lastError" = 'not sent by hand' WHERE id = ?`, [
    standOn({ payload }, rungOf({ payload }) + 1),
    now,
    id,
  ])
  return true
}

/** One step down the ladder, at once and with all tries. */
export async function descend(db: Database, job: Job, rung: number, reason: string, now: number): Promise<void> {
  await db.write((sql) =>
    sql.run(`UPDATE "Job" SET payload = ?, "runAt" = ?, "leasedUntil" = 0, attempts = 0, "lastError" = ? WHERE id = ? AND state = 'open'`, [
      standOn(job, rung),
      now,
      reason.slice(0, 300),
      job.id,
    ]),
  )
}

/**
 * What a platform says of a message that it had taken. Told twice, nothing happens; of one that is not known yet it is kept until the sender
 * notes it. One that failed goes on from the next step of its ladder, unless it is there already.
 */
export async function noteFate(sql: Sql, channel: string, fate: Fate, now: number): Promise<void> {
  const { externalId, otherwise, delivered, reason } = fate
  const told = `undelivered: ${reason ?? 'no reason'}`
  const known = await settled(sql, channel, externalId, fate, now)
  if (known) return delivered ? undefined : goOn(sql, known, told, now)
  const isNew = await stranger(sql, channel, externalId, fate, now)
  if (otherwise === undefined || !isNew) return
  const unnamed = await settled(sql, channel, otherwise, fate, now)
  if (unnamed) return delivered ? undefined : goOn(sql, unnamed, told, now)
  // The message of that name is one that is being sent now.
  await sql.run('DELETE FROM "Dispatch" WHERE channel = ? AND "externalId" = ?', [channel, otherwise])
  await stranger(sql, channel, otherwise, fate, now)
}

type Standing = { readonly jobId: number; readonly rung: number }

async function settled(sql: Sql, channel: string, externalId: string, { delivered, reason }: Fate, now: number): Promise<Standing | undefined> {
  const [dispatch] = await sql.all<Standing>(
    `UPDATE "Dispatch" SET state = ?, reason = ?, at = ? WHERE channel = ? AND "externalId" = ? AND state IN ('sent', 'unsure') RETURNING "jobId", rung`,
    [delivered ? 'delivered' : 'failed', reason?.slice(0, 100) ?? null, now, channel, externalId],
  )
  return dispatch
}

/** Keeps what is said of a message that nobody here knows yet; false when it was said before. */
async function stranger(sql: Sql, channel: string, externalId: string, { delivered, reason }: Fate, now: number): Promise<boolean> {
  const state = delivered ? 'delivered' : 'failed'
  const row = { channel, externalId, jobId: nobody, rung: 0, state, reason: reason?.slice(0, 100) ?? null, at: now }
  const [known] = await sql.all('SELECT state FROM "Dispatch" WHERE channel = ? AND "externalId" = ?', [channel, externalId])
  if (!known) await sql.insert('Dispatch', [row], 'unless exists')
  return !known
}

/**
 * Messages of which the platform has said nothing since then: not delivered, as if it had said so. `sent`: those that it took; `unsure`: those of
 * which nobody knows whether it did. How many there were.
 */
export async function missReceipts(sql: Sql, channel: string, state: 'sent' | 'unsure', before: number, now: number): Promise<number> {
  const silent = await sql.all<Standing>(
    `UPDATE "Dispatch" SET state = 'failed', reason = ?, at = ? WHERE channel = ? AND state = ? AND at < ? AND "jobId" <> ${nobody} RETURNING "jobId", rung`,
    [noReceipt[state], now, channel, state, before],
  )
  for (const dispatch of silent) await goOn(sql, dispatch, 'undelivered: no receipt', now)
  return silent.length
}

const noReceipt = { sent: 'no receipt', unsure: 'no answer' } as const

/** To how many people the platform took messages of which it then said nothing, where the wait has ended since then. */
export async function countSilent(read: Sql, channel: string, since: number): Promise<number> {
  const [row] = await read.all<{ n: number }>(
    `SELECT COUNT(DISTINCT j."orderKey") AS n FROM "Dispatch" d JOIN "Job" j ON j.id = d."jobId" WHERE d.channel = ? AND d.state = 'failed' AND d.reason = ? AND d.at >= ?`,
    [channel, noReceipt.sent, since],
  )
  return Number(row?.n ?? 0)
}

/** Whether the platform has said of any message since then what became of it. */
export const hasToldFates = async (read: Sql, channel: string, since: number): Promise<boolean> =>
  (
    await read.all(
      `SELECT 1 FROM "Dispatch" WHERE channel = ? AND at >= ? AND (state = 'delivered' OR (state = 'failed' AND COALESCE(reason, '') NOT IN (?, ?))) LIMIT 1`,
      [channel, since, noReceipt.sent, noReceipt.unsure],
    )
  ).length > 0

/** From the next step of the ladder, unless it is there already. */
async function goOn(sql: Sql, { jobId, rung }: Standing, reason: string, now: number): Promise<void> {
  const [row] = await sql.all<{ payload: string }>('SELECT payload FROM "Job" WHERE id = ?', [jobId])
  const job = row && { payload: JSON.parse(row.payload) }
  if (!job || rungOf(job) !== rung) return
  await sql.run(`UPDATE "Job" SET payload = ?, state = 'open', "runAt" = ?, "leasedUntil" = 0, attempts = 0, "lastError" = ?, "doneAt" = NULL WHERE id = ?`, [
    standOn(job, rung + 1),
    now,
    reason.slice(0, 300),
    jobId,
  ])
}

/** Word of messages that nobody here has sent: of another program on the same account. */
export async function clearStrangers(db: Database, before: number): Promise<void> {
  await db.write((sql) => sql.run(`DELETE FROM "Dispatch" WHERE "jobId" = ${nobody} AND at < ?`, [before]))
}
