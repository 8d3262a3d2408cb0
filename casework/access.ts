import type { Office, Policy } from './policy.ts'
import type { Actor, Cause, Role, Ticket } from './ticket.ts'
import { type Done, held } from './work.ts'

const unitRoles: readonly Role[] = ['chief', 'liaison']
const deskRoles: readonly Role[] = ['clerk', 'lead', 'supervisor', 'discipline', 'director', 'mayor']

/** Whether the case is one for the discipline office (追责 tier 3): by its cause or by what the citizen's words were flagged for. */
export function isDiscipline(ticket: Pick<Ticket, 'proposal' | 'flags' | 'cause' | 'work'>, policy: Policy): boolean {
  const { disciplineCauses } = policy
  const isOne = (name: string | undefined) => name !== undefined && disciplineCauses.includes(name as Cause)
  return thirdTier(ticket.work).length > 0 || isOne(ticket.cause) || isOne(ticket.proposal.cause) || ticket.flags.some((flag) => isOne(flag.name))
}

/** Units that were reported to the discipline office. */
const thirdTier = (work: readonly Done[] | undefined): string[] =>
  held({ work, reopened: 0 })
    .filter((one) => one.tier === 3)
    .map((one) => one.unit)

/** Departments that the citizen complains of: named by the citizen, else the one that the proposal points to. */
function complainedOf(ticket: Pick<Ticket, 'facts' | 'proposal'>, office: Pick<Office, 'departments'>): readonly string[] {
  const said = ticket.facts.department?.trim()
  if (!said) return ticket.proposal.departments.slice(0, 1)
  const named = office.departments.filter(
    (one) => one.id === said || said.includes(one.name) || one.name.includes(said) || one.aliases.some((alias) => said.includes(alias)),
  )
  return named.length ? named.map((one) => one.id) : ticket.proposal.departments.slice(0, 1)
}

/** Whether a unit must not see the case nor be told of it. */
export const isHiddenFrom = (ticket: Ticket, unit: string, office: Office): boolean =>
  (ticket.facts.confidential === true || isDiscipline(ticket, office.policy)) && [...complainedOf(ticket, office), ...thirdTier(ticket.work)].includes(unit)

/** One rule for lists, search, exports, notices and ledgers alike. The system administrator is no caseworker and sees no case. */
export function maySee(ticket: Ticket, by: Actor, office: Office): boolean {
  if (by.kind === 'bot' || by.kind === 'clock') return true
  if (by.kind === 'citizen') return by.id === ticket.personId
  // What its link shows is made apart: see outside.ts.
  if (by.kind === 'outside') return false
  if (by.unit !== undefined && isHiddenFrom(ticket, by.unit, office)) return false
  if (by.roles.some((role) => deskRoles.includes(role))) return true
  const { unit } = by
  return unit !== undefined && by.roles.some((role) => unitRoles.includes(role)) && (ticket.lead === unit || ticket.supporting.includes(unit))
}
