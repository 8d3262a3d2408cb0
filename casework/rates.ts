import { wasLate } from './clocks.ts'
import { dateOf } from './day.ts'
import type { Deadline, DeadlineKind } from './deadline.ts'
import type { Policy } from './policy.ts'
import type { CallOutcome, Instant, Ticket } from './ticket.ts'

/** A rate with what it is of: nothing is published without its denominator. `percent` is undefined when there is nothing to divide by. */
export type Rate = { readonly of: number; readonly count: number; readonly percent?: number }

/** The office's figures over some cases, each with its definition. */
export type Rates = {
  /** first contact within its time, of all cases whose first contact was due or made */
  readonly responded: Rate
  /** 「办成了」「办成一部分」 or well explained, of all callbacks that were answered (latest answer of each case) */
  readonly solved: Rate
  /** rating above the 差评 limit, of all that gave a rating */
  readonly satisfied: Rate
  /** resolved on the day of registration, of all resolved */
  readonly onTheSpot: Rate
  /** resolution late at `now` or when it was met, of all whose resolution had a due date */
  readonly late: Rate
  /** reopened at least once, of all that were ever replied to */
  readonly reopened: Rate
  /** cases of which the citizen was reached, of all cases that were called back at least once */
  readonly reached: Rate
  /** section chiefs there in time (科长报到), of all who were called and are there or late */
  readonly arrived: Rate
  /** departments that came to a meeting (部门报到), of all that were called to one with minutes */
  readonly attended: Rate
  /** callbacks by outcome, every attempt counted */
  readonly attempts: Readonly<Record<CallOutcome, number>>
  /** cases of which the citizen was asked, by message or phone; was there, if only to decline; said how it went; wanted not to be asked */
  readonly surveyed: Readonly<Record<'sent' | 'reached' | 'answered' | 'refused', number>>
}

export function rates(tickets: readonly Ticket[], now: Instant, policy: Policy): Rates {
  const answers = tickets.flatMap((ticket) => ticket.callbacks.findLast((one) => one.answer)?.answer ?? [])
  const rated = answers.filter((one) => one.rating !== undefined)
  const clocks = (kind: DeadlineKind, pick: (all: readonly Deadline[]) => readonly Deadline[]): Clock[] =>
    tickets.flatMap((ticket) =>
      pick(ticket.deadlines.filter((one) => one.kind === kind && one.cancelledAt === undefined)).map((one) => ({
        isMet: one.metAt !== undefined,
        isLate: wasLate(one, ticket, now),
      })),
    )
  const inTime = (all: readonly Clock[]): Rate =>
    rate(
      all.filter(({ isMet, isLate }) => isMet || isLate),
      ({ isLate }) => !isLate,
    )
  const resolved = tickets.filter((ticket) => ticket.resolution)
  const called = tickets.filter((ticket) => ticket.callbacks.length)
  const replied = tickets.filter((ticket) => ticket.reply || ticket.reopened)
  return {
    responded: inTime(clocks('firstContact', (all) => all.slice(0, 1))),
    solved: rate(answers, (one) => one.solved !== 'no'),
    satisfied: rate(rated, (one) => (one.rating ?? 0) > policy.callback.badRating),
    onTheSpot: rate(resolved, (ticket) => sameDay(ticket.registeredAt, ticket.resolution?.at)),
    late: rate(
      clocks('resolution', (all) => all.slice(-1)),
      ({ isLate }) => isLate,
    ),
    reopened: rate(replied, (ticket) => ticket.reopened > 0),
    reached: rate(called, (ticket) => ticket.callbacks.some((one) => one.outcome === 'answered')),
    arrived: inTime(clocks('arrival', (all) => all)),
    attended: rate(tickets.flatMap(calls), (one) => one.came),
    attempts: countAttempts(tickets),
    surveyed: countSurveyed(tickets),
  }
}

type Clock = { readonly isMet: boolean; readonly isLate: boolean }

function rate<T>(all: readonly T[], counts: (one: T) => boolean): Rate {
  const count = all.filter(counts).length
  return { of: all.length, count, ...(all.length && { percent: Math.round((count / all.length) * 1_000) / 10 }) }
}

const sameDay = (from: Instant, to: Instant | undefined): boolean => to !== undefined && dateOf(from) === dateOf(to)

/** Every department called to a meeting that has been held, and whether it came. */
function calls({ work = [] }: Ticket): { came: boolean }[] {
  const wasHeld = (id: string) => work.some((one) => one.type === 'minuted' && one.meeting === id)
  const came = (id: string, unit: string) => work.some((one) => one.type === 'attended' && one.meeting === id && one.unit === unit)
  return work.flatMap((one) => (one.type === 'convened' && wasHeld(one.id) ? one.units.map((unit) => ({ came: came(one.id, unit) })) : []))
}

function countAttempts(tickets: readonly Ticket[]): Rates['attempts'] {
  const counts = { answered: 0, noAnswer: 0, off: 0, wrongNumber: 0, refused: 0 }
  for (const { callbacks } of tickets) for (const { outcome } of callbacks) counts[outcome] += 1
  return counts
}

function countSurveyed(tickets: readonly Ticket[]): Rates['surveyed'] {
  const count = (fits: (ticket: Ticket) => boolean) => tickets.filter(fits).length
  const had =
    (...outcomes: readonly CallOutcome[]) =>
    ({ callbacks }: Ticket): boolean =>
      callbacks.some((one) => outcomes.includes(one.outcome))
  return {
    sent: count(({ callbacks, work }) => callbacks.length > 0 || work?.some((one) => one.type === 'surveyed') === true),
    reached: count(had('answered', 'refused')),
    answered: count(had('answered')),
    refused: count(had('refused')),
  }
}
