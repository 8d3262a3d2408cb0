import { partnerHeaders } from '../../channels/partner.ts'
import { fail, finish, type Job, JobTakenError } from '../../prisma/jobs.ts'
import { handedStatus } from '../handed.ts'
import type { Partner } from '../partners.ts'
import { newId, type Shell } from '../shell.ts'

/** Well within a job's lease, so that no other worker sends the same meanwhile. */
const patienceMs = 10_000

/** Tells a partner what has become of its case; a partner that fails is asked again later, for about three hours. */
export async function runWebhook(shell: Shell, job: Job): Promise<void> {
  try {
    const partner = shell.partners.get(String(job.payload['partner']))
    if (!partner) throw new Error('this partner is not set up')
    if (partner.webhook !== undefined) await post(shell, partner, partner.webhook, job)
    await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    const reason = fault instanceof Error ? fault.message : String(fault)
    const state = await fail(shell.db, job, shell.now(), reason)
    shell.log.warn({ jobId: job.id, state, reason }, 'webhook not taken')
  }
}

async function post(shell: Shell, partner: Partner, address: string, { uniqueKey, payload }: Job): Promise<void> {
  const view = await handedStatus(shell, partner.id, String(payload['externalId']))
  if (!view) return
  const body = Buffer.from(JSON.stringify({ id: uniqueKey, ...view }))
  const { pathname, search } = new URL(address)
  const signed = { method: 'POST', path: pathname + search, timestamp: String(shell.now()), nonce: newId(), body }
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...partnerHeaders(partner.id, signed, partner.secret) },
    body: new Uint8Array(body),
    // Whatever it leads to is not the address that was agreed on.
    redirect: 'manual',
    signal: AbortSignal.timeout(patienceMs),
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`answered with ${answer.status}`)
}
