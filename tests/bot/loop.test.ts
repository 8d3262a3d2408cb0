import { describe, expect, test } from 'vitest'
import { createController } from '../../bot/controller.ts'
import { say } from '../../bot/reply.ts'
import { type Conversation, emptyMemory, type Lookup, type Skill, type Turn, type TurnInput } from '../../bot/turn.ts'
import type { Understanding } from '../../nlp/understanding.ts'
import { bot } from '../../texts/bot.ts'
import { seedOffice, workingMorning } from '../support/desk.ts'

const office = seedOffice()
const nothing: Lookup = {
  guide: () => undefined,
  match: () => ({ decision: 'none', guides: [] }),
  guidesOfField: () => [],
  ownTickets: async () => [],
  ticket: async () => undefined,
  provenTicket: async () => undefined,
  mintTicket: async () => ({ id: 't1', number: '1', code: '1' }),
  staffOnline: () => 1,
}

/** Answers every time in other words, so that only the far end repeats itself. */
let count = 0
const answering: Skill = { name: 'answering', steps: [], claim: () => 0.5, respond: async (input) => say(input, `这是第 ${++count} 次回答，请看办事指南`) }

type Said = { readonly text: string; readonly urgency?: 'critical'; readonly afterMs?: number }

/** A talk of one message after another; what the bot answered to each. */
async function talk(messages: readonly Said[], far?: (reply: string | undefined) => string): Promise<{ replies: (string | undefined)[]; turns: Turn[] }> {
  const controller = createController([answering])
  let conversation: Conversation = { id: 'c1', channel: 'sms', personId: 'p1', owner: { kind: 'bot' }, seq: 0, version: 0, memory: emptyMemory }
  let now = workingMorning
  const turns: Turn[] = []
  for (const { text, urgency = 'routine', afterMs = 5_000 } of messages) {
    now += afterMs
    const said = far ? far(turns.findLast(({ replies }) => replies.length > 0)?.replies[0]?.text) : text
    const understanding: Understanding = {
      text: said,
      intents: [],
      entities: [],
      urgency,
      worrying: false,
      flags: [],
      correction: false,
      cancel: false,
      bereaved: false,
      asksWhy: false,
      declines: false,
    }
    const input: TurnInput = { conversation, content: { kind: 'text', text: said }, understanding, now, office }
    const turn = await controller.respond(input, nothing)
    turns.push(turn)
    conversation = { ...conversation, memory: turn.memory, ...(turn.effects.some((effect) => effect.kind === 'queue') ? { queuedAt: now } : {}) }
  }
  return { turns, replies: turns.map((turn) => turn.replies[0]?.text) }
}

const times = (text: string, count: number): Said[] => Array.from({ length: count }, () => ({ text }))
const notice = '您好，我正在开会，稍后给您回复。'

describe('a machine at the far end', () => {
  test('that says the same again is told once that a person will look, and then hears nothing more', async () => {
    const { replies, turns } = await talk(times(notice, 30))

    expect(replies.slice(0, 7).every((reply) => reply?.startsWith('这是第'))).toBe(true)
    expect(replies[7]).toBe(bot.sameAgain)
    expect(replies.slice(8)).toEqual(Array.from({ length: 22 }, () => undefined))
    expect(turns.flatMap(({ effects }) => effects)).toEqual([{ kind: 'queue', reason: bot.queueReasons.machine, urgent: false }])
  })

  test('that takes turns between a few texts is found out too', async () => {
    const { replies } = await talk(
      Array.from({ length: 30 }, (_, place) => ({ text: [notice, '本人休假中，急事请联系同事。', '自动回复：已收到您的短信'][place % 3] ?? '' })),
    )

    expect(replies.slice(12)).toEqual(Array.from({ length: 18 }, () => undefined))
  })

  test('that sends our own words back is found out too', async () => {
    const { replies } = await talk(times('', 20), (reply) => reply ?? '您好呀，在吗')

    expect(replies.filter((reply) => reply !== undefined).length).toBeLessThanOrEqual(10)
    expect(replies).toContain(bot.sameAgain)
  })
})

describe('a person', () => {
  test('who says something new is answered at once, also after the bot fell silent', async () => {
    const { replies } = await talk([...times(notice, 12), { text: '我会开完了，公积金怎么提取' }])

    expect(replies.at(-1)).toMatch(/^这是第/)
  })

  test('who may be in danger is answered however often the words are the same', async () => {
    const { replies } = await talk(Array.from({ length: 30 }, () => ({ text: '有人要跳楼快来人', worrying: false, urgency: 'critical' as const })))

    expect(replies.every((reply) => reply?.startsWith('这是第'))).toBe(true)
  })

  test('who answers many questions with the same two short words is no machine', async () => {
    const { replies } = await talk(Array.from({ length: 30 }, (_, place) => ({ text: place % 2 ? '是' : '没有' })))

    expect(replies.every((reply) => reply?.startsWith('这是第'))).toBe(true)
  })

  test('who asks the same again another day is no machine', async () => {
    const { replies } = await talk(Array.from({ length: 12 }, () => ({ text: '我的件办到哪一步了', afterMs: 24 * 3_600_000 })))

    expect(replies.every((reply) => reply?.startsWith('这是第'))).toBe(true)
  })
})
