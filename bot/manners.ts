import { maskText } from '../casework/mask.ts'
import type { OutboundMessage } from '../channels/contract.ts'
import { bot } from '../texts/bot.ts'
import { hears } from '../texts/hears.ts'
import { fineChoice } from '../texts/safety.ts'
import { humanChoice, top } from './reply.ts'
import type { Memory, Turn, TurnInput } from './turn.ts'

/** The same words this many times in a row and a person takes over. */
const sameAtMost = 2

/** 「2」, 「第二个」, 「都不是」 or the shown words, where choices were offered, are that choice. */
export function readChoice(input: TurnInput): TurnInput {
  const { content, conversation } = input
  if (content.kind !== 'text' || conversation.memory.offered.length === 0) return input
  const choices = conversation.memory.offered
  const chosen = offered(content.text.trim(), choices) ?? yesOrNo(input, choices)
  return chosen ? { ...input, content: { kind: 'choice', value: chosen.value, text: chosen.text } } : input
}

function offered(text: string, choices: Memory['offered']): Memory['offered'][number] | undefined {
  const same = choices.find((choice) => choice.text === text)
  if (same) return same
  const place = hears.ordinal.exec(text)?.[1]
  if (place) return choices[ordinal(place) - 1]
  return hears.none.test(text) ? choices.find((choice) => choice.value === 'none') : undefined
}

/** Where one thing was offered and a way to decline it, 「对」 and 「不」 are the answer. */
function yesOrNo(input: TurnInput, [first, second, ...more]: Memory['offered']): Memory['offered'][number] | undefined {
  if (!first || !second || more.length > 0 || !isNo(second.value, input.conversation.focus)) return undefined
  if (second.value === 'withdraw:no' && hears.goesOn.test(input.understanding.text)) return second
  if (input.understanding.text.length > 5) return undefined
  if (top(input) === 'affirm') return first
  return top(input) === 'deny' ? second : undefined
}

/** In the middle of a flow a bare 「有」 answers the question of the flow, not whether there is danger. */
const isNo = (value: string, focus: TurnInput['conversation']['focus']): boolean =>
  /^(?:none|withdraw:no)$/.test(value) || (value === fineChoice.value && focus === undefined)

function ordinal(word: string): number {
  if (/\d/.test(word)) return Number(word)
  return word === hears.ordinals[1] || hears.pair.test(word) ? 2 : hears.ordinals.indexOf(word) + 1
}

/** What holds for every turn: echoes are masked, nothing is said a third time, a conversation in the queue is a handoff. */
export function settle(input: TurnInput, turn: Turn): Turn {
  const text = turn.replies.map((reply) => reply.text).join('\n')
  const times = text !== '' && text === input.conversation.memory.said?.text ? input.conversation.memory.said.times + 1 : 1
  if (times > sameAtMost) return settle(input, callPerson(input, bot.stuckLoop, bot.queueReasons.loop))
  const queued = turn.effects.some((effect) => effect.kind === 'queue') || input.conversation.queuedAt !== undefined
  const left = turn.effects.some((effect) => effect.kind === 'leaveQueue')
  return {
    ...turn,
    replies: turn.replies.map((reply) => ({ ...reply, text: maskText(reply.text) })),
    memory: { ...turn.memory, said: { text, times }, offered: turn.replies.flatMap((reply) => reply.choices ?? []) },
    outcome: queued && !left ? 'handoff' : turn.outcome,
  }
}

export function callPerson(input: TurnInput, text: string, reason: string): Turn {
  return {
    replies: [{ text }],
    focus: undefined,
    memory: { ...input.conversation.memory, misses: 0 },
    effects: input.conversation.queuedAt === undefined ? [{ kind: 'queue', reason, urgent: false }] : [],
    outcome: 'handoff',
    intent: top(input),
    guides: [],
  }
}

/** After a fault: nothing half-done is kept, a person is called, and whoever may be in danger gets the numbers at once. */
export function apologize(input: TurnInput, fault: unknown): Turn {
  const danger = input.understanding.urgency === 'critical'
  const reply: OutboundMessage = danger ? { text: bot.apologyDanger } : { text: bot.apology, choices: [humanChoice] }
  return {
    replies: [reply],
    focus: input.conversation.focus,
    memory: input.conversation.memory,
    effects: [{ kind: 'queue', reason: danger ? bot.queueReasons.danger : bot.queueReasons.fault, urgent: danger }],
    outcome: 'handoff',
    intent: top(input),
    guides: [],
    fault,
  }
}

/** A member of staff owns the conversation: the bot does not speak. */
export function silence(input: TurnInput): Turn {
  const { focus, memory } = input.conversation
  return { replies: [], focus, memory, effects: [], outcome: 'handoff', intent: top(input), guides: [] }
}
