import { dateOf, dayMs, instantOf, timeOf } from './day.ts'
import { type Office, unlessGap } from './policy.ts'
import type { Allowance, Instant } from './ticket.ts'

/** Whether citizens may be called or asked at this time of day. */
export function isCallTime(at: Instant, { policy }: Pick<Office, 'policy'>): boolean {
  const { from, to } = policy.callback.hours
  return timeOf(at) >= from && timeOf(at) <= to
}

/** The same instant where it is one for calling, else the next opening of the call hours. */
export function nextCallTime(at: Instant, office: Pick<Office, 'policy'>): Instant {
  const { hours } = office.policy.callback
  if (isCallTime(at, office)) return at
  return instantOf(dateOf(timeOf(at) > hours.to ? at + dayMs : at), hours.from)
}

/** On the day that the allowance ends, as soon as people may be called. Without that year's calendar a day is a day: the citizen is asked all the same. */
export function callFrom(from: Instant, allowance: Allowance, { policy, calendar }: Office): Instant {
  const { hours } = policy.callback
  const due = unlessGap(() => calendar.due(from, allowance)) ?? from + Math.max(1, allowance.amount) * dayMs
  const byDay = allowance.unit === 'workingDays' || allowance.unit === 'calendarDays'
  return byDay ? Math.max(instantOf(dateOf(due), hours.from), from) : nextCallTime(due, { policy })
}
