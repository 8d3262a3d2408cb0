import { plusWorkingDays, sameOrNextWorkingDay, workingDaysBetween } from './calendar.ts'
import type { Case } from './case.ts'
import { addDays, dateOf, daysBetween, hourMs, instantOf, timeOf } from './day.ts'
import type { Allowance, Deadline, DeadlineKind, UnsetClock } from './deadline.ts'
import type { TicketEvent } from './decision.ts'
import { CalendarGap, type Office, unlessGap, type WorkingCalendar } from './policy.ts'
import type { Instant, Ticket } from './ticket.ts'

/** 1 until the first reopening */
export const roundOf = (ticket: Ticket): number => ticket.reopened + 1

export const isRunning = (deadline: Deadline): boolean => deadline.metAt === undefined && deadline.cancelledAt === undefined

export const running = (ticket: Ticket): readonly Deadline[] => ticket.deadlines.filter(isRunning)

export const runningClock = (ticket: Ticket, kind: DeadlineKind, ref?: string): Deadline | undefined =>
  running(ticket).find((one) => one.kind === kind && one.ref === ref)

type Start = { readonly kind: DeadlineKind; readonly ref?: string; readonly round: number; readonly at: Instant; readonly allowance: Allowance }

/** Starts a clock. A missing calendar year never holds the case up: the clock is kept as unset. */
export function startClock({ at, ...clock }: Start, calendar: WorkingCalendar): TicketEvent {
  try {
    return { type: 'clockStarted', deadline: { ...clock, startedAt: at, dueAt: calendar.due(at, clock.allowance), pausedMs: 0 } }
  } catch (error) {
    if (!(error instanceof CalendarGap)) throw error
    return { type: 'clockUnset', clock: { ...clock, startedAt: at, year: error.year } }
  }
}

type Named = Pick<Deadline, 'kind' | 'ref'>
const named = ({ kind, ref }: Named) => ({ deadline: kind, ...(ref !== undefined && { ref }) })

export const meet = (ticket: Ticket, ...kinds: readonly DeadlineKind[]): Extract<TicketEvent, { type: 'clockMet' }>[] =>
  running(ticket)
    .filter((one) => kinds.includes(one.kind))
    .map((one) => ({ type: 'clockMet', ...named(one) }))

/**
 * Ends a clock now, if it runs. One that stands is first given the time for which it has stood, so that what is done while the case waits is not late for
 * that. Without that year's calendar it ends as it is.
 */
export function meetNow({ ticket, at, office: { calendar } }: Pick<Case, 'ticket' | 'at' | 'office'>, kind: DeadlineKind, ref?: string): TicketEvent[] {
  const clock = runningClock(ticket, kind, ref)
  if (!clock) return []
  const { paused } = ticket
  const given = paused && unlessGap(() => goneOn(clock, paused.since, at, calendar))
  return [...(given ?? []), { type: 'clockMet', ...named(clock) }]
}

export const cancel = (ticket: Ticket, ...kinds: readonly DeadlineKind[]): TicketEvent[] =>
  pending(ticket)
    .filter((one) => kinds.includes(one.kind))
    .map((one) => ({ type: 'clockCancelled', ...named(one) }))

/** Ends all clocks. Those that stand are given up as of when they stopped: what the case waited for is not late. */
export const cancelAll = (ticket: Ticket): TicketEvent[] =>
  pending(ticket).map((one) => ({
    type: 'clockCancelled',
    ...named(one),
    ...(ticket.paused && { cancelledAt: Math.max(ticket.paused.since, one.startedAt) }),
  }))

const pending = (ticket: Ticket): readonly (Deadline | UnsetClock)[] => [...running(ticket), ...(ticket.unset ?? [])]

/** Day clocks are late by date, not by the second; hour and minute clocks by the instant. */
export function isLate(deadline: Deadline, at: Instant): boolean {
  return isByDate(deadline) ? dateOf(at) > dateOf(deadline.dueAt) : at > deadline.dueAt
}

/** Whether a clock is late now, or was when it was met, given up or stopped: the one answer for lists, figures, ledgers and reports. */
export const wasLate = (deadline: Deadline, { paused }: Pick<Ticket, 'paused'>, now: Instant): boolean =>
  isLate(deadline, deadline.metAt ?? deadline.cancelledAt ?? Math.min(now, paused?.since ?? now))

const isByDate = ({ allowance: { unit } }: Deadline): boolean => unit === 'workingDays' || unit === 'calendarDays'

/**
 * Where the due date stands after the clock stood still from `since` to `until`: what was left is left again.
 * Day clocks are measured in whole days, counted from the first working day on or after the instant; so a stop within one day moves nothing,
 * and no sum of stops wins or loses a day. A clock that was late stays as it is. @throws CalendarGap
 */
export function afterPause(deadline: Deadline, since: Instant, until: Instant, calendar: WorkingCalendar): Instant {
  const from = Math.max(since, deadline.startedAt)
  if (isLate(deadline, from) || until <= from) return deadline.dueAt
  const unit = deadline.allowance.unit
  switch (unit) {
    case 'workingDays': {
      const day = (at: Instant) => sameOrNextWorkingDay(calendar, dateOf(at))
      const dueDay = dateOf(deadline.dueAt)
      return onDay(deadline, plusWorkingDays(calendar, dueDay, workingDaysBetween(calendar, day(from), day(until))))
    }
    case 'calendarDays':
      return onDay(deadline, addDays(dateOf(deadline.dueAt), daysBetween(dateOf(from), dateOf(until))))
    case 'workingHours': {
      const left = calendar.workingMs(from, deadline.dueAt)
      return calendar.due(until, { amount: left / hourMs, unit: 'workingHours' })
    }
    case 'minutes':
      return deadline.dueAt + (until - from)
    default:
      return unit satisfies never
  }
}

const onDay = (deadline: Deadline, date: string): Instant => instantOf(date, timeOf(deadline.dueAt))

/** Time that a clock of this kind runs between two instants. @throws CalendarGap */
export function spent(deadline: Deadline, from: Instant, to: Instant, calendar: WorkingCalendar): number {
  const { unit } = deadline.allowance
  return unit === 'workingDays' || unit === 'workingHours' ? calendar.workingMs(from, to) : Math.max(0, to - from)
}

/** @throws CalendarGap */
function moved(deadline: Deadline, dueAt: Instant, calendar: WorkingCalendar): TicketEvent {
  const pausedMs = deadline.pausedMs + spent(deadline, deadline.dueAt, dueAt, calendar)
  return { type: 'clockMoved', ...named(deadline), dueAt, pausedMs }
}

/** How a clock goes on at `until` that stood still from `since`. @throws CalendarGap */
export function goneOn(deadline: Deadline, since: Instant, until: Instant, calendar: WorkingCalendar): TicketEvent[] {
  const dueAt = afterPause(deadline, since, until, calendar)
  return dueAt === deadline.dueAt ? [] : [moved(deadline, dueAt, calendar)]
}

export type Lamp = 'green' | 'yellow' | 'red' | 'late' | 'none'

/** Green, yellow and red by the marks of the policy (50 and 80 %), late by date. A met clock shows whether it was met in time. */
export function lamp(deadline: Deadline, now: Instant, office: Office, stoppedAt?: Instant): Lamp {
  if (deadline.cancelledAt !== undefined) return 'none'
  const at = deadline.metAt ?? (stoppedAt === undefined ? now : Math.min(now, stoppedAt))
  if (isLate(deadline, at)) return 'late'
  if (deadline.metAt !== undefined) return 'green'
  const used = usedPercent(deadline, at, office.calendar)
  const [first = 100, second = 100] = office.policy.marks.before
  if (used >= second) return 'red'
  return used >= first ? 'yellow' : 'green'
}

/** How much of the allowance is used, in percent; time stood still is not counted. */
function usedPercent(deadline: Deadline, at: Instant, calendar: WorkingCalendar): number {
  const total = spent(deadline, deadline.startedAt, deadline.dueAt, calendar) - deadline.pausedMs
  const used = spent(deadline, deadline.startedAt, Math.min(at, deadline.dueAt), calendar) - deadline.pausedMs
  return total <= 0 ? 100 : Math.min(100, Math.max(0, (used / total) * 100))
}

/** The clock that presses: the running one that ends first. Lists go by it and show it. */
export const pressingClock = (ticket: Ticket): Deadline | undefined => first(running(ticket))

/** Whether a case is late, wherever that is shown or counted: its pressing clock is, or was when it was stopped. */
export function isOverdue(ticket: Ticket, now: Instant): boolean {
  const clock = pressingClock(ticket)
  return clock !== undefined && wasLate(clock, ticket, now)
}

const first = (clocks: readonly Deadline[]): Deadline | undefined => clocks.toSorted((a, b) => a.dueAt - b.dueAt)[0]

/** The clock that the citizen is told of: the main one of the stage, else the one that ends first. */
export function mainClock(ticket: Ticket): Deadline | undefined {
  const open = running(ticket)
  const main = open.find((one) => one.kind === 'resolution')
  return main ?? first(open)
}
