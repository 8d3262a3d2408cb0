import type { GuideHit, GuideMatch } from '../../nlp/guide.ts'
import { findNames } from '../../nlp/people.ts'
import { bot, humanDoor, noneOfThese } from '../../texts/bot.ts'
import { guidance } from '../../texts/guidance.ts'
import { hears } from '../../texts/hears.ts'
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

/** Below this a guide has nothing to do with the question. */
const worthOffering = 0.15
const mostOffered = 3

/** What nobody claimed may still be what a few guides are about: better asked than sent away. */
const offeredOf = ({ decision, guides }: GuideMatch): readonly GuideHit[] =>
  decision === 'none' ? [] : guides.filter((hit) => hit.score >= Math.max(worthOffering, (guides[0]?.score ?? 0) / 10)).slice(0, mostOffered)

function offer(input: TurnInput, hits: readonly GuideHit[], question: string, effects: readonly Effect[]): Turn {
  const [only] = hits
  const text = only && hits.length === 1 ? guidance.confirm(only.title) : guidance.choose
  const choices = [...hits.map(({ id, title }) => ({ value: `guide:${id}`, text: title })), noneOfThese, humanDoor]
  const guides = hits.map(({ id, title }) => ({ id, title }))
  return digress(input, { ...say(input, { text, choices }, { effects, memory: remember(input, { misses: 1, lastQuestion: question }) }), guides })
}

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
  // Digits were said ahead; three characters behind them that could be a name are one.
  const [who] = memory.facts.phone && !memory.facts.name ? findNames(`${hears.iAm}${wordsOf(input)}`, undefined) : []
  if (!focus && who?.value === wordsOf(input)) return say(input, bot.notedFacts, { memory: remember(input, { facts: { ...memory.facts, name: who.value } }) })
  if (!focus && Object.keys(facts).length > 0) return say(input, bot.notedFacts, { memory: remember(input, { facts: merge(memory.facts, facts, false) }) })
  const misses = memory.misses + 1
  if (misses > mostMisses) {
    const called = callPerson(input, bot.giveUp, bot.queueReasons.missed)
    return { ...called, effects: [...called.effects, ...effects] }
  }
  const likely = none ? [] : offeredOf(lookup.match(question))
  if (likely.length > 0 && misses === 1) return offer(input, likely, question, effects)
  const ways = [humanDoor, bot.register]
  const first = top(input) === 'guide' || none ? { text: bot.missNone, choices: ways } : { text: bot.miss, choices: misses > 1 ? ways : [] }
  const reply = misses > 1 ? { text: bot.missAgain, choices: ways } : first
  return digress(input, say(input, reply, { effects, memory: remember(input, { misses, lastQuestion: question }) }))
}
