import { addDays, dateOf, instantOf, minuteMs } from '../../casework/day.ts'
import { CalendarGap, type WorkingCalendar } from '../../casework/policy.ts'
import type { Instant } from '../../casework/ticket.ts'

/** The days of the demo: counted back in working days from the last one, or in minutes from the end. */
export type Month = {
  readonly end: Instant
  /** `-19 09:12` or `-25m` */
  readonly at: (when: string) => Instant
}

const longestDays = 25
/** Most clocks that run on the last day of the demo end within so many days; they need the calendar too. */
const aheadDays = 16

/** `now`, or the last moment that the loaded calendar years carry the demo to. */
export function monthUntil(now: Instant, calendar: WorkingCalendar): Month {
  const end = lastCovered(now, calendar)
  const days: string[] = []
  for (let date = nextWorkingDay(dateOf(end), calendar); days.length <= longestDays; date = addDays(date, -1)) if (calendar.isWorkingDay(date)) days.push(date)
  return {
    end,
    at: (when) => {
      const minutes = /^-(\d+)m$/.exec(when)?.[1]
      if (minutes !== undefined) return end - Number(minutes) * minuteMs
      const [back = '', time = ''] = when.split(' ')
      const date = days[-Number(back)]
      if (date === undefined) throw new Error(`${when} is before the demo`)
      return instantOf(date, time)
    },
  }
}

function nextWorkingDay(date: string, calendar: WorkingCalendar): string {
  return calendar.isWorkingDay(date) ? date : nextWorkingDay(addDays(date, 1), calendar)
}

function lastCovered(now: Instant, calendar: WorkingCalendar): Instant {
  try {
    calendar.isWorkingDay(addDays(dateOf(now), aheadDays))
    return now
  } catch (fault) {
    if (!(fault instanceof CalendarGap)) throw fault
    // Of the year before the gap: its last day less what the clocks need, at ten in the morning.
    return lastCovered(instantOf(addDays(`${fault.year}-01-01`, -aheadDays - 1), '10:00'), calendar)
  }
}
