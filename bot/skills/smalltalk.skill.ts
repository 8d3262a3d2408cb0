import { bot, doors, humanDoor, progressDoor } from '../../texts/bot.ts'
import { hears } from '../../texts/hears.ts'
import { intake } from '../../texts/intake.ts'
import { digress } from '../digression.ts'
import { allowed, ticketEffect } from '../intake.ts'
import { matterIn } from '../matter.ts'
import { confidence, openQuestion, say, top, wordsOf } from '../reply.ts'
import type { Lookup, Skill, Turn, TurnInput } from '../turn.ts'

/** Greetings, thanks, what is not ours, harsh words without a request, and messages that are no text. */
export const skill: Skill = { name: 'smalltalk', steps: [], claim, respond }

function claim(input: TurnInput, match: Lookup['match']): number {
  const { content } = input
  if (content.kind === 'media' || content.kind === 'location' || content.kind === 'event') return 0.9
  if (content.kind === 'choice') return content.value === bot.helped.value ? 0.9 : 0
  if (content.kind !== 'text') return 0
  const text = wordsOf(input)
  if (hears.reveal.test(text)) return 0.96
  if (hears.wantsToAsk.test(text)) return 0.92
  if (hears.lonely.test(text) || isEnglish(text)) return 0.96
  if (hears.leak.test(text) || hears.vent.test(text)) return 0.93
  if (hears.greeting.test(text) || hears.whoAreYou.test(text) || (hears.whatNow.test(text) && !input.conversation.memory.guideId)) return 0.9
  if (
    hears.onlyThanks.test(text) ||
    (asksFree(input) && !namesGuide(input, match)) ||
    (hears.trust.test(text) && text.length <= 16 && !namesGuide(input, match)) ||
    (hears.hall.test(text) && !input.conversation.memory.guideId)
  )
    return 0.9
  const intent = top(input)
  if (confidence(input, intent) >= 0.4 && (intent === 'chitchat' || intent === 'offtopic' || intent === 'abuse')) return 0.4 + 0.2 * confidence(input, intent)
  // After a question of ours a bare yes or no says nothing: better asked once more than nodded away.
  return (intent === 'affirm' || intent === 'deny') && confidence(input, intent) >= 0.6 && input.conversation.memory.misses === 0 ? 0.3 : 0
}

const isEnglish = (text: string): boolean => !/\p{Script=Han}/u.test(text) && (text.match(hears.english)?.length ?? 0) >= 2

const offering = (input: TurnInput, text: string): Turn => {
  const { focus, memory } = input.conversation
  return digress(input, say(input, { text, choices: [humanDoor] }, { focus, memory }))
}

/** Whether we take money, not what a matter costs: in the middle of a registration, or where no matter was named. */
function asksFree(input: TurnInput): boolean {
  const { focus, memory } = input.conversation
  const text = wordsOf(input)
  return text.length <= 14 && hears.free.test(text) && (focus?.skill === 'intake' || !memory.guideId) && matterIn(text) === undefined
}

/** 「婚检免费吗」 asks of a matter, not of us. */
function namesGuide(input: TurnInput, match: Lookup['match']): boolean {
  const { decision, guides } = match(wordsOf(input))
  return decision === 'answer' && (guides[0]?.score ?? 0) >= 0.7
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { content } = input
  if (content.kind === 'choice') return kept(input, bot.feedbackThanks)
  if (content.kind === 'event' && content.event === 'ended') return say(input, { text: bot.ended, choices: [bot.helped, bot.register, humanDoor] })
  if (content.kind === 'event') return content.event === 'start' || content.event === 'subscribe' ? greet(input) : quiet(input)
  if (content.kind === 'media') return media(input, lookup, content.media, content.name)
  if (content.kind === 'location') return kept(input, bot.media.location)
  const text = wordsOf(input)
  if (hears.reveal.test(text)) return kept(input, bot.refuseReveal)
  if (hears.wantsToAsk.test(text)) return kept(input, bot.listening)
  if (hears.lonely.test(text)) return offering(input, bot.lonely)
  if (isEnglish(text)) return offering(input, bot.english)
  if (hears.leak.test(text)) return kept(input, intake.why.contact)
  if (hears.vent.test(text)) return kept(input, bot.abuse)
  if (hears.greeting.test(text)) return input.conversation.focus ? kept(input, bot.here) : greet(input)
  if (hears.whoAreYou.test(text)) return kept(input, bot.whoAmI)
  if (hears.whatNow.test(text)) return digress(input, say(input, { text: bot.whatNow, choices: [bot.register, humanDoor] }))
  if (hears.hall.test(text)) return kept(input, bot.hall)
  if (hears.trust.test(text) && !namesGuide(input, lookup.match)) return kept(input, bot.trust)
  if (asksFree(input) && !namesGuide(input, lookup.match)) return kept(input, bot.free)
  if (hears.thanks.test(text) || hears.onlyThanks.test(text)) return kept(input, openQuestion(input.conversation.focus) ? bot.thanksShort : bot.thanks)
  if (top(input) === 'chitchat' && hears.praise.test(text)) return kept(input, bot.feedbackThanks)
  if (hears.goodbye.test(text)) return kept(input, bot.goodbye)
  switch (top(input)) {
    case 'abuse':
      return kept(input, bot.abuse)
    case 'offtopic':
      return kept(input, bot.offtopic)
    case 'deny':
      return kept(input, input.conversation.focus?.step === 'registered' ? intake.nothingElse : varied(input, bot.denied))
    case 'affirm':
      return kept(input, varied(input, bot.ack))
    default:
      return input.conversation.focus ? kept(input, bot.ack) : greet(input)
  }
}

function greet(input: TurnInput): Turn {
  const text = bot.greeting(input.office.policy.centre.city)
  if (input.conversation.memory.said?.text === text) return say(input, bot.here)
  return say(input, { text, choices: [...doors, progressDoor, humanDoor] })
}

/** 「嗯」「好的」「行」 one after another must not look like a bot that is stuck. */
function varied(input: TurnInput, text: string): string {
  return input.conversation.memory.said?.text === text ? bot.here : text
}

/** Nothing that runs is lost by a kind word in between. */
function kept(input: TurnInput, text: string): Turn {
  const { focus, memory } = input.conversation
  return digress(input, say(input, text, { focus, memory }))
}

function quiet(input: TurnInput): Turn {
  const { focus, memory } = input.conversation
  return say(input, [], { focus, memory })
}

async function media(input: TurnInput, lookup: Lookup, kind: 'image' | 'voice' | 'video' | 'file', shown: string | undefined): Promise<Turn> {
  const { ticketId } = input.conversation.memory
  const ticket = ticketId === undefined ? undefined : await lookup.ticket(ticketId)
  const command = { type: 'amend', facts: {}, note: bot.mediaNote(bot.mediaKinds[kind], shown) } as const
  const running = input.conversation.focus?.skill === 'intake' && kind !== 'voice'
  if (!ticket || !allowed(input, ticket, command)) return kept(input, running ? bot.mediaKept(bot.mediaKinds[kind]) : bot.media[kind])
  const turn = kept(input, kind === 'voice' ? bot.media.voice : bot.mediaNoted(ticket.number))
  return { ...turn, effects: [ticketEffect(ticket.id, command)], outcome: 'ticket' }
}
