import { bot } from '../texts/bot.ts'
import { callPerson, settle, silence } from './manners.ts'
import type { Memory, Turn, TurnInput } from './turn.ts'

// A machine at the far end (an absence notice, a gateway that repeats, a chat bot) answers each of our answers for ever. What gives it away: it says
// the same few things again, or our own words. A person who does so is not lost either: somebody of the staff is called, and everything is stored.

/** So many turns in a row that say nothing new. A person who is asked yes or no eight times in a row answers in fewer than three ways. */
const most = 8
/** A loop may go around over a few texts; short ones are what people answer with, and count only when they stand directly one after another. */
const remembered = 3
const longEnough = 6
/** After so long it is a new talk. */
const restMs = 3_600_000

/** The turn as far as its place in a loop goes, and the answer to a machine: a last word with a call for a person, then nothing; undefined for everybody else. */
export function inLoop(input: TurnInput): { readonly input: TurnInput; readonly turn: Turn | undefined } {
  const { content, conversation, now } = input
  if (content.kind !== 'text') return { input, turn: undefined }
  const text = content.text.replace(/\s+/g, '').slice(0, 60)
  const { loop } = conversation.memory
  const { texts, times } = loop && now - loop.at < restMs ? loop : { texts: [], times: 0 }
  const isOld = says(text, texts) || isOurs(text, conversation.memory)
  const known: Memory['loop'] = { texts: [text, ...texts.filter((one) => one !== text)].slice(0, remembered), times: isOld ? times + 1 : 1, at: now }
  const noted: TurnInput = { ...input, conversation: { ...conversation, memory: { ...conversation.memory, loop: known } } }
  // Whoever may be in danger is answered, however often the words were the same.
  if (known.times < most || input.understanding.urgency !== 'routine') return { input: noted, turn: undefined }
  return { input: noted, turn: known.times === most ? settle(noted, callPerson(noted, bot.sameAgain, bot.queueReasons.machine)) : silence(noted) }
}

const says = (text: string, [last, ...before]: readonly string[]): boolean => text === last || (text.length >= longEnough && before.includes(text))

const isOurs = (text: string, { said }: Memory): boolean => text.length >= longEnough && said !== undefined && said.text.replace(/\s+/g, '').includes(text)
