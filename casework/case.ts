import type { Refusal, RefusalCode, TicketEvent } from './decision.ts'
import type { Office } from './policy.ts'
import type { Actor, Instant, Ticket } from './ticket.ts'

/** A decision on an existing case: what it is about, who asks, when, and by which rules. */
export type Case = { readonly ticket: Ticket; readonly by: Actor; readonly at: Instant; readonly office: Office }

/** What a single rule answers: the events that follow, or why not. */
export type Answer = readonly TicketEvent[] | Refusal

export const refusal = (code: RefusalCode, detail: string): Refusal => ({ code, detail })

export const idOf = (by: Actor): string => (by.kind === 'staff' || by.kind === 'citizen' ? by.id : by.kind)

export const unitName = (id: string | undefined, { departments }: Pick<Office, 'departments'>): string =>
  departments.find((one) => one.id === id)?.name ?? id ?? ''

export const nameOf = (by: Actor): string => (by.kind === 'staff' || by.kind === 'outside' ? by.name : by.kind)
