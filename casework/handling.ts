import { allowanceText, commandTitles, reasons, refusals } from '../texts/casework.ts'
import { whyNotUnits } from './access.ts'
import { type Answer, type Case, idOf, nameOf, refusal } from './case.ts'
import { cancel, goneOn, isLate, meet, meetNow, roundOf, running, runningClock, startClock } from './clocks.ts'
import { dateOf, minuteMs } from './day.ts'
import type { Command, TicketEvent } from './decision.ts'
import type { Level, Ticket, UnsetClock } from './ticket.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>

export const accept = (on: Case): Answer => [{ type: 'accepted', by: idOf(on.by) }, ...meet(on.ticket, 'acceptance')]

export const arrive = (on: Case, { note }: Of<'arrive'>): Answer => [{ type: 'arrived', by: nameOf(on.by), note }, ...meetNow(on, 'arrival')]

export function returned({ ticket, at, office }: Case, command: Of<'return'>): Answer {
  const { suggested, reason, basis } = command
  const wrong = suggested === undefined ? undefined : whyNotUnits([suggested], ticket, office)
  if (wrong) return wrong
  const { policy, calendar } = office
  const assignedAt = ticket.deadlines.findLast((one) => one.kind === 'acceptance' && one.round === roundOf(ticket))?.startedAt
  if (assignedAt !== undefined && dateOf(at) > dateOf(calendar.due(assignedAt, policy.returnWithin))) {
    return refusal('limit', refusals.returnLate(allowanceText(policy.returnWithin)))
  }
  const times = ticket.returns + 1
  const { assignment } = policy.deadlines
  return [
    { type: 'returned', reason, basis, ...(suggested !== undefined && { suggested }) },
    ...(times >= policy.raise.returns ? raisedBy(ticket, reasons.raisedByReturns(times)) : []),
    ...cancel(ticket, 'acceptance', 'firstContact', 'resolution', 'arrival', 'opinion'),
    ...(assignment ? [startClock({ kind: 'assignment', round: roundOf(ticket), at, allowance: assignment }, calendar)] : []),
  ]
}

/** A rule raises by one level and never above the highest. */
const raisedBy = ({ level }: Ticket, reason: string): TicketEvent[] => (level === 3 ? [] : [{ type: 'raised', level: up(level), reason }])

export const up = (level: Level): Level => (level === 1 ? 2 : 3)

export const contact = (on: Case, { how, note }: Of<'contact'>): Answer => [{ type: 'contacted', how, note }, ...meetNow(on, 'firstContact')]

export const progress = ({ note }: Of<'progress'>): Answer => [{ type: 'progressed', note }]

export function pause(on: Case, { why, reason }: Of<'pause'>): Answer {
  if (handles(on)) return refusal('sameDoer', refusals.sameDoer(commandTitles.pause))
  return [{ type: 'paused', why, reason, approvedBy: nameOf(on.by) }]
}

/** Whoever has the case in hand does not stop or move its clock for himself, whatever other place he holds. */
function handles({ ticket, by }: Case): boolean {
  if (by.kind !== 'staff') return false
  const isOfLead = by.unit !== undefined && by.unit === ticket.lead && by.roles.some((role) => role === 'chief' || role === 'liaison')
  return isOfLead || by.id === ticket.acceptedBy
}

export function resume({ ticket, at, office }: Case, { reason }: Of<'resume'>): Answer {
  const { paused } = ticket
  if (!paused) return refusal('notPaused', refusals.notPaused())
  return [{ type: 'resumed', reason }, ...running(ticket).flatMap((deadline) => goneOn(deadline, paused.since, at, office.calendar))]
}

export function extend(on: Case, { allowance, reason }: Of<'extend'>): Answer {
  const { ticket, at, office } = on
  if (handles(on)) return refusal('sameDoer', refusals.sameDoer(commandTitles.extend))
  const { calendar, policy } = office
  const { times, longest } = policy.extension
  const deadline = runningClock(ticket, 'resolution')
  if (!deadline) return refusal('wrongStage', refusals.noResolutionClock())
  if (ticket.extensions >= times) return refusal('limit', refusals.extendTimes(times))
  if (!(allowance.amount > 0)) return refusal('limit', refusals.extendNothing())
  if (isLate(deadline, at)) return refusal('limit', refusals.extendLate())
  const dueAt = calendar.due(deadline.dueAt, allowance)
  if (dueAt > calendar.due(deadline.dueAt, longest)) return refusal('limit', refusals.extendLongest(allowanceText(longest)))
  return [
    { type: 'extended', reason },
    { type: 'clockMoved', deadline: 'resolution', dueAt, pausedMs: deadline.pausedMs },
  ]
}

export function raise({ ticket, office }: Case, { level, reason }: Of<'raise'>): Answer {
  if (ticket.level === 3) return refusal('limit', refusals.highest())
  if (level <= ticket.level) return refusal('limit', refusals.notHigher(office.policy.levels[ticket.level]))
  return [{ type: 'raised', level, reason }]
}

/** The name of the mark that stands `days` working days after the due date. */
export const lateMark = (days: number): string => `late${days}`

/** The tick comes every ten seconds: who is reminded so much later hears that something had stopped, an outage or a restart. */
const lateAfterMs = 5 * minuteMs

export function remind({ ticket, at, office }: Case, { deadline, ref, mark, plannedAt }: Of<'remind'>): Answer {
  const clock = runningClock(ticket, deadline, ref)
  if (!clock) return refusal('wrongStage', refusals.clockMet())
  if (clock.reminded?.includes(mark)) return refusal('limit', refusals.alreadyReminded())
  const { overdue } = office.policy.raise
  const raises = deadline === 'resolution' && mark === lateMark(overdue)
  const isLate = plannedAt !== undefined && at - plannedAt > lateAfterMs
  return [
    { type: 'reminded', deadline, ...(ref !== undefined && { ref }), mark, ...(isLate && { plannedAt }) },
    ...(raises ? raisedBy(ticket, reasons.raisedByOverdue(overdue)) : []),
  ]
}

export function recount({ ticket, office }: Case): Answer {
  const set = (ticket.unset ?? []).map((clock) => startClock(restart(clock), office.calendar))
  const events = set.filter((event) => event.type === 'clockStarted')
  return events.length ? events : refusal('wrongStage', refusals.nothingUnset())
}

const restart = ({ year: _, startedAt, ...clock }: UnsetClock) => ({ ...clock, at: startedAt })
