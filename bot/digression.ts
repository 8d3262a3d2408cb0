import { intake } from '../texts/intake.ts'
import { openQuestion } from './reply.ts'
import type { Turn, TurnInput } from './turn.ts'

/** Something else was asked in the middle of a flow: it is answered, and the open question comes back. */
export function digress(input: TurnInput, turn: Turn): Turn {
  const { focus } = input.conversation
  const question = openQuestion(focus)
  if (!focus || !question || turn.replies.length === 0) return turn
  // Reminded a moment ago is reminded enough.
  const isReminded = input.conversation.memory.said?.text.includes(intake.again + question)
  return { ...turn, focus, replies: isReminded ? turn.replies : [...turn.replies, { text: intake.again + question }] }
}
