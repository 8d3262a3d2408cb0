import { attitudeCause, commandTitles, orderTitles, reasons, refusals, tierTitles, workNotes } from '../texts/casework.ts'
import { workingDaysBetween } from './calendar.ts'
import { type Answer, type Case, nameOf, refusal, unitName } from './case.ts'
import { isLate, meetOne, roundOf, runningClock, startClock } from './clocks.ts'
import { dateOf, yearOf } from './day.ts'
import type { Command } from './decision.ts'
import { did, newId, speaksFor } from './joint.ts'
import type { Office } from './policy.ts'
import type { Instant, Level, Role, Ticket } from './ticket.ts'
import { answeredOrder, held, type OrderKind, orders, signedOrder, verifiedOrder } from './work.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>

/** 催办 → 督办单 → 通报: nobody is named in a circular who was not ordered before. */
export function order({ ticket, at, office }: Case, command: Of<'order'>): Answer {
  const { kind, unit, copyTo, cause, demand, allowance } = command
  if (!office.departments.some((one) => one.id === unit)) return refusal('unknownDepartment', refusals.unknownDepartment(unit))
  if (kind === 'circular' && !orders(ticket).some((one) => one.kind === 'order' && one.unit === unit)) return refusal('limit', refusals.orderFirst())
  const id = newId(ticket)
  const number = command.number ?? orderNumber(ticket, kind, at)
  const work = { type: 'ordered', id, kind, number, unit, ...(copyTo !== undefined && { copyTo }), cause, demand } as const
  return [
    did(workNotes.ordered(orderTitles[kind], number, unitName(unit, office), cause), work),
    startClock({ kind: 'order', ref: id, round: roundOf(ticket), at, allowance }, office.calendar),
  ]
}

/** Unique without a counter of its own: the case's number and the place of the order in the case. */
const orderNumber = (ticket: Ticket, kind: OrderKind, at: Instant): string =>
  workNotes.orderNumber(orderTitles[kind], yearOf(dateOf(at)), ticket.number, orders(ticket).filter((one) => one.kind === kind).length + 1)

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
  return [did(workNotes.orderAnswered(found.number, text), { type: 'orderAnswered', id, text }), ...meetOne(on.ticket, 'order', id)]
}

export function verifyOrder({ ticket }: Case, { order: id, approved, note }: Of<'verifyOrder'>): Answer {
  const found = orders(ticket).find((one) => one.id === id)
  if (!found || !answeredOrder(ticket, id) || verifiedOrder(ticket, id)?.approved) return refusal('wrongStage', refusals.noAnswer())
  return [did(workNotes.orderVerified(found.number, approved, note), { type: 'orderVerified', id, approved, note })]
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
  const work = { type: 'held', id: newId(ticket), tier, unit, ...(person !== undefined && { person }), evidence, outcome } as const
  return [did(workNotes.held(tierTitles[tier], unitName(unit, office), outcome), work)]
}

export function appeal(on: Case, { record: id, text }: Of<'appeal'>): Answer {
  const found = held(on.ticket).find((one) => one.id === id)
  if (!found) return refusal('wrongStage', refusals.noRecord())
  if (speaksFor(on, found.unit) !== found.unit) return refusal('wrongUnit', refusals.wrongUnit(workNotes.appeal, unitName(found.unit, on.office)))
  return [did(workNotes.appealed(text), { type: 'appealed', id, text })]
}

/** Whoever decided does not judge the appeal against it. */
export function decideAppeal({ ticket, by }: Case, { record: id, upheld, reason }: Of<'decideAppeal'>): Answer {
  if (held(ticket).find((one) => one.id === id)?.by === nameOf(by)) return refusal('sameDoer', refusals.sameDoer(commandTitles.decideAppeal))
  const appealed = ticket.work?.some((one) => one.type === 'appealed' && one.id === id)
  return appealed ? [did(workNotes.appealDecided(upheld, reason), { type: 'appealDecided', id, upheld, reason })] : refusal('wrongStage', refusals.noAppeal())
}

export type Suggestion<T> = { readonly what: T; readonly why: string }

/** The next step of the chain that the rules call for: urged from the day after the due date, ordered three working days late, named five working days after that. @throws CalendarGap */
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
  if (days >= policy.raise.overdue + 5 && sent.has('order') && !sent.has('circular')) return { what: 'circular', why }
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
