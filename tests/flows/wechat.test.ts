import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ConversationView } from '../../api/contract.ts'
import { createMailbox } from '../../api/mailbox.ts'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { runReceipts } from '../../api/workers/receipts.ts'
import { askSetUps } from '../../api/workers/setups.ts'
import { personIdOf } from '../../prisma/conversations.ts'
import { act, person, withdrawn } from '../support/life.ts'
import { openWechatWorld, type WechatWorld } from '../support/wechat.ts'

let world: WechatWorld
beforeEach(async () => {
  world = await openWechatWorld()
})
afterEach(() => world.close())

const citizen = 'o_liufang'
const number = /\d{4}-\d{8}-\d{4}-\d/
const screen = (): string => world.wechat.screen(citizen).join('\n---\n')

async function registerCase(): Promise<void> {
  await world.wechat.say(citizen, '我办不动产证跑了三趟了还是不给办，说缺契税发票')
  await world.wechat.say(citizen, '我叫刘芳，电话13835700001')
  await world.deliver()
}

/** The person at the desk who has the citizen's conversation. */
async function clerkInConversation() {
  const clerk = await world.office.hire('clerk', ['clerk'])
  const [row] = await world.office.shell.db.read.all<{ id: string }>('SELECT id FROM "Conversation"')
  const path = `/conversations/${row?.id}/commands`
  const must = async (command: object): Promise<void> => {
    const { status } = await clerk.post(path, { commandId: randomUUID(), version: 0, command })
    expect(status).toBe(200)
  }
  await must({ type: 'takeover' })
  return { say: (text: string) => must({ type: 'say', text }) }
}

const deskTasks = async (): Promise<string[]> =>
  (await world.office.shell.db.read.all<{ text: string }>('SELECT text FROM "Notice" WHERE role = \'clerk\' AND "doneAt" IS NULL')).flatMap(({ text }) =>
    text.includes('消息没有送达') ? [text] : [],
  )

describe('the main job through WeChat', () => {
  test('the platform accepts the address', async () => {
    expect(await world.wechat.check()).toBe(true)
  })

  test('a citizen asks, is answered, and has a case with its number, without one counted message', async () => {
    await world.wechat.follow(citizen)
    await world.wechat.say(citizen, '我想开个小吃店，执照在哪儿办？')
    await registerCase()

    expect(world.wechat.troubles).toEqual([])
    expect(screen()).toMatch(number)
    const [ticket] = await world.office.shell.db.read.all<{ channel: string }>('SELECT channel FROM "Ticket"')
    expect(ticket?.channel).toBe('wechat')
  })

  test('a number typed after a list chooses from it', async () => {
    await world.wechat.say(citizen, '办证')
    const offered = /^1\. (.+)$/m.exec(screen())?.[1] ?? 'nothing offered'
    await world.wechat.say(citizen, '1')

    expect(world.wechat.screen(citizen).at(-1)).toContain(offered.slice(0, 4))
  })

  test('an answer that does not fit into the request comes as messages', async () => {
    await world.wechat.say(citizen, '我想开个小吃店，执照在哪儿办？')
    const before = world.wechat.screen(citizen).length
    await world.deliver()

    const sent = world.wechat.screen(citizen).slice(before)
    expect(sent.length).toBeGreaterThan(1)
    expect(sent.join('\n')).toContain('材料')
    expect(world.wechat.troubles).toEqual([])
    expect(await world.jobs('open')).toEqual([])
    expect(await world.jobs('dead')).toEqual([])
  })

  test('what a person says after taking over reaches the citizen once, with the name of who speaks', async () => {
    await registerCase()
    const { say } = await clerkInConversation()
    await say('您好，我是窗口小李，契税存根我们来核对。')
    await world.deliver()
    await world.deliver()

    expect(world.wechat.screen(citizen).filter((text) => text.includes('契税存根我们来核对'))).toEqual(['clerk：您好，我是窗口小李，契税存根我们来核对。'])
  })
})

describe('the menu and the codes', () => {
  test('the menu of the settings is put up at the start, also when the platform is out of order at first', async () => {
    world.wechat.faults.push({ kind: 'status', status: 500 })
    await askSetUps(world.office.shell)
    await world.deliver()
    expect(world.wechat.menu()).toEqual([])
    await world.deliver(61_000)
    expect(world.wechat.menu().map(({ name }) => name)).toEqual(['不知怎么办', '办不了怎么办', '查进度', '扫回执'])

    await world.wechat.press(citizen, world.wechat.menu()[1]?.key ?? '')
    expect(screen()).toContain('哪件事')
    expect(world.wechat.troubles).toEqual([])
  })

  test('the code of a receipt, scanned by the menu, leads to the case once its query code is told', async () => {
    await registerCase()
    const [, code = ''] = /查询码 ?(\d{6})/.exec(screen()) ?? []
    const [of = ''] = number.exec(screen()) ?? []
    await world.wechat.scan('o_sister', `https://window.example.gov.cn/progress?number=${of}`)
    expect(world.wechat.screen('o_sister').at(-1)).not.toContain('不动产证')
    await world.wechat.say('o_sister', code)

    expect(world.wechat.screen('o_sister').at(-1)).toContain('不动产证')
    expect(world.wechat.troubles).toEqual([])
  })

  test('a code on the wall opens its door, for whoever follows with it and for whoever follows already', async () => {
    await world.wechat.follow('o_old')
    await world.wechat.scanScene('o_old', 'door:progress')
    await world.wechat.unfollow('o_new')
    await world.wechat.scanScene('o_new', 'door:progress')

    expect(world.wechat.screen('o_new').at(-1)).toContain('编号')
    expect(world.wechat.screen('o_old').at(-1)).toBe(world.wechat.screen('o_new').at(-1))
  })
})

describe('when the platform has trouble', () => {
  test('a message pushed three times at once is stored once and answered once', async () => {
    await world.wechat.say(citizen, '我办不动产证跑了三趟了还是不给办，说缺契税发票', { overlapping: true })
    await world.wechat.say(citizen, '我叫刘芳，电话13835700001', { overlapping: true })
    await world.deliver()

    const stored = await world.office.shell.db.read.all('SELECT seq FROM "Message" WHERE author = \'citizen\'')
    expect(stored).toHaveLength(2)
    expect(await world.office.shell.db.read.all('SELECT id FROM "Ticket"')).toHaveLength(1)
    expect(world.wechat.screen(citizen)).toHaveLength(2)
    expect(world.wechat.troubles).toEqual([])
  })

  test('500 twice only makes the message later', async () => {
    await registerCase()
    const { say } = await clerkInConversation()
    world.wechat.faults.push({ kind: 'status', status: 500 }, { kind: 'status', status: 500 })
    await say('材料可以补正')
    for (let minute = 0; minute < 5; minute++) await world.deliver(61_000)

    expect(world.wechat.screen(citizen).filter((text) => text.includes('材料可以补正'))).toHaveLength(1)
    expect(await deskTasks()).toEqual([])
  })

  test('an answer that is lost on the way back loses no message', async () => {
    await registerCase()
    const { say } = await clerkInConversation()
    world.wechat.faults.push({ kind: 'lost' })
    await say('材料可以补正')
    for (let minute = 0; minute < 3; minute++) await world.deliver(61_000)

    expect(screen()).toContain('材料可以补正')
    expect(await world.jobs('open')).toEqual([])
  })

  test('a token that ended early is fetched once more, and all that waits uses the new one', async () => {
    await registerCase()
    const { say } = await clerkInConversation()
    await say('第一条')
    await world.deliver()
    world.wechat.endToken()
    await say('第二条')
    await say('第三条')
    await world.deliver()
    await world.deliver()

    expect(screen()).toMatch(/第一条[\s\S]*第二条[\s\S]*第三条/)
    expect(world.wechat.tokensIssued()).toBe(2)
  })

  test('a token is renewed before it runs out', async () => {
    await registerCase()
    const { say } = await clerkInConversation()
    await say('第一条')
    await world.deliver()
    world.pass(2 * 3_600_000)
    await say('第二条')
    await world.deliver()

    expect(screen()).toContain('第二条')
    expect(world.wechat.tokensIssued()).toBe(2)
  })

  test.each([
    ['the sixth message since the citizen wrote', 6, 0],
    ['a message after 48 hours', 1, 49 * 3_600_000],
  ])('%s becomes a task to phone, and is not tried again', async (_name, messages, waitMs) => {
    await registerCase()
    const { say } = await clerkInConversation()
    world.pass(waitMs)
    for (let said = 1; said <= messages; said++) await say(`第${said}条`)
    for (let round = 0; round <= messages; round++) await world.deliver(61_000)

    expect(await world.jobs('dead')).toHaveLength(1)
    expect((await deskTasks()).filter((text) => number.test(text))).toHaveLength(1)
    expect(screen()).not.toContain(`第${messages}条`)
  })

  test('a citizen who takes no more messages is phoned', async () => {
    await registerCase()
    const { say } = await clerkInConversation()
    world.wechat.faults.push({ kind: 'code', code: 43004 })
    await say('您的证可以领了')
    await world.deliver()

    expect(await deskTasks()).toHaveLength(1)
  })

  test('an account that the platform bars loses no message, and the administrator is told once a day', async () => {
    await registerCase()
    const { say } = await clerkInConversation()
    world.wechat.faults.push({ kind: 'code', code: 48001 }, { kind: 'code', code: 48001 })
    await say('第一条')
    await say('第二条')
    for (let round = 0; round < 3; round++) await world.deliver()

    expect(await deskTasks()).toHaveLength(2)
    expect(await world.office.shell.db.read.all(`SELECT id FROM "Notice" WHERE role = 'admin'`)).toHaveLength(1)
  })
})

describe('when the office is too slow for the platform', () => {
  /** As long as it is held, nothing that this citizen says is dealt with. */
  function hold(): () => void {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    void world.office.shell.mailbox.run(personIdOf('wechat', citizen), () => held)
    return release
  }
  const citizens = () => world.office.shell.db.read.all(`SELECT seq FROM "Message" WHERE author = 'citizen'`)
  const asides = () => world.office.shell.db.read.all('SELECT id FROM "Aside"')

  test.each([false, true])(
    'the citizen reads no fault of the account, and the answer comes once, as a message (pushed three times: %s)',
    async (overlapping) => {
      const release = hold()
      await world.wechat.say(citizen, '你好', { overlapping })
      expect(world.wechat.troubles).toEqual([])
      expect(world.wechat.screen(citizen)).toEqual([])

      release()
      await world.office.shell.mailbox.run(personIdOf('wechat', citizen), async () => undefined)
      for (let minute = 0; minute < 3; minute++) await world.deliver(61_000)
      expect(world.wechat.screen(citizen)).toHaveLength(1)
      expect(await citizens()).toHaveLength(1)
      expect(await asides()).toEqual([])
      expect(world.wechat.breaches).toEqual([])
    },
  )

  test('what a process has put aside and never came to is dealt with by another, once', async () => {
    const release = hold()
    await world.wechat.say(citizen, '你好')
    const other = { ...world.office.shell, mailbox: createMailbox() }
    for (let minute = 0; minute < 3; minute++) {
      world.pass(61_000)
      await runDeliveries(other)
    }
    expect(world.wechat.screen(citizen)).toHaveLength(1)

    release()
    await world.office.shell.mailbox.run(personIdOf('wechat', citizen), async () => undefined)
    await world.deliver(61_000)
    expect(world.wechat.screen(citizen)).toHaveLength(1)
    expect(await citizens()).toHaveLength(1)
    expect(await asides()).toEqual([])
  })
})

describe('the messages that the platform counts', () => {
  const quota = async (): Promise<number | undefined> => {
    const [row] = await world.office.shell.db.read.all<{ left: number }>('SELECT "left" FROM "Quota"')
    return row?.left
  }

  test("a person who has taken over reads how many are left, and the citizen's next words open them anew", async () => {
    await registerCase()
    const clerk = await world.office.hire('reader', ['clerk'])
    const [row] = await world.office.shell.db.read.all<{ id: string }>('SELECT id FROM "Conversation"')
    const seen = async () => (await clerk.get<ConversationView>(`/conversations/${row?.id}`)).body.quota?.left
    const { say } = await clerkInConversation()
    await say('请您把存根带来')
    await world.deliver()
    expect(await seen()).toBe(4)
    await world.wechat.say(citizen, '好的')
    expect(await seen()).toBe(5)
    world.pass(49 * 3_600_000)
    expect(await seen()).toBe(0)
  })

  test('a long answer of the bot stops two before the end and goes on when the citizen writes', async () => {
    const guide = '我想开个小吃店，执照在哪儿办？'
    await world.wechat.say(citizen, guide)
    await world.office.shell.db.write((sql) => sql.run('UPDATE "Quota" SET "left" = 3', []))
    const before = world.wechat.screen(citizen).length
    await world.deliver()
    const first = world.wechat.screen(citizen).slice(before)
    expect(first).toHaveLength(1)
    expect(first[0]).toContain('回复任意字')
    expect(await quota()).toBe(2)
    expect(await world.jobs('open')).toHaveLength(1)

    await world.wechat.say(citizen, '好')
    await world.deliver()
    expect(screen()).toContain('材料')
    expect(await world.jobs('open')).toEqual([])
    expect(await world.jobs('dead')).toEqual([])
  })

  test('what the citizen never came back for ends with a person', async () => {
    await world.wechat.say(citizen, '我想开个小吃店，执照在哪儿办？')
    await world.office.shell.db.write((sql) => sql.run('UPDATE "Quota" SET "left" = 2', []))
    await world.deliver()
    expect(await world.jobs('open')).toHaveLength(1)
    await world.deliver(49 * 3_600_000)

    expect(await world.jobs('dead')).toHaveLength(1)
    expect(await deskTasks()).toHaveLength(1)
  })

  test('a press on the menu lets three be sent within a minute', async () => {
    await world.wechat.press(citizen, 'human')
    const { say } = await clerkInConversation()
    for (const text of ['一', '二', '三', '四']) await say(text)
    for (let round = 0; round < 5; round++) await world.deliver(1_000)

    expect(world.wechat.screen(citizen).filter((text) => text.startsWith('clerk：'))).toEqual(['clerk：一', 'clerk：二', 'clerk：三'])
    expect(await world.jobs('dead')).toHaveLength(1)
  })
})

describe('news outside the 48 hours', () => {
  beforeEach(async () => {
    await world.close()
    world = await openWechatWorld('safe', true)
  })
  const assign = async (): Promise<void> => {
    const [ticket] = await world.office.shell.db.read.all<{ id: string }>('SELECT id FROM "Ticket"')
    const by = person('周组长', ['lead', 'clerk'])
    const at = (): string => new Date(world.office.now() + 8 * 3_600_000).toISOString().slice(0, 16)
    const triage = { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' } as const
    await act(world.office, ticket?.id ?? '', at(), triage, by)
    await act(world.office, ticket?.id ?? '', at(), { type: 'assign', note: '请核实' }, by)
  }

  test('go as the subscribed notice, then as the template, each cut to what its fields take, and never twice', async () => {
    await registerCase()
    await world.wechat.consent(citizen, 'subscribe-form')
    world.pass(49 * 3_600_000)
    await assign()
    for (let round = 0; round < 3; round++) await world.deliver()
    expect(world.wechat.screen(citizen).at(-1)).toMatch(number)
    expect(world.wechat.screen(citizen).filter((text) => text.includes('订阅'))).toHaveLength(1)

    await withdrawn(world.office, await ticketId(), isoNow())
    for (let round = 0; round < 3; round++) await world.deliver()
    expect(world.wechat.screen(citizen).filter((text) => text.includes('模板'))).toHaveLength(1)
    expect(await deskTasks()).toEqual([])
  })

  test('are not asked for again in a form that the citizen does not want, until they want it', async () => {
    await registerCase()
    await world.wechat.consent(citizen, 'subscribe-form', false)
    world.pass(49 * 3_600_000)
    await assign()
    for (let round = 0; round < 3; round++) await world.deliver()
    expect(world.wechat.askedFor(citizen, 'subscribe-form')).toBe(0)
    expect(screen()).toContain('模板已交')

    await world.wechat.consent(citizen, 'subscribe-form')
    await withdrawn(world.office, await ticketId(), isoNow())
    for (let round = 0; round < 3; round++) await world.deliver()
    expect(screen()).toContain('订阅已撤回')
    expect(await deskTasks()).toEqual([])
  })

  test('in a form that the platform says is not wanted are asked for once', async () => {
    await registerCase()
    world.pass(49 * 3_600_000)
    await assign()
    for (let round = 0; round < 3; round++) await world.deliver()
    await withdrawn(world.office, await ticketId(), isoNow())
    for (let round = 0; round < 3; round++) await world.deliver()

    expect(world.wechat.askedFor(citizen, 'subscribe-form')).toBe(1)
    expect(world.wechat.screen(citizen).filter((text) => text.includes('模板'))).toHaveLength(2)
  })

  test.each([
    ['and the platform says that it arrived', true, 1, 0],
    ['and the platform says nothing', false, 1, 1],
  ])('whose notice got no answer are not doubled there: %s', async (_how, told, notices, templates) => {
    await registerCase()
    await world.wechat.consent(citizen, 'subscribe-form')
    world.pass(49 * 3_600_000)
    await assign()
    world.wechat.faults.push({ kind: 'lost' })
    await world.deliver()
    if (told) await world.wechat.finishForms(true)
    for (let round = 0; round < 4; round++) {
      await world.deliver(5 * 60_000)
      await runReceipts(world.office.shell)
    }

    expect(world.wechat.screen(citizen).filter((text) => text.includes('订阅'))).toHaveLength(notices)
    expect(world.wechat.screen(citizen).filter((text) => text.includes('模板'))).toHaveLength(templates)
  })

  test('whose notice did not arrive go as the template when the platform says so', async () => {
    await registerCase()
    await world.wechat.consent(citizen, 'subscribe-form')
    world.wechat.block(citizen)
    world.pass(49 * 3_600_000)
    await assign()
    await world.deliver()
    await world.wechat.finishForms(true)
    await world.deliver()
    await world.wechat.finishForms(true)
    for (let round = 0; round < 2; round++) await world.deliver()

    expect(world.wechat.askedFor(citizen, 'subscribe-form')).toBe(1)
    expect(await deskTasks()).toHaveLength(1)
  })

  test('that the citizen has blocked come to the desk when the platform says so, once, though it says so twice', async () => {
    await registerCase()
    world.wechat.block(citizen)
    world.pass(49 * 3_600_000)
    await assign()
    for (let round = 0; round < 2; round++) await world.deliver()
    expect(await deskTasks()).toEqual([])
    await world.wechat.finishForms(true)
    for (let round = 0; round < 2; round++) await world.deliver()

    expect(await deskTasks()).toHaveLength(1)
  })

  const isoNow = (): string => new Date(world.office.now() + 8 * 3_600_000).toISOString().slice(0, 16)
  const ticketId = async (): Promise<string> => (await world.office.shell.db.read.all<{ id: string }>('SELECT id FROM "Ticket"'))[0]?.id ?? ''
})

describe('a citizen who stops following', () => {
  test('is forgotten, and the case stays; what was still to be told comes to the desk', async () => {
    await registerCase()
    const { say } = await clerkInConversation()
    await say('您的证可以领了')
    await world.wechat.unfollow(citizen)
    await world.deliver()

    for (const table of ['Person', 'Conversation', 'Message', 'Quota']) expect(await world.office.shell.db.read.all(`SELECT * FROM "${table}"`)).toEqual([])
    const [ticket] = await world.office.shell.db.read.all<object>('SELECT number, "personId", "conversationId" FROM "Ticket"')
    expect(ticket).toMatchObject({ number: expect.stringMatching(number), personId: null, conversationId: null })
    expect(await deskTasks()).toHaveLength(1)
  })

  test('and comes back begins anew', async () => {
    await registerCase()
    await world.wechat.unfollow(citizen)
    await world.wechat.follow(citizen)
    await world.wechat.say(citizen, '查进度')

    expect(world.wechat.screen(citizen).at(-1)).toContain('编号')
    expect(world.wechat.troubles).toEqual([])
  })
})

describe('the address that the platform pushes to', () => {
  const post = (path: string, body: string | Buffer) =>
    fetch(`${world.office.url}/api/channels/${path}`, { method: 'POST', body: new Uint8Array(Buffer.from(body)) })

  test('turns away what the platform did not sign, and what is too large, and stores nothing', async () => {
    const statuses = [(await post('wechat?signature=0&timestamp=1&nonce=2', '<xml/>')).status, (await post('wechat', Buffer.alloc(1 << 20, 'x'))).status]

    expect(statuses).toEqual([403, 413])
    expect(await world.office.shell.db.read.all('SELECT id FROM "Conversation"')).toEqual([])
  })

  test('does not exist for a channel that is not set up', async () => {
    expect((await post('other', 'x')).status).toBe(404)
  })
})
