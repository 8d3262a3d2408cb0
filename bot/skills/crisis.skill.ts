import type { Command } from '../../casework/decision.ts'
import type { Facts } from '../../casework/ticket.ts'
import { bot } from '../../texts/bot.ts'
import { hears } from '../../texts/hears.ts'
import { dangerChoice, fineChoice, safety } from '../../texts/safety.ts'
import { type Findings, noFindings, propose } from '../diagnosis.ts'
import { digress } from '../digression.ts'
import { storyLine } from '../draft.ts'
import { factsIn, merge, told } from '../facts.ts'
import { allowed, ticketEffect } from '../intake.ts'
import { chosen, confidence, focusOn, remember, say, top, wordsOf } from '../reply.ts'
import type { Effect, Lookup, Skill, Turn, TurnInput } from '../turn.ts'

const name = 'crisis'

/** Danger to life: a person at once and the numbers in the first line, no form; an urgent case with whatever is known. */
export const skill: Skill = { name, steps: ['with'], claim, respond }

function claim(input: TurnInput): number {
  if (isDanger(input)) return 1
  if (chosen(input) === fineChoice.value) return 0.98
  if (input.conversation.focus?.skill !== name) return 0
  const value = chosen(input)
  if (value !== undefined) return value.startsWith('guide:') || value.startsWith('aspect:') ? 0 : 0.5
  const asksOtherwise = top(input) === 'guide' || top(input) === 'status'
  return asksOtherwise && confidence(input, top(input)) >= 0.8 ? 0.5 : 0.94
}

/** Doubt upon doubt: who gives cause for worry again so soon after being asked is believed. */
const soonMs = 600_000

function isDanger(input: TurnInput): boolean {
  if (chosen(input) === dangerChoice.value) return true
  const { worry } = input.conversation.memory
  const isAgain = worry !== undefined && !worry.isFine && input.now - worry.askedAt < soonMs && input.understanding.text !== worry.words
  if (input.content.kind === 'text' && input.understanding.worrying && isAgain) return true
  const { urgency } = input.understanding
  return input.content.kind === 'text' && (urgency === 'critical' || (top(input) === 'emergency' && confidence(input, 'emergency') >= 0.5))
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { conversation, understanding } = input
  const { memory } = conversation
  if (chosen(input) === fineChoice.value) {
    const { worry } = memory
    const isFine = worry ? { worry: { ...worry, isFine: true } } : {}
    return digress(input, say(input, safety.fine, { focus: conversation.focus, memory: remember(input, isFine) }))
  }
  const isFirst = conversation.focus?.skill !== name
  // What was said and who said it; what matter it may be about is for a person to ask, later.
  const known = merge(memory.facts, factsIn(understanding), understanding.correction)
  // 「有危险」 tells less than the words that it was asked about.
  const line = chosen(input) === dangerChoice.value ? (memory.worry?.words ?? '') : storyLine(input, undefined)
  const story = told(known.story, line)
  const facts: Facts = { ...known, ...(story && { story }) }
  const ticket = memory.ticketId === undefined ? undefined : await lookup.ticket(memory.ticketId)
  const amendment: Command = { type: 'amend', facts: understanding.entities.length > 0 ? withoutStory(facts) : {}, ...(line && { note: line }) }
  const isKept = ticket !== undefined && allowed(input, ticket, amendment)
  const opened = isKept ? undefined : await open(input, lookup, facts, { ...noFindings, flags: understanding.flags, urgent: true })
  const effects: Effect[] = isKept ? [ticketEffect(ticket.id, amendment)] : opened ? [opened.effect] : []
  if (isDanger(input) && (conversation.queuedAt === undefined || isFirst)) effects.push({ kind: 'queue', reason: bot.queueReasons.danger, urgent: true })
  const ticketId = opened?.id ?? memory.ticketId
  return say(
    input,
    isFirst ? [{ text: bot.crisis }, { text: bot.crisisPhone }] : [{ text: staying(memory.said?.text, facts, hears.place.test(wordsOf(input))) }],
    {
      focus: focusOn(name, 'with', { asking: 'address' }),
      memory: remember(input, { facts, ...(ticketId && { ticketId }) }),
      effects,
      outcome: 'handoff',
    },
  )
}

/** Never the same words twice: whoever is in danger must not feel that he talks to a wall. */
function staying(said: string | undefined, { phone }: Facts, isPlaced: boolean): string {
  const text = phone ? bot.crisisStay : isPlaced ? bot.crisisStayPlaced : bot.crisisStayPhone
  return said === text ? bot.crisisStayMore : text
}

async function open(input: TurnInput, lookup: Lookup, known: Facts, findings: Findings) {
  const { conversation, office } = input
  const { id, number, code } = await lookup.mintTicket()
  const facts = { ...known, matter: known.matter ?? bot.crisisMatter, story: known.story || wordsOf(input) }
  const guide = lookup.guide(facts.guideId ?? '')
  const command: Command = {
    type: 'register',
    id,
    number,
    channel: conversation.channel,
    personId: conversation.personId,
    conversationId: conversation.id,
    demand: 'cannot',
    urgent: true,
    facts,
    proposal: propose({ facts, findings, guide, office }),
  }
  const effect: Effect = { kind: 'ticket', ticketId: id, command, code }
  return { id, effect }
}

function withoutStory({ story: _, ...facts }: Facts): Facts {
  return facts
}
