import { allowanceText, askTitles, fieldLabels, pauseTitles, refusals, workNotes } from '../texts/casework.ts'
import { whyNotUnits } from './access.ts'
import { type Answer, type Case, idOf, nameOf, refusal, unitName } from './case.ts'
import { cancelAll, meetNow, roundOf, runningClock, startClock } from './clocks.ts'
import type { Command, Refusal, TicketEvent } from './decision.ts'
import { extend, pause } from './handling.ts'
import type { Actor, Ticket } from './ticket.ts'
import { openMeeting, openRequest, openTasks, papersOut, silentUnits, type Work } from './work.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>

/** Work that is done is a line of progress, with what it was for the ledgers. */
export const did = (note: string, work: Work): TicketEvent => ({ type: 'progressed', note, did: work })

/** Unique within the case and the same whenever the command is decided on the same case. */
export const newId = (ticket: Ticket): string => String(ticket.version + 1)

const isDesk = (by: Actor): boolean => by.kind === 'staff' && by.roles.some((role) => role !== 'chief' && role !== 'liaison')

/** A department's people speak for their own; the desk enters what others have said. */
export function speaksFor({ ticket, by }: Case, named: string | undefined): string | undefined {
  if (!isDesk(by)) return by.kind === 'staff' ? by.unit : undefined
  return named ?? (by.kind === 'staff' ? by.unit : undefined) ?? ticket.lead
}

const notYours = (on: Case, title: string, unit: string | undefined) =>
  refusal('wrongUnit', refusals.wrongUnit(title, unitName(unit ?? on.ticket.lead, on.office)))

export function opine(on: Case, { unit: named, text }: Of<'opine'>): Answer {
  const { ticket, office } = on
  const unit = speaksFor(on, named ?? silentUnits(ticket)[0] ?? ticket.supporting[0])
  if (unit === undefined || !ticket.supporting.includes(unit)) return refusal('wrongUnit', refusals.notSupporting())
  return [did(workNotes.opinion(unitName(unit, office), text), { type: 'opinion', unit, text }), ...meetNow(on, 'opinion', unit)]
}

export function ask(on: Case, command: Of<'ask'>): Answer {
  const { ticket, by } = on
  if (openRequest(ticket)) return refusal('limit', refusals.alreadyAsked())
  const no = whyNotAsk(ticket, command)
  if (no) return no
  const { type: _, ...given } = command
  return [did(askedNote(command), { type: 'asked', id: newId(ticket), ...given, byId: idOf(by) })]
}

function whyNotAsk(ticket: Ticket, { ask: what, why, allowance, words }: Of<'ask'>): Refusal | undefined {
  const title = askTitles[what]
  if (what === 'withdraw') return words?.trim() ? undefined : refusal('missingFact', refusals.missing(fieldLabels.citizenWords))
  if (ticket.paused) return refusal('paused', refusals.paused(title))
  if (!isWorked(ticket)) return refusal('wrongStage', refusals.notYetAssigned(title))
  if (what === 'extend' && !runningClock(ticket, 'resolution')) return refusal('wrongStage', refusals.noResolutionClock())
  if (what === 'pause') return why === undefined ? refusal('missingFact', refusals.missing(workNotes.why)) : undefined
  return allowance === undefined ? refusal('missingFact', refusals.missing(workNotes.howLong)) : undefined
}

/** Before a department has the case there is nothing to pause or to extend; a withdrawal can be asked for at once. */
const isWorked = ({ stage }: Ticket): boolean => stage !== 'registered' && stage !== 'triaged'

function askedNote({ ask: what, allowance, words, reason }: Of<'ask'>): string {
  if (what === 'withdraw') return workNotes.askedWithdrawal(words ?? '', reason)
  return what === 'pause' ? workNotes.askedPause(reason) : workNotes.askedExtension(allowance ? allowanceText(allowance) : '', reason)
}

/** An approved request takes effect at once, under the same rules as a direct approval. */
export function answer(on: Case, { approved, note }: Of<'answer'>): Answer {
  const request = openRequest(on.ticket)
  if (!request) return refusal('wrongStage', refusals.nothingAsked())
  if (request.byId !== undefined && request.byId === idOf(on.by)) return refusal('sameDoer', refusals.ownRequest())
  const line = did(workNotes.answered(approved, note), { type: 'answered', id: request.id, approved, note })
  if (!approved) return [line]
  if (request.ask === 'withdraw') return [line, { type: 'withdrawn', reason: request.reason }, ...cancelAll(on.ticket)]
  if (request.ask === 'pause') {
    if (on.ticket.paused) return refusal('paused', refusals.paused(workNotes.pauseAgain))
    const effect = pause(on, { type: 'pause', why: request.why ?? 'citizen', reason: request.reason })
    return 'code' in effect ? effect : [line, ...effect]
  }
  if (on.ticket.paused) return refusal('paused', refusals.paused(askTitles.extend))
  const effect = extend(on, { type: 'extend', allowance: request.allowance ?? { amount: 0, unit: 'workingDays' }, reason: request.reason })
  return 'code' in effect ? effect : [line, ...effect]
}

/** 专班吹哨，部门报到 */
export function convene({ ticket, office }: Case, { agenda, when, place, units }: Of<'convene'>): Answer {
  if (openMeeting(ticket)) return refusal('limit', refusals.meetingOpen())
  const wrong = whyNotUnits(units, ticket, office)
  if (wrong) return wrong
  if (units.length === 0) return refusal('missingFact', refusals.missing(workNotes.units))
  const names = units.map((id) => unitName(id, office))
  return [did(workNotes.convened(when, place, agenda, names), { type: 'convened', id: newId(ticket), agenda, when, place, units })]
}

export function attend(on: Case, { unit: named, name }: Of<'attend'>): Answer {
  const meeting = openMeeting(on.ticket)
  if (!meeting) return refusal('wrongStage', refusals.noMeeting())
  const unit = speaksFor(on, named)
  if (unit === undefined || !meeting.units.includes(unit)) return refusal('wrongUnit', refusals.notCalled())
  return [did(workNotes.attended(unitName(unit, on.office), name), { type: 'attended', meeting: meeting.id, unit, name })]
}

export function minute({ ticket }: Case, { text }: Of<'minute'>): Answer {
  const meeting = openMeeting(ticket)
  return meeting ? [did(workNotes.minuted(text), { type: 'minuted', meeting: meeting.id, text })] : refusal('wrongStage', refusals.noMeeting())
}

/** 议定事项: who does what until when, with a clock of its own. */
export function task({ ticket, at, office }: Case, { unit, text, allowance }: Of<'task'>): Answer {
  const wrong = whyNotUnits([unit], ticket, office)
  if (wrong) return wrong
  const id = newId(ticket)
  const meeting = ticket.work?.findLast((one) => one.type === 'convened')?.id
  return [
    did(workNotes.tasked(unitName(unit, office), text), { type: 'tasked', id, ...(meeting !== undefined && { meeting }), unit, text }),
    startClock({ kind: 'task', ref: id, round: roundOf(ticket), at, allowance }, office.calendar),
  ]
}

export function finish(on: Case, { task: id, note }: Of<'finish'>): Answer {
  const found = openTasks(on.ticket).find((one) => one.id === id)
  if (!found) return refusal('wrongStage', refusals.noTask())
  if (speaksFor(on, found.unit) !== found.unit) return notYours(on, workNotes.finish, found.unit)
  return [did(workNotes.taskDone(found.text, note), { type: 'taskDone', id, note }), ...meetNow(on, 'task', id)]
}

export const instruct = (on: Case, { text }: Of<'instruct'>): Answer => [did(workNotes.instructed(nameOf(on.by), text), { type: 'instructed', text })]

export function help(_: Case, { type: __, ...given }: Of<'help'>): Answer {
  return [did(workNotes.helped(given.helper, given.content), { type: 'helped', ...given })]
}

/** 材料交接: whoever gives papers signs for it, and so does whoever gets them back. */
export const takePapers = ({ ticket }: Case, { items, from }: Of<'takePapers'>): Answer => [
  did(workNotes.papersTaken(items, from), { type: 'papersTaken', id: newId(ticket), items, from }),
]

export function returnPapers({ ticket }: Case, { taken, to, note }: Of<'returnPapers'>): Answer {
  const found = papersOut(ticket).find((one) => one.id === taken)
  if (!found) return refusal('wrongStage', refusals.noPapers())
  return [did(workNotes.papersReturned(found.items, to), { type: 'papersReturned', id: taken, to, ...(note !== undefined && { note }) })]
}

/** The citizen is reminded of what is missing, the leader of what waits for a superior. */
export function nudge({ ticket }: Case): Answer {
  const { paused } = ticket
  if (!paused) return refusal('notPaused', refusals.notPaused())
  return [did(workNotes.nudged(pauseTitles[paused.why], paused.reason), { type: 'nudged', why: paused.why })]
}

/** Kept with the message, so that it is known whether the citizen was asked at all. */
export const survey = (): Answer => [did(workNotes.surveyed(), { type: 'surveyed' })]

/** What the other citizen told goes into the story; the other number leads here from now on. */
export function absorb({ ticket }: Case, { ticketId, number, story }: Of<'absorb'>): Answer {
  const told = story.trim() && workNotes.alsoTold(number, story)
  const facts = { story: [ticket.facts.story, told].filter(Boolean).join('\n') }
  return [did(workNotes.absorbed(number), { type: 'absorbed', ticketId, number }), ...(told ? [{ type: 'amended', facts } as const] : [])]
}

/** The part that is split off is registered as a case of its own with this command; this case keeps its number. */
export function split({ ticket }: Case, { into, reason }: Of<'split'>): Answer {
  if (into === ticket.number) return refusal('limit', refusals.mergeItself())
  return [did(workNotes.split(into, reason), { type: 'split', into, reason })]
}
