import { dateOf } from '../../casework/day.ts'
import { CalendarGap } from '../../casework/policy.ts'
import { bot, humanDoor } from '../../texts/bot.ts'
import { hears } from '../../texts/hears.ts'
import { digress } from '../digression.ts'
import { factsIn, merge } from '../facts.ts'
import { chosen, confidence, focusOn, remember, say, top, wordsOf } from '../reply.ts'
import type { Effect, Lookup, Skill, Turn, TurnInput } from '../turn.ts'
import { spokenTime } from '../when.ts'

const name = 'handover'

/** 转人工, at any moment; and until a person has really come the bot stays and notes what is added. */
export const skill: Skill = { name, steps: ['phone'], claim, respond }

function claim(input: TurnInput): number {
  const { queuedAt, focus } = input.conversation
  if (chosen(input) === humanDoor.value) return 1
  if (input.content.kind !== 'text') return 0
  if (hears.whoAreYou.test(wordsOf(input))) return 0
  if (queuedAt !== undefined && hears.leaveQueue.test(wordsOf(input))) return 1
  if (top(input) === 'human' && confidence(input, 'human') >= 0.5) return 1
  if (queuedAt === undefined) return 0
  return focus?.skill === name ? 0.7 : 0.02
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { queuedAt, focus, memory } = input.conversation
  const asks = chosen(input) === humanDoor.value || top(input) === 'human'
  if (queuedAt !== undefined && hears.leaveQueue.test(wordsOf(input))) return left(input, lookup)
  if (!asks) return noted(input, lookup)
  const facts = merge(memory.facts, factsIn(input.understanding), false)
  if (queuedAt !== undefined) return digress(input, say(input, bot.queuedAlready, { memory: remember(input, { facts }), outcome: 'handoff' }))
  const effects: Effect[] = [{ kind: 'queue', reason: bot.queueReasons.asked, urgent: input.understanding.urgency === 'critical' }]
  const needsPhone = !facts.phone && input.conversation.channel === 'web'
  const text = waiting(input, lookup) + (needsPhone ? bot.queuePhone : '')
  return say(input, text, {
    focus: focus ?? (needsPhone ? focusOn(name, 'phone', { asking: 'phone' }) : undefined),
    memory: remember(input, { facts }),
    effects,
    outcome: 'handoff',
  })
}

/** 「不等了，社保卡丢了」: what was asked with it is one tap away. */
function left(input: TurnInput, lookup: Lookup): Turn {
  const effects: Effect[] = [{ kind: 'leaveQueue' }]
  const { decision, guides } = lookup.match(wordsOf(input).replace(hears.leaveQueue, hears.comma))
  const [first] = decision === 'answer' ? guides : []
  if (!first) return say(input, bot.leftQueue, { effects })
  const choices = [{ value: `guide:${first.id}`, text: first.title }, bot.register]
  return say(
    input,
    { text: bot.leftQueueFor(first.title), choices },
    { effects, guides: [{ id: first.id, title: first.title }], memory: remember(input, { lastQuestion: wordsOf(input) }) },
  )
}

/** Honest about when a person will come. */
function waiting({ now, office }: TurnInput, lookup: Lookup): string {
  if (office.calendar.isOpen(now)) return lookup.staffOnline() > 0 ? bot.queued : bot.queuedNobody
  try {
    return bot.queuedClosed(spokenTime(office.calendar.nextOpening(now), dateOf(now)))
  } catch (error) {
    if (error instanceof CalendarGap) return bot.queuedNobody
    throw error
  }
}

/** What is added while waiting is kept for the person who takes over. */
async function noted(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { memory } = input.conversation
  const facts = merge(memory.facts, factsIn(input.understanding), input.understanding.correction)
  const ticket = memory.ticketId === undefined ? undefined : await lookup.ticket(memory.ticketId)
  if (ticket) return undefined
  return say(input, bot.queuedNoted, { memory: remember(input, { facts }), outcome: 'handoff' })
}
