import { addDays, dateOf, dayMs, hourMs, instantOf, minuteMs, weekdayOf, yearOf } from './day.ts'
import type { Allowance, AllowanceUnit } from './deadline.ts'
import { CalendarGap, type CalendarYear, type Policy, type WorkingCalendar } from './policy.ts'
import type { Instant } from './ticket.ts'

const unitMs: Readonly<Record<AllowanceUnit, number>> = { workingDays: dayMs, calendarDays: dayMs, workingHours: hourMs, minutes: minuteMs }

/** How long an allowance is by the clock on the wall, where no office hours are asked for. */
export const wallMs = ({ amount, unit }: Allowance): number => amount * unitMs[unit]

/**
 * Working time of the office: Monday to Friday as changed by the State Council's yearly notice (holidays and 调休).
 * A year without its notice throws CalendarGap instead of silently becoming Monday to Friday.
 */
export function createCalendar(years: readonly CalendarYear[], hours: Policy['hours']): WorkingCalendar {
  const known = new Set(years.map((one) => one.year))
  const changed = new Map(years.flatMap((one) => one.days.map((day) => [day.on, day.working] as const)))
  const spans = hours.map(({ from, to }) => ({ from: sinceMidnight(from), to: sinceMidnight(to) }))

  const isWorkingDay = (date: string): boolean => {
    if (!known.has(yearOf(date))) throw new CalendarGap(yearOf(date))
    const weekday = weekdayOf(date)
    return changed.get(date) ?? (weekday !== 0 && weekday !== 6)
  }
  const openings = (date: string): readonly { from: Instant; to: Instant }[] => {
    const midnight = instantOf(date)
    return isWorkingDay(date) ? spans.map((span) => ({ from: midnight + span.from, to: midnight + span.to })) : []
  }

  /** Walks the office's open spans from an instant on, until `visit` says that it has what it wants. */
  const walk = <T>(from: Instant, visit: (from: Instant, to: Instant) => T | undefined): T => {
    for (let date = dateOf(from); ; date = addDays(date, 1)) {
      for (const span of openings(date)) {
        if (span.to <= from) continue
        const found = visit(Math.max(span.from, from), span.to)
        if (found !== undefined) return found
      }
    }
  }
  const afterWorkingMs = (from: Instant, ms: number): Instant => {
    let left = ms
    return walk(from, (start, end) => {
      if (left <= end - start) return start + left
      left -= end - start
      return undefined
    })
  }
  const closeOf = (date: string): Instant => instantOf(date) + (spans.at(-1)?.to ?? 0)

  const due = (from: Instant, allowance: Allowance): Instant => {
    switch (allowance.unit) {
      case 'workingDays':
        return closeOf(plusWorkingDays({ isWorkingDay }, dateOf(from), allowance.amount))
      case 'calendarDays':
        return closeOf(addDays(dateOf(from), allowance.amount))
      case 'workingHours':
        return afterWorkingMs(from, allowance.amount * hourMs)
      case 'minutes':
        return from + allowance.amount * minuteMs
      default:
        return allowance.unit satisfies never
    }
  }

  const workingMs = (from: Instant, to: Instant): number => {
    let total = 0
    for (let date = dateOf(from); instantOf(date) < to; date = addDays(date, 1)) {
      for (const span of openings(date)) total += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from))
    }
    return total
  }

  return {
    isWorkingDay,
    due,
    workingMs,
    nextOpening: (from) => walk(from, (start) => start),
    isOpen: (at) => openings(dateOf(at)).some((span) => span.from <= at && at < span.to),
  }
}

type Days = Pick<WorkingCalendar, 'isWorkingDay'>

/** Day zero is `date` itself: the first day counted is the next working day. 0 days from a day off is the next working day. */
export function plusWorkingDays(days: Days, date: string, count: number): string {
  let on = count === 0 ? sameOrNextWorkingDay(days, date) : date
  for (let left = count; left > 0; ) {
    on = addDays(on, 1)
    if (days.isWorkingDay(on)) left -= 1
  }
  return on
}

export function sameOrNextWorkingDay(days: Days, date: string): string {
  let on = date
  while (!days.isWorkingDay(on)) on = addDays(on, 1)
  return on
}

/** Working days after `from` up to and including `to`; 0 when `to` is not later. */
export function workingDaysBetween(days: Days, from: string, to: string): number {
  let count = 0
  for (let on = from; on < to; ) {
    on = addDays(on, 1)
    if (days.isWorkingDay(on)) count += 1
  }
  return count
}

function sinceMidnight(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const ms = hour * hourMs + minute * minuteMs
  if (!(ms >= 0 && ms <= dayMs)) throw new Error(`not a time of day: ${time}`)
  return ms
}
