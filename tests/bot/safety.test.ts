import { describe, expect, test } from 'vitest'
import { createController } from '../../bot/controller.ts'
import { say } from '../../bot/reply.ts'
import { skill as crisis } from '../../bot/skills/crisis.skill.ts'
import { type Conversation, emptyMemory, type Lookup, type Skill, type Turn, type TurnInput } from '../../bot/turn.ts'
import type { Content, OutboundMessage } from '../../channels/contract.ts'
import { createUnderstanding } from '../../nlp/engine.ts'
import { dangerChoice, fineChoice, safety, safetyChoices } from '../../texts/safety.ts'
import { seedOffice, workingMorning } from '../support/desk.ts'

const office = seedOffice()
const understand = createUnderstanding({ departments: [], districts: [] })
const hourMs = 3_600_000

const lookup: Lookup = {
  guide: () => undefined,
  match: () => ({ decision: 'none', guides: [] }),
  guidesOfField: () => [],
  ownTickets: async () => [],
  ticket: async () => undefined,
  provenTicket: async () => undefined,
  mintTicket: async () => ({ id: 't1', number: '1', code: '1' }),
  staffOnline: () => 1,
}

const answering = (reply: OutboundMessage): Skill => ({
  name: 'desk',
  steps: ['open'],
  claim: () => 0.5,
  respond: async (input) => say(input, reply, { focus: input.conversation.focus }),
})

type Said = {
  readonly text?: string
  readonly choice?: string
  readonly worrying?: boolean
  readonly after?: Turn
  readonly atMs?: number
  readonly focus?: Conversation['focus']
}

/** One turn of a citizen with a desk that gives the same reply to everything. */
async function hear(
  { text = '这个窗户能打开吗', choice, worrying = true, after, atMs = 0, focus }: Said,
  reply: OutboundMessage = { text: '答复' },
): Promise<Turn> {
  const content: Content = choice ? { kind: 'choice', value: choice, text: choice } : { kind: 'text', text }
  const place = focus ?? after?.focus
  const conversation: Conversation = {
    id: 'c1',
    channel: 'web',
    personId: 'p1',
    owner: { kind: 'bot' },
    seq: 0,
    version: 0,
    memory: after?.memory ?? emptyMemory,
    ...(place && { focus: place }),
  }
  const understanding = { ...understand(text, { today: '2026-03-18' }), worrying }
  const input: TurnInput = { conversation, content, understanding, now: workingMorning + atMs, office }
  return createController([answering(reply), crisis]).respond(input, lookup)
}

describe('danger that is possible and not sure', () => {
  test('is asked about behind the answer, which stays as it is, with the numbers and two buttons', async () => {
    const turn = await hear({})

    expect(turn.replies).toEqual([{ text: '答复' }, { text: safety.ask, choices: safetyChoices }])
    expect(safety.ask).toMatch(/110.*120.*12356/)
    expect(turn.effects).toEqual([])
  })

  test('is asked about without a second list of numbers where the answer offers choices of its own', async () => {
    const turn = await hear({}, { text: '哪一个？', choices: [{ value: 'a', text: '甲' }] })

    expect(turn.replies.map(({ choices }) => choices?.length)).toEqual([1, undefined])
    expect((await hear({ text: dangerChoice.text, worrying: false, after: turn })).effects).toContainEqual(
      expect.objectContaining({ kind: 'queue', urgent: true }),
    )
  })

  test.each([dangerChoice.text, '有', '1'])('calls a person and opens an urgent case with the words that led to it when the answer is %s', async (text) => {
    const asked = await hear({})
    const turn = await hear({ text, worrying: false, after: asked })

    expect(turn.effects).toContainEqual(expect.objectContaining({ kind: 'queue', urgent: true }))
    expect(turn.effects).toContainEqual(
      expect.objectContaining({
        kind: 'ticket',
        command: expect.objectContaining({ urgent: true, facts: expect.objectContaining({ story: '这个窗户能打开吗' }) }),
      }),
    )
  })

  test.each([fineChoice.text, '没有', '2'])('is let rest when the answer is %s', async (text) => {
    const turn = await hear({ text, worrying: false, after: await hear({}) })

    expect(turn.replies).toEqual([{ text: safety.fine }])
    expect(turn.effects).toEqual([])
  })

  test('is no hindrance: the flow stays where it was, and a bare 「没有」 answers its question', async () => {
    const focus = { skill: 'desk', step: 'open', slots: { question: '有营业执照吗？' } }
    const asked = await hear({ focus })
    const bare = await hear({ text: '没有', worrying: false, after: asked })
    const fine = await hear({ choice: fineChoice.value, worrying: false, after: asked })

    expect(asked.focus).toEqual(focus)
    expect(bare.replies).toEqual([{ text: '答复' }])
    expect(fine.focus).toEqual(focus)
    expect(fine.replies.at(-1)?.text).toContain('有营业执照吗？')
  })

  test('is believed when cause for worry comes again within ten minutes, unless the answer was that there is none', async () => {
    const asked = await hear({ text: '他又喝酒了' })
    const again = await hear({ text: '我躲在厕所', after: asked, atMs: 60_000 })
    const fine = await hear({ choice: fineChoice.value, worrying: false, after: asked })
    const calm = await hear({ text: '我躲在厕所', after: fine, atMs: 60_000 })

    expect(again.effects).toContainEqual(expect.objectContaining({ kind: 'queue', urgent: true }))
    expect(calm.effects).toEqual([])
  })

  test('is asked about once an hour at most', async () => {
    const asked = await hear({})
    const soon = await hear({ after: asked, atMs: hourMs - 1 })
    const later = await hear({ after: asked, atMs: hourMs })

    expect(soon.replies).toEqual([{ text: '答复' }])
    expect(later.replies).toHaveLength(2)
  })
})
