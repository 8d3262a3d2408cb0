import { commandTitles, fieldLabels, outcomeTitles, ratingTitles, reasons, refusals, solvedTitles } from '../texts/casework.ts'
import { dateTimeText } from '../texts/notice.ts'
import { callFrom, isCallTime } from './callhours.ts'
import { type Answer, type Case, idOf, refusal, unitName } from './case.ts'
import { cancelAll, meet, roundOf, startClock } from './clocks.ts'
import { dateOf, timeOf } from './day.ts'
import type { Command, Refusal, TicketEvent } from './decision.ts'
import { up } from './handling.ts'
import type { Policy } from './policy.ts'
import { reopensAt } from './stages.ts'
import type { Actor, CallOutcome, Role, SurveyAnswer, Ticket } from './ticket.ts'
import { openAppeals, openOrders, openTasks, papersOut, sentSurvey, silentUnits } from './work.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>

/** 「不能办」 is released by one of these, never by the window or the unit alone (否定报备). */
const releasers: readonly Role[] = ['lead', 'supervisor', 'director']

export function resolve(on: Case, { result, text, basis }: Of<'resolve'>): Answer {
  if (result === 'lawfullyImpossible' && !basis?.trim()) return refusal('missingFact', refusals.missing(fieldLabels.legalBasis))
  const silent = silentUnits(on.ticket).map((id) => unitName(id, on.office))
  if (silent.length) return refusal('missingFact', refusals.silent(silent))
  return [{ type: 'resolved', result, text, ...(basis?.trim() && { basis }), by: idOf(on.by) }]
}

/** The check by another than the doer: passed, the clock was met when the result was handed in; refused, the clock has never stopped. */
export function checkResult(on: Case, { approved, note }: Of<'check'>): Answer {
  const { ticket, by, at, office } = on
  if (!ticket.resolution) return refusal('missingFact', refusals.unchecked())
  if (ticket.resolution.checkedBy !== undefined) return refusal('wrongStage', refusals.alreadyChecked())
  if (isDoer(ticket, by)) return refusal('sameDoer', refusals.sameDoer(commandTitles.check))
  if (!approved) return [{ type: 'checked', approved, note, by: idOf(on.by) }]
  const impossible = ticket.resolution.result === 'lawfullyImpossible'
  if (impossible && !(by.kind === 'staff' && by.roles.some((role) => releasers.includes(role)))) return refusal('wrongRole', refusals.release())
  const { policy, calendar } = office
  const allowance = impossible ? policy.resolution.impossible : policy.deadlines.reply
  return [
    { type: 'checked', approved, note, by: idOf(on.by) },
    ...meet(ticket, 'firstContact', 'arrival', 'resolution').map((event) => ({ ...event, metAt: ticket.resolution?.at ?? at })),
    ...(allowance ? [startClock({ kind: 'reply', round: roundOf(ticket), at, allowance }, calendar)] : []),
  ]
}

const isDoer = (ticket: Ticket, by: Actor): boolean => by.kind === 'staff' && by.id === ticket.resolution?.by

export function reply(on: Case, { text, basis, contact }: Of<'reply'>): Answer {
  const { ticket, at, office } = on
  if (ticket.resolution?.checkedBy === undefined) return refusal('wrongStage', refusals.unchecked())
  const allowance = office.policy.deadlines.callback
  return [
    { type: 'replied', text, basis, contact, by: idOf(on.by) },
    ...meet(ticket, 'reply', 'rectification'),
    ...(allowance ? [startClock({ kind: 'callback', round: roundOf(ticket), at, allowance }, office.calendar)] : []),
  ]
}

export const callback = { now: callbackNow, late: lateAnswer }

function callbackNow(on: Case, command: Of<'callback'>): Answer {
  const { ticket, by, office } = on
  if (!ticket.reply) return refusal('missingFact', refusals.replyMissing())
  if (by.kind === 'clock' && !isSurveyOpen(ticket)) return refusal('wrongStage', refusals.notSurveyed())
  if (isHandler(ticket, by)) return refusal('sameDoer', refusals.sameDoer(commandTitles.callback))
  const called = calledBack(command, by)
  if (command.outcome !== 'answered') return unreached(on, command.outcome, called)
  const { answer } = command
  if (!answer) return refusal('missingFact', refusals.answerMissing())
  return [called, ...(isSatisfied(answer, office.policy) ? satisfied(on, answer) : unsatisfied(on, answer))]
}

/** Who handled the case does not ask whether it was handled well. */
const isHandler = (ticket: Ticket, by: Actor): boolean => by.kind === 'staff' && [ticket.acceptedBy, ticket.resolution?.by, ticket.reply?.by].includes(by.id)

function calledBack({ outcome, answer, recording, note }: Of<'callback'>, by: Actor): TicketEvent {
  return {
    type: 'calledBack',
    by: idOf(by),
    outcome,
    ...(answer && { answer }),
    ...(recording !== undefined && { recording }),
    ...(note !== undefined && { note }),
  }
}

/** 「没办成」 and 差评 (the two lowest ratings, 国办发〔2019〕51号) are not satisfied; 「解释清楚了」 counts as answered. */
export const isSatisfied = ({ solved, rating }: SurveyAnswer, policy: Policy): boolean =>
  solved !== 'no' && (rating === undefined || rating > policy.callback.badRating)

function satisfied({ ticket }: Case, { solved }: SurveyAnswer): TicketEvent[] {
  return ticket.stage === 'closed' ? [] : [{ type: 'closed', why: reasons.closedByAnswer(solvedTitles[solved]) }, ...meet(ticket, 'callback')]
}

function unsatisfied(on: Case, { solved, rating }: SurveyAnswer): TicketEvent[] {
  const { ticket, office } = on
  const most = office.policy.callback.reopenings
  if (ticket.reopened < most)
    return [...meet(ticket, 'callback'), ...reopened(on, reasons.reopenedByAnswer(solvedTitles[solved], rating && ratingTitles[rating]))]
  return ticket.stage === 'closed' ? [] : [{ type: 'closed', why: reasons.closedAfterReopenings(ticket.reopened) }, ...meet(ticket, 'callback')]
}

/** Nobody was reached: asked again until the attempts are used up. A citizen who declines in person is left in peace at once. */
function unreached(on: Case, outcome: Exclude<CallOutcome, 'answered'>, called: TicketEvent): Answer {
  const { ticket, by, office } = on
  if (ticket.stage === 'closed') return [called]
  const untimely = by.kind === 'staff' ? untimelyCall(on) : undefined
  if (untimely) return untimely
  const attempts = failedAttempts(ticket) + 1
  const declines = outcome === 'refused' && (by.kind === 'citizen' || by.kind === 'bot')
  if (attempts < office.policy.callback.attempts && !declines) return [called]
  return [called, { type: 'closed', why: reasons.closedByAttempts(outcomeTitles[outcome], attempts) }, ...meet(ticket, 'callback')]
}

/** A call counts as an attempt in the call hours only, and not right after the one before: else three clicks would close a case unasked. */
function untimelyCall({ ticket, at, office }: Case): Refusal | undefined {
  const { hours, retryAfter } = office.policy.callback
  if (!isCallTime(at, office)) return refusal('limit', refusals.callHours(hours.from, hours.to))
  const last = ticket.callbacks.findLast((one) => one.round === roundOf(ticket) && one.outcome !== 'answered' && one.by !== 'clock')
  const from = last && callFrom(last.at, retryAfter, office)
  return from !== undefined && at < from ? refusal('limit', refusals.callAgain(dateTimeText(dateOf(from), timeOf(from)))) : undefined
}

/** The clock has asked by message and nothing has come of it yet. */
export const isSurveyOpen = (ticket: Ticket): boolean => sentSurvey(ticket) !== undefined && !ticket.callbacks.some((one) => one.round === roundOf(ticket))

export const failedAttempts = (ticket: Ticket): number => ticket.callbacks.filter((one) => one.round === roundOf(ticket) && one.outcome !== 'answered').length

/** A rating or reason that comes after 「没办成」 has already reopened the case, is kept with the answer. */
function lateAnswer(ticket: Ticket, command: Of<'callback'>, by: Actor, refused: Refusal): Answer {
  const isCitizen = by.kind === 'citizen' || by.kind === 'bot'
  const asked = ticket.reopened > 0 && ticket.callbacks.at(-1)?.outcome === 'answered' && ticket.stage !== 'archived'
  return refused.code === 'wrongStage' && isCitizen && asked && command.answer ? [calledBack(command, by)] : refused
}

export function archive(on: Case, { lesson }: Of<'archive'>): Answer {
  const { ticket } = on
  if (!ticket.reply) return refusal('missingFact', refusals.replyMissing())
  // An answer about an earlier round says nothing of this one.
  if (!ticket.callbacks.some((one) => one.round === roundOf(ticket))) return refusal('missingFact', refusals.callbackMissing())
  const out = papersOut(ticket).map((one) => one.items)
  if (out.length) return refusal('missingFact', refusals.papersOut(out))
  const unanswered = openOrders(ticket).map((one) => one.number)
  if (unanswered.length) return refusal('missingFact', refusals.ordersOpen(unanswered))
  const undone = openTasks(ticket).map((one) => one.text)
  if (undone.length) return refusal('missingFact', refusals.tasksOpen(undone))
  if (openAppeals(ticket).length) return refusal('missingFact', refusals.appealsOpen())
  if (!lesson.cause.trim()) return refusal('missingFact', refusals.missing(fieldLabels.lesson))
  return [{ type: 'archived', lesson, by: idOf(on.by) }, ...cancelAll(ticket)]
}

export const reopen = (on: Case, { reason }: Of<'reopen'>): Answer => [...cancelAll(on.ticket), ...reopened(on, reason)]

/** One level up, with a new round of clocks. */
function reopened({ ticket, at, office }: Case, reason: string): TicketEvent[] {
  const { triage, assignment, rectification } = office.policy.deadlines
  const round = roundOf(ticket) + 1
  const first =
    reopensAt(ticket.stage) === 'registered' ? ({ kind: 'triage', allowance: triage } as const) : ({ kind: 'assignment', allowance: assignment } as const)
  return [
    { type: 'reopened', reason, level: up(ticket.level) },
    ...(first.allowance ? [startClock({ kind: first.kind, round, at, allowance: first.allowance }, office.calendar)] : []),
    ...(rectification ? [startClock({ kind: 'rectification', round, at, allowance: rectification }, office.calendar)] : []),
  ]
}
