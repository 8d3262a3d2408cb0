import { deletesOwn, takesOwn } from '../../nlp/data/front.ts'
import { humanDoor, own as words } from '../../texts/bot.ts'
import { digress } from '../digression.ts'
import { say, wordsOf } from '../reply.ts'
import type { Lookup, Skill, Turn, TurnInput } from '../turn.ts'

/** 「导出我的信息」「删除我的信息」 (个人信息保护法 art. 45, 47): the page where one sees, takes along, corrects and deletes; else a person. */
export const skill: Skill = { name: 'own', steps: [], claim, respond }

function claim(input: TurnInput): number {
  return input.content.kind === 'text' && (takesOwn.test(wordsOf(input)) || deletesOwn.test(wordsOf(input))) ? 0.95 : 0
}

async function respond(input: TurnInput, { ownPage }: Lookup): Promise<Turn | undefined> {
  const { channel } = input.conversation
  if (ownPage) return digress(input, say(input, words.page(ownPage.minutes)))
  if (channel === 'web') return digress(input, say(input, words.here))
  const isDelete = deletesOwn.test(wordsOf(input))
  const text = isDelete && channel === 'wechat' ? words.personOrLeave : words.person
  const reason = isDelete ? words.reasons.delete : words.reasons.take
  return say(input, { text, choices: [humanDoor] }, { effects: [{ kind: 'queue', reason, urgent: false }], outcome: 'handoff' })
}
