import { refusals, roleTitles } from '../texts/casework.ts'
import { refusal, unitName } from './case.ts'
import type { Command, CommandType, Refusal } from './decision.ts'
import type { Office } from './policy.ts'
import { type Step, stageTitle, steps } from './stages.ts'
import type { Actor, Ticket } from './ticket.ts'

/** The row of the stage table that allows this command to this actor now, or why there is none. */
export function findStep(ticket: Ticket, command: CommandType, by: Actor, office: Office): Step | Refusal {
  const rows = steps.filter((one) => one.command === command)
  const step = rows.find((one) => one.from.includes(ticket.stage))
  const title = rows[0]?.title ?? command
  if (!step) {
    const from = [...new Set(rows.flatMap((one) => one.from))].map(stageTitle)
    return refusal('wrongStage', refusals.wrongStage(title, stageTitle(ticket.stage), from))
  }
  if (!mayTake(step, by)) return wrongRole(step)
  if (!isOwnUnit(step, ticket, by)) return refusal('wrongUnit', refusals.wrongUnit(title, unitName(ticket.lead, office)))
  if (ticket.paused && !step.paused) return refusal('paused', refusals.paused(title))
  if (!ticket.paused && step.paused === 'only') return refusal('notPaused', refusals.notPaused())
  return step
}

const wrongRole = ({ title, roles }: Step): Refusal =>
  refusal(
    'wrongRole',
    refusals.wrongRole(
      title,
      roles.map((role) => roleTitles[role]),
    ),
  )

/** Why this actor may not register a case; there is no case yet to check it on. */
export function whyNotRegister(by: Actor): Refusal | undefined {
  const step = steps.find((one) => one.command === 'register')
  return step && !mayTake(step, by) ? wrongRole(step) : undefined
}

export const isStep = (found: Step | Refusal): found is Step => 'command' in found

function mayTake(step: Step, by: Actor): boolean {
  return by.kind === 'staff' ? by.roles.some((role) => step.roles.includes(role)) : (step.others ?? []).includes(by.kind)
}

function isOwnUnit(step: Step, ticket: Ticket, by: Actor): boolean {
  if (!step.ofUnit || by.kind !== 'staff') return true
  const atDesk = by.roles.some((role) => step.roles.includes(role) && role !== 'chief' && role !== 'liaison')
  return atDesk || (by.unit !== undefined && by.unit === ticket.lead)
}

/** The first required field that the command leaves out. Only people fill in forms: bot and clock are checked by the types. */
export function missingField(step: Step, command: Command): Refusal | undefined {
  const given: Readonly<Record<string, unknown>> = command
  const blank = (value: unknown) => value === undefined || value === null || (typeof value === 'string' && !value.trim())
  const missing = step.fields.find((field) => field.required && blank(given[field.name]))
  return missing && refusal('missingFact', refusals.missing(missing.label))
}
