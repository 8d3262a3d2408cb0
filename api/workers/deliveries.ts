import type { Ticket } from '../../casework/ticket.ts'
import { ChannelError, type ChannelErrorCode, type News, type OutboundMessage, type Sent } from '../../channels/contract.ts'
import { isUnwanted, noteConsent } from '../../prisma/consents.ts'
import { descend, finishSent, hold, leaveByHand, noteRefusal, noteSent, type Parcel, parcelOf, rungOf } from '../../prisma/deliveries.ts'
import { claim, fail, finish, type Job, JobTakenError, mostAttempts } from '../../prisma/jobs.ts'
import { closeQuota, giveBack, quotaOf, type Taken, takeQuota } from '../../prisma/quotas.ts'
import { ticketById, ticketsOfConversation } from '../../prisma/tickets.ts'
import { delivery, tasks } from '../../texts/api.ts'
import { askDesk, askRepair } from '../cases.ts'
import type { Channel } from '../channels.ts'
import { allStaff } from '../hub.ts'
import { type Rung, rungsOf } from '../ladder.ts'
import { spokenAtOnce } from '../outbox.ts'
import { withOwnPage } from '../ownpage.ts'
import type { Shell } from '../shell.ts'
import { runAside } from './asides.ts'
import { runFetch } from './fetches.ts'
import { runPull } from './pulls.ts'
import { callStaff, runPush } from './pushes.ts'
import { runScan } from './scans.ts'
import { runSession } from './sessions.ts'
import { runSetUp } from './setups.ts'
import { runWebhook } from './webhooks.ts'

/** Sent side by side: a platform that hangs must not hold up the others' messages, and each must end within its lease. */
const batch = 20

/** Of the messages that a platform allows, the bot leaves so many to the person who may take over. */
const keptForPeople = 2

/** Sends what is due, and fetches what waits at the platforms, until nothing is. */
export async function runDeliveries(shell: Shell): Promise<number> {
  await callStaff(shell)
  for (let ran = 0; ; ) {
    const jobs = await claim(shell.db, shell.now(), batch, 'deliveries')
    if (jobs.length === 0) return ran
    await Promise.all(jobs.map((job) => runRemote(shell, job)))
    ran += jobs.length
  }
}

function runRemote(shell: Shell, job: Job): Promise<void> {
  if (job.kind === 'pull') return runPull(shell, job)
  if (job.kind === 'aside') return runAside(shell, job)
  if (job.kind === 'fetch') return runFetch(shell, job)
  if (job.kind === 'push') return runPush(shell, job)
  if (job.kind === 'scan') return runScan(shell, job)
  if (job.kind === 'webhook') return runWebhook(shell, job)
  if (job.kind === 'setup') return runSetUp(shell, job)
  return job.kind === 'session' ? runSession(shell, job) : runDelivery(shell, job)
}

async function runDelivery(shell: Shell, job: Job): Promise<void> {
  const parcel = await parcelOf(shell.db.read, shell.cipher, job)
  const ticket = parcel && (await ticketOf(shell, job))
  const rungs = parcel ? await rungsOf(shell, parcel, ticket) : []
  const rung = rungs[rungOf(job)]
  try {
    if (parcel && rung) {
      const sent = await climb(shell, job, parcel, rung, ticket)
      return void (await shell.commit((sql) => finishSent(sql, job, sent, shell.now())))
    }
    if (parcel && (rungOf(job) > 0 || parcel.to.channel !== 'web')) return await giveUp(shell, job, ticket, job.lastError ?? 'no way is left')
    await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    if (fault instanceof ByHandError) return leaveByHand(shell.db, job)
    if (fault instanceof HeldError) return hold(shell.db, job, fault.until)
    await miss(shell, { job, ticket, rung, last: rungOf(job) + 1 >= rungs.length, passing: parcel?.code !== undefined }, fault)
  }
}

/** The case that is told of: the one that the message names, or the citizen's latest. */
async function ticketOf({ db, cipher }: Shell, { payload }: Job): Promise<Ticket | undefined> {
  if (typeof payload['ticketId'] === 'string') return ticketById(db.read, cipher, payload['ticketId'])
  const [latest] = await ticketsOfConversation(db.read, cipher, String(payload['conversationId']))
  return latest
}

/** How many parts are out now. */
async function climb(shell: Shell, job: Job, parcel: Parcel, rung: Rung, ticket: Ticket | undefined): Promise<number> {
  const channel = shell.channels.get(rung.to.channel)
  if (channel?.byHand) throw new ByHandError()
  if (!channel) throw new ChannelError('refused', `channel ${rung.to.channel} is not set up`)
  const told = withOwnPage(shell, String(job.payload['conversationId']), spokenAtOnce(parcel.messages, channel.limits.menus))
  const isAnswer = parcel.messages.every((message) => message.answers !== undefined)
  const news = ticket && !isAnswer ? newsOf(ticket, parcel, told, shell.now()) : undefined
  const key = `${job.uniqueKey}:${rungOf(job)}`
  if (rung.form !== undefined) return noticed(shell, { job, channel, rung, key }, rung.form, news)
  // The survey is the bot's too, but news: it goes down the ladder, and does not wait for the citizen to write again.
  const isBot = isAnswer && parcel.messages.every((message) => message.author === 'bot')
  // What a person writes in a talk is none of the news that forms are granted for.
  const about = news && job.payload['ticketId'] !== undefined ? { news } : {}
  const parts = channel.parts({ ...told, ...about })
  for (const [index, part] of parts.entries()) {
    if (index < Number(job.payload['sent'])) continue
    const keep = isBot ? keptForPeople : 0
    const message = await withHint(shell, rung, keep, parts.length - index, { ...part, ...about })
    const code = index === 0 ? parcel.code : undefined
    const sent = await counted(shell, channel, rung, { keep, free: code !== undefined, isAnswer: isBot }, () =>
      channel.send(personOf(rung), message, `${key}:${index}`, { code, refusals: Number(job.payload['refusals'] ?? 0) }),
    )
    await noted(shell, job, index + 1, rung, sent)
  }
  return Math.max(parts.length, Number(job.payload['sent']))
}

type Step = { readonly job: Job; readonly channel: Channel; readonly rung: Rung; readonly key: string }

/** A form that the citizen does not want is not tried, and not tried again. */
async function noticed(shell: Shell, { job, channel, rung, key }: Step, id: string, news: News | undefined): Promise<number> {
  const form = channel.forms.find((one) => one.id === id)
  if (!news || !form) throw new ChannelError('refused', 'no form for this message')
  const { personId } = rung.to
  if (await isUnwanted(shell.db.read, personId, id, shell.now())) throw new ChannelError('refused', 'the citizen does not want this form')
  try {
    await noted(shell, job, 1, rung, await form.send(personOf(rung), news, key))
  } catch (fault) {
    if (fault instanceof ChannelError && fault.code === 'unwanted')
      await shell.commit((sql) => noteConsent(sql, { personId, form: id, given: false }, shell.now()))
    throw fault
  }
  return 1
}

const personOf = ({ to }: Rung): { channel: string; id: string } => ({ channel: to.channel, id: to.externalId })

function newsOf(ticket: Ticket, { messages }: Parcel, { text }: OutboundMessage, at: number): News {
  const last = messages.at(-1)?.body
  const { brief = [], choices = [] } = last && 'message' in last && messages.length === 1 ? last.message : {}
  return { number: ticket.number, matter: ticket.facts.matter ?? delivery.someMatter, texts: [text, ...brief], at, asks: choices.length > 0 }
}

async function noted(shell: Shell, job: Job, sent: number, { to: { channel } }: Rung, { externalId, unsure }: Sent): Promise<void> {
  const dispatch = externalId === undefined ? undefined : { channel, externalId, unsure: unsure === true }
  const undelivered = await noteSent(shell.db, job, sent, dispatch, shell.now())
  if (undelivered !== undefined) throw new ChannelError('refused', `undelivered: ${undelivered}`)
  // What may still be sent has changed.
  shell.staff.tell(allStaff, { type: 'conversation', id: String(job.payload['conversationId']) })
}

/** Nothing more may be sent before the citizen writes again; what is left of the answer waits for that. */
class HeldError extends Error {
  readonly until: number
  constructor(until: number) {
    super('held back for want of quota')
    this.name = 'HeldError'
    this.until = until
  }
}

/** The office has no gateway: the message waits for the person who sends the day's texts. */
class ByHandError extends Error {}

type Claim = { readonly keep: number; readonly free: boolean; readonly isAnswer: boolean }

/** Takes one of the counted messages before the platform is asked, and gives it back when it certainly took none. */
async function counted(shell: Shell, channel: Channel, { to }: Rung, { keep, free, isAnswer }: Claim, send: () => Promise<Sent>): Promise<Sent> {
  if (channel.limits.quota === undefined || free) return send()
  const taken: Taken | undefined = await shell.db.write((sql) => takeQuota(sql, to.personId, keep, shell.now()))
  if (!taken) {
    const quota = await quotaOf(shell.db.read, to.personId, shell.now())
    if (isAnswer && quota && quota.until > shell.now()) throw new HeldError(quota.until)
    throw new ChannelError('closed', 'no message is left to this person')
  }
  try {
    return await send()
  } catch (fault) {
    const code = fault instanceof ChannelError ? fault.code : undefined
    if (code === 'closed') await shell.db.write((sql) => closeQuota(sql, to.personId))
    else if (code === 'busy' || code === 'barred' || code === 'refused' || (code === 'unreachable' && channel.limits.keyed))
      await shell.db.write((sql) => giveBack(sql, to.personId, taken))
    throw fault
  }
}

/** The last part that fits says how to come by the rest. */
async function withHint(shell: Shell, { to }: Rung, keep: number, remaining: number, message: OutboundMessage): Promise<OutboundMessage> {
  if (remaining < 2 || keep === 0) return message
  const quota = await quotaOf(shell.db.read, to.personId, shell.now())
  return quota && Math.max(0, quota.words - keep) + quota.taps === 1 ? { ...message, text: `${message.text}\n${delivery.more}` } : message
}

type Missed = { readonly job: Job; readonly ticket: Ticket | undefined; readonly rung: Rung | undefined; readonly last: boolean; readonly passing: boolean }

const final: ReadonlySet<ChannelErrorCode> = new Set(['refused', 'unwanted', 'closed', 'barred'])

/** Later again, or one step down the ladder; below the last step is a person. */
async function miss(shell: Shell, { job, ticket, rung, last, passing }: Missed, fault: unknown): Promise<void> {
  const code = fault instanceof ChannelError ? fault.code : undefined
  const reason = fault instanceof Error ? fault.message : String(fault)
  if (code === 'barred' && rung) await askRepair(shell, rung.to.channel, reason)
  const ends = (code !== undefined && final.has(code)) || job.attempts >= mostAttempts
  if (!ends && fault instanceof ChannelError && fault.untaken) await noteRefusal(shell.db, job)
  if (!ends) await fail(shell.db, job, shell.now(), reason)
  // A greeting that came too late is nothing that a person must bring.
  else if (passing) await fail(shell.db, job, shell.now(), reason, true)
  else if (last) return giveUp(shell, job, ticket, reason)
  else await descend(shell.db, job, rungOf(job) + 1, reason, shell.now())
  shell.log.warn({ err: fault, jobId: job.id, rung: rungOf(job) }, 'message not delivered')
}

/** A person is told first, so that a crash in between leaves the message with someone. */
async function giveUp(shell: Shell, job: Job, ticket: Ticket | undefined, reason: string): Promise<void> {
  const text = ticket ? tasks.undeliverable(ticket.number) : tasks.undeliverableChat
  await shell.commit((sql) => askDesk(sql, ticket ?? { id: undefined }, job.uniqueKey, text, shell.now()))
  await fail(shell.db, job, shell.now(), reason, true)
  shell.log.warn({ jobId: job.id, reason }, 'message left to a person')
}
