import { decide } from '../casework/decide.ts'
import type { Command, Refusal, Stamped } from '../casework/decision.ts'
import { evolve } from '../casework/evolve.ts'
import { maskText } from '../casework/mask.ts'
import { notices } from '../casework/notice.ts'
import type { Office } from '../casework/policy.ts'
import type { Actor, Instant, Ticket } from '../casework/ticket.ts'
import { timerKey, timers } from '../casework/timer.ts'
import type { TicketChange } from '../prisma/tickets.ts'

export type Changed = { readonly ok: true; readonly change: TicketChange } | { readonly ok: false; readonly refusal: Refusal }

/** Decides a command and gathers all that must be stored with it. Pure. */
export function changeBy(before: Ticket | undefined, command: Command, by: Actor, at: Instant, office: Office): Changed {
  const decision = decide(before, command, by, at, office)
  if (!decision.ok) return decision
  const stamped = decision.events.map((event): Stamped => ({ event, by, at }))
  const after = stamped.reduce<Ticket | undefined>(evolve, before)
  if (!after) throw new Error(`command ${command.type} left no ticket`)
  return {
    ok: true,
    change: {
      before,
      after,
      stamped,
      notices: stamped.flatMap((one) => notices(before, after, one, office)),
      timers: timers(before, after, office).map((timer) => ({ ...timer, key: timerKey(timer) })),
      ...shown(after),
    },
  }
}

/** What lists show and search finds: without the citizen's name, phone or ID number. */
export function shown({
  number,
  facts,
  category,
  proposal,
}: Pick<Ticket, 'number' | 'facts' | 'category' | 'proposal'>): Pick<TicketChange, 'matter' | 'searchText'> {
  const matter = maskText(facts.matter ?? facts.story?.slice(0, 40) ?? '')
  const words = [
    number,
    number.replaceAll('-', ''),
    matter,
    facts.story,
    facts.told,
    facts.department,
    facts.company,
    facts.district,
    category ?? proposal.category,
  ]
  return { matter, searchText: maskText(words.filter(Boolean).join(' ')).slice(0, 2_000) }
}
