import type { Choice, OutboundMessage } from '../channels/contract.ts'
import type { IntentName } from '../nlp/understanding.ts'
import { humanDoor } from '../texts/bot.ts'
import type { Focus, Memory, Turn, TurnInput } from './turn.ts'

export const humanChoice: Choice = humanDoor

/** Builds a turn: what is not said stays as it was, a turn that answers ends the row of misses. */
export function say(input: TurnInput, reply: string | OutboundMessage | readonly OutboundMessage[], more: Partial<Turn> = {}): Turn {
  return {
    replies: typeof reply === 'string' ? [{ text: reply }] : isList(reply) ? reply : [reply],
    focus: undefined,
    memory: { ...input.conversation.memory, misses: 0 },
    effects: [],
    outcome: 'clarify',
    intent: top(input),
    guides: [],
    ...more,
  }
}

function isList(reply: OutboundMessage | readonly OutboundMessage[]): reply is readonly OutboundMessage[] {
  return Array.isArray(reply)
}

/** The intent to report: of equal ones the first. */
export function top(input: TurnInput): IntentName {
  return input.understanding.intents[0]?.name ?? 'chitchat'
}

export function confidence(input: TurnInput, name: IntentName): number {
  return input.understanding.intents.find((intent) => intent.name === name)?.confidence ?? 0
}

export function chosen(input: TurnInput): string | undefined {
  return input.content.kind === 'choice' ? input.content.value : undefined
}

export function wordsOf(input: TurnInput): string {
  return input.content.kind === 'text' || input.content.kind === 'choice' ? input.understanding.text || input.content.text : ''
}

/** The place in a flow; `question` is asked again after a digression. */
export function focusOn(skill: string, step: string, slots: Focus['slots'] = {}): Focus {
  return { skill, step, slots }
}

/** The question that still waits in the flow which a digression has interrupted. */
export function openQuestion(focus: Focus | undefined): string | undefined {
  const question = focus?.slots['question']
  return typeof question === 'string' && question !== '' ? question : undefined
}

export function remember(input: TurnInput, more: Partial<Memory>): Memory {
  return { ...input.conversation.memory, misses: 0, ...more }
}
