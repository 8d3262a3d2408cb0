import { bot, humanDoor, noneOfThese } from '../../texts/bot.ts'
import { digress } from '../digression.ts'
import { factsIn, merge } from '../facts.ts'
import { callPerson } from '../manners.ts'
import { chosen, remember, say, top, wordsOf } from '../reply.ts'
import type { Effect, Lookup, Skill, Turn, TurnInput } from '../turn.ts'

const name = 'fallback'
/** Clarifications in a row; after them a person answers. */
const mostMisses = 2

/** Nobody else knew: asks once, asks again with a way out, then calls a person. The question is kept for the office to learn from. */
export const skill: Skill = { name, steps: [], claim: () => 0.01, respond }

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn> {
  const { memory, focus, queuedAt } = input.conversation
  const none = chosen(input) === noneOfThese.value
  const question = none ? (memory.lastQuestion ?? '') : wordsOf(input)
  const near = none
    ? memory.offered.filter((choice) => choice.value.startsWith('guide:')).map((choice) => choice.value.slice('guide:'.length))
    : lookup
        .match(question)
        .guides.slice(0, 3)
        .map((hit) => hit.id)
  const missed: Effect = { kind: 'missed', question, why: none ? 'rejected' : 'none', guides: near }
  const effects = question ? [missed] : []
  if (queuedAt !== undefined) return say(input, bot.queuedNoted, { focus, effects, memory })
  // A name or a phone number said ahead of the matter is kept, and not asked for again.
  const facts = factsIn(input.understanding)
  if (!focus && Object.keys(facts).length > 0) return say(input, bot.notedFacts, { memory: remember(input, { facts: merge(memory.facts, facts, false) }) })
  const misses = memory.misses + 1
  if (misses > mostMisses) {
    const called = callPerson(input, bot.giveUp, bot.queueReasons.missed)
    return { ...called, effects: [...called.effects, ...effects] }
  }
  const ways = [humanDoor, bot.register]
  const first = top(input) === 'guide' || none ? { text: bot.missNone, choices: ways } : { text: bot.miss, choices: misses > 1 ? ways : [] }
  const reply = misses > 1 ? { text: bot.missAgain, choices: ways } : first
  return digress(input, say(input, reply, { effects, memory: remember(input, { misses, lastQuestion: question }) }))
}
