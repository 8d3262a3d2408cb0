import type { Command } from '../casework/decision.ts'
import { maskPhone } from '../casework/mask.ts'
import type { Facts, Proposal, Ticket } from '../casework/ticket.ts'
import { newCaseDoor } from '../texts/bot.ts'
import { hears } from '../texts/hears.ts'
import { intake as words } from '../texts/intake.ts'
import { propose } from './diagnosis.ts'
import { type Draft, draftOf, gather, isImpatient, storyLine } from './draft.ts'
import { changes } from './facts.ts'
import { afterwards, allowed, registered, ticketEffect } from './intake.ts'
import { matterIn, swapped } from './matter.ts'
import { confidence, remember, say, top, wordsOf } from './reply.ts'
import type { Lookup, Turn, TurnInput } from './turn.ts'

/** What the citizen corrects or adds after the registration goes into the case, and is confirmed. */
export async function amend(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { memory } = input.conversation
  const ticket = memory.ticketId === undefined ? undefined : await lookup.ticket(memory.ticketId)
  if (!ticket) return undefined
  const { understanding } = input
  if (understanding.cancel) return askWithdraw(input, ticket)
  if (understanding.asksWhy) return explain(input, ticket)
  const asking = askingOf(input)
  if (hears.wantsToRegister.test(wordsOf(input)))
    return say(input, words.registeredAlready(ticket.number), { focus: registered(ticket.id, ticket.number, undefined), outcome: 'ticket' })
  if (understanding.declines && understanding.entities.length === 0 && wordsOf(input).length <= longestCorrection)
    return asking ? letGo(input, ticket, asking) : say(input, words.nothingElse, { focus: registered(ticket.id, ticket.number, undefined), outcome: 'ticket' })
  const reopened = reopen(input, ticket)
  if (reopened || !allowed(input, ticket, { type: 'amend', facts: {} })) return reopened
  const draft = gather(input, lookup, draftOf(input), asking)
  const said = changes(memory.facts, draft.facts)
  // 「不是房产证，是宅基地」 is a correction and no part of what happened.
  const isMended = understanding.correction && wordsOf(input).length <= longestCorrection && Object.keys(said).some((key) => key !== 'story')
  const line = isTelling(input) && !isMended ? storyLine(input, asking) : ''
  const { story: _, ...fields } = said
  const story = line ? draft.facts.story : memory.facts.story
  const isNothing = Object.keys(fields).length === 0 && !line
  if (isNothing) return asking ? letGo(input, ticket, asking) : undefined
  // A correction mends the story that staff may have added to meanwhile; an addition is only appended.
  const command: Command =
    understanding.correction && story !== undefined
      ? { type: 'amend', facts: { ...fields, story } }
      : { type: 'amend', facts: fields, ...(line && { note: line }) }
  const told = Object.keys(fields).length > 0 ? words.amended(ticket.number, spoken(input, fields)) : words.added(ticket.number)
  const anew = fields.matter === undefined && fields.department === undefined ? undefined : reproposed(input, lookup, ticket, draft)
  return confirmed(
    input,
    ticket,
    { ...draft.facts, ...(story !== undefined && { story }) },
    anew ? told + words.reproposed : told,
    anew ? { ...command, proposal: anew } : command,
  )
}

/** Another matter or unit goes to other people; whoever decides has not yet. The unit of the matter that was taken back goes with it. */
function reproposed(input: TurnInput, lookup: Lookup, ticket: Ticket, draft: Draft): Proposal | undefined {
  if (ticket.stage !== 'registered') return undefined
  const { department, ...others } = draft.facts
  const isOther = draft.facts.matter !== ticket.facts.matter && department === ticket.facts.department
  const { flags, cause, causeWords } = ticket.proposal
  const findings = { ...draft.findings, flags, urgent: ticket.urgent, ...(cause && { cause: { name: cause, words: causeWords ?? '' } }) }
  const guide = lookup.guide(draft.facts.guideId ?? '')
  return propose({ facts: isOther || department === undefined ? others : draft.facts, findings, guide, office: input.office })
}

const longestCorrection = 20

/** More of the story, not a remark on the side. */
function isTelling(input: TurnInput): boolean {
  const { cause, flags, entities, correction } = input.understanding
  if (swapped(wordsOf(input), input.conversation.memory.facts.matter)) return true
  if (correction || cause !== undefined || flags.length > 0 || entities.length > 0) return true
  const isRemark =
    ['guide', 'chitchat', 'offtopic', 'abuse', 'affirm', 'deny', 'feedback', 'human'].includes(top(input)) && confidence(input, top(input)) >= 0.4
  return !isRemark && wordsOf(input).length >= 6 && !hears.question.test(wordsOf(input))
}

function confirmed(input: TurnInput, ticket: Ticket, facts: Facts, told: string, command: Command): Turn {
  const { asked } = input.conversation.memory
  const next = askingOf(input) ? afterwards(facts, asked) : undefined
  const other = input.understanding.correction ? undefined : matterIn(wordsOf(input))
  const choices = top(input) === 'unresolved' && other && other !== facts.matter && !askingOf(input) ? [newCaseDoor] : []
  return say(
    input,
    { text: next ? told + words.oneMore(next.text) : told + (choices.length > 0 ? words.another : ''), choices },
    {
      focus: registered(ticket.id, ticket.number, next),
      memory: remember(input, { facts, asked: next ? [...asked, next.key] : asked }),
      effects: [ticketEffect(ticket.id, command)],
      outcome: 'ticket',
    },
  )
}

/** The question after the registration was not answered: it is not asked again. */
function letGo(input: TurnInput, ticket: Ticket, asking: string): Turn | undefined {
  if (top(input) === 'guide' && wordsOf(input).length > 3) return undefined
  const { memory } = input.conversation
  const next = isImpatient(input) ? undefined : afterwards(memory.facts, memory.asked)
  const asked = next && next.key !== asking ? [...memory.asked, next.key] : memory.asked
  return say(input, next ? words.heard + words.oneMore(next.text) : words.nothingElse, {
    focus: registered(ticket.id, ticket.number, next),
    memory: remember(input, { asked }),
    outcome: 'ticket',
  })
}

function explain(input: TurnInput, ticket: Ticket): Turn | undefined {
  const asking = askingOf(input)
  if (hears.ofPhone.test(wordsOf(input))) return { ...say(input, words.why.contact), focus: registered(ticket.id, ticket.number, undefined) }
  if (asking !== 'name' && asking !== 'department') return undefined
  return { ...say(input, words.why[asking]), focus: registered(ticket.id, ticket.number, undefined) }
}

function askWithdraw(input: TurnInput, ticket: Ticket): Turn | undefined {
  if (!allowed(input, ticket, { type: 'withdraw', reason: words.withdrawReason })) return undefined
  return say(
    input,
    { text: words.cancelRegistered(ticket.number), choices: [words.withdrawYes, words.withdrawNo] },
    { focus: registered(ticket.id, ticket.number, undefined) },
  )
}

export async function withdraw(input: TurnInput, lookup: Lookup, isMeant: boolean): Promise<Turn | undefined> {
  const { memory } = input.conversation
  const ticket = memory.ticketId === undefined ? undefined : await lookup.ticket(memory.ticketId)
  if (!ticket) return undefined
  if (!isMeant) return say(input, words.kept, { focus: registered(ticket.id, ticket.number, undefined), outcome: 'ticket' })
  const command: Command = { type: 'withdraw', reason: words.withdrawReason }
  if (!allowed(input, ticket, command)) return undefined
  const { ticketId: _, ...rest } = remember(input, { asked: [] })
  return say(input, words.withdrawn(ticket.number), { memory: rest, effects: [ticketEffect(ticket.id, command)], outcome: 'ticket' })
}

/** The case was answered and it still does not work: it starts anew, with the citizen's words as the reason. */
function reopen(input: TurnInput, ticket: Ticket): Turn | undefined {
  const command: Command = { type: 'reopen', reason: wordsOf(input) }
  if (top(input) !== 'unresolved' || !allowed(input, ticket, command)) return undefined
  return say(input, words.reopened(ticket.number), {
    focus: registered(ticket.id, ticket.number, undefined),
    effects: [ticketEffect(ticket.id, command)],
    outcome: 'ticket',
  })
}

function askingOf({ conversation: { focus } }: TurnInput): string | undefined {
  const asking = focus?.skill === 'intake' ? focus.slots['asking'] : undefined
  return typeof asking === 'string' ? asking : undefined
}

function spoken(input: TurnInput, facts: Facts): string {
  const { changed } = words
  const unit = input.office.departments.find((one) => one.id === facts.department)?.name ?? facts.department
  const parts = [
    facts.name && changed.name(facts.name),
    facts.phone && (input.conversation.memory.facts.phone ? changed.phone : changed.phoneFirst)(maskPhone(facts.phone)),
    facts.onBehalfOf && changed.onBehalfOf(facts.onBehalfOf),
    facts.matter && changed.matter(facts.matter),
    unit && changed.department(unit),
    facts.visits && changed.visits(facts.visits),
    facts.happenedOn && changed.happenedOn(facts.happenedOn),
    facts.told && changed.told(facts.told),
    facts.missingPapers && changed.missingPapers(facts.missingPapers),
    facts.confidential && changed.confidential,
  ].filter((part): part is string => typeof part === 'string')
  return parts.length > 0 ? parts.join(hears.comma) : changed.other
}
