import { decide } from '../../casework/decide.ts'
import type { SurveyAnswer, Ticket } from '../../casework/ticket.ts'
import { survey as words } from '../../texts/bot.ts'
import { ticketEffect } from '../intake.ts'
import { chosen, focusOn, say, top, wordsOf } from '../reply.ts'
import { ratingIn, reasonsIn, reasonText, solvedIn } from '../survey.ts'
import type { Effect, Lookup, Skill, Turn, TurnInput } from '../turn.ts'

const name = 'callback'
const badRating = (rating: number, input: TurnInput) => rating <= input.office.policy.callback.badRating

/** 办成了吗 → 五级 → 原因: taps or free text; every answer is recorded at once, the rest may be left out. */
export const skill: Skill = { name, steps: ['rating', 'reason'], claim, respond }

function claim(input: TurnInput): number {
  const { memory, focus } = input.conversation
  if (!memory.callback) return 0
  const value = chosen(input)
  if (value !== undefined) return /^(solved|rate|reason):/.test(value) ? 0.97 : 0
  if (input.content.kind !== 'text') return 0
  const text = wordsOf(input)
  if (focus?.skill === name) return top(input) === 'guide' || top(input) === 'status' ? 0.6 : 0.92
  // What a registered case may still be asked gives way to the survey; a case that is being taken down does not.
  if ((focus && focus.step !== 'registered') || top(input) === 'guide') return 0
  return (solvedIn(text) ?? ratingIn(text, input.understanding.entities)) ? 0.93 : 0
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { memory, focus } = input.conversation
  if (!memory.callback) return undefined
  const ticket = await lookup.ticket(memory.callback.ticketId)
  if (!ticket) return undefined
  const value = chosen(input)
  const text = wordsOf(input)
  if (input.understanding.cancel || input.understanding.declines) return finish(input, words.later, [])
  const known = answerIn(focus?.skill === name ? focus.slots['answer'] : undefined)
  if (value?.startsWith('reason:')) return reason(input, ticket, known, [reasonText(value.slice('reason:'.length))], undefined)
  if (focus?.step === 'reason' && value === undefined) return reason(input, ticket, known, reasonsIn(text), text)
  const solved = value?.startsWith('solved:') ? solvedOf(value.slice('solved:'.length)) : focus?.step === 'rating' ? undefined : solvedIn(text)
  const rating = value?.startsWith('rate:')
    ? ratingIn('', [{ kind: 'rating', value: value.slice('rate:'.length), start: 0, end: 0 }])
    : ratingIn(text, input.understanding.entities)
  if (!solved && !rating) return focus?.skill === name ? askRating(input, known, words.again, []) : undefined
  return answered(input, ticket, { ...known, ...(solved && { solved }), ...(rating && { rating }) }, value === undefined ? text : undefined)
}

/** Records what is known so far; 「没办成」 and a bad rating are asked for their reason, a good answer for its rating. */
function answered(input: TurnInput, ticket: Ticket, answer: Partial<SurveyAnswer>, comment: string | undefined): Turn {
  const complete: SurveyAnswer = { ...answer, solved: answer.solved ?? 'yes', ...(comment && { comment }) }
  const { effects, reopens } = record(input, ticket, complete)
  const isBad = complete.solved === 'no' || (complete.rating !== undefined && badRating(complete.rating, input))
  if (isBad) return askReason(input, complete, effects, reopens)
  return complete.rating === undefined ? askRating(input, complete, words.askRating, effects) : finish(input, words.thanks, effects)
}

function reason(input: TurnInput, ticket: Ticket, known: Partial<SurveyAnswer>, reasons: readonly string[], comment: string | undefined): Turn {
  const answer: SurveyAnswer = { ...known, solved: known.solved ?? 'no', reasons, ...(comment && { comment }) }
  return finish(input, words.thanks, record(input, ticket, answer).effects)
}

/** The answer as it stands; after so many reopenings a leader decides, and then nothing is promised. */
function record(input: TurnInput, ticket: Ticket, answer: SurveyAnswer): { readonly effects: readonly Effect[]; readonly reopens: boolean } {
  const command = { type: 'callback', outcome: 'answered', answer } as const
  const decision = decide(ticket, command, { kind: 'citizen', id: input.conversation.personId }, input.now, input.office)
  if (!decision.ok) return { effects: [], reopens: false }
  return { effects: [ticketEffect(ticket.id, command)], reopens: decision.events.some((event) => event.type === 'reopened') }
}

function askRating(input: TurnInput, answer: Partial<SurveyAnswer>, text: string, effects: readonly Effect[]): Turn {
  return say(input, { text, choices: words.ratings }, { focus: focusOn(name, 'rating', { answer, asking: 'rating' }), effects, outcome: 'status' })
}

function askReason(input: TurnInput, answer: SurveyAnswer, effects: readonly Effect[], reopens: boolean): Turn {
  const text = (reopens ? words.reopened : '') + words.askReason
  return say(input, { text, choices: words.reasons }, { focus: focusOn(name, 'reason', { answer }), effects, outcome: 'ticket' })
}

function finish(input: TurnInput, text: string, effects: readonly Effect[]): Turn {
  const { callback: _, ...memory } = input.conversation.memory
  return say(input, text, { memory: { ...memory, misses: 0 }, effects, outcome: 'status' })
}

function answerIn(kept: unknown): Partial<SurveyAnswer> {
  return typeof kept === 'object' && kept !== null ? kept : {}
}

function solvedOf(value: string): SurveyAnswer['solved'] | undefined {
  return value === 'yes' || value === 'partly' || value === 'no' || value === 'explained' ? value : undefined
}
