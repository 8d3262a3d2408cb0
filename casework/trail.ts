import { dateText, trail as words } from '../texts/notice.ts'
import { unitName } from './case.ts'
import { dateOf } from './day.ts'
import type { Stamped } from './decision.ts'
import type { Office } from './policy.ts'
import type { Instant } from './ticket.ts'

/** What has happened, in the order it happened, as the citizen may read it: moves and words that were meant for them, never notes between offices. */
export function citizenTrail(journal: readonly Stamped[], office: Office): { readonly at: Instant; readonly text: string }[] {
  return journal.flatMap((line) => {
    const text = shown(line, office)
    return text === undefined ? [] : [{ at: line.at, text }]
  })
}

function shown({ event, by }: Stamped, office: Office): string | undefined {
  const byCitizen = by.kind === 'citizen' || by.kind === 'bot'
  switch (event.type) {
    case 'registered':
      return words.registered
    case 'amended':
      return byCitizen ? words.amended : undefined
    case 'assigned':
      return words.assigned(unitName(event.lead, office))
    case 'accepted':
      return words.accepted
    case 'returned':
      return words.returned
    case 'contacted':
      return words.contacted
    case 'paused':
      return event.why === 'citizen' ? words.waiting(event.reason) : words.suspended
    case 'resumed':
      return words.resumed
    case 'clockMoved':
      return event.deadline === 'resolution' ? words.moved(dateText(dateOf(event.dueAt))) : undefined
    case 'resolved':
      return words.resolved
    case 'replied':
      return words.replied
    case 'calledBack':
      return event.outcome === 'answered' ? words.answered : undefined
    case 'reopened':
      return words.reopened
    case 'reminded':
      return event.mark.startsWith('late') || event.mark === 'due' ? words.reminded : undefined
    case 'declined':
    case 'transferred':
    case 'merged':
    case 'withdrawn':
    case 'archived':
      return words[event.type]
    default:
      return undefined
  }
}
