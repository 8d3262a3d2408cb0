import { bot, humanDoor, noneOfThese, wrongGuide } from '../../texts/bot.ts'
import { hears } from '../../texts/hears.ts'
import { callPerson } from '../manners.ts'
import { matterIn } from '../matter.ts'
import { chosen, confidence, say, top, wordsOf } from '../reply.ts'
import type { Effect, Lookup, Skill, Turn, TurnInput } from '../turn.ts'

/** Below this a guide has nothing to do with the question. */
const worthOffering = 0.05
/** Where one guide was likely and wrong, what comes next is little by little. */
const worthAfterLikely = 0.005

/** 「答非所问」: apologises, keeps the question for the office to learn from, and offers what else it may have been, or a person. */
export const skill: Skill = { name: 'feedback', steps: [], claim, respond }

function claim(input: TurnInput): number {
  if (chosen(input) === wrongGuide.value) return 0.95
  if (input.content.kind !== 'text') return 0
  return top(input) === 'feedback' && confidence(input, 'feedback') >= 0.5 ? 0.6 + 0.3 * confidence(input, 'feedback') : 0
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { memory, focus } = input.conversation
  if (hears.praise.test(wordsOf(input))) return say(input, bot.feedbackThanks, { focus })
  const question = memory.lastQuestion
  // 「我问的是饭店执照」 at the start rejects nothing: it asks.
  if (!question && matterIn(wordsOf(input)) && lookup.match(wordsOf(input)).decision !== 'none') return undefined
  if (!question) return say(input, { text: bot.feedbackUnhappy, choices: [bot.register, humanDoor] }, { focus })
  // 「我问的是饭店的」: what was meant stands in both messages together.
  const isTapped = chosen(input) !== undefined
  const hits = lookup.match(isTapped ? question : `${question} ${wordsOf(input)}`).guides
  const others = hits.filter((hit) => hit.id !== memory.guideId && hit.score >= (isTapped ? worthAfterLikely : worthOffering)).slice(0, 3)
  const missed: Effect[] = question ? [{ kind: 'missed', question, why: 'rejected', guides: memory.guideId ? [memory.guideId] : [] }] : []
  const misses = memory.misses + 1
  if (misses > 2) {
    const called = callPerson(input, bot.giveUp, bot.queueReasons.rejected)
    return { ...called, effects: [...called.effects, ...missed] }
  }
  const { guideId: _, ...rest } = memory
  const choices = [...others.map((hit) => ({ value: `guide:${hit.id}`, text: hit.title })), ...(others.length > 0 ? [noneOfThese] : [bot.register]), humanDoor]
  return say(
    input,
    { text: others.length > 0 ? bot.feedbackSorry : bot.feedbackSorryNone, choices },
    {
      focus,
      memory: { ...rest, misses },
      effects: missed,
      guides: others.map(({ id, title }) => ({ id, title })),
    },
  )
}
