import { otherCause, reasons } from '../texts/casework.ts'
import { addDays, dateOf } from './day.ts'
import type { Command } from './decision.ts'
import type { Office } from './policy.ts'
import type { Cause, Instant, Level, Ticket } from './ticket.ts'

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
    lessons: [...new Set(group.flatMap((one) => one.lesson?.improvement ?? []))],
  }
}

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

/** ≥ 3 complaints of one matter against one unit within 7 days raise the newest, with the reason said. */
export function raiseForRepeats(ticket: Ticket, others: readonly Ticket[], now: Instant, { policy }: Office): Extract<Command, { type: 'raise' }> | undefined {
  const { sameComplaints, sameWithinDays } = policy.raise
  const since = addDays(dateOf(now), -sameWithinDays)
  const unit = unitOf(ticket)
  if (unit === undefined || ticket.level === 3) return undefined
  const same = others.filter(
    (one) => one.id !== ticket.id && one.stage !== 'merged' && dateOf(one.registeredAt) > since && unitOf(one) === unit && isSameMatter(one, ticket),
  )
  const level: Level = ticket.level === 1 ? 2 : 3
  return same.length + 1 >= sameComplaints ? { type: 'raise', level, reason: reasons.repeated(same.length + 1, sameWithinDays) } : undefined
}

const unitOf = ({ lead, proposal }: Ticket): string | undefined => lead ?? proposal.departments[0]

/** Cases that may be the same as a new one: same person and alike, or nearly the same words, within 30 days. */
export type Candidate = { readonly number: string; readonly likeness: number }

const duplicateDays = 30
// Chosen on how far two tellings of one case overlap in pairs of characters; the same person needs less.
const likeForSamePerson = 0.25
const likeForAnyone = 0.7

export function duplicates(ticket: Pick<Ticket, 'id' | 'personId' | 'facts'>, others: readonly Ticket[], now: Instant): Candidate[] {
  const since = addDays(dateOf(now), -duplicateDays)
  return others
    .filter((one) => one.id !== ticket.id && !['merged', 'withdrawn', 'archived'].includes(one.stage) && dateOf(one.registeredAt) >= since)
    .map((one) => ({ number: one.number, likeness: likenessOf(one, ticket), samePerson: isSamePerson(one, ticket) }))
    .filter((one) => one.likeness >= (one.samePerson ? likeForSamePerson : likeForAnyone))
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ number, likeness }) => ({ number, likeness }))
}

type Told = Pick<Ticket, 'personId' | 'facts'>

const isSamePerson = (one: Told, other: Told): boolean =>
  (one.personId !== undefined && one.personId === other.personId) || (one.facts.phone !== undefined && one.facts.phone === other.facts.phone)

const isSameMatter = (one: Ticket, other: Ticket): boolean =>
  one.facts.matter !== undefined && other.facts.matter !== undefined ? likeness(one.facts.matter, other.facts.matter) >= 0.5 : kindOf(one) === kindOf(other)

const likenessOf = (one: Told, other: Told): number =>
  Math.max(likeness(one.facts.story ?? '', other.facts.story ?? ''), one.facts.matter && one.facts.matter === other.facts.matter ? 0.6 : 0)

/** Overlap of character pairs (Dice), 0 to 1: needs no dictionary and does not mind word order. */
function likeness(one: string, other: string): number {
  const [a, b] = [pairs(one), pairs(other)]
  if (!a.size || !b.size) return 0
  let both = 0
  for (const pair of a) if (b.has(pair)) both += 1
  return (2 * both) / (a.size + b.size)
}

function pairs(text: string): Set<string> {
  const letters = [...text.replace(/[\s\p{P}]/gu, '')]
  return new Set(letters.slice(1).map((letter, index) => `${letters[index]}${letter}`))
}
