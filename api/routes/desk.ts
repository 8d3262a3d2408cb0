import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import { addDays, dateOf } from '../../casework/day.ts'
import { type Duty, dutiesOf } from '../../casework/duties.ts'
import { isOld } from '../../casework/edition.ts'
import { isOverdue, maySeeImprovement } from '../../casework/improvement.ts'
import { CalendarGap, type WorkingCalendar } from '../../casework/policy.ts'
import type { Stage, Ticket } from '../../casework/ticket.ts'
import { ticketLamp } from '../../casework/view.ts'
import { improvementsDue } from '../../prisma/improvements.ts'
import { deadJobs, oldestDueMs } from '../../prisma/jobs.ts'
import { countMissed } from '../../prisma/missed.ts'
import { noticeDone, openNotices } from '../../prisma/notices.ts'
import { listConversations } from '../../prisma/reads.ts'
import { problems, tasks } from '../../texts/api.ts'
import { edition } from '../../texts/edition.ts'
import type { LiveFrame, StaffFrame, TicketRow, TodayView } from '../contract.ts'
import { allStaff } from '../hub.ts'
import { parse } from '../parse.ts'
import { lookAt, lookAway } from '../presence.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { actorOf, sessionOf, staffOf } from '../session.ts'
import { newId } from '../shell.ts'
import { createRate } from '../sockets.ts'
import { conversationRow, ticketRow } from '../views.ts'
import { visibleTickets } from './tickets.ts'

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
/** A heartbeat every 20 s, and one every 4 s while something is typed. */
const looksPerMinute = 60
const look: z.ZodType<StaffFrame> = z.object({ type: z.literal('look'), id: z.string().max(100).optional(), typing: z.boolean() })

/** What needs somebody today, the live hints, and what has stopped. */
export function deskRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/today', async (request): Promise<TodayView> => {
    const staff = await staffOf(server, request)
    const by = actorOf(staff)
    const now = shell.now()
    const { office } = shell.knowledge.current()
    const asked = dutiesOf(staff.roles)
    const has = (duty: Duty): boolean => asked.includes(duty)
    const [waiting, tickets, notices, due, missed] = await Promise.all([
      has('waiting') ? listConversations(shell.db.read, shell.cipher, 'waiting', listed) : [],
      visibleTickets(server, by, { open: true }, mostOpen),
      openNotices(shell.db, staff, listed),
      has('improvements') ? improvementsDue(shell.db.read, addDays(dateOf(now), improvementsAheadDays)) : [],
      has('missed') ? countMissed(shell.db.read) : undefined,
    ])
    const rowsOf = (duty: Duty, fits: (ticket: Ticket) => boolean): TicketRow[] =>
      has(duty) ? tickets.filter(fits).map((ticket) => ticketRow(ticket, now, office)) : []
    const isAt = (stage: Stage) => (ticket: Ticket) => ticket.stage === stage && !ticket.paused
    const lampOf = (ticket: Ticket) => ticketLamp(ticket, now, office)
    return {
      duties: asked,
      waiting: waiting.map((row) => conversationRow(row, staff.id, shell.names)),
      late: rowsOf('late', (ticket) => lampOf(ticket) === 'late'),
      due: rowsOf('due', (ticket) => ['yellow', 'red'].includes(lampOf(ticket))),
      toTriage: rowsOf('toTriage', isAt('registered')),
      toAssign: rowsOf('toAssign', isAt('triaged')),
      unsigned: rowsOf('unsigned', isAt('assigned')),
      // Whoever has resolved it does not check it.
      toCheck: rowsOf('toCheck', ({ stage, resolution }) => stage === 'resolved' && !resolution?.checkedBy && resolution?.by !== staff.id),
      toReply: rowsOf('toReply', ({ stage, resolution }) => stage === 'resolved' && resolution?.checkedBy !== undefined),
      callbacks: rowsOf('callbacks', isAt('replied')),
      toArchive: rowsOf('toArchive', isAt('closed')),
      missed: missed?.open ?? 0,
      notices,
      improvements: due
        .filter((one) => maySeeImprovement(by, one))
        .map((one) => ({ id: one.id, title: one.title, dueOn: one.dueOn, overdue: isOverdue(one, now) })),
      alarms: await alarms(server),
    }
  })

  app.get('/api/staff/alarms', async (request): Promise<Pick<TodayView, 'alarms'>> => {
    await staffOf(server, request)
    return { alarms: await alarms(server) }
  })

  app.post('/api/staff/notices/:id/done', async (request, reply) => {
    const staff = await staffOf(server, request)
    const { id } = parse(idOf, request.params)
    if (!(await noticeDone(shell.db, id, staff, shell.now()))) throw new ProblemError('notFound', problems.notFound)
    return reply.status(204).send()
  })

  const preValidation = async (request: Parameters<typeof sessionOf>[1]): Promise<void> => {
    if (!(await sessionOf(server, request))) throw new ProblemError('loginRequired', problems.loginRequired)
  }
  app.get('/api/staff/live', { websocket: true, preValidation }, (socket, request) => {
    if (!server.sockets.admit(socket)) return
    const send = (frame: LiveFrame): void => server.sockets.send(socket, frame)
    socket.on('close', shell.staff.listen(allStaff, send))
    watchWindow(server, request, socket)
    send({ type: 'hello', online: shell.staff.listeners(allStaff) })
  })
}

/** Notes which conversation this window shows, as long as it is open. */
function watchWindow(server: Server, request: FastifyRequest, socket: WebSocket): void {
  const { shell } = server
  const windowId = newId()
  const rate = createRate(looksPerMinute, shell.now)
  let shown: string | undefined
  socket.on('message', async (data) => {
    const frame = frameOf(String(data))
    const staff = frame && rate.take() ? await sessionOf(server, request).catch(() => undefined) : undefined
    if (!frame || !staff?.roles.some((role) => (areas.talk as readonly string[]).includes(role))) return
    if (shown !== undefined && shown !== frame.id) await lookAway(shell, windowId, shown)
    shown = frame.id
    if (frame.id !== undefined) await lookAt(shell, { windowId, staffId: staff.id }, frame.id, frame.typing)
  })
  socket.on('close', () => {
    if (shown !== undefined) void lookAway(shell, windowId, shown)
  })
}

function frameOf(data: string): StaffFrame | undefined {
  try {
    return look.safeParse(JSON.parse(data)).data
  } catch {
    return undefined
  }
}

async function alarms({ shell }: Server): Promise<TodayView['alarms']> {
  const at = shell.now()
  const [waited, dead] = await Promise.all([oldestDueMs(shell.db.read, at), deadJobs(shell.db.read, listed)])
  const gap = calendarGap(shell.knowledge.current().office.calendar, at)
  const old = [...shell.knowledge.current().guides.values()].filter(({ reviewedOn }) => isOld(reviewedOn, dateOf(at))).length
  return [
    ...(old > 0 ? [{ code: 'oldGuides', text: edition.old(old), at }] : []),
    ...(gap === undefined ? [] : [{ code: 'calendarGap', text: tasks.calendarGap(gap), at }]),
    ...(waited > stuckAfterMs ? [{ code: 'clockStuck', text: tasks.clockStuck(Math.floor(waited / 60_000)), at }] : []),
    ...dead.map((job) => ({ code: 'deadJob', text: tasks.deadJob(job.kind), at: job.runAt })),
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
