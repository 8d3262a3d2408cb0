import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areasOf } from '../../casework/areas.ts'
import { addDays, dateOf } from '../../casework/day.ts'
import { type Duty, dutiesOf } from '../../casework/duties.ts'
import { isOld } from '../../casework/edition.ts'
import { isOverdue, maySeeImprovement } from '../../casework/improvement.ts'
import { maskText } from '../../casework/mask.ts'
import { CalendarGap, type WorkingCalendar } from '../../casework/policy.ts'
import type { Role, Stage, Ticket } from '../../casework/ticket.ts'
import { ticketLamp } from '../../casework/view.ts'
import { improvementsDue } from '../../prisma/improvements.ts'
import { deadJobs, oldestDueMs } from '../../prisma/jobs.ts'
import { countMissed } from '../../prisma/missed.ts'
import { noticeDone, type OpenNotice, openNotice, openNotices } from '../../prisma/notices.ts'
import { listConversations } from '../../prisma/reads.ts'
import type { StaffMember } from '../../prisma/staff.ts'
import { problems, tasks } from '../../texts/api.ts'
import { edition } from '../../texts/edition.ts'
import type { TicketRow, TodayView } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import { hiddenTalks, hiddenTickets } from '../secrecy.ts'
import type { Server } from '../server.ts'
import { actorOf, staffOf } from '../session.ts'
import { visibleTalks } from '../talk.ts'
import { conversationRow, ticketRow } from '../views.ts'
import { textsFor } from './texts.ts'
import { unitOf, visibleTickets } from './tickets.ts'

const listed = 50
/** Open cases that the list of today is drawn from, by due date. */
const mostOpen = 300
/** Ticks come every few seconds: a job that has been due for so long means that they do not. */
const stuckAfterMs = 5 * 60_000
/** The next year's notice usually comes in November; from so many days ahead due dates need it. */
const calendarAheadDays = 45
/** So many days before its due date an improvement is on the list of today. */
const improvementsAheadDays = 3
const idOf = z.object({ id: z.coerce.number().int() })

/** What needs somebody today, and what has stopped. */
export function deskRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/today', async (request): Promise<TodayView> => {
    const staff = await staffOf(server, request)
    const by = actorOf(staff)
    const now = shell.now()
    const { office } = shell.knowledge.current()
    const asked = dutiesOf(staff.roles)
    const has = (duty: Duty): boolean => asked.includes(duty)
    const sendsTexts = areasOf(staff.roles).includes('texts') && [...shell.channels.values()].some(({ byHand }) => byHand)
    const [waiting, { tickets }, notices, due, missed, texts] = await Promise.all([
      has('waiting') ? listConversations(shell.db.read, shell.cipher, 'waiting', listed) : [],
      visibleTickets(server, staff, { open: true }, mostOpen),
      visibleNotices(server, staff),
      has('improvements') ? improvementsDue(shell.db.read, addDays(dateOf(now), improvementsAheadDays)) : [],
      has('missed') ? countMissed(shell.db.read) : undefined,
      sendsTexts ? textsFor(shell, staff) : undefined,
    ])
    const rowsOf = (duty: Duty, fits: (ticket: Ticket) => boolean): TicketRow[] =>
      has(duty) ? tickets.filter(fits).map((ticket) => ticketRow(ticket, now, office)) : []
    const isAt = (stage: Stage) => (ticket: Ticket) => ticket.stage === stage && !ticket.paused
    // A unit signs and answers what it leads; of what it supports or was called to, its clocks tell.
    const isOurs = ({ lead }: Ticket): boolean => unitOf(staff).unit === undefined || lead === staff.unit
    const lampOf = (ticket: Ticket) => ticketLamp(ticket, now, office)
    return {
      duties: asked,
      waiting: (await visibleTalks(server, staff, waiting)).map((row) => conversationRow(row, staff.id, shell.names)),
      late: rowsOf('late', (ticket) => lampOf(ticket) === 'late'),
      due: rowsOf('due', (ticket) => ['yellow', 'red'].includes(lampOf(ticket))),
      toTriage: rowsOf('toTriage', isAt('registered')),
      toAssign: rowsOf('toAssign', isAt('triaged')),
      unsigned: rowsOf('unsigned', (ticket) => isOurs(ticket) && isAt('assigned')(ticket)),
      // Whoever has resolved it does not check it.
      toCheck: rowsOf('toCheck', ({ stage, resolution }) => stage === 'resolved' && !resolution?.checkedBy && resolution?.by !== staff.id),
      toReply: rowsOf('toReply', (ticket) => isOurs(ticket) && ticket.stage === 'resolved' && ticket.resolution?.checkedBy !== undefined),
      callbacks: rowsOf('callbacks', isAt('replied')),
      toArchive: rowsOf('toArchive', isAt('closed')),
      missed: missed?.open ?? 0,
      ...(texts === undefined ? {} : { texts: texts.length }),
      notices,
      improvements: due
        .filter((one) => maySeeImprovement(by, one))
        .map((one) => ({ id: one.id, title: one.title, dueOn: one.dueOn, overdue: isOverdue(one, now) })),
      alarms: await alarms(server, staff.roles),
    }
  })

  app.get('/api/staff/alarms', async (request): Promise<Pick<TodayView, 'alarms'>> => {
    const { roles } = await staffOf(server, request)
    return { alarms: await alarms(server, roles) }
  })

  app.post('/api/staff/notices/:id/done', async (request, reply) => {
    const staff = await staffOf(server, request)
    const { id } = parse(idOf, request.params)
    const notice = await openNotice(shell.db, id, staff)
    const [seen] = notice ? await notHidden(server, staff, [notice]) : []
    if (!seen || !(await noticeDone(shell.db, id, staff, shell.now()))) throw new ProblemError('notFound', problems.notFound)
    return reply.status(204).send()
  })
}

/** What a person is still to note, of the cases and talks that they may hear of: what was told before it was kept from them is gone as well. */
async function visibleNotices(server: Server, staff: StaffMember): Promise<OpenNotice[]> {
  const found: OpenNotice[] = []
  for (let before: number | undefined; found.length < listed; ) {
    const page = await openNotices(server.shell.db, staff, listed, before)
    found.push(...(await notHidden(server, staff, page)))
    before = page.at(-1)?.id
    if (page.length < listed) break
  }
  return found.slice(0, listed).map((notice) => ({ ...notice, text: maskText(notice.text) }))
}

async function notHidden({ shell }: Server, staff: StaffMember, notices: readonly OpenNotice[]): Promise<OpenNotice[]> {
  const ids = (name: 'ticketId' | 'conversationId') => [...new Set(notices.flatMap((one) => one[name] ?? []))]
  const [tickets, talks] = await Promise.all([hiddenTickets(shell, staff, ids('ticketId')), hiddenTalks(shell, staff, ids('conversationId'))])
  return notices.filter(({ ticketId = '', conversationId = '' }) => !tickets.has(ticketId) && !talks.has(conversationId))
}

/** What has stopped, for those who can see to it; a year without its holidays is told to all, for it explains a limit that is missing. */
async function alarms({ shell }: Server, roles: readonly Role[]): Promise<TodayView['alarms']> {
  const mine = areasOf(roles)
  const at = shell.now()
  const [waited, dead] = await Promise.all([oldestDueMs(shell.db.read, at), deadJobs(shell.db.read, listed)])
  const gap = calendarGap(shell.knowledge.current().office.calendar, at)
  const old = [...shell.knowledge.current().guides.values()].filter(({ reviewedOn }) => isOld(reviewedOn, dateOf(at))).length
  return [
    ...(old > 0 && mine.includes('write') ? [{ code: 'oldGuides', text: edition.old(old), at }] : []),
    ...(gap === undefined ? [] : [{ code: 'calendarGap', text: tasks.calendarGap(gap), at }]),
    ...(waited > stuckAfterMs && mine.includes('keep') ? [{ code: 'clockStuck', text: tasks.clockStuck(Math.floor(waited / 60_000)), at }] : []),
    ...(mine.includes('keep') ? dead : []).map((job) => ({ code: 'deadJob', text: tasks.deadJob(job.kind), at: job.runAt })),
  ]
}

function calendarGap(calendar: WorkingCalendar, at: number): number | undefined {
  try {
    calendar.isWorkingDay(dateOf(at))
    calendar.isWorkingDay(addDays(dateOf(at), calendarAheadDays))
    return undefined
  } catch (fault) {
    if (fault instanceof CalendarGap) return fault.year
    throw fault
  }
}
