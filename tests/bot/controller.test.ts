import { describe, expect, test } from 'vitest'
import { createController, type Watch } from '../../bot/controller.ts'
import { say } from '../../bot/reply.ts'
import { type Conversation, emptyMemory, type Lookup, type Memory, type Skill, type TurnInput } from '../../bot/turn.ts'
import type { Understanding } from '../../nlp/understanding.ts'
import { seedOffice, workingMorning } from '../support/desk.ts'

const office = seedOffice()

const understood = (text: string, more: Partial<Understanding> = {}): Understanding => ({
  text,
  intents: [{ name: 'chitchat', confidence: 1 }],
  entities: [],
  worrying: false,
  urgency: 'routine',
  flags: [],
  correction: false,
  cancel: false,
  bereaved: false,
  asksWhy: false,
  declines: false,
  ...more,
})

function aTurn(text: string, more: { conversation?: Partial<Conversation>; memory?: Partial<Memory>; understanding?: Partial<Understanding> } = {}): TurnInput {
  const memory = { ...emptyMemory, ...more.memory }
  const conversation: Conversation = { id: 'c1', channel: 'web', personId: 'p1', owner: { kind: 'bot' }, seq: 0, version: 0, ...more.conversation, memory }
  return { conversation, content: { kind: 'text', text }, understanding: understood(text, more.understanding), now: workingMorning, office }
}

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

const aSkill = (name: string, claim: number, respond: Skill['respond'], steps: readonly string[] = []): Skill => ({ name, steps, claim: () => claim, respond })
const echo = aSkill('echo', 0.1, async (input) => say(input, input.understanding.text))
const by = (name: string, claim: number) => aSkill(name, claim, async (input) => say(input, name))

/** A clock that the test advances by hand. */
function handClock(): { watch: Watch; expire: () => void; running: () => number } {
  const waiting = new Set<() => void>()
  return {
    watch: (_, expire) => {
      waiting.add(expire)
      return () => waiting.delete(expire)
    },
    expire: () => {
      for (const each of waiting) each()
    },
    running: () => waiting.size,
  }
}

describe('the outer turn', () => {
  test('the highest claim answers, and the next one when it passes', async () => {
    const controller = createController([by('low', 0.2), aSkill('passes', 0.9, async () => undefined), by('middle', 0.5)])

    const turn = await controller.respond(aTurn('您好'), nothing)

    expect(turn.replies).toEqual([{ text: 'middle' }])
  })

  test('a skill that is certain interrupts the flow that runs', async () => {
    const flow = aSkill('flow', 0.99, async (input) => say(input, 'flow', { focus: { skill: 'flow', step: 'name', slots: {} } }), ['name'])
    const controller = createController([flow, by('help', 1)])

    const turn = await controller.respond(aTurn('救命', { conversation: { focus: { skill: 'flow', step: 'name', slots: {} } } }), nothing)

    expect(turn.replies).toEqual([{ text: 'help' }])
  })

  test('every message passes the ingest, receive and send middleware of a plugin', async () => {
    const passed: string[] = []
    const note = (place: string) => (_bot: unknown, _message: unknown, next: () => void) => {
      passed.push(place)
      next()
    }
    const middlewares = { ingest: [note('ingest')], receive: [note('receive')], send: [note('send')] }
    const controller = createController([echo], { plugins: [{ name: 'witness', middlewares }] })

    await controller.respond(aTurn('一'), nothing)

    expect(passed).toEqual(['ingest', 'receive', 'send'])
  })

  test('a conversation that a member of staff owns gets no word from the bot', async () => {
    const turn = await createController([echo]).respond(aTurn('在吗', { conversation: { owner: { kind: 'staff', staffId: 's1' } } }), nothing)

    expect(turn.replies).toEqual([])
    expect(turn.effects).toEqual([])
  })
})

describe('whatever fails, the citizen hears an apology and a person is called', () => {
  const before = { skill: 'echo', step: 'one', slots: { a: 1 } }
  const apologises = async (turn: Promise<Awaited<ReturnType<ReturnType<typeof createController>['respond']>>>) => {
    const { replies, effects, focus, memory, outcome, fault } = await turn
    expect(replies).toHaveLength(1)
    expect(effects).toMatchObject([{ kind: 'queue' }])
    expect(outcome).toBe('handoff')
    expect(focus).toEqual(before)
    expect(memory.misses).toBe(1)
    expect(fault).toBeInstanceOf(Error)
  }
  const input = (text = '在吗', urgency: Understanding['urgency'] = 'routine') =>
    aTurn(text, { conversation: { focus: before }, memory: { misses: 1 }, understanding: { urgency } })
  const stepped = (respond: Skill['respond']) => aSkill('echo', 0.5, respond, ['one'])

  test('a skill that throws', async () => {
    const throws = stepped(async () => {
      throw new Error('broken')
    })

    await apologises(createController([throws]).respond(input(), nothing))
  })

  test('a claim that throws', async () => {
    const controller = createController([{ ...echo, steps: ['one'], claim: () => JSON.parse('{') }])

    await apologises(controller.respond(input(), nothing))
  })

  test('a skill that takes more than its time, whose late answer is dropped', async () => {
    const clock = handClock()
    let finish: (turn: undefined) => void = () => undefined
    const hangs = stepped(() => new Promise((resolve) => (finish = resolve)))

    const turn = createController([hangs], { watch: clock.watch }).respond(input(), nothing)
    while (clock.running() === 0) await Promise.resolve()
    clock.expire()

    await apologises(turn)
    finish(undefined)
  })

  test('a turn in time stops its watch', async () => {
    const clock = handClock()

    await createController([echo], { watch: clock.watch }).respond(aTurn('一'), nothing)

    expect(clock.running()).toBe(0)
  })

  test('middleware that never calls next', async () => {
    const clock = handClock()
    const stuck = { name: 'stuck', middlewares: { receive: [(_bot: unknown, _message: unknown, _next: unknown) => undefined] } }

    const turn = createController([stepped(async (given) => say(given, 'late'))], { watch: clock.watch, plugins: [stuck] }).respond(input(), nothing)
    while (clock.running() === 0) await Promise.resolve()
    clock.expire()

    await apologises(turn)
  })

  test('middleware that throws after an await', async () => {
    const faulty = {
      name: 'faulty',
      middlewares: {
        ingest: [
          async (_bot: unknown, _message: unknown, _next: unknown) => {
            await Promise.resolve()
            throw new Error('middleware broke')
          },
        ],
      },
    }

    await apologises(createController([stepped(async (given) => say(given, 'x'))], { plugins: [faulty] }).respond(input(), nothing))
  })

  test('a send that fails', async () => {
    const failing = { name: 'wire', middlewares: { send: [(_bot: unknown, _message: unknown, next: (fault: Error) => void) => next(new Error('no wire'))] } }

    await apologises(createController([stepped(async (given) => say(given, 'x'))], { plugins: [failing] }).respond(input(), nothing))
  })

  test('nobody who claims the message', async () => {
    await apologises(createController([aSkill('echo', 0.5, async () => undefined, ['one'])]).respond(input(), nothing))
  })

  test('whoever may be in danger gets 110, 120 and 12356 even then', async () => {
    const throws = stepped(async () => {
      throw new Error('broken')
    })

    const turn = await createController([throws]).respond(input('我不想活了', 'critical'), nothing)

    expect(turn.replies[0]?.text).toMatch(/110.*120.*12356/)
    expect(turn.effects).toMatchObject([{ kind: 'queue', urgent: true }])
  })

  test('and no rejection is left unhandled', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    const clock = handClock()
    let fail: (fault: Error) => void = () => undefined
    const hangs = stepped(() => new Promise((_, reject) => (fail = reject)))

    const turn = createController([hangs], { watch: clock.watch }).respond(input(), nothing)
    while (clock.running() === 0) await Promise.resolve()
    for (let tick = 0; tick < 20; tick++) await Promise.resolve()
    clock.expire()
    await turn
    fail(new Error('late'))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)

    expect(unhandled).toEqual([])
  })
})

describe('between turns nothing is kept', () => {
  test('two hundred turns of different conversations at once do not mix', async () => {
    const slow = aSkill('slow', 0.5, async (input) => {
      for (let tick = 0; tick < Number(input.understanding.text) % 7; tick++) await Promise.resolve()
      return say(input, [{ text: input.understanding.text }, { text: input.conversation.id }])
    })
    const controller = createController([slow])

    const turns = await Promise.all(Array.from({ length: 200 }, (_, at) => controller.respond(aTurn(`${at}`, { conversation: { id: `c${at}` } }), nothing)))

    turns.forEach((turn, at) => {
      expect(turn.replies).toEqual([{ text: `${at}` }, { text: `c${at}` }])
    })
  })

  test('two messages of one conversation at once both get their answer', async () => {
    const controller = createController([echo])

    const turns = await Promise.all(['一', '二'].map((text) => controller.respond(aTurn(text), nothing)))

    expect(turns.map((turn) => turn.replies[0]?.text)).toEqual(['一', '二'])
  })

  test('a step that a newer release no longer knows is no focus, and the facts stay', async () => {
    const seen: (string | undefined)[] = []
    const flow = aSkill(
      'flow',
      0.5,
      async (input) => {
        seen.push(input.conversation.focus?.step)
        return say(input, 'ok')
      },
      ['phone'],
    )
    const controller = createController([flow])
    const facts = { phone: '13800000000' }
    const at = (skill: string, step: string) => aTurn('王芳', { conversation: { focus: { skill, step, slots: {} } }, memory: { facts } })

    const gone = await controller.respond(at('flow', 'renamed'), nothing)
    await controller.respond(at('removed', 'phone'), nothing)
    await controller.respond(at('flow', 'phone'), nothing)

    expect(seen).toEqual([undefined, undefined, 'phone'])
    expect(gone.memory.facts).toEqual(facts)
  })
})

describe('manners of every turn', () => {
  const fixed = (text: string) => aSkill('fixed', 0.5, async (input) => say(input, text))

  test('the same text is said twice in a row at most, then a person takes over', async () => {
    const controller = createController([fixed('我没听懂')])

    const first = await controller.respond(aTurn('啊'), nothing)
    const second = await controller.respond(aTurn('啊', { memory: first.memory }), nothing)
    const third = await controller.respond(aTurn('啊', { memory: second.memory }), nothing)

    expect(second.replies).toEqual([{ text: '我没听懂' }])
    expect(third.replies[0]?.text).not.toBe('我没听懂')
    expect(third.effects).toMatchObject([{ kind: 'queue' }])
  })

  test('a phone or ID number never leaves unmasked', async () => {
    const turn = await createController([fixed('电话13812345678，身份证 11010519491231002X')]).respond(aTurn('核对'), nothing)

    expect(turn.replies[0]?.text).not.toMatch(/13812345678|11010519491231002X/)
    expect(turn.replies[0]?.text).toContain('138****5678')
  })

  test('a choice is understood by its number, its place or its words', async () => {
    const offered = [
      { value: 'guide:a', text: '开店' },
      { value: 'guide:b', text: '搬家' },
      { value: 'none', text: '都不是' },
    ]
    const chosen: string[] = []
    const chooses = aSkill('chooses', 0.5, async (input) => {
      chosen.push(input.content.kind === 'choice' ? input.content.value : input.content.kind)
      return say(input, '好', {})
    })
    const controller = createController([chooses])

    for (const text of ['2', '第二个', '选二', '搬家', '都不是', '二手房']) await controller.respond(aTurn(text, { memory: { offered } }), nothing)

    expect(chosen).toEqual(['guide:b', 'guide:b', 'guide:b', 'guide:b', 'none', 'text'])
  })

  test('while the conversation waits for a person every turn is a handoff', async () => {
    const turn = await createController([echo]).respond(aTurn('还有一句', { conversation: { queuedAt: workingMorning } }), nothing)

    expect(turn.outcome).toBe('handoff')
  })
})
