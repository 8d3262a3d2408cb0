import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { isHiddenFrom, maySee } from '../../casework/access.ts'
import { areas } from '../../casework/areas.ts'
import { addDays, dateOf, instantOf } from '../../casework/day.ts'
import { type Improvement, type ImprovementCommand, improve, isOverdue, maySeeImprovement } from '../../casework/improvement.ts'
import { effect, type Finding, findings, lessonsOf, type Period } from '../../casework/review.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { StaleError } from '../../prisma/committer.ts'
import { improvementById, improvements, saveImprovement, ticketsRegistered } from '../../prisma/improvements.ts'
import { isDuplicate, type Sql } from '../../prisma/sql.ts'
import { commandAnswer, type StaffMember } from '../../prisma/staff.ts'
import { ticketsByNumber } from '../../prisma/tickets.ts'
import { problems } from '../../texts/api.ts'
import { improvementNotices, improvementRefusals } from '../../texts/improvement.ts'
import type { ImprovementView } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { actorOf, noteAudit, staffOf } from '../session.ts'
import { newId } from '../shell.ts'

const date = z.iso.date()
const text = z.string().trim().min(1).max(2_000)
const periodOf = z.object({ from: date, to: date })
const idOf = z.object({ id: z.string().max(60) })
const keyed = { commandId: z.string().min(8).max(64) }
const opening = z.object({
  ...keyed,
  from: date,
  to: date,
  category: text,
  cause: text,
  lead: z.string().max(60).optional(),
  title: text,
  measure: text,
  owner: text,
  dueOn: date,
})
const commanding = z.object({
  ...keyed,
  version: z.number().int().min(1),
  command: z.discriminatedUnion('type', [
    z.object({ type: z.literal('assign'), owner: text, dueOn: date, reason: text }),
    z.object({ type: z.literal('finish'), evidence: text }),
    z.object({ type: z.literal('verify'), effective: z.boolean(), note: text }),
    z.object({ type: z.literal('link'), guideId: text }),
  ]),
})

/** 综合研判: cases of one kind in a period, and the improvements that they lead to. */
export function improvementRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/review', async (request) => {
    const staff = await staffOf(server, request, areas.findings)
    return { rows: await findingsOf(server, parse(periodOf, request.query), staff) }
  })

  app.get('/api/staff/improvements', async (request) => {
    const staff = await staffOf(server, request, areas.review)
    const rows = (await improvements(shell.db.read)).filter((one) => maySeeImprovement(actorOf(staff), one))
    return { rows: await Promise.all(rows.map((one) => viewOf(server, one, staff))) }
  })

  app.post('/api/staff/improvements', async (request) => {
    const staff = await staffOf(server, request)
    const { commandId, from, to, category, cause, lead, ...given } = parse(opening, request.body)
    const known = await commandAnswer(shell.db, commandId, staff.id)
    if (known) return viewOf(server, await found(server, known.subject, staff), staff)
    const period = { from, to }
    const finding = (await findingsOf(server, period, staff)).find((one) => one.category === category && one.cause === cause && one.lead === lead)
    if (!finding) throw new ProblemError('malformed', improvementRefusals.unknownFinding())
    return run(server, undefined, { type: 'open', id: newId(), finding, period, ...given }, staff, commandId)
  })

  app.post('/api/staff/improvements/:id/commands', async (request) => {
    const staff = await staffOf(server, request)
    const { commandId, version, command } = parse(commanding, request.body)
    const before = await found(server, parse(idOf, request.params).id, staff)
    if (await commandAnswer(shell.db, commandId, staff.id)) return viewOf(server, before, staff)
    if (before.version !== version) throw new ProblemError('stale', problems.stale)
    if (command.type === 'link' && !shell.knowledge.current().guides.has(command.guideId))
      throw new ProblemError('malformed', improvementRefusals.unknownGuide())
    const measured = command.type === 'verify' ? { ...command, ...(await effectOf(server, before, staff)) } : command
    return run(server, before, measured, staff, commandId)
  })
}

async function findingsOf({ shell }: Server, period: Period, staff: StaffMember): Promise<Finding[]> {
  const { office } = shell.knowledge.current()
  const tickets = await ticketsRegistered(shell.db.read, shell.cipher, instantOf(period.from), instantOf(addDays(period.to, 1)))
  const seen = tickets.filter((ticket: Ticket) => maySee(ticket, actorOf(staff), office))
  return findings(seen, period, office.policy.review.least)
}

async function found({ shell }: Server, id: string, staff: StaffMember): Promise<Improvement> {
  const improvement = await improvementById(shell.db.read, id)
  if (!improvement || !maySeeImprovement(actorOf(staff), improvement)) throw new ProblemError('notFound', problems.notFound)
  return improvement
}

async function run(
  server: Server,
  before: Improvement | undefined,
  command: ImprovementCommand,
  staff: StaffMember,
  commandId: string,
): Promise<ImprovementView> {
  const { shell } = server
  const at = shell.now()
  const answer = improve(before, command, actorOf(staff), at, shell.knowledge.current().office)
  if (!answer.ok) throw new ProblemError('refused', answer.refusal.detail, answer.refusal.code)
  const { improvement } = answer
  try {
    await shell.db.write(async (sql) => {
      await saveImprovement(sql, improvement, at)
      await sql.insert('CommandLog', [{ commandId, staffId: staff.id, subject: improvement.id, version: improvement.version, at }])
      await tell(sql, server, improvement, command, at)
    })
  } catch (fault) {
    if (fault instanceof StaleError) throw new ProblemError('stale', problems.stale)
    // The same command came twice at once: the other one did it.
    const done = isDuplicate(fault) ? await commandAnswer(shell.db, commandId, staff.id) : undefined
    if (!done) throw fault
    return viewOf(server, await found(server, done.subject, staff), staff)
  }
  await noteAudit(server, staff.id, `improvement ${command.type}`, improvement.id)
  return viewOf(server, improvement, staff)
}

/** Whoever has to act next is told on their list of today. */
async function tell(sql: Sql, { shell }: Server, { id, title, owner, dueOn, version }: Improvement, command: ImprovementCommand, at: number): Promise<void> {
  const to =
    command.type === 'open' || command.type === 'assign' ? { unit: owner, role: null } : { unit: null, role: command.type === 'finish' ? 'lead' : 'clerk' }
  const guide = command.type === 'link' ? shell.knowledge.current().guides.get(command.guideId) : undefined
  const text = guide
    ? improvementNotices.guide(title, guide.title)
    : command.type === 'finish'
      ? improvementNotices.done(title)
      : improvementNotices.assigned(title, dueOn)
  if (command.type === 'verify') return
  await sql.insert('Notice', [{ uniqueKey: `improvement:${id}:${version}`, ...to, ticketId: null, text, at, doneAt: null, doneBy: null }], 'unless exists')
}

/** Cases of that kind in equal spans before and after; the days count from the day after it was done. */
async function effectOf({ shell }: Server, { done, finding }: Improvement, { unit }: StaffMember) {
  const { office } = shell.knowledge.current()
  const { calendar, policy } = office
  const on = done?.on ?? dateOf(shell.now())
  const until = dateOf(calendar.due(instantOf(on), policy.review.observe))
  const days = Math.max(1, Math.round((instantOf(until) - instantOf(on)) / 86_400_000))
  const tickets = await ticketsRegistered(shell.db.read, shell.cipher, instantOf(addDays(on, -days)), instantOf(addDays(on, days + 1)))
  const known = tickets.filter((ticket) => !isHiddenFrom(ticket, unit, office))
  return { ...effect(known, finding, on, days), days, until }
}

/** As it is shown to this person: a unit neither reads nor counts the cases that are kept from it. */
async function viewOf(server: Server, improvement: Improvement, staff: StaffMember): Promise<ImprovementView> {
  const { done, verdict } = improvement
  const effect = done && (await effectOf(server, improvement, staff))
  return {
    ...improvement,
    finding: await findingFor(server, improvement.finding, staff),
    ...(verdict && effect && staff.unit ? { verdict: { ...verdict, before: effect.before, after: effect.after } } : {}),
    overdue: isOverdue(improvement, server.shell.now()),
    ...(effect ? { effect } : {}),
  }
}

async function findingFor({ shell }: Server, finding: Finding, { unit }: StaffMember): Promise<Finding> {
  if (!unit) return finding
  const { office } = shell.knowledge.current()
  const cases = await ticketsByNumber(shell.db.read, shell.cipher, finding.numbers)
  const known = cases.filter((ticket) => !isHiddenFrom(ticket, unit, office))
  return known.length === cases.length ? finding : { ...finding, count: known.length, numbers: known.map(({ number }) => number), lessons: lessonsOf(known) }
}
