import { dateText, promise as words } from '../texts/notice.ts'
import { dateOf, timeOf } from './day.ts'
import { CalendarGap, type Office } from './policy.ts'
import type { Instant } from './ticket.ts'

/** By when someone contacts the citizen first, and the sentence that says so; without the calendar of that year no date is named. */
export type Promised = { readonly text: string; readonly by?: Instant }

/** A case is contacted when it was triaged, assigned, and the department had its time for the first contact: the promise is the end of that chain. */
export function promise(office: Office, at: Instant, urgent = false): Promised {
  const { policy, calendar } = office
  const { triage, assignment, firstContact } = policy.deadlines
  const chain = [urgent ? policy.urgentTriage : triage, assignment, firstContact].filter((one) => one !== undefined)
  try {
    const by = chain.reduce(calendar.due, at)
    const [day, time] = [dateOf(by), timeOf(by)]
    if (day === dateOf(at)) return { text: words.today(time), by }
    return { text: calendar.isOpen(at) ? words.nextDay(dateText(day), time) : words.later(dateText(day), time), by }
  } catch (error) {
    if (error instanceof CalendarGap) return { text: words.unknown }
    throw error
  }
}
