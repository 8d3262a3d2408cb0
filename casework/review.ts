import { otherCause } from '../texts/casework.ts'
import { addDays, dateOf } from './day.ts'
import type { Cause, Ticket } from './ticket.ts'

/** 综合研判: cases of one kind in a period, most frequent first; from one matter done to one kind of matter done. */
export type Finding = {
  readonly category: string
  readonly cause: Cause
  readonly lead?: string
  readonly count: number
  readonly numbers: readonly string[]
  /** what was learned when they were filed */
  readonly lessons: readonly string[]
}

export type Period = { readonly from: string; readonly to: string }

const inPeriod = ({ registeredAt }: Ticket, { from, to }: Period): boolean => dateOf(registeredAt) >= from && dateOf(registeredAt) <= to

/** Kinds with at least `least` cases. Merged cases count once: the one that they went into. */
export function findings(tickets: readonly Ticket[], period: Period, least = 2): Finding[] {
  const kinds = new Map<string, Ticket[]>()
  for (const ticket of tickets) {
    if (ticket.stage === 'merged' || ticket.stage === 'withdrawn' || !inPeriod(ticket, period)) continue
    kinds.set(kindOf(ticket), [...(kinds.get(kindOf(ticket)) ?? []), ticket])
  }
  return [...kinds.values()]
    .filter((group) => group.length >= least)
    .map(findingOf)
    .sort((a, b) => b.count - a.count || a.category.localeCompare(b.category))
}

const kindOf = (ticket: Ticket): string => [categoryOf(ticket), causeOf(ticket), ticket.lead ?? ''].join('|')
const categoryOf = (ticket: Ticket): string => ticket.category ?? ticket.proposal.category ?? otherCause
const causeOf = (ticket: Ticket): Cause => ticket.cause ?? ticket.proposal.cause ?? otherCause

function findingOf(group: readonly Ticket[]): Finding {
  const [first] = group
  if (!first) throw new Error('an empty group')
  return {
    category: categoryOf(first),
    cause: causeOf(first),
    ...(first.lead !== undefined && { lead: first.lead }),
    count: group.length,
    numbers: group.map((one) => one.number),
    lessons: lessonsOf(group),
  }
}

/** What was learnt from these cases when they were filed. */
export const lessonsOf = (group: readonly Ticket[]): string[] => [...new Set(group.flatMap((one) => one.lesson?.improvement ?? []))]

/** Whether an improvement has worked: cases of that kind in as many days before it as after it. */
export function effect(
  tickets: readonly Ticket[],
  finding: Pick<Finding, 'category' | 'cause' | 'lead'>,
  doneOn: string,
  days: number,
): { before: number; after: number } {
  const same = tickets.filter((one) => categoryOf(one) === finding.category && causeOf(one) === finding.cause && one.lead === finding.lead)
  const count = (period: Period) => same.filter((one) => inPeriod(one, period)).length
  return { before: count({ from: addDays(doneOn, -days), to: addDays(doneOn, -1) }), after: count({ from: addDays(doneOn, 1), to: addDays(doneOn, days) }) }
}
