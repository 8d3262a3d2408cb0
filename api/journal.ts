import { unitName } from '../casework/case.ts'
import { dateOf, timeOf } from '../casework/day.ts'
import type { TicketEvent } from '../casework/decision.ts'
import type { Office } from '../casework/policy.ts'
import { demandTitles, factLabels, journal as words } from '../texts/api.ts'
import { clockTitles, helpModes, outcomeTitles, pauseTitles, ratingTitles, resultTitles, solvedTitles } from '../texts/casework.ts'

/** A line of the journal as staff read it. */
export function journalText(event: TicketEvent, office: Office): string {
  const unit = (id: string) => unitName(id, office)
  const { levels } = office.policy
  switch (event.type) {
    case 'registered':
      return words.registered(demandTitles[event.ticket.demand])
    case 'amended':
      return words.amended(
        Object.keys(event.facts)
          .map((name) => factLabels[name] ?? name)
          .join('、'),
      )
    case 'triaged':
      return words.triaged({
        level: levels[event.level],
        lead: unit(event.lead),
        cause: event.cause,
        help: event.help && helpModes[event.help],
        plan: event.plan,
        reason: event.reason,
      })
    case 'assigned':
      return words.assigned(unit(event.lead), event.note)
    case 'reassigned':
      return words.reassigned(event.reason)
    case 'accepted':
      return words.accepted
    case 'arrived':
      return words.arrived(event.note)
    case 'returned':
      return words.returned(event.reason, event.basis)
    case 'contacted':
      return words.contacted(event.how, event.note)
    case 'progressed':
      return words.progressed(event.note)
    case 'paused':
      return words.paused(pauseTitles[event.why], event.reason, event.approvedBy)
    case 'resumed':
      return words.resumed(event.reason)
    case 'extended':
      return words.extended(event.reason)
    case 'resolved':
      return words.resolved(resultTitles[event.result], event.text)
    case 'checked':
      return words.checked(event.approved, event.note)
    case 'replied':
      return words.replied(event.text, event.basis)
    case 'calledBack':
      return words.calledBack(outcomeTitles[event.outcome], answerText(event.answer))
    case 'closed':
      return words.closed(event.why)
    case 'archived':
      return words.archived(event.lesson.cause)
    case 'declined':
      return words.declined(event.reason, event.door)
    case 'transferred':
      return words.transferred(event.to, event.reason)
    case 'merged':
      return words.merged(event.into, event.reason)
    case 'withdrawn':
      return words.withdrawn(event.reason)
    case 'reopened':
      return words.reopened(event.reason)
    case 'deidentified':
      return words.deidentified
    case 'raised':
      return words.raised(levels[event.level], event.reason)
    default:
      return clockText(event)
  }
}

type ClockEvent = Extract<TicketEvent, { type: 'reminded' | 'clockStarted' | 'clockMoved' | 'clockMet' | 'clockCancelled' | 'clockUnset' }>

function clockText(event: ClockEvent): string {
  const day = (at: number) => `${dateOf(at)} ${timeOf(at)}`
  switch (event.type) {
    case 'reminded':
      return words.reminded(clockTitles[event.deadline], event.mark, event.plannedAt === undefined ? undefined : day(event.plannedAt))
    case 'clockStarted':
      return words.clockStarted(clockTitles[event.deadline.kind], day(event.deadline.dueAt))
    case 'clockMoved':
      return words.clockMoved(clockTitles[event.deadline], day(event.dueAt))
    case 'clockMet':
      return words.clockMet(clockTitles[event.deadline])
    case 'clockCancelled':
      return words.clockCancelled(clockTitles[event.deadline])
    case 'clockUnset':
      return words.clockUnset(clockTitles[event.clock.kind], event.clock.year)
    default:
      return event satisfies never
  }
}

function answerText(answer: Extract<TicketEvent, { type: 'calledBack' }>['answer']): string {
  if (!answer) return ''
  const contacted = answer.contacted === undefined ? '' : answer.contacted ? words.contactedYes : words.contactedNo
  const parts = [contacted, solvedTitles[answer.solved], answer.rating ? ratingTitles[answer.rating] : '', ...(answer.reasons ?? []), answer.comment ?? '']
  return `，${parts.filter(Boolean).join('，')}`
}
