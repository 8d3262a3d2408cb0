import { bot, progress as words } from '../../texts/bot.ts'
import { hears } from '../../texts/hears.ts'
import { digress } from '../digression.ts'
import { say, wordsOf } from '../reply.ts'
import type { Lookup, Skill, Turn, TurnInput } from '../turn.ts'

/** 「以后用短信通知我」「以后就在微信告诉我」: where the news of one's cases shall go. */
export const skill: Skill = { name: 'reach', steps: [], claim, respond }

function claim(input: TurnInput): number {
  return input.content.kind === 'text' && hears.reachMe.test(wordsOf(input)) ? 0.94 : 0
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const [ticket] = await lookup.ownTickets()
  if (!ticket?.facts.phone) return say(input, words.ask)
  const byText = hears.byText.test(wordsOf(input))
  const channel = byText ? 'sms' : input.conversation.channel
  const turn = say(input, byText ? bot.reachByText : bot.reachHere, { effects: [{ kind: 'prefer', ticketId: ticket.id, channel }] })
  return digress(input, turn)
}
