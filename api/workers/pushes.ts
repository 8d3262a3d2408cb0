import { isRestricted, seenBy } from '../../casework/access.ts'
import { mainClock } from '../../casework/clocks.ts'
import { dateOf, timeOf } from '../../casework/day.ts'
import { decide } from '../../casework/decide.ts'
import { CalendarGap } from '../../casework/policy.ts'
import { isOpen, stageTitle } from '../../casework/stages.ts'
import type { Instant, Ticket } from '../../casework/ticket.ts'
import { ChannelError } from '../../channels/contract.ts'
import type { Call, Callee } from '../../channels/push.ts'
import { hold } from '../../prisma/deliveries.ts'
import { allHandles, type CallNotice, type Handle, noteCalled, noticesToCall, sentBefore } from '../../prisma/handles.ts'
import { enqueue, fail, finish, type Job, JobTakenError, mostAttempts, type NewJob } from '../../prisma/jobs.ts'
import { allStaff, type StaffMember, staffById } from '../../prisma/staff.ts'
import { ticketById } from '../../prisma/tickets.ts'
import { dateTimeText } from '../../texts/notice.ts'
import { groupName, task, call as words } from '../../texts/push.ts'
import { askDesk, askRepair } from '../cases.ts'
import type { Push } from '../pushes.ts'
import { actorOf } from '../session.ts'
import type { Shell } from '../shell.ts'

const batch = 100
/** What has waited for longer is in the console: nobody is called for it when a platform is set up, or after an outage. */
const freshMs = 24 * 3_600_000
const minuteMs = 60_000

/** Gives new notices on to the phones of those they are for; both in one transaction, so that none is given on twice or left out. */
export async function callStaff(shell: Shell): Promise<void> {
  for (let more = shell.pushes.size > 0; more; ) {
    const notices = await noticesToCall(shell.db.read, batch)
    for (const notice of notices) await giveOn(shell, notice)
    more = notices.length === batch
  }
}

async function giveOn(shell: Shell, notice: CallNotice): Promise<void> {
  const ticket = await ticketById(shell.db.read, shell.cipher, notice.ticketId)
  const isFresh = shell.now() - notice.at < freshMs
  const jobs = ticket && isFresh ? await callsFor(shell, notice, ticket) : []
  await shell.commit(async (sql) => {
    if (await noteCalled(sql, notice.id)) await enqueue(sql, jobs, shell.now())
  })
}

async function callsFor(shell: Shell, notice: CallNotice, ticket: Ticket): Promise<NewJob[]> {
  const { office } = shell.knowledge.current()
  const staff = (await allStaff(shell.db)).filter((one) => !one.disabled && isFor(notice, one) && seenBy(ticket, actorOf(one), office))
  const handles = await allHandles(shell.db.read)
  const runAt = quietUntil(shell, notice, ticket)
  const job = (platform: string, to: string): NewJob => ({
    kind: 'push',
    uniqueKey: `push:${notice.id}:${platform}:${to}`,
    orderKey: `push:${platform}:${to}`,
    runAt,
    payload: { platform, ticketId: ticket.id, push: notice.push, ...(to === groupKey ? {} : { staffId: to }) },
  })
  const held = handles.filter((one: Handle) => shell.pushes.get(one.platform)?.ways.person && staff.some(({ id }) => id === one.staffId))
  // What one unit must not know of is nothing for a group either.
  const groups = isRestricted(ticket, office) ? [] : [...shell.pushes].filter(([, { ways }]) => ways.group).map(([platform]) => job(platform, groupKey))
  return [...held.map((one) => job(one.platform, one.staffId)), ...groups]
}

const groupKey = 'group'

const isFor = ({ staffId, role, unit }: CallNotice, one: StaffMember): boolean =>
  one.id === staffId || (role !== null && one.roles.some((own) => own === role)) || (unit !== null && one.unit === unit)

/** 报到 and what is urgent call at any hour; all else waits for the hours of the policy. */
function quietUntil({ knowledge, now }: Shell, { push }: CallNotice, ticket: Ticket): Instant {
  if (push === 'arrival' || ticket.urgent) return now()
  try {
    return knowledge.current().office.calendar.nextOpening(now())
  } catch (fault) {
    if (fault instanceof CalendarGap) return now()
    throw fault
  }
}

/** Sends one call, as the case is now; a call that nothing is left of is dropped. */
export async function runPush(shell: Shell, job: Job): Promise<void> {
  const push = shell.pushes.get(String(job.payload['platform']))
  try {
    const due = push && (await dueCall(shell, job))
    if (push && due) {
      const until = due.to.kind === 'group' ? await groupFrom(shell, push, job) : undefined
      if (until !== undefined) return await hold(shell.db, job, until)
      await sendCall(push, due, job)
    }
    await shell.commit((sql) => finish(sql, job.id, shell.now()))
  } catch (fault) {
    if (fault instanceof JobTakenError) return
    await miss(shell, job, fault)
  }
}

type Due = { readonly to: Callee; readonly call: Call }

async function sendCall(push: Push, { to, call }: Due, job: Job): Promise<void> {
  const code = job.payload['code']
  if (typeof code !== 'string') return push.send(to, call, job.uniqueKey)
  try {
    await push.send(to, call, job.uniqueKey, code)
  } catch (fault) {
    // A card can be changed once and for some days only: then the answer comes as a message.
    if (!(fault instanceof ChannelError) || fault.code !== 'refused') throw fault
    await push.send(to, call, job.uniqueKey)
  }
}

async function dueCall(shell: Shell, { payload }: Job): Promise<Due | undefined> {
  if (payload['to'] !== undefined) {
    const lines = payload['line'] ? [String(payload['line'])] : []
    return { to: { kind: 'person', id: String(payload['to']) }, call: { title: String(payload['title']), lines } }
  }
  const ticket = await ticketById(shell.db.read, shell.cipher, String(payload['ticketId']))
  if (!ticket || !isOpen(ticket.stage)) return undefined
  const { office } = shell.knowledge.current()
  if (payload['staffId'] === undefined)
    return isRestricted(ticket, office) ? undefined : { to: { kind: 'group' }, call: callOf(shell, ticket, String(payload['push']), undefined) }
  const staff = await staffById(shell.db, String(payload['staffId']))
  const handle = (await allHandles(shell.db.read)).find((one) => one.staffId === staff?.id && one.platform === payload['platform'])
  if (!staff || staff.disabled || !handle || !seenBy(ticket, actorOf(staff), office)) return undefined
  return { to: { kind: 'person', id: handle.externalId }, call: callOf(shell, ticket, String(payload['push']), staff) }
}

/** The number, the stage and the time: what lies on a locked screen. */
function callOf(shell: Shell, ticket: Ticket, push: string, staff: StaffMember | undefined): Call {
  const { office } = shell.knowledge.current()
  const clock = mainClock(ticket)
  const maySign =
    staff !== undefined && (push === 'whistle' || push === 'supervision' || decide(ticket, { type: 'accept' }, actorOf(staff), shell.now(), office).ok)
  return {
    title: words.titles[push] ?? '',
    lines: [
      words.number(ticket.number),
      words.stage(stageTitle(ticket.stage)),
      ...(clock ? [words.due(dateTimeText(dateOf(clock.dueAt), timeOf(clock.dueAt)))] : []),
    ],
    ...(shell.origin ? { link: { text: words.open, url: `${shell.origin}/console/tickets/${ticket.id}` } } : {}),
    ...(maySign ? { sign: { text: words.sign, words: words.signWords(ticket.number) } } : {}),
  }
}

/** From when the group's robot may speak again, when it has said all that it may in a minute. */
async function groupFrom(shell: Shell, { ways }: Push, { orderKey }: Job): Promise<Instant | undefined> {
  const { perMinute = Number.POSITIVE_INFINITY } = ways.group ?? {}
  const last = await sentBefore(shell.db.read, orderKey, perMinute)
  return last !== undefined && shell.now() - last <= minuteMs ? last + minuteMs + 1 : undefined
}

/** Again later; in the end somebody phones. An answer to words that are long past is nothing that a person must bring. */
async function miss(shell: Shell, job: Job, fault: unknown): Promise<void> {
  const code = fault instanceof ChannelError ? fault.code : undefined
  const reason = fault instanceof Error ? fault.message : String(fault)
  const platform = String(job.payload['platform'])
  if (code === 'barred') await askRepair(shell, platform, reason)
  const isLast = code === 'refused' || code === 'barred' || job.attempts >= mostAttempts
  const ticket = isLast ? await ticketById(shell.db.read, shell.cipher, String(job.payload['ticketId'] ?? '')) : undefined
  if (ticket) {
    const name = shell.names.get(String(job.payload['staffId'])) ?? groupName
    await shell.commit((sql) => askDesk(sql, ticket, job.uniqueKey, task(platform, name, ticket.number), shell.now()))
  }
  await fail(shell.db, job, shell.now(), reason, isLast)
  shell.log.warn({ err: fault, jobId: job.id }, 'staff not called')
}
