import { fieldLabels, reasons, refusals } from '../texts/casework.ts'
import { isDiscipline, isHiddenFrom } from './access.ts'
import { type Answer, type Case, refusal } from './case.ts'
import { cancelAll, meet, roundOf, startClock } from './clocks.ts'
import type { Command, Refusal, TicketEvent } from './decision.ts'
import { whyNotRegister } from './obstacle.ts'
import type { Office } from './policy.ts'
import type { Actor, Facts, Instant, Ticket } from './ticket.ts'
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
  const wrong = wrongUnits([command.lead, ...supporting], ticket, office)
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

export function assign({ ticket, at, office }: Case, command: Of<'assign'>): Answer {
  const lead = command.lead ?? ticket.lead
  if (lead === undefined) return refusal('missingFact', refusals.missing(fieldLabels.lead))
  const wrong = wrongUnits([lead], ticket, office)
  if (wrong) return wrong
  const { policy, calendar } = office
  const { acceptance, firstContact, arrival } = policy.deadlines
  const round = roundOf(ticket)
  const start = (kind: 'acceptance' | 'firstContact' | 'arrival', allowance: typeof acceptance) =>
    allowance ? [startClock({ kind, round, at, allowance }, calendar)] : []
  return [
    { type: 'assigned', lead, note: command.note },
    ...meet(ticket, 'triage', 'assignment'),
    ...start('acceptance', acceptance),
    ...start('firstContact', firstContact),
    ...(ticket.level === 1 ? start('arrival', arrival) : []),
    ...silentUnits(ticket)
      .filter((unit) => unit !== lead)
      .map((ref) => startClock({ kind: 'opinion', ref, round, at, allowance: policy.opinion }, calendar)),
    startClock({ kind: 'resolution', round, at, allowance: policy.resolution[ticket.level] }, calendar),
  ]
}

function wrongUnits(ids: readonly string[], ticket: Ticket, office: Office): Refusal | undefined {
  const unknown = ids.find((id) => !office.departments.some((one) => one.id === id))
  if (unknown !== undefined) return refusal('unknownDepartment', refusals.unknownDepartment(unknown))
  return ids.some((id) => isHiddenFrom(ticket, id, office)) ? refusal('wrongUnit', refusals.secret()) : undefined
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
