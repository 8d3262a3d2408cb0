import { isOverdue, pressingClock } from './clocks.ts'
import { addDays, dateOf } from './day.ts'
import type { DeadlineKind } from './deadline.ts'
import type { Office } from './policy.ts'
import { type Rate, type Rates, rates } from './rates.ts'
import { isOpen } from './stages.ts'
import type { Instant, Ticket } from './ticket.ts'

/** Figures of the office, of the cases that the viewer may see. Nothing in it names a citizen. Days are YYYY-MM-DD in Asia/Shanghai. */
export type Dashboard = {
  /** registered and resolved today; open and late now */
  readonly today: { readonly in: number; readonly out: number; readonly open: number; readonly late: number }
  /** late now, the longest first */
  readonly red: readonly { readonly id: string; readonly number: string; readonly lead?: string; readonly dueAt: Instant; readonly clock: DeadlineKind }[]
  /** of the cases registered in the period */
  readonly count: number
  readonly rates: Rates
  readonly departments: readonly DepartmentRates[]
  readonly obstacles: readonly { readonly category: string; readonly cause: string; readonly count: number }[]
  readonly districts: readonly { readonly name: string; readonly count: number }[]
  readonly days: readonly { readonly on: string; readonly in: number; readonly out: number }[]
}

export type DepartmentRates = {
  readonly id: string
  readonly count: number
  readonly responded: Rate
  readonly solved: Rate
  readonly satisfied: Rate
  readonly late: Rate
}

const most = 10
/** A city has fewer counties: none is left out. */
const mostDistricts = 60
const mostRed = 30

/** `all`: registered or resolved in the period, and all that are open; one that went into another counts once, as the other. `untold` names what has no district or cause. */
export function dashboard(
  all: readonly Ticket[],
  { from, to, now, untold }: { readonly from: string; readonly to: string; readonly now: Instant; readonly untold: string },
  { policy }: Office,
): Dashboard {
  const tickets = all.filter(({ stage }) => stage !== 'merged')
  const today = dateOf(now)
  const open = tickets.filter((ticket) => isOpen(ticket.stage))
  const late = open.flatMap((ticket) => {
    const clock = pressingClock(ticket)
    return clock && isOverdue(ticket, now) ? [{ ticket, clock }] : []
  })
  const registered = tickets.filter(({ registeredAt }) => dateOf(registeredAt) >= from && dateOf(registeredAt) <= to)
  const inOn = counted(tickets.map(({ registeredAt }) => dateOf(registeredAt)))
  const outOn = counted(tickets.flatMap(({ resolution }) => (resolution ? [dateOf(resolution.at)] : [])))
  return {
    today: { in: inOn.get(today) ?? 0, out: outOn.get(today) ?? 0, open: open.length, late: late.length },
    red: late
      .sort((a, b) => a.clock.dueAt - b.clock.dueAt)
      .slice(0, mostRed)
      .map(({ ticket: { id, number, lead }, clock: { dueAt, kind } }) => ({ id, number, ...(lead ? { lead } : {}), dueAt, clock: kind })),
    count: registered.length,
    rates: rates(registered, now, policy),
    departments: byDepartment(registered, now, policy),
    obstacles: ranked(
      registered.map(({ category, cause, proposal }) => `${category ?? proposal.category ?? untold}\n${cause ?? proposal.cause ?? untold}`),
    ).map(([key, count]) => {
      const [category = '', cause = ''] = key.split('\n')
      return { category, cause, count }
    }),
    districts: ranked(
      registered.map(({ facts }) => facts.district?.trim() || untold),
      mostDistricts,
    ).map(([name, count]) => ({ name, count })),
    days: daysFrom(from, to).map((on) => ({ on, in: inOn.get(on) ?? 0, out: outOn.get(on) ?? 0 })),
  }
}

function byDepartment(tickets: readonly Ticket[], now: Instant, policy: Office['policy']): DepartmentRates[] {
  const groups = new Map<string, Ticket[]>()
  for (const ticket of tickets) if (ticket.lead) groups.set(ticket.lead, [...(groups.get(ticket.lead) ?? []), ticket])
  return [...groups]
    .map(([id, cases]) => {
      const { responded, solved, satisfied, late } = rates(cases, now, policy)
      return { id, count: cases.length, responded, solved, satisfied, late }
    })
    .sort((a, b) => b.count - a.count)
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

const ranked = (keys: readonly string[], first = most): [string, number][] =>
  [...counted(keys)].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, first)

/** At most a year of days. */
function daysFrom(from: string, to: string): string[] {
  const days: string[] = []
  for (let on = from; on <= to && days.length < 366; on = addDays(on, 1)) days.push(on)
  return days
}
