import { reasons } from '../texts/casework.ts'
import { plusWorkingDays } from './calendar.ts'
import { callFrom } from './callhours.ts'
import { isRunning, roundOf, running, runningClock, spent } from './clocks.ts'
import { failedAttempts, isSurveyOpen } from './closing.ts'
import { dateOf, dayMs, hourMs, instantOf } from './day.ts'
import type { Command, Timer } from './decision.ts'
import { lateMark } from './handling.ts'
import { type Office, unlessGap, type WorkingCalendar } from './policy.ts'
import type { Allowance, Deadline, Instant, Ticket } from './ticket.ts'
import { sentSurvey } from './work.ts'

/** What must run later because of this change. A timer carries no state: see `fire`. Equal timers are one. */
export function timers(before: Ticket | undefined, after: Ticket, office: Office): Timer[] {
  const old = new Map((before?.deadlines ?? []).map((one) => [`${one.kind}.${one.ref ?? ''}.${one.round}`, one]))
  const isNew = (one: Deadline) => {
    const was = old.get(`${one.kind}.${one.ref ?? ''}.${one.round}`)
    return !was || was.dueAt !== one.dueAt || was.startedAt !== one.startedAt || !isRunning(was)
  }
  const marks = running(after)
    .filter(isNew)
    .flatMap((one) => marksOf(one, office))
  // A mark that passed while the clock stood still was not told; where the stop did not move the clock, it is told now.
  const stoppedAt = before?.paused && !after.paused ? before.paused.since : undefined
  const missed = (stoppedAt === undefined ? [] : running(after).filter((one) => !isNew(one)))
    .flatMap((one) => marksOf(one, office))
    .flatMap((one) => (stoppedAt !== undefined && one.runAt >= stoppedAt ? [{ ...one, stoppedAt }] : []))
  return [...marks, ...missed, ...repeats(before, after), ...callbacks(before, after, office), ...waits(before, after, office)]
}

/** All timers of a case as it stands: to be added for every open case after the office has edited its policy or calendar. */
export const allTimers = (ticket: Ticket, office: Office): Timer[] => timers(undefined, ticket, office)

/** Due at once, and asked for once at each of the two steps. */
function repeats(before: Ticket | undefined, after: Ticket): Timer[] {
  const { stage } = after
  if ((stage !== 'registered' && stage !== 'triaged') || before?.stage === stage) return []
  const triagedAt = stage === 'triaged' ? after.deadlines.findLast((one) => one.kind === 'triage')?.metAt : undefined
  return [{ kind: 'repeats', round: roundOf(after), step: stage, runAt: triagedAt ?? after.registeredAt }]
}

type Mark = Extract<Timer, { kind: 'mark' }>

/** Marks at 50 and 80 % of the allowance, at the due time, and on the mornings 1, 3 and 5 working days later; of the resolution also on the one that raises. */
function marksOf(deadline: Deadline, { policy, calendar }: Office): Mark[] {
  const mark = (name: string, runAt: Instant): Mark => ({
    kind: 'mark',
    deadline: deadline.kind,
    ...(deadline.ref !== undefined && { ref: deadline.ref }),
    round: deadline.round,
    mark: name,
    runAt,
  })
  const before = policy.marks.before.map((percent) => mark(`p${percent}`, atPercent(deadline, percent, calendar)))
  const dueDay = dateOf(deadline.dueAt)
  const raising = deadline.kind === 'resolution' ? [policy.raise.overdue] : []
  const after = [...new Set([...policy.marks.after, ...raising])].flatMap((days) => {
    const runAt = unlessGap(() => calendar.nextOpening(instantOf(plusWorkingDays(calendar, dueDay, days))))
    return runAt === undefined ? [] : [mark(lateMark(days), runAt)]
  })
  return [...before, mark('due', deadline.dueAt), ...after]
}

function atPercent(deadline: Deadline, percent: number, calendar: WorkingCalendar): Instant {
  const total = spent(deadline, deadline.startedAt, deadline.dueAt, calendar) - deadline.pausedMs
  const run = Math.round((total * percent) / 100) + deadline.pausedMs
  const { unit } = deadline.allowance
  if (unit === 'minutes' || unit === 'calendarDays') return deadline.startedAt + run
  return Math.round(calendar.due(deadline.startedAt, { amount: run / hourMs, unit: 'workingHours' }))
}

/**
 * The first callback one working day after the reply; one more after a message that the clock has sent, and one after each attempt that reached nobody.
 * Nothing follows from a call that nobody has made: it stays a task, and its clock grows late.
 */
function callbacks(before: Ticket | undefined, after: Ticket, office: Office): Timer[] {
  if (after.stage !== 'replied' || !after.reply) return []
  const { after: first, retryAfter, attempts } = office.policy.callback
  const round = roundOf(after)
  const timer = (attempt: number, from: Instant, allowance: Allowance): Timer => ({
    kind: 'callback',
    round,
    attempt,
    runAt: callFrom(from, allowance, office),
  })
  const asked = after.callbacks.findLast((one) => one.round === round)
  const failed = failedAttempts(after)
  const sent = sentSurvey(after)
  const isReply = before?.stage !== 'replied'
  const isSent = sent !== undefined && (before === undefined || sentSurvey(before) === undefined)
  const hasFailed = asked !== undefined && failed < attempts && failed > (before ? failedAttempts(before) : 0)
  return [
    ...(isReply ? [timer(1, after.reply.at, first)] : []),
    ...(isSent ? [timer(2, sent.at, retryAfter)] : []),
    ...(hasFailed ? [timer(failed + 1, asked.at, retryAfter)] : []),
  ]
}

/** A case that waits for the citizen is reminded of and at last given up; one that waits for a superior is reviewed again and again. */
function waits(before: Ticket | undefined, after: Ticket, office: Office): Timer[] {
  const { paused } = after
  if (!paused) return []
  const { waitingCitizen, waitingSuperior } = office.policy
  const timer = (step: 'nudge' | 'close', from: Instant, allowance: Allowance): Timer => ({
    kind: 'wait',
    round: roundOf(after),
    step,
    since: paused.since,
    runAt: callFrom(from, allowance, office),
  })
  const isNew = before?.paused?.since !== paused.since
  if (paused.why === 'citizen') {
    return isNew ? [timer('nudge', paused.since, waitingCitizen.remindAfter), timer('close', paused.since + dayMs, waitingCitizen.closeAfter)] : []
  }
  const last = after.work?.findLast((one) => one.type === 'nudged' && one.at > paused.since)?.at
  const isReviewed = last !== undefined && (before?.work?.length ?? 0) < (after.work?.length ?? 0)
  return isNew || isReviewed ? [timer('nudge', last ?? paused.since, waitingSuperior.reviewEvery)] : []
}

/** What a due timer means for the case as it is now: a command to decide, a citizen to ask, or nothing. */
export type Firing = { readonly command?: Extract<Command, { type: 'remind' | 'callback' | 'nudge' | 'withdraw' | 'raise' }>; readonly ask?: boolean }

/** `madeAt`: when the timer was asked for. What is asked for after its time (a stop has ended, a rule was edited, a year was loaded) is not late for that. */
export function fire(timer: Timer, ticket: Ticket, office: Office, madeAt: Instant = 0): Firing {
  if (timer.round !== roundOf(ticket)) return {}
  if (timer.kind === 'callback') {
    if (ticket.stage !== 'replied') return {}
    const ask = timer.attempt <= office.policy.callback.attempts
    // The clock answers for its own message and for nobody's call.
    if (timer.attempt === 2 && isSurveyOpen(ticket)) return { command: { type: 'callback', outcome: 'noAnswer', note: reasons.surveyUnanswered() }, ask }
    return timer.attempt === 1 || failedAttempts(ticket) < timer.attempt ? { ask } : {}
  }
  // Decided on the other cases: see raiseForRepeats.
  if (timer.kind === 'repeats') return {}
  if (timer.kind === 'wait') {
    if (ticket.paused?.since !== timer.since) return {}
    return { command: timer.step === 'nudge' ? { type: 'nudge' } : { type: 'withdraw', reason: reasons.waitedInVain() } }
  }
  const deadline = runningClock(ticket, timer.deadline, timer.ref)
  if (!deadline || ticket.paused) return {}
  // A clock that was moved to later has timers of its own; one whose rule was edited still fires, and each mark is told only once.
  const mark = marksOf(deadline, office).find((one) => one.mark === timer.mark)
  const stands = !deadline.reminded?.includes(timer.mark) && (mark === undefined || mark.runAt <= timer.runAt)
  if (!stands) return {}
  // A timer that has failed runs at another time than the one it was made for.
  const plannedAt = Math.max(mark?.runAt ?? timer.runAt, madeAt)
  return { command: { type: 'remind', deadline: timer.deadline, ...(timer.ref !== undefined && { ref: timer.ref }), mark: timer.mark, plannedAt } }
}

/** Unique within the case: the same timer asked for twice is one job; a moved clock has new ones. */
export function timerKey(timer: Timer): string {
  switch (timer.kind) {
    case 'mark':
      return `${timer.deadline}${timer.ref === undefined ? '' : `(${timer.ref})`}.${timer.round}.${timer.mark}@${timer.runAt}${timer.stoppedAt === undefined ? '' : `+${timer.stoppedAt}`}`
    case 'callback':
      return `callback.${timer.round}.${timer.attempt}`
    case 'repeats':
      return `repeats.${timer.round}.${timer.step}`
    case 'wait':
      return `wait.${timer.step}.${timer.since}@${timer.runAt}`
    default:
      return timer satisfies never
  }
}
