import { hears } from '../texts/hears.ts'
import { confidence, top, wordsOf } from './reply.ts'
import type { Lookup, TurnInput } from './turn.ts'

/** So likely must a guide be before it outweighs what the front door has heard; measured on the labelled sentences of tests/fixtures. */
const against = { surely: 0.87, asking: 0.8 } as const
/** The front door is wrong more often than such a match only below this. */
const surest = 0.85

/**
 * Whether the message asks about a guide although the front door heard something else in it: 「垃圾分类怎么分」 scolds nobody, 「职称怎么评」 is
 * our business, 「买到假货去哪投诉」 wants to know where, and not to have it taken down first. Trouble with an office stays trouble.
 */
export function isAbout(input: TurnInput, match: Lookup['match']): boolean {
  const { understanding, conversation, content } = input
  if (content.kind !== 'text' || understanding.urgency === 'critical') return false
  const { focus } = conversation
  if (focus && focus.skill !== 'guidance') return false
  const text = wordsOf(input)
  const { decision, guides } = match(text)
  const score = decision === 'answer' ? (guides[0]?.score ?? 0) : 0
  const intent = top(input)
  if (intent === 'guide') return score > 0 && (!isTroubled(text) || hears.asksWay.test(text))
  if (intent === 'unresolved') return score >= against.asking && asksForWay(input)
  if (intent === 'boundary' || intent === 'emergency') return false
  return score >= against.surely && confidence(input, intent) < surest
}

const isTroubled = (text: string): boolean => hears.troubled.test(text.replace(hears.undecided, ''))

/** Wants to know who, where or how, or only names a matter, and tells of no office that refused. */
function asksForWay(input: TurnInput): boolean {
  const text = wordsOf(input)
  if (hears.byOffice.test(text) || hears.integrity === input.understanding.cause?.name) return false
  if (hears.whereToComplain.test(text)) return true
  if (hears.blocked.test(text)) return false
  return hears.asksWay.test(text) || (confidence(input, 'unresolved') < 0.6 && !isTroubled(text))
}
