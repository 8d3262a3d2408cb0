import { guidance as words } from '../../texts/guidance.ts'
import { digress } from '../digression.ts'
import { remember, say, wordsOf } from '../reply.ts'
import type { Lookup, Skill, Turn, TurnInput } from '../turn.ts'

/** What there is to do, in its order. 户口登记条例 art. 8: the household is told before the burial in a city, within a month in the country. */
const first = ['death-certificate', 'cremation', 'death-household-cancel', 'death-pension-benefit', 'estate-inheritance']

/** Someone of the family has died, plainly or in the words that people use for it: a kind word, then what comes first. */
export const skill: Skill = { name: 'mourning', steps: [], claim, respond }

function claim(input: TurnInput): number {
  return input.content.kind === 'text' && input.understanding.bereaved ? 0.96 : 0
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const guides = first.flatMap((id) => lookup.guide(id) ?? [])
  if (guides.length === 0) return undefined
  const choices = guides.map(({ id, title }) => ({ value: `guide:${id}`, text: title }))
  const turn = say(input, { text: words.mourning, choices }, { outcome: 'guide', guides: guides.map(({ id, title }) => ({ id, title })) })
  return digress(input, { ...turn, intent: 'guide', memory: remember(input, { lastQuestion: wordsOf(input) }) })
}
