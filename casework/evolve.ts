import { nameOf } from './case.ts'
import { isRunning } from './clocks.ts'
import type { Deadline, DeadlineKind } from './deadline.ts'
import type { Stamped, TicketEvent } from './decision.ts'
import { reopensAt } from './stages.ts'
import type { Stage, Ticket } from './ticket.ts'

/** The case after an event. Total over all events; only an event before `registered` is a fault, for there is nothing to change. */
export function evolve(ticket: Ticket | undefined, stamped: Stamped): Ticket {
  const { event } = stamped
  if (event.type === 'registered') return { ...event.ticket, deadlines: [], version: (ticket?.version ?? 0) + 1 }
  if (!ticket) throw new Error(`${event.type} before registered`)
  return { ...apply(ticket, event, stamped), version: ticket.version + 1 }
}

function apply(ticket: Ticket, event: Exclude<TicketEvent, { type: 'registered' }>, { at, by }: Stamped): Ticket {
  const to = (stage: Stage, change: Partial<Ticket> = {}): Ticket => ({ ...ticket, ...change, stage })
  switch (event.type) {
    case 'amended':
      return { ...ticket, facts: { ...ticket.facts, ...event.facts }, ...(event.proposal && { proposal: event.proposal, flags: event.proposal.flags }) }
    case 'triaged': {
      const { demandClass, level, cause, category, lead, supporting, help, plan, flags = ticket.flags } = event
      return {
        ...without(ticket, 'help', 'plan'),
        stage: 'triaged',
        demandClass,
        level,
        cause,
        lead,
        supporting,
        flags,
        ...(category !== undefined && { category }),
        ...(help && { help }),
        ...(plan !== undefined && { plan }),
      }
    }
    case 'assigned':
      return to('assigned', {
        lead: event.lead,
        supporting: ticket.supporting.filter((id) => id !== event.lead),
        leads: [...new Set([...(ticket.leads ?? []), event.lead])],
      })
    case 'reassigned':
      return { ...without(ticket, 'acceptedBy'), supporting: event.supporting }
    case 'accepted':
      return to('accepted', { acceptedBy: event.by })
    case 'returned':
      return { ...without(ticket, 'acceptedBy'), stage: 'triaged', returns: ticket.returns + 1 }
    case 'contacted':
      return to('handling')
    case 'paused':
      return { ...ticket, paused: { why: event.why, since: at, reason: event.reason, approvedBy: event.approvedBy } }
    case 'resumed':
      return without(ticket, 'paused')
    case 'extended':
      return { ...ticket, extensions: ticket.extensions + 1 }
    case 'resolved': {
      const { type: _, ...resolution } = event
      return to('resolved', { resolution: { ...resolution, at } })
    }
    case 'checked':
      return checked(ticket, event)
    case 'replied': {
      const { type: _, ...reply } = event
      return to('replied', { reply: { ...reply, at } })
    }
    case 'calledBack': {
      const { by, outcome, answer } = event
      // What is added after the answer has reopened the case belongs to the round that was asked about.
      const round = ticket.stage === 'replied' || ticket.stage === 'closed' ? ticket.reopened + 1 : ticket.reopened
      return { ...ticket, callbacks: [...ticket.callbacks, { at, by, outcome, round, ...(answer && { answer }) }] }
    }
    case 'closed':
      return to('closed')
    case 'archived':
      return to('archived', { lesson: { ...event.lesson, by: event.by } })
    case 'declined':
      return { ...without(ticket, 'paused'), stage: 'declined' }
    case 'transferred':
      return { ...without(ticket, 'paused'), stage: 'transferred' }
    case 'merged':
      return { ...without(ticket, 'paused'), stage: 'merged', mergedInto: event.into }
    case 'withdrawn':
      return { ...without(ticket, 'paused'), stage: 'withdrawn' }
    case 'reopened':
      return {
        ...without(ticket, 'paused', 'acceptedBy', 'resolution', 'reply', 'lesson'),
        stage: reopensAt(ticket.stage),
        level: event.level,
        reopened: ticket.reopened + 1,
        extensions: 0,
        returns: 0,
      }
    case 'raised':
      return { ...ticket, level: event.level }
    case 'progressed':
      return event.did ? { ...ticket, work: [...(ticket.work ?? []), { ...event.did, at, by: nameOf(by), round: ticket.reopened + 1 }] } : ticket
    case 'arrived':
      return ticket
    case 'reminded':
      return onRunning(ticket, event, (clock) => ({ ...clock, reminded: [...(clock.reminded ?? []), event.mark] }))
    case 'clockStarted':
      return started(ticket, event.deadline)
    case 'clockUnset':
      return { ...ticket, unset: [...(ticket.unset ?? []).filter((one) => !isSame(one, event.clock)), event.clock] }
    case 'clockMoved':
      return onRunning(ticket, event, (clock) => ({ ...clock, dueAt: event.dueAt, pausedMs: event.pausedMs, reminded: [] }))
    case 'clockMet':
      return withoutUnset(
        onRunning(ticket, event, (clock) => ({ ...clock, metAt: event.metAt ?? at })),
        { kind: event.deadline, ref: event.ref },
      )
    case 'clockCancelled':
      return withoutUnset(
        onRunning(ticket, event, (clock) => ({ ...clock, cancelledAt: event.cancelledAt ?? at })),
        { kind: event.deadline, ref: event.ref },
      )
    case 'deidentified':
      return { ...ticket, deidentifiedAt: at }
    default:
      return event satisfies never
  }
}

/** A refused result goes back to the doer, and the resolution clock, never met, runs on. */
function checked(ticket: Ticket, event: Extract<TicketEvent, { type: 'checked' }>): Ticket {
  if (!ticket.resolution) return ticket
  if (event.approved) return { ...ticket, resolution: { ...ticket.resolution, checkedBy: event.by } }
  return { ...without(ticket, 'resolution'), stage: 'handling' }
}

type Named = { readonly kind: DeadlineKind; readonly ref?: string | undefined }
const isSame = (one: Named, other: Named): boolean => one.kind === other.kind && one.ref === other.ref

/** A clock that is started again in the same round, after a return, takes the place of the old one; the journal keeps both. */
function started(ticket: Ticket, deadline: Deadline): Ticket {
  const others = ticket.deadlines.filter((one) => !isSame(one, deadline) || one.round !== deadline.round)
  return { ...withoutUnset(ticket, deadline), deadlines: [...others, deadline] }
}

function onRunning(ticket: Ticket, { deadline: kind, ref }: { deadline: DeadlineKind; ref?: string }, change: (clock: Deadline) => Deadline): Ticket {
  return { ...ticket, deadlines: ticket.deadlines.map((one) => (isSame(one, { kind, ref }) && isRunning(one) ? change(one) : one)) }
}

function withoutUnset(ticket: Ticket, clock: Named): Ticket {
  const left = (ticket.unset ?? []).filter((one) => !isSame(one, clock))
  return left.length ? { ...ticket, unset: left } : without(ticket, 'unset')
}

function without<K extends keyof Ticket>(ticket: Ticket, ...keys: readonly K[]): Omit<Ticket, K> & Partial<Pick<Ticket, K>> {
  const rest = { ...ticket }
  for (const key of keys) delete (rest as Partial<Ticket>)[key]
  return rest
}
