import type { Deadline } from './deadline.ts'
import type { Stamped } from './decision.ts'
import { maskName, maskText } from './mask.ts'
import type { Facts, Role, Ticket } from './ticket.ts'
import type { Done, Work } from './work.ts'

/** Who acts for a department alone, without a place at the desk. */
export const unitRoles: readonly Role[] = ['chief', 'liaison']

/** Departments with a part in the case: who has it or has had it, supports it, or was called to it by a meeting, a task, an order or a record. */
export const unitsOf = ({ lead, supporting, leads = [], work = [] }: Ticket): readonly string[] => [
  ...new Set([...(lead === undefined ? [] : [lead]), ...supporting, ...leads, ...work.flatMap(calledBy)]),
]

function calledBy(one: Work): readonly string[] {
  switch (one.type) {
    case 'convened':
      return one.units
    case 'tasked':
    case 'ordered':
    case 'held':
    case 'opinion':
      return [one.unit]
    default:
      return []
  }
}

/** What a piece of work is, or what it answers: ids are unique within the case. */
function refOf(one: Work): string | undefined {
  if (one.type === 'attended' || one.type === 'minuted') return one.meeting
  return 'id' in one ? one.id : undefined
}

/** What this unit was called for, and what became of that. */
function partIn(work: readonly Done[], unit: string): (one: Work) => boolean {
  const calls = new Set(work.flatMap((one) => (calledBy(one).includes(unit) ? (refOf(one) ?? []) : [])))
  return (one) => calledBy(one).includes(unit) || calls.has(refOf(one) ?? '')
}

/** What the matter is, without anybody's name or number. */
export function openFacts({ name, ...facts }: Facts): Pick<Facts, 'matter' | 'story' | 'told' | 'missingPapers'> {
  const masked = (words: string): string => maskText(name && name.length > 1 ? words.replaceAll(name, maskName(name)) : words)
  const { matter, story, told, missingPapers } = facts
  return Object.fromEntries(Object.entries({ matter, story, told, missingPapers }).flatMap(([key, words]) => (words ? [[key, masked(words)]] : [])))
}

/** The part of a case that a unit which was called to it sees: what is asked of it, its own clocks, and the matter; of a restricted case not even that. */
export function partOf(ticket: Ticket, unit: string, isRestricted: boolean): Ticket {
  const { id, number, channel, registeredAt, stage, demand, urgent, level, demandClass, lead, version, reopened, work = [] } = ticket
  const own = work.filter(partIn(work, unit))
  const isOwn = ({ kind, ref }: Deadline): boolean => (kind === 'opinion' ? ref === unit : own.some((one) => ref !== undefined && refOf(one) === ref))
  return {
    ...{ id, number, channel, registeredAt, stage, demand, urgent, level, version, reopened },
    ...(lead === undefined ? {} : { lead }),
    ...(demandClass === undefined ? {} : { demandClass }),
    facts: isRestricted ? {} : openFacts(ticket.facts),
    proposal: { demandClass: 'unclear', level, departments: [], flags: [], reasons: [] },
    supporting: [],
    flags: [],
    deadlines: ticket.deadlines.filter(isOwn),
    extensions: 0,
    returns: 0,
    callbacks: [],
    work: own,
  }
}

/** Lines of the journal that belong to that part: what the unit was given, was called for, and did itself. */
export function partOfJournal<T extends { readonly stamped: Stamped }>(journal: readonly T[], { work = [] }: Ticket, unit: string): T[] {
  const isPart = partIn(work, unit)
  return journal.filter(({ stamped: { event, by } }) => {
    if (event.type.startsWith('clock')) return false
    if (by.kind === 'staff' && by.unit === unit && by.roles.every((role) => unitRoles.includes(role))) return true
    if (event.type === 'assigned') return event.lead === unit
    return event.type === 'progressed' && event.did !== undefined && isPart(event.did)
  })
}
