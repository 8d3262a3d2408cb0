import { tierTitles } from '../texts/casework.ts'
import { isHiddenFrom } from './access.ts'
import type { CommandType } from './decision.ts'
import { callScript } from './notice.ts'
import { findStep, isStep } from './obstacle.ts'
import type { Office } from './policy.ts'
import { type CommandOffer, type Field, type Option, type Step, steps } from './stages.ts'
import type { Actor, Ticket } from './ticket.ts'
import {
  held,
  isAnswerOpen,
  isAppealed,
  openAppeals,
  openMeeting,
  openRequest,
  openTasks,
  orders,
  papersOut,
  signedOrder,
  silentUnits,
  verifiedOrder,
} from './work.ts'

/** The buttons of the console for this actor on this case now: the same table and checks that `decide` uses. */
export function offers(ticket: Ticket, by: Actor, office: Office): CommandOffer[] {
  const seen = new Set<string>()
  return steps.flatMap(({ command }) => {
    const step = findStep(ticket, command, by, office)
    if (seen.has(command) || !isStep(step) || step.inside || cannotYet(step, ticket, by)) return []
    seen.add(command)
    const fields = step.fields.map((field) => filled(field, step, ticket, by, office))
    return [{ type: command, title: step.title, ...(command === 'callback' && { script: callScript(ticket, office) }), fields }]
  })
}

/** Buttons that `decide` would refuse whatever is filled in. */
function cannotYet({ command }: Step, ticket: Ticket, by: Actor): boolean {
  const checked = ticket.resolution?.checkedBy !== undefined
  const id = by.kind === 'staff' ? by.id : undefined
  const handlers = [ticket.acceptedBy, ticket.resolution?.by, ticket.reply?.by]
  if (command === 'check') return checked || id === ticket.resolution?.by
  if (command === 'reply') return !checked
  if (command === 'callback') return handlers.includes(id)
  if (command === 'raise') return ticket.level === 3
  if (command === 'recount') return !ticket.unset?.length
  if (command === 'opine') return !ticket.supporting.some((unit) => speaks(by, unit))
  if (command === 'ask') return openRequest(ticket) !== undefined
  if (command === 'answer') return openRequest(ticket) === undefined
  if (command === 'convene') return openMeeting(ticket) !== undefined
  if (command === 'minute') return openMeeting(ticket) === undefined
  if (command === 'attend') return !openMeeting(ticket)?.units.some((unit) => speaks(by, unit))
  return itemsOf(command, ticket, by)?.length === 0
}

/** A department's people speak for their own, the desk for everybody. */
const speaks = (by: Actor, unit: string): boolean =>
  by.kind === 'staff' && (by.unit === unit || by.roles.some((role) => role !== 'chief' && role !== 'liaison'))

/** What this actor may pick from, where a command is about one of several things of the case. */
function itemsOf(command: CommandType, ticket: Ticket, by: Actor): readonly Option[] | undefined {
  const mine = <T extends { readonly unit: string }>(items: readonly T[]) => items.filter((one) => speaks(by, one.unit))
  const numbered = (items: ReturnType<typeof orders>) => items.map((one) => ({ value: one.id, label: one.number }))
  const tiers = (items: ReturnType<typeof held>) => items.map((one) => ({ value: one.id, label: `${tierTitles[one.tier]} ${one.outcome}` }))
  switch (command) {
    case 'finish':
      return mine(openTasks(ticket)).map((one) => ({ value: one.id, label: one.text }))
    case 'returnPapers':
      return papersOut(ticket).map((one) => ({ value: one.id, label: one.items }))
    case 'signOrder':
      return numbered(mine(orders(ticket)).filter((one) => !signedOrder(ticket, one.id)))
    case 'answerOrder':
      return numbered(mine(orders(ticket)).filter((one) => signedOrder(ticket, one.id) && !verifiedOrder(ticket, one.id)?.approved))
    case 'verifyOrder':
      return numbered(orders(ticket).filter((one) => isAnswerOpen(ticket, one.id)))
    case 'appeal':
      return tiers(mine(held(ticket)).filter((one) => !isAppealed(ticket, one.id)))
    case 'decideAppeal':
      return tiers(held(ticket).filter((one) => openAppeals(ticket).some((open) => open.id === one.id)))
    default:
      return undefined
  }
}

function filled(field: Field, step: Step, ticket: Ticket, by: Actor, office: Office): Field {
  const options = optionsOf(field, step, ticket, by, office)
  const value = proposed(field, step, ticket, office)
  return { ...field, ...(options && { options }), ...(value !== undefined && { value }) }
}

function optionsOf(field: Field, step: Step, ticket: Ticket, by: Actor, office: Office): readonly Option[] | undefined {
  const { policy, departments } = office
  if (field.kind === 'department' || field.kind === 'departments') {
    return departments.filter(({ id }) => step.command === 'hold' || !isHiddenFrom(ticket, id, office)).map(({ id, name }) => ({ value: id, label: name }))
  }
  if (picked.includes(field.name)) return itemsOf(step.command, ticket, by) ?? field.options
  if (field.name === 'demandClass') return Object.entries(policy.demandClasses).map(([value, label]) => ({ value, label }))
  if (field.name === 'level')
    return levels.filter((level) => step.command !== 'raise' || level > ticket.level).map((level) => ({ value: level, label: policy.levels[level] }))
  return field.options
}

const picked = ['task', 'order', 'record', 'taken']

const levels = [1, 2, 3] as const

/** What the form starts with: the proposal until a person has triaged, then what the case says. */
function proposed(field: Field, { command }: Step, ticket: Ticket, office: Office): unknown {
  const { proposal } = ticket
  if (command === 'triage') {
    const triaged = ticket.demandClass !== undefined
    const [first, ...rest] = proposal.departments.filter((id) => !isHiddenFrom(ticket, id, office))
    const start: Readonly<Record<string, unknown>> = {
      demandClass: ticket.demandClass ?? proposal.demandClass,
      level: ticket.level,
      cause: ticket.cause ?? proposal.cause,
      category: ticket.category ?? proposal.category,
      lead: ticket.lead ?? first,
      supporting: triaged ? ticket.supporting : rest,
      help: ticket.help,
      plan: ticket.plan,
      reason: triaged ? undefined : proposal.reasons.join('\n') || undefined,
    }
    return start[field.name]
  }
  if (field.name === 'lead') return command === 'reassign' ? undefined : ticket.lead
  if (field.name === 'supporting') return ticket.supporting.filter((id) => !isHiddenFrom(ticket, id, office))
  if (field.name === 'facts') return ticket.facts
  if (field.name === 'level') return ticket.level === 1 ? 2 : 3
  if (command === 'opine' && field.name === 'unit') return silentUnits(ticket)[0]
  if (command === 'order' && field.name === 'unit') return ticket.lead
  if (command === 'reply' && field.name === 'text') return ticket.resolution?.text
  if (command === 'reply' && field.name === 'basis') return ticket.resolution?.basis
  return field.value
}
