import type { Guide } from '../../nlp/guide.ts'
import { bot, boundaryNext, boundary as doors, humanDoor } from '../../texts/bot.ts'
import { hears } from '../../texts/hears.ts'
import { cardOf } from '../card.ts'
import { digress } from '../digression.ts'
import { confidence, remember, say, top, wordsOf } from '../reply.ts'
import type { Lookup, Skill, Turn, TurnInput } from '../turn.ts'

/** 国办函〔2025〕66号: litigation, arbitration, discipline, review, disclosure and petitions in hand go by their legal way; the person is told which. */
export const skill: Skill = { name: 'boundary', steps: [], claim, respond }

function claim(input: TurnInput): number {
  const { door, flags } = input.understanding
  if (input.content.kind !== 'text' || !door) return 0
  // A window that takes presents is this office's own business: a confidential case, not another door.
  if (door === 'discipline' && flags.some((flag) => flag.name === hears.integrity)) return 0
  return top(input) === 'boundary' ? 0.7 + 0.25 * confidence(input, 'boundary') : 0.3
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { door } = input.understanding
  if (!door) return undefined
  const guide = guideOf(input, lookup)
  const turn = say(
    input,
    { text: `${doors[door]}${boundaryNext}`, ...(guide && { card: cardOf(guide) }), choices: [bot.register, humanDoor] },
    {
      memory: remember(input, { lastQuestion: wordsOf(input), ...(guide && { guideId: guide.id }) }),
      outcome: 'refuse',
      guides: guide ? [{ id: guide.id, title: guide.title }] : [],
    },
  )
  return digress(input, turn)
}

/** How to go by that way, where the office has a guide for it: 「劳动仲裁要什么材料」. */
const surely = 0.9
function guideOf(input: TurnInput, lookup: Lookup): Guide | undefined {
  const { decision, guides } = lookup.match(wordsOf(input))
  const first = guides[0]
  if (input.understanding.aspect === undefined && !hears.asksWay.test(wordsOf(input))) return undefined
  return decision === 'answer' && first && first.score >= surely ? lookup.guide(first.id) : undefined
}
