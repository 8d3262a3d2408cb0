import { allowanceText, clockTitles } from '../texts/casework.ts'
import { brief, dateText, dateTimeText, staff, survey, type Told, citizen as tell, untold } from '../texts/notice.ts'
import { isDiscipline, isHiddenFrom } from './access.ts'
import { unitName } from './case.ts'
import { mainClock } from './clocks.ts'
import { isSatisfied } from './closing.ts'
import { dateOf, timeOf } from './day.ts'
import type { Notice, PushKind, Stamped, TicketEvent } from './decision.ts'
import type { Office } from './policy.ts'
import type { Deadline, Instant, Role, Ticket } from './ticket.ts'
import { held, openTasks, orders, type Work } from './work.ts'

type Scene = { readonly before: Ticket | undefined; readonly after: Ticket; readonly office: Office; readonly told: Told; readonly dueOn: string | undefined }
/** Without its key, which is made from the event and the place of the notice. */
type Draft =
  | { to: 'citizen'; text: string; brief: readonly string[] }
  | { to: 'unit'; unit: string; text: string; push?: PushKind }
  | { to: 'role'; role: Role; text: string; push?: PushKind }

/**
 * Who must be told what after one event of a command. `before` and `after` are the case before and after the whole command.
 * Keys are stable within the case: the same event always gives the same keys. A unit that must not know of the case is never told.
 */
export function notices(before: Ticket | undefined, after: Ticket, { event, by }: Stamped, office: Office): Notice[] {
  const main = mainClock(after)
  const scene: Scene = { before, after, office, told: toldOf(after), dueOn: main && dateText(dateOf(main.dueAt)) }
  const byCitizen = by.kind === 'citizen' || by.kind === 'bot'
  const drafts = [...toCitizen(event, scene, byCitizen), ...toStaff(event, scene, byCitizen)]
  return drafts
    .filter((draft) => draft.to !== 'unit' || !isHiddenFrom(after, draft.unit, office))
    .map((draft, at) => ({ ...draft, key: `${event.type}@${after.version}#${at}` }))
}

const toldOf = (ticket: Ticket): Told => ({ number: ticket.number, matter: ticket.facts.matter?.trim() || untold })

/** The callback's first question: 办成了吗. */
export const callbackQuestion = (ticket: Ticket): { readonly text: string; readonly brief: readonly string[] } => ({
  text: survey.ask(toldOf(ticket)),
  brief: survey.brief,
})

/** The same on the phone: what a person says, line by line. */
export const callScript = (ticket: Ticket, { policy }: Pick<Office, 'policy'>): readonly string[] => survey.script(toldOf(ticket), policy.centre.name)

const citizen = (text: string, ...shorter: readonly string[]): Draft => ({ to: 'citizen', text, brief: shorter })
const pushed = (push: PushKind | undefined) => (push === undefined ? {} : { push })
const unit = (id: string | undefined, text: string, push?: PushKind): Draft[] => (id === undefined ? [] : [{ to: 'unit', unit: id, text, ...pushed(push) }])
const role = (name: Role, text: string, push?: PushKind): Draft => ({ to: 'role', role: name, text, ...pushed(push) })

/** Registration and what the citizen does in the conversation is answered there by the bot; here is only what the citizen cannot know yet. */
function toCitizen(event: TicketEvent, { before, after, office, told, dueOn }: Scene, byCitizen: boolean): Draft[] {
  const { number } = told
  const name = (id: string) => unitName(id, office)
  switch (event.type) {
    case 'assigned': {
      const lead = name(event.lead)
      return [citizen(tell.assigned({ number, lead, supporting: after.supporting.map(name), dueOn }), ...brief.assigned(lead, dueOn))]
    }
    case 'paused':
      return [
        event.why === 'citizen' ? waiting(number, event.reason) : citizen(tell.suspended({ number, reason: event.reason }), ...brief.suspended(event.reason)),
      ]
    case 'resumed':
      return [citizen(tell.resumed({ number, dueOn }), ...brief.resumed(dueOn))]
    case 'extended':
      return [citizen(tell.extended({ number, dueOn, reason: event.reason }), ...brief.extended(dueOn))]
    case 'replied':
      return [citizen(tell.replied({ number, ...event }), ...brief.replied(event.text))]
    case 'reopened':
      return [citizen(tell.reopened({ number, level: office.policy.levels[event.level] }), ...brief.reopened(office.policy.levels[event.level]))]
    case 'declined':
      return [citizen(tell.declined({ number, ...event }), ...brief.declined(event.door))]
    case 'transferred':
      return [citizen(tell.transferred({ number, ...event }), ...brief.transferred(event.to))]
    case 'merged':
      return [citizen(tell.merged({ number, into: event.into }), ...brief.merged(event.into))]
    case 'progressed':
      if (event.did?.type === 'split') return [citizen(tell.split({ number, into: event.did.into }), ...brief.split(event.did.into))]
      return event.did?.type === 'nudged' && event.did.why === 'citizen' && after.paused ? [waiting(number, after.paused.reason)] : []
    case 'withdrawn':
      return byCitizen ? [] : [citizen(tell.withdrawn({ number }), ...brief.withdrawn)]
    case 'closed': {
      const last = after.callbacks.at(-1)
      if (last?.answer && !isSatisfied(last.answer, office.policy)) return [citizen(tell.closedToLeader({ number }), ...brief.closedToLeader)]
      const isUnreached = last?.outcome === 'noAnswer' || last?.outcome === 'off'
      return isUnreached && before?.stage === 'replied' ? [citizen(tell.closedUnreached({ number }), ...brief.closedUnreached)] : []
    }
    default:
      return []
  }
}

const waiting = (number: string, reason: string): Draft => citizen(tell.waiting({ number, reason }), ...brief.waiting(reason))

function toStaff(event: TicketEvent, scene: Scene, byCitizen: boolean): Draft[] {
  const { before, after, office, told, dueOn } = scene
  switch (event.type) {
    case 'registered':
      return [role('clerk', staff.registered(told, after.urgent)), ...(isDiscipline(after, office.policy) ? [role('discipline', staff.discipline(told))] : [])]
    case 'triaged': {
      const wasOne = before !== undefined && isDiscipline(before, office.policy)
      return !wasOne && isDiscipline(after, office.policy) ? [role('discipline', staff.discipline(told))] : []
    }
    case 'amended': {
      if (after.lead !== undefined && isHiddenFrom(after, after.lead, office)) return [role('lead', staff.mustMove(told, unitName(after.lead, office)))]
      if (!byCitizen) return []
      return after.acceptedBy === undefined ? [role('clerk', staff.amended(told))] : unit(after.lead, staff.amended(told))
    }
    case 'assigned':
      return assigned(event, scene)
    case 'reassigned':
      return unit(before?.lead, staff.reassigned(told, unitName(after.lead, office), event.reason))
    case 'returned':
      return [role('clerk', staff.returned(told, unitName(before?.lead, office), event.reason))]
    case 'resumed':
      return unit(after.lead, staff.soon(told, clockTitles.resolution, dueOn ?? ''))
    case 'resolved':
      return [
        role('clerk', staff.resolved(told)),
        ...(event.result === 'lawfullyImpossible' ? [role('supervisor', staff.release(told)), role('lead', staff.release(told))] : []),
      ]
    case 'checked':
      return event.approved
        ? [role('clerk', staff.checked(told)), ...unit(after.lead, staff.checked(told))]
        : unit(after.lead, staff.rejected(told, event.note))
    case 'closed': {
      const answer = after.callbacks.at(-1)?.answer
      const unhappy = answer !== undefined && !isSatisfied(answer, office.policy)
      return [role('clerk', staff.closed(told)), ...(unhappy ? [role('director', staff.toLeader(told))] : [])]
    }
    case 'reopened':
      return [role('clerk', staff.reopened(told, event.reason)), role('lead', staff.reopened(told, event.reason)), ...called(event.level, told)]
    case 'raised':
      return [role('lead', staff.raised(told, office.policy.levels[event.level], event.reason)), ...called(event.level, told)]
    case 'reminded':
      return reminded(event, scene)
    case 'progressed':
      return event.did ? worked(event.did, event.note, scene) : []
    case 'clockUnset':
      return [role('admin', staff.calendarGap(told.number, event.clock.year))]
    default:
      return []
  }
}

function assigned(event: Extract<TicketEvent, { type: 'assigned' }>, { after, office, told, dueOn }: Scene): Draft[] {
  const { arrival } = office.policy.deadlines
  const atOnce = after.level === 1 && arrival
  return [
    // One push for one assignment: whoever must come to the desk is called to it, and signs there.
    ...unit(event.lead, staff.assigned(told, dueOn, event.note), atOnce ? undefined : 'assigned'),
    ...after.supporting.flatMap((id) => unit(id, staff.supporting(told, unitName(event.lead, office)), 'assigned')),
    ...(atOnce ? unit(event.lead, staff.arrival(told, allowanceText(arrival)), 'arrival') : []),
    ...called(after.level, told),
  ]
}

/** Level 2 calls the task force (吹哨), level 3 the city's leaders. */
function called(level: number, told: Told): Draft[] {
  if (level === 2) return [role('lead', staff.whistle(told), 'whistle')]
  return level === 3 ? [role('director', staff.joint(told))] : []
}

/** Work that others wait for is told to them; the third tier only to the discipline office. */
function worked(work: Work, note: string, { before, after, told }: Scene): Draft[] {
  const text = staff.worked(told, note)
  const ofOrder = (id: string) => orders(after).find((one) => one.id === id)
  switch (work.type) {
    case 'opinion':
    case 'answered':
    case 'instructed':
      return [...unit(after.lead, text), ...(work.type === 'instructed' ? [role('supervisor', text)] : [])]
    case 'stated':
      return [role('lead', text), role('clerk', text), ...unit(after.lead, text)]
    case 'asked':
    case 'taskDone':
      return [role('lead', text)]
    case 'convened':
      return work.units.flatMap((id) => unit(id, text, 'whistle'))
    case 'tasked':
      return unit(work.unit, text)
    case 'ordered':
      return [...unit(work.unit, text, 'supervision'), ...(work.kind === 'circular' ? [role('director', text)] : [])]
    case 'orderAnswered':
      return [role('supervisor', text)]
    case 'orderVerified':
      return work.approved ? [] : unit(ofOrder(work.id)?.unit, text, 'supervision')
    case 'held':
      return work.tier === 3 ? [role('discipline', text)] : unit(work.unit, text)
    case 'nudged':
      return work.why === 'superior' ? [role('lead', text)] : []
    case 'appealed':
      return [role('director', text)]
    case 'appealDecided':
      return unit(held(before ?? after).find((one) => one.id === work.id)?.unit, text)
    default:
      return []
  }
}

/** Before the due date whoever has the case is reminded; after it the supervisor is told as well. */
function reminded({ deadline: kind, ref, mark, plannedAt }: Extract<TicketEvent, { type: 'reminded' }>, { after, told }: Scene): Draft[] {
  const deadline = after.deadlines.findLast((one) => one.kind === kind && one.ref === ref)
  if (!deadline) return []
  const isLate = mark === 'due' || mark.startsWith('late')
  const days = Number(mark.replace(/^\D+/, '')) || undefined
  const reminder = isLate
    ? staff.late(told, clockTitles[kind], dueText(deadline), mark === 'due' ? undefined : days)
    : staff.soon(told, clockTitles[kind], dueText(deadline))
  const text = plannedAt === undefined ? reminder : staff.caughtUp(reminder, textOf(plannedAt))
  const owner = ownerOf(after, kind, ref)
  const push = isLate ? 'late' : 'due'
  return [...(owner === undefined ? whoHas(after, text, push) : unit(owner, text, push)), ...(isLate ? [role('supervisor', text, push)] : [])]
}

/** The department that an opinion, a task or an order is asked of. */
function ownerOf(ticket: Ticket, kind: Deadline['kind'], ref: string | undefined): string | undefined {
  if (kind === 'opinion') return ref
  if (kind === 'order') return orders(ticket).find((one) => one.id === ref)?.unit
  return kind === 'task' ? openTasks(ticket).find((one) => one.id === ref)?.unit : undefined
}

/** The desk until the case is assigned and after it is resolved; in between the lead department. */
function whoHas(ticket: Ticket, text: string, push: PushKind): Draft[] {
  const atUnit = ticket.stage === 'assigned' || ticket.stage === 'accepted' || ticket.stage === 'handling'
  return atUnit ? unit(ticket.lead, text, push) : [role('clerk', text, push)]
}

const textOf = (at: Instant): string => dateTimeText(dateOf(at), timeOf(at))
const dueText = ({ dueAt }: Deadline): string => textOf(dueAt)
