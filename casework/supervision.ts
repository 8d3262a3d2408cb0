import { attitudeCause, fieldLabels, orderTitles, reasons, refusals, tierTitles, workNotes } from '../texts/casework.ts'
import { whyNotUnits } from './access.ts'
import { workingDaysBetween } from './calendar.ts'
import { type Answer, type Case, idOf, nameOf, refusal, unitName } from './case.ts'
import { isLate, meetNow, roundOf, runningClock, startClock } from './clocks.ts'
import { dateOf } from './day.ts'
import type { Command } from './decision.ts'
import { did, newId, speaksFor } from './joint.ts'
import type { Office } from './policy.ts'
import type { Instant, Level, Role, Ticket } from './ticket.ts'
import { held, isAnswerOpen, isAppealed, type OrderKind, openAppeals, orders, signedOrder, verifiedOrder } from './work.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>

/** 催办 → 督办单 → 通报: nobody is named in a circular who was not ordered before. */
export function order({ ticket, at, office }: Case, command: Of<'order'>): Answer {
  const { kind, unit, copyTo, cause, demand, allowance, number } = command
  if (number === undefined) return refusal('missingFact', refusals.missing(fieldLabels.orderNumber))
  const wrong = whyNotUnits([unit], ticket, office)
  if (wrong) return wrong
  if (kind === 'circular' && !orders(ticket).some((one) => one.kind === 'order' && one.unit === unit)) return refusal('limit', refusals.orderFirst())
  const id = newId(ticket)
  const work = { type: 'ordered', id, kind, number, unit, ...(copyTo !== undefined && { copyTo }), cause, demand } as const
  return [
    did(workNotes.ordered(orderTitles[kind], number, unitName(unit, office), cause), work),
    startClock({ kind: 'order', ref: id, round: roundOf(ticket), at, allowance }, office.calendar),
  ]
}

/** One way to write a 文号, so that the same number is never given twice in other brackets. */
export const sameNumber = (number: string): string =>
  number
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[[(【〖{]/g, '〔')
    .replace(/[\])】〗}]/g, '〕')

export function signOrder(on: Case, { order: id }: Of<'signOrder'>): Answer {
  const found = ownOrder(on, id)
  if ('code' in found) return found
  if (signedOrder(on.ticket, id)) return refusal('wrongStage', refusals.orderDone())
  return [did(workNotes.orderSigned(found.number), { type: 'orderSigned', id })]
}

export function answerOrder(on: Case, { order: id, text }: Of<'answerOrder'>): Answer {
  const found = ownOrder(on, id)
  if ('code' in found) return found
  if (!signedOrder(on.ticket, id)) return refusal('wrongStage', refusals.orderUnsigned())
  if (verifiedOrder(on.ticket, id)?.approved) return refusal('wrongStage', refusals.orderVerified())
  return [did(workNotes.orderAnswered(found.number, text), { type: 'orderAnswered', id, text }), ...meetNow(on, 'order', id)]
}

export function verifyOrder({ ticket, at, office }: Case, { order: id, approved, note }: Of<'verifyOrder'>): Answer {
  const found = orders(ticket).find((one) => one.id === id)
  if (!found || !isAnswerOpen(ticket, id)) return refusal('wrongStage', refusals.noAnswer())
  const line = did(workNotes.orderVerified(found.number, approved, note), { type: 'orderVerified', id, approved, note })
  const given = ticket.deadlines.findLast((one) => one.kind === 'order' && one.ref === id)?.allowance
  // What was not enough must be done anew, in as much time as was given for it.
  const again = !approved && given ? [startClock({ kind: 'order', ref: id, round: roundOf(ticket), at, allowance: given }, office.calendar)] : []
  return [line, ...again]
}

function ownOrder(on: Case, id: string) {
  const found = orders(on.ticket).find((one) => one.id === id)
  if (!found) return refusal('wrongStage', refusals.noOrder())
  return speaksFor(on, found.unit) === found.unit ? found : refusal('wrongUnit', refusals.wrongUnit(workNotes.answerOrder, unitName(found.unit, on.office)))
}

/** Who may decide which tier: 在案 by the supervision, 约谈通报 by the leaders, 移送 by the director or the discipline office. */
const tierRoles: Readonly<Record<Level, readonly Role[]>> = { 1: ['supervisor', 'lead', 'director'], 2: ['lead', 'director'], 3: ['director', 'discipline'] }

/** A person decides, always; the system only suggests. */
export function hold({ ticket, by, office }: Case, { tier, unit, person, evidence, outcome }: Of<'hold'>): Answer {
  if (!office.departments.some((one) => one.id === unit)) return refusal('unknownDepartment', refusals.unknownDepartment(unit))
  if (!(by.kind === 'staff' && by.roles.some((role) => tierRoles[tier].includes(role)))) return refusal('wrongRole', refusals.wrongTier(tierTitles[tier]))
  const work = { type: 'held', id: newId(ticket), tier, unit, ...(person !== undefined && { person }), evidence, outcome, byId: by.id } as const
  return [did(workNotes.held(tierTitles[tier], unitName(unit, office), outcome), work)]
}

export function appeal(on: Case, { record: id, text }: Of<'appeal'>): Answer {
  const found = held(on.ticket).find((one) => one.id === id)
  if (!found) return refusal('wrongStage', refusals.noRecord())
  if (speaksFor(on, found.unit) !== found.unit) return refusal('wrongUnit', refusals.wrongUnit(workNotes.appeal, unitName(found.unit, on.office)))
  if (isAppealed(on.ticket, id)) return refusal('limit', refusals.appealedBefore())
  return [did(workNotes.appealed(text), { type: 'appealed', id, text })]
}

/** Whoever decided does not judge the appeal against it. */
export function decideAppeal({ ticket, by }: Case, { record: id, upheld, reason }: Of<'decideAppeal'>): Answer {
  const decided = held(ticket).find((one) => one.id === id)
  const isOwn = decided?.byId === undefined ? decided?.by === nameOf(by) : decided.byId === idOf(by)
  if (isOwn) return refusal('sameDoer', refusals.ownDecision())
  const isOpen = openAppeals(ticket).some((one) => one.id === id)
  return isOpen ? [did(workNotes.appealDecided(upheld, reason), { type: 'appealDecided', id, upheld, reason })] : refusal('wrongStage', refusals.noAppeal())
}

export type Suggestion<T> = { readonly what: T; readonly why: string }

/** The next step of the chain that the rules call for: urged from the day after the due date, ordered and named in a circular as late as the office's rules say. @throws CalendarGap */
export function suggestedOrder(ticket: Ticket, now: Instant, { calendar, policy }: Office): Suggestion<OrderKind> | undefined {
  const clock = runningClock(ticket, 'resolution')
  if (!clock || ticket.paused || !isLate(clock, now)) return undefined
  const days = workingDaysBetween(calendar, dateOf(clock.dueAt), dateOf(now))
  const sent = new Set(
    orders(ticket)
      .filter((one) => one.round === roundOf(ticket))
      .map((one) => one.kind),
  )
  const why = reasons.lateDays(days)
  if (days >= policy.raise.overdue + policy.orders.circularAfter && sent.has('order') && !sent.has('circular')) return { what: 'circular', why }
  if (days >= policy.raise.overdue && !sent.has('order')) return { what: 'order', why }
  return sent.size === 0 ? { what: 'urge', why } : undefined
}

/** What the facts point to, for a person to decide: 漠视, 无依据不给办, 吃拿卡要 (追责三档). */
export function suggestedTiers(ticket: Ticket, { policy }: Office): readonly Suggestion<Level>[] {
  const { facts } = ticket
  const cause = ticket.cause ?? ticket.proposal.cause
  const given = (tier: Level) => held(ticket).some((one) => one.tier === tier)
  const found: Suggestion<Level>[] = []
  if (cause === attitudeCause) found.push({ what: 1, why: reasons.attitude() })
  if (facts.told && facts.written === false) found.push({ what: 2, why: reasons.noBasis(facts.told, facts.visits) })
  if (cause !== undefined && policy.disciplineCauses.includes(cause)) found.push({ what: 3, why: reasons.discipline(cause) })
  return found.filter((one) => !given(one.what))
}
