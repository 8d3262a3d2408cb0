import { fieldLabels, reasons, refusals } from '../texts/casework.ts'
import { isDiscipline, whyNotUnits } from './access.ts'
import { type Answer, type Case, refusal, unitName } from './case.ts'
import { cancel, cancelAll, meet, roundOf, running, runningClock, startClock } from './clocks.ts'
import type { Command, TicketEvent } from './decision.ts'
import { whyNotRegister } from './obstacle.ts'
import type { Office } from './policy.ts'
import type { Actor, Allowance, DeadlineKind, Facts, Instant, Ticket } from './ticket.ts'
import { silentUnits } from './work.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>

export function register(ticket: Ticket | undefined, command: Of<'register'>, by: Actor, at: Instant, office: Office): Answer {
  if (ticket) return refusal('alreadyRegistered', refusals.alreadyRegistered(ticket.number))
  const forbidden = whyNotRegister(by)
  if (forbidden) return forbidden
  const { type: _, facts, ...given } = command
  if (!facts.story?.trim() && !facts.matter?.trim()) return refusal('missingFact', refusals.missingStory())
  const { policy, calendar } = office
  const { level, flags } = command.proposal
  const secret = isDiscipline({ proposal: command.proposal, flags }, policy)
  const registered: Omit<Ticket, 'deadlines' | 'version'> = {
    ...given,
    facts: secret ? { ...facts, confidential: true } : facts,
    registeredAt: at,
    stage: 'registered',
    level,
    supporting: [],
    flags,
    extensions: 0,
    returns: 0,
    callbacks: [],
    reopened: 0,
  }
  const allowance = command.urgent ? policy.urgentTriage : policy.deadlines.triage
  return [{ type: 'registered', ticket: registered }, ...(allowance ? [startClock({ kind: 'triage', round: 1, at, allowance }, calendar)] : [])]
}

export function amend({ ticket }: Case, command: Of<'amend'>): Answer {
  const note = command.note?.trim()
  const story = note ? [ticket.facts.story, note].filter(Boolean).join('\n') : undefined
  const facts: Facts = story === undefined ? command.facts : { ...command.facts, story }
  const isOpen = ticket.stage === 'registered' && command.proposal !== undefined
  return [{ type: 'amended', facts, ...(isOpen && { proposal: command.proposal }) }]
}

export function triage({ ticket, at, office }: Case, command: Of<'triage'>): Answer {
  const supporting = (command.supporting ?? []).filter((id) => id !== command.lead)
  const wrong = whyNotUnits([command.lead, ...supporting], ticket, office)
  if (wrong) return wrong
  const { policy, calendar } = office
  const round = roundOf(ticket)
  const { assignment } = policy.deadlines
  const raised = raisedByCause(command, policy.raise.causes)
  return [
    { ...command, type: 'triaged', supporting },
    ...raised,
    ...meet(ticket, 'triage'),
    ...(ticket.stage === 'registered' && assignment ? [startClock({ kind: 'assignment', round, at, allowance: assignment }, calendar)] : []),
  ]
}

function raisedByCause({ cause, level }: Of<'triage'>, causes: readonly string[]): TicketEvent[] {
  return level === 1 && causes.includes(cause) ? [{ type: 'raised', level: 2, reason: reasons.raisedByCause(cause) }] : []
}

export function assign(on: Case, command: Of<'assign'>): Answer {
  const { ticket, at, office } = on
  const lead = command.lead ?? ticket.lead
  if (lead === undefined) return refusal('missingFact', refusals.missing(fieldLabels.lead))
  const wrong = whyNotUnits([lead, ...ticket.supporting], ticket, office)
  if (wrong) return wrong
  const { policy, calendar } = office
  const supporting = ticket.supporting.filter((unit) => unit !== lead)
  return [
    { type: 'assigned', lead, note: command.note },
    ...meet(ticket, 'triage', 'assignment'),
    ...handOver(on, supporting),
    startClock({ kind: 'resolution', round: roundOf(ticket), at, allowance: policy.resolution[ticket.level] }, calendar),
  ]
}

/** The clocks of a department that is given a case, and of those that support it and have not answered. */
function handOver({ ticket, at, office }: Case, supporting: readonly string[]): TicketEvent[] {
  const { policy, calendar } = office
  const { acceptance, firstContact, arrival } = policy.deadlines
  const round = roundOf(ticket)
  const start = (kind: DeadlineKind, allowance: Allowance | undefined, ref?: string) =>
    allowance ? [startClock({ kind, ...(ref !== undefined && { ref }), round, at, allowance }, calendar)] : []
  return [
    ...start('acceptance', acceptance),
    ...start('firstContact', firstContact),
    ...(ticket.level === 1 ? start('arrival', arrival) : []),
    ...silentUnits({ ...ticket, supporting })
      .filter((unit) => !runningClock(ticket, 'opinion', unit))
      .flatMap((unit) => start('opinion', policy.opinion, unit)),
  ]
}

/**
 * 改派. Whoever takes the case over signs, comes and calls in the usual time, but what was promised to the citizen stands: the office's mistake is
 * not theirs, so the resolution clock runs on (首接负责, DOMAIN A1; a unit that cannot do it in what is left asks for an extension).
 */
export function reassign(on: Case, { lead, reason, supporting: named }: Of<'reassign'>): Answer {
  const { ticket, office } = on
  if (lead === ticket.lead) return refusal('limit', refusals.reassignSame(unitName(lead, office)))
  const supporting = (named ?? ticket.supporting).filter((unit) => unit !== lead)
  const wrong = whyNotUnits([lead, ...supporting], ticket, office)
  if (wrong) return wrong
  const released = running(ticket).filter(({ kind, ref }) => kind === 'opinion' && !supporting.includes(ref ?? ''))
  return [
    { type: 'reassigned', supporting, reason },
    { type: 'assigned', lead, note: reason },
    ...cancel(ticket, 'acceptance', 'firstContact', 'arrival'),
    ...released.flatMap(({ kind, ref }): TicketEvent[] => (ref === undefined ? [] : [{ type: 'clockCancelled', deadline: kind, ref }])),
    ...handOver(on, supporting),
  ]
}

export const decline = ({ ticket }: Case, { reason, door }: Of<'decline'>): Answer => [{ type: 'declined', reason, door }, ...cancelAll(ticket)]

export const transfer = ({ ticket }: Case, { to, contact, reason }: Of<'transfer'>): Answer => [
  { type: 'transferred', to, contact, reason },
  ...cancelAll(ticket),
]

export function merge({ ticket }: Case, { into, reason }: Of<'merge'>): Answer {
  if (into === ticket.number || into === ticket.id) return refusal('limit', refusals.mergeItself())
  return [{ type: 'merged', into, reason }, ...cancelAll(ticket)]
}

/** The clock gives up a case only when the citizen, asked for what is missing, has not answered in the time that the policy allows. */
export function withdraw({ ticket, by, at, office }: Case, { reason }: Of<'withdraw'>): Answer {
  const { paused } = ticket
  const waits = paused?.why === 'citizen' && at >= waitEnd(paused.since, office)
  if (by.kind === 'clock' && !waits) return refusal('limit', refusals.notWaiting())
  return [{ type: 'withdrawn', reason }, ...cancelAll(ticket)]
}

const waitEnd = (since: Instant, { policy, calendar }: Office): Instant => calendar.due(since, policy.waitingCitizen.closeAfter)
