import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeIn } from '../../api/arrivals.ts'
import type { ConversationView } from '../../api/contract.ts'
import { createDesk } from '../../api/desk.ts'
import { lookAgain } from '../../api/workers/pulls.ts'
import { type KfWorld, openKfWorld } from '../support/kf.ts'

let world: KfWorld
beforeEach(async () => {
  world = await openKfWorld()
})
afterEach(() => world.close())

const citizen = 'wmLiuFang'
const number = /\d{4}-\d{8}-\d{4}-\d/
const texts = (): string[] => world.kf.screen(citizen).map((shown) => shown.text)
const screen = (): string => texts().join('\n---\n')

async function registerCase(): Promise<void> {
  await world.kf.say(citizen, '我办不动产证跑了三趟了还是不给办，说缺契税发票')
  await world.work()
  await world.kf.say(citizen, '我叫刘芳，电话13835700001')
  await world.work()
}

async function inConversation(name: string, takes = true) {
  const clerk = await world.office.hire(name, ['clerk'])
  const [row] = await world.office.shell.db.read.all<{ id: string }>('SELECT id FROM "Conversation"')
  const post = async (command: object): Promise<number> =>
    (await clerk.post(`/conversations/${row?.id}/commands`, { commandId: randomUUID(), version: 0, command })).status
  const takeOver = () => post({ type: 'takeover' })
  if (takes) expect(await takeOver()).toBe(200)
  await world.work()
  return {
    see: async () => (await clerk.get<ConversationView>(`/conversations/${row?.id}`)).body,
    say: (text: string) => post({ type: 'say', text }),
    takeOver,
    handBack: () => post({ type: 'handback' }),
  }
}

const untold = (): Promise<number> => world.count('Notice', `role = 'clerk' AND text LIKE '%没有送达%'`)

describe('the main job through 微信客服', () => {
  test('the platform accepts the address, greets once with its code, and the case has its number', async () => {
    expect(await world.kf.check()).toBe(true)
    await world.kf.enter(citizen)
    await world.work()
    expect(world.kf.screen(citizen)[0]?.menu.map((item) => item.content)).toContain('查进度')

    await registerCase()
    expect(screen()).toMatch(number)
    expect(await world.count('Ticket', `channel = 'kf'`)).toBe(1)
    expect(world.kf.troubles).toEqual([])
  })

  test('what is offered can be tapped', async () => {
    await world.kf.enter(citizen)
    await world.work()
    await world.kf.tap(citizen, '转人工')
    await world.work()

    expect(await world.count('Conversation', '"queuedAt" IS NOT NULL')).toBe(1)
  })

  test('a greeting that came too late is left out and is nobody’s task', async () => {
    await world.kf.enter(citizen)
    await world.work(21_000)

    expect(texts()).toEqual([])
    expect(await untold()).toBe(0)
  })

  test('pages, empty ones among them, are read to their end and nothing is read twice', async () => {
    world.kf.pages(1, 2)
    for (let said = 0; said < 5; said++) await world.kf.say(citizen, `我要反映第${said}件事`)
    await world.work()

    expect(await world.count('Message', `author = 'citizen'`)).toBe(5)
    await world.kf.push()
    await world.work()
    expect(await world.count('Message', `author = 'citizen'`)).toBe(5)
  })

  test('the place up to which the platform was read and the last message read there are stored together or not at all', async () => {
    const { shell } = world.office
    const message = (externalId: string) =>
      ({ externalId, sender: { channel: 'kf', id: `wk/${citizen}` }, content: { kind: 'text', text: '您好' }, sentAt: 0 }) as const
    const powerCut = () => Promise.reject(new Error('power cut'))
    await expect(takeIn(shell, createDesk(shell), { messages: [message('a'), message('b')] }, 'kf', powerCut)).rejects.toThrow('power cut')
    expect(await world.count('Message', "\"externalId\" IN ('a', 'b')")).toBe(1)

    await world.kf.say(citizen, '我要反映一件事')
    await world.work()
    expect(await shell.db.read.all('SELECT value FROM "Cursor"')).toEqual([{ value: 'c1' }])
  })

  test('what was never pushed is read all the same, for the platform is asked every few minutes', async () => {
    await world.kf.say(citizen, '您好')
    await world.work()
    world.kf.losePushes(1)
    await world.kf.say(citizen, '我要反映一件事')
    expect(await lookAgain(world.office.shell)).toBe(1)
    expect(await lookAgain(world.office.shell)).toBe(0)
    await world.work()

    expect(await world.count('Message', `author = 'citizen'`)).toBe(2)
  })

  test('two pushes under one token are both read', async () => {
    world.kf.keepToken()
    await world.kf.say(citizen, '您好')
    await world.work()
    await world.kf.say(citizen, '我要反映一件事')
    await world.work()

    expect(await world.count('Message', `author = 'citizen'`)).toBe(2)
  })

  test('a cursor that the platform does not know any more is given up: nothing is unread, nothing doubled, and the administrator is told', async () => {
    await registerCase()
    await inConversation('mapped')
    await world.kf.agentEnds(citizen)
    await world.work()
    await world.office.shell.db.write((sql) => sql.run('UPDATE "Cursor" SET value = ?', ['cGone']))
    await world.kf.say(citizen, '还有一件事')
    await world.work()
    await world.work()

    expect(await world.count('Message', `author = 'citizen' AND "externalId" IS NOT NULL`)).toBe(4)
    expect(await world.count('Ticket')).toBe(1)
    expect(await world.count('Conversation', '"ownerId" IS NULL')).toBe(1)
    expect(await world.count('Notice', `role = 'admin' AND text LIKE '%重新读起%'`)).toBe(1)
  })

  test('a push whose token has run out is read all the same', async () => {
    await world.kf.say(citizen, '我要反映一件事')
    await world.work(11 * 60_000)

    expect(await world.count('Message', `author = 'citizen'`)).toBe(1)
  })
})

describe('when a person takes over', () => {
  test('who has no user id at the platform answers from the console', async () => {
    await registerCase()
    const { say } = await inConversation('clerk')
    expect([0, 1]).toContain(world.kf.state(citizen))
    await say('我是窗口小李')
    await world.work()

    expect(texts().filter((text) => text.includes('我是窗口小李'))).toHaveLength(1)
  })

  test('who has one gets the session, the bot is silent, and what is said there stands in the conversation', async () => {
    await registerCase()
    await inConversation('mapped')
    expect(world.kf.state(citizen)).toBe(3)
    const before = texts().length
    await world.kf.say(citizen, '什么时候能办好')
    await world.work()
    expect(texts()).toHaveLength(before)

    await world.kf.agentSays(citizen, '明天就能办')
    await world.work()
    expect(await world.count('Message', `author = 'staff'`)).toBe(1)
    expect(texts().filter((text) => text === '明天就能办')).toHaveLength(1)
  })

  test('who has one is told in the console to answer there, and nothing that could not arrive is taken', async () => {
    await registerCase()
    const { say, see } = await inConversation('mapped')
    expect((await see()).elsewhere).toBe(true)
    expect(await say('我是窗口小李')).toBe(422)
    await world.work()

    expect(screen()).not.toContain('我是窗口小李')
    expect(await untold()).toBe(0)
    expect((await (await inConversation('other', false)).see()).elsewhere).toBeUndefined()
  })

  test('who has one answers from the console until the platform lets them take the session', async () => {
    await registerCase()
    const [id = ''] = world.servicers.splice(0)
    const { say, see } = await inConversation('mapped')
    expect((await see()).elsewhere).toBeUndefined()
    expect(await say('我是窗口小李')).toBe(200)
    await world.work()
    expect(texts().filter((text) => text.includes('我是窗口小李'))).toHaveLength(1)

    world.servicers.push(id)
    await world.work(3_600_000)
    expect(world.kf.state(citizen)).toBe(3)
    expect((await see()).elsewhere).toBe(true)
    expect(await say('在这里说')).toBe(422)
  })

  test('the end of the session asks whether it helped, and the next words find the bot', async () => {
    await registerCase()
    await inConversation('mapped')
    await world.kf.agentEnds(citizen)
    await world.work()
    expect(
      world.kf
        .screen(citizen)
        .at(-1)
        ?.menu.map((item) => item.content),
    ).toContain('解决了')

    await world.kf.tap(citizen, '解决了')
    await world.work()
    expect(await world.count('Conversation', '"ownerId" IS NULL')).toBe(1)
    expect(world.kf.state(citizen)).toBe(0)
    expect(await untold()).toBe(0)
  })

  test('who takes over after a session has ended answers from the console, until the citizen’s next words begin another', async () => {
    await registerCase()
    const { handBack, takeOver, say, see } = await inConversation('mapped')
    expect(await handBack()).toBe(200)
    await world.work()
    world.pass(2_000)
    expect(await takeOver()).toBe(200)
    await world.work()
    expect(world.kf.state(citizen)).toBe(4)
    expect((await see()).elsewhere).toBeUndefined()
    expect(await say('还有什么要办的吗')).toBe(200)

    await world.kf.say(citizen, '还差一张发票')
    await world.work(3_600_000)
    expect(world.kf.state(citizen)).toBe(3)
    expect((await see()).elsewhere).toBe(true)
  })

  test('handing back ends the session at the platform', async () => {
    await registerCase()
    const { handBack } = await inConversation('mapped')
    expect(await handBack()).toBe(200)
    await world.work()

    expect(world.kf.state(citizen)).toBe(4)
  })
})

describe('when the platform has trouble', () => {
  test.each([
    ['a push three times at once', async () => world.kf.push({ times: 3, overlapping: true })],
    ['500 twice', async () => void world.kf.faults.push({ kind: 'status', status: 500 }, { kind: 'status', status: 500 })],
    ['a busy platform', async () => void world.kf.faults.push({ kind: 'code', code: -1 })],
    ['a token that ended early', async () => world.kf.endToken()],
    ['an answer that is lost', async () => void world.kf.faults.push({ kind: 'lost' })],
  ])('%s loses nothing and doubles nothing', async (_name, trouble) => {
    await world.kf.say(citizen, '您好')
    await world.work()
    await world.kf.say(citizen, '我办不动产证跑了三趟了还是不给办，说缺契税发票')
    await trouble()
    for (let minute = 0; minute < 5; minute++) await world.work(61_000)
    await world.kf.say(citizen, '我叫刘芳，电话13835700001')
    await trouble()
    for (let minute = 0; minute < 5; minute++) await world.work(61_000)

    expect(await world.count('Ticket')).toBe(1)
    expect(await world.count('Message', `author = 'citizen'`)).toBe(3)
    expect(texts().filter((text) => number.test(text))).toHaveLength(1)
    expect(await world.count('Job', `kind IN ('deliver', 'pull') AND state <> 'done'`)).toBe(0)
    expect(world.kf.troubles).toEqual([])
  })

  test('the sixth message and one after 48 hours are for the phone', async () => {
    await registerCase()
    const { say } = await inConversation('clerk')
    await world.kf.say(citizen, '好')
    await world.work()
    for (let said = 1; said <= 6; said++) await say(`第${said}条`)
    for (let round = 0; round < 7; round++) await world.work()
    expect(screen()).toContain('第5条')
    expect(screen()).not.toContain('第6条')
    world.pass(49 * 3_600_000)
    await say('晚了')
    await world.work()

    expect(await untold()).toBe(2)
  })

  test('a message whose answer was lost and which was then refused is for the phone, although its retry is taken', async () => {
    await registerCase()
    const { say } = await inConversation('clerk')
    world.kf.block(citizen)
    world.kf.faults.push({ kind: 'lost' })
    await say('请您来一趟')
    await world.work()
    await world.kf.push()
    await world.work()
    for (let round = 0; round < 3; round++) await world.work(61_000)

    expect(screen()).not.toContain('请您来一趟')
    expect(await untold()).toBe(1)
  })

  test('a message that was taken and then not delivered is for the phone, once', async () => {
    await registerCase()
    const { say } = await inConversation('clerk')
    world.kf.block(citizen)
    await say('请您来一趟')
    await world.work()
    await world.kf.push({ times: 2 })
    for (let round = 0; round < 3; round++) await world.work()

    expect(await untold()).toBe(1)
  })
})
