import { addDays, dateOf, instantOf } from '../../casework/day.ts'
import { asksNow, raiseForRepeats } from '../../casework/repeat.ts'
import type { Ticket } from '../../casework/ticket.ts'
import type { Firing } from '../../casework/timer.ts'
import { alikeTickets } from '../../prisma/alike.ts'
import { shown } from '../changes.ts'
import type { Shell } from '../shell.ts'

/** Whether this case is one too many of its kind (early warning). */
export async function repeated(shell: Shell, ticket: Ticket, step: 'registered' | 'triaged'): Promise<Firing> {
  if (!asksNow(ticket, step)) return {}
  const { office } = shell.knowledge.current()
  const now = shell.now()
  const since = instantOf(addDays(dateOf(now), -office.policy.raise.sameWithinDays))
  const category = ticket.category ?? ticket.proposal.category
  const told = { ...ticket, matter: shown(ticket).matter, ...(category === undefined ? {} : { category }) }
  const command = raiseForRepeats(ticket, await alikeTickets(shell.db.read, shell.cipher, told, since), now, office)
  return command ? { command } : {}
}
