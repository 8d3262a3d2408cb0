import { refusals } from '../texts/casework.ts'
import { refusal } from './case.ts'
import type { Refusal } from './decision.ts'
import { partOf, unitRoles, unitsOf } from './part.ts'
import type { Office, Policy } from './policy.ts'
import type { Actor, Cause, Role, Ticket } from './ticket.ts'
import { type Done, held } from './work.ts'

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

/** Whether the case is kept from anybody: the citizen wants it confidential, or it is the discipline office's. */
export const isRestricted = (ticket: Ticket, { policy }: Pick<Office, 'policy'>): boolean => ticket.facts.confidential === true || isDiscipline(ticket, policy)

/** The units that must neither see the case nor be told of it, as it stands now. */
export const hiddenFrom = (ticket: Ticket, office: Office): readonly string[] =>
  isRestricted(ticket, office) ? [...new Set([...complainedOf(ticket, office), ...thirdTier(ticket.work)])] : []

/** Asked wherever a unit, or somebody who belongs to one, could learn of a case. */
export const isHiddenFrom = (ticket: Ticket, unit: string | undefined, office: Office): boolean =>
  unit !== undefined && hiddenFrom(ticket, office).includes(unit)

/** Whether what is told of one case may be read by all who see the other, both ways. */
export function isHiddenAlike(one: Ticket, other: Ticket, office: Office): boolean {
  const units = [...hiddenFrom(one, office), ...hiddenFrom(other, office)]
  return units.every((unit) => isHiddenFrom(one, unit, office) && isHiddenFrom(other, unit, office))
}

/** Why these units are given nothing to do with the case. */
export function whyNotUnits(ids: readonly string[], ticket: Ticket, office: Office): Refusal | undefined {
  const unknown = ids.find((id) => !office.departments.some((one) => one.id === id))
  if (unknown !== undefined) return refusal('unknownDepartment', refusals.unknownDepartment(unknown))
  return ids.some((id) => isHiddenFrom(ticket, id, office)) ? refusal('wrongUnit', refusals.secret()) : undefined
}

/** The case as somebody may see it: whole, the part of a unit that is or was called to it, or not at all. */
export function seenBy(ticket: Ticket, by: Actor, office: Office): Ticket | undefined {
  if (maySee(ticket, by, office)) return ticket
  const unit = by.kind === 'staff' && by.roles.some((role) => unitRoles.includes(role)) ? by.unit : undefined
  if (unit === undefined || isHiddenFrom(ticket, unit, office) || !unitsOf(ticket).includes(unit)) return undefined
  return partOf(ticket, unit, isRestricted(ticket, office))
}

/** Who sees the whole case: one rule for search, exports, ledgers, papers and files alike. The system administrator is no caseworker and sees no case. */
export function maySee(ticket: Ticket, by: Actor, office: Office): boolean {
  if (by.kind === 'bot' || by.kind === 'clock') return true
  if (by.kind === 'citizen') return by.id === ticket.personId
  // What its link shows is made apart: see outside.ts.
  if (by.kind === 'outside') return false
  if (isHiddenFrom(ticket, by.unit, office)) return false
  if (by.roles.some((role) => deskRoles.includes(role))) return true
  const { unit } = by
  return unit !== undefined && by.roles.some((role) => unitRoles.includes(role)) && (ticket.lead === unit || ticket.supporting.includes(unit))
}
