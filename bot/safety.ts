import { safety, safetyChoices } from '../texts/safety.ts'
import type { Turn, TurnInput } from './turn.ts'

/** Whoever was asked is not asked again within the hour, whatever else he writes. */
const quietMs = 3_600_000

/**
 * Danger that is possible and not believed: the request is answered as it is, and one kind question with the numbers stands behind the answer.
 * Where the answer itself offers choices, the question has none: two lists of numbers in one turn would mix.
 */
export function askSafety(input: TurnInput, turn: Turn): Turn {
  const { content, understanding, conversation, now } = input
  const { worry } = conversation.memory
  const isQuiet = worry !== undefined && now - worry.askedAt < quietMs
  if (content.kind !== 'text' || !understanding.worrying || isQuiet || turn.replies.length === 0 || turn.focus?.skill === 'crisis') return turn
  const offersOthers = turn.memory.offered.length > 0
  return {
    ...turn,
    replies: [...turn.replies, offersOthers ? { text: safety.askInWords } : { text: safety.ask, choices: safetyChoices }],
    memory: { ...turn.memory, worry: { askedAt: now, words: understanding.text }, offered: [...turn.memory.offered, ...safetyChoices] },
  }
}
