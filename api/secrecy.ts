import { isHiddenFrom } from '../casework/access.ts'
import type { StaffMember } from '../prisma/staff.ts'
import { ticketsById, ticketsOfConversations } from '../prisma/tickets.ts'
import { problems } from '../texts/api.ts'
import { ProblemError } from './problems.ts'
import type { Shell } from './shell.ts'

// What is kept from a unit is kept from everybody who belongs to it, whatever other place they hold; who belongs to none has nothing kept from them here.

type Of = Pick<StaffMember, 'unit'>

/** Those of these cases that this person must not hear of. */
export async function hiddenTickets({ db, cipher, knowledge }: Shell, { unit }: Of, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (!unit || ids.length === 0) return new Set()
  const { office } = knowledge.current()
  const found = await ticketsById(db.read, cipher, ids)
  return new Set([...found.values()].filter((ticket) => isHiddenFrom(ticket, unit, office)).map(({ id }) => id))
}

/** Those of these talks that a case stands behind which this person must not hear of. */
export async function hiddenTalks({ db, cipher, knowledge }: Shell, { unit }: Of, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (!unit || ids.length === 0) return new Set()
  const { office } = knowledge.current()
  const found = await ticketsOfConversations(db.read, cipher, ids)
  return new Set(found.flatMap((ticket) => (ticket.conversationId && isHiddenFrom(ticket, unit, office) ? [ticket.conversationId] : [])))
}

/** @throws ProblemError 'notFound' for a talk that this person must not hear of, as for one that does not exist */
export async function refuseHiddenTalk(shell: Shell, staff: Of, id: string): Promise<void> {
  if ((await hiddenTalks(shell, staff, [id])).has(id)) throw new ProblemError('notFound', problems.notFound)
}
