import { allowanceText, sevenStages } from '../texts/casework.ts'
import { citizenStages, dateText, progress, untold } from '../texts/notice.ts'
import { unitName } from './case.ts'
import { type Lamp, lamp, mainClock, pressingClock, runningClock, wasLate } from './clocks.ts'
import { dateOf } from './day.ts'
import type { Office } from './policy.ts'
import { isSamePerson } from './repeat.ts'
import { isOpen, sevenStage } from './stages.ts'
import type { Instant, Ticket } from './ticket.ts'

/** What the citizen is shown on a progress query. */
export type CitizenView = {
  readonly number: string
  /** in the citizen's words */
  readonly stageTitle: string
  readonly matter: string
  readonly registeredAt: Instant
  readonly department?: string
  readonly dueAt?: Instant
  /** what can be said of it as long as there is none */
  readonly dueNote?: string
  readonly overdue: boolean
  readonly next: string
  readonly reply?: { readonly text: string; readonly basis: string; readonly at: Instant }
  readonly steps: readonly { readonly title: string; readonly at?: Instant; readonly done: boolean }[]
}

export function citizenView(ticket: Ticket, now: Instant, office: Office): CitizenView {
  const clock = runningClock(ticket, 'resolution')
  const department = ticket.lead === undefined ? undefined : unitName(ticket.lead, office)
  const overdue = clock !== undefined && wasLate(clock, ticket, now)
  const dueNote = dueInWords(ticket, office)
  return {
    number: ticket.number,
    stageTitle: citizenStages[ticket.stage],
    matter: ticket.facts.matter?.trim() || untold,
    registeredAt: ticket.registeredAt,
    ...(department !== undefined && { department }),
    ...(clock && !ticket.paused && { dueAt: clock.dueAt }),
    ...(dueNote !== undefined && { dueNote }),
    overdue,
    next: nextInWords(ticket, overdue, office),
    ...(ticket.reply && { reply: { text: ticket.reply.text, basis: ticket.reply.basis, at: ticket.reply.at } }),
    steps: stepsDone(ticket),
  }
}

/** As long as no day stands: before the assignment, while the clock is stopped, and without the calendar of that year. */
function dueInWords({ stage, paused, unset, level }: Ticket, { policy }: Office): string | undefined {
  if (paused) return progress.duePaused
  if (unset?.some(({ kind }) => kind === 'resolution')) return progress.noDate
  // Before the triage the level, which the time depends on, is nothing but a proposal.
  if (stage === 'registered') return progress.dueOpen
  return stage === 'triaged' ? progress.dueAfter(allowanceText(policy.resolution[level])) : undefined
}

/** What is shown under a number that was merged: how the other case stands; what was said to another person is not shown. */
export function mergedView(own: Ticket, target: Ticket, now: Instant, office: Office): CitizenView {
  const { reply, ...view } = citizenView(target, now, office)
  const matter = own.facts.matter?.trim() || untold
  const shown = isSamePerson(own, target) && reply ? { reply } : {}
  return { ...view, ...shown, number: own.number, matter, registeredAt: own.registeredAt, next: progress.mergedInto(target.number) + view.next }
}

/** What happens next, in plain words. */
function nextInWords(ticket: Ticket, overdue: boolean, office: Office): string {
  const unit = ticket.lead === undefined ? progress.centre : unitName(ticket.lead, office)
  if (ticket.paused) return ticket.paused.why === 'citizen' ? progress.waitingCitizen(ticket.paused.reason) : progress.waitingSuperior
  const clock = mainClock(ticket)
  const dueOn = clock && dateText(dateOf(clock.dueAt))
  const unset = ticket.unset?.some((one) => one.kind === 'resolution') ? progress.noDate : ''
  switch (ticket.stage) {
    case 'registered':
      return progress.registered(overdue ? undefined : dueOn)
    case 'triaged':
      return progress.triaged
    case 'assigned':
      return progress.assigned(unit) + unset
    case 'accepted':
      return progress.accepted(unit) + unset
    case 'handling':
      return overdue ? progress.overdue(unit) : progress.handling(unit, clock?.kind === 'resolution' ? dueOn : undefined) + unset
    case 'merged':
      return progress.merged(ticket.mergedInto ?? '')
    default:
      return progress[ticket.stage]
  }
}

/** The seven stages, with when each was reached as far as the case still knows. */
function stepsDone(ticket: Ticket): CitizenView['steps'] {
  const reached = sevenStage(ticket.stage)?.index ?? 1
  const metAt = (kind: string) => ticket.deadlines.findLast((one) => one.kind === kind)?.metAt
  const times: readonly (Instant | undefined)[] = [
    ticket.registeredAt,
    metAt('triage'),
    metAt('assignment'),
    ticket.resolution?.at,
    ticket.reply?.at,
    ticket.callbacks.at(-1)?.at,
    undefined,
  ]
  return sevenStages.map((title, index) => {
    const isDone = index + 1 < reached || (index + 1 === reached && (index === 0 || !isOpen(ticket.stage) || ticket.stage === 'replied'))
    const at = isDone ? times[index] : undefined
    return { title, done: isDone, ...(at !== undefined && { at }) }
  })
}

/** The lamp of a case in a list: that of its pressing clock; a stopped clock keeps the colour it had. */
export function ticketLamp(ticket: Ticket, now: Instant, office: Office): Lamp {
  const clock = pressingClock(ticket)
  return clock ? lamp(clock, now, office, ticket.paused?.since) : 'none'
}
