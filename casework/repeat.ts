import { otherCause, reasons } from '../texts/casework.ts'
import { hiddenFrom, isHiddenFrom } from './access.ts'
import { addDays, dateOf } from './day.ts'
import type { Command } from './decision.ts'
import type { Office } from './policy.ts'
import { isOpen } from './stages.ts'
import type { Facts, Instant, Level, Ticket } from './ticket.ts'

/**
 * ≥ 3 complaints of one matter against one unit within 7 days raise the newest, with the reason said. Who complains three times is one complainant.
 * A complaint that is kept from a unit counts only where the newest is kept from it too: the unit would know by the number that there is one more.
 */
export function raiseForRepeats(ticket: Ticket, others: readonly Ticket[], now: Instant, office: Office): Extract<Command, { type: 'raise' }> | undefined {
  const { sameComplaints, sameWithinDays } = office.policy.raise
  const since = addDays(dateOf(now), -sameWithinDays)
  const unit = unitOf(ticket)
  if (unit === undefined || ticket.level === 3) return undefined
  const same = others.filter(
    (one) =>
      one.id !== ticket.id &&
      one.stage !== 'merged' &&
      dateOf(one.registeredAt) > since &&
      unitOf(one) === unit &&
      isSameMatter(one, ticket) &&
      hiddenFrom(one, office).every((kept) => isHiddenFrom(ticket, kept, office)),
  )
  const people = peopleOf([ticket, ...same])
  const level: Level = ticket.level === 1 ? 2 : 3
  return people >= sameComplaints ? { type: 'raise', level, reason: reasons.repeated(people, sameWithinDays) } : undefined
}

/** How many people told of these cases. */
const peopleOf = (cases: readonly Ticket[]): number => cases.filter((one, index) => !cases.slice(0, index).some((other) => isSamePerson(one, other))).length

/** The question is asked of a unit once: at the registration of the one proposed, after the triage only when that has named another. */
export const asksNow = ({ stage, lead, proposal }: Ticket, step: 'registered' | 'triaged'): boolean => {
  const isOther = lead !== undefined && lead !== proposal.departments[0]
  return step === 'triaged' ? isOther : stage === 'registered' || !isOther
}

const unitOf = ({ lead, proposal }: Ticket): string | undefined => lead ?? proposal.departments[0]

/** A case that may be the same as a new one. `likeness` is 0 to 1. */
export type Candidate = { readonly ticket: Ticket; readonly likeness: number; readonly samePerson: boolean }

/** What is known of somebody who tells of a case, registered or not. */
export type Told = { readonly id?: string; readonly personId?: string; readonly facts: Facts }

export const duplicateDays = 30
// Chosen on how far two tellings of one case overlap in pairs of characters; the same person needs less.
const likeForSamePerson = 0.25
const likeForAnyone = 0.7

/** Cases of the same person and alike, or in nearly the same words, within 30 days: the likeliest first. A case that went into another is not named. */
export function duplicates(told: Told, others: readonly Ticket[], now: Instant): Candidate[] {
  const since = addDays(dateOf(now), -duplicateDays)
  return others
    .filter((one) => one.id !== told.id && isOpen(one.stage) && dateOf(one.registeredAt) >= since)
    .map((ticket) => ({ ticket, likeness: likenessOf(ticket, told), samePerson: isSamePerson(ticket, told) }))
    .filter((one) => one.likeness >= (one.samePerson ? likeForSamePerson : likeForAnyone))
    .sort((a, b) => b.likeness - a.likeness)
}

export const isSamePerson = (one: Told, other: Told): boolean =>
  (one.personId !== undefined && one.personId === other.personId) || (one.facts.phone !== undefined && one.facts.phone === other.facts.phone)

/** Without words for the matter, cases are alike by their field and cause; those of which neither is known are alike in nothing. */
function isSameMatter(one: Ticket, other: Ticket): boolean {
  if (one.facts.matter !== undefined && other.facts.matter !== undefined) return likeness(one.facts.matter, other.facts.matter) >= 0.5
  return fieldOf(one) !== undefined && fieldOf(one) === fieldOf(other) && causeOf(one) === causeOf(other)
}

const fieldOf = ({ category, proposal }: Ticket): string | undefined => category ?? proposal.category
const causeOf = ({ cause, proposal }: Ticket): string => cause ?? proposal.cause ?? otherCause

/** The matter in the same words is most of the likeness; what is told of it is the rest. */
function likenessOf(one: Told, other: Told): number {
  const [a, b] = [one.facts, other.facts]
  const isSame = (a.matter !== undefined && a.matter === b.matter) || (a.guideId !== undefined && a.guideId === b.guideId)
  return Math.max(likeness(a.story ?? '', b.story ?? ''), isSame ? 0.6 : 0)
}

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
