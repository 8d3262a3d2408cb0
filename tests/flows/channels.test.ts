import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { runDueJobs } from '../../api/workers/timers.ts'
import { addDays, dateOf, instantOf } from '../../casework/day.ts'
import type { Command } from '../../casework/decision.ts'
import type { Actor } from '../../casework/ticket.ts'
import { type Fault, type Spoil, spoils } from '../../tools/simfaults.ts'
import { kfCodes } from '../../tools/simkf.ts'
import { smsCodes } from '../../tools/simsms.ts'
import { wechatCodes } from '../../tools/simwechat.ts'
import { openKfWorld } from '../support/kf.ts'
import { act, person } from '../support/life.ts'
import type { TestOffice } from '../support/office.ts'
import { openSmsWorld } from '../support/sms.ts'
import { openWechatWorld } from '../support/wechat.ts'

/** One office on one channel; its citizens are numbered. */
type World = {
  readonly office: TestOffice
  readonly say: (who: number, text: string) => Promise<void>
  readonly screen: (who: number) => readonly string[]
  /** the citizen takes no more messages */
  readonly block: (who: number) => Promise<void>
  /** the platform tells what became of the messages, three times and the last first, where it tells that */
  readonly report: () => Promise<void>
  readonly line: { readonly faults: Fault[]; readonly spoils: Spoil[]; readonly troubles: readonly string[]; readonly breaches?: readonly string[] }
  readonly close: () => Promise<void>
}
type Name = 'wechat' | 'kf' | 'sms'

const phoneOf = (who: number): string => `138357${String(who).padStart(5, '0')}`
const worlds: Readonly<Record<Name, () => Promise<World>>> = {
  wechat: async () => {
    const { office, wechat, close } = await openWechatWorld()
    const id = (who: number): string => `o_${who}`
    const [say, screen] = [(who: number, text: string) => wechat.say(id(who), text), (who: number) => wechat.screen(id(who))]
    return { office, say, screen, block: (who) => wechat.unfollow(id(who)), report: async () => undefined, line: wechat, close }
  },
  kf: async () => {
    const { office, kf, close } = await openKfWorld()
    const id = (who: number): string => `wm_${who}`
    const [say, screen] = [(who: number, text: string) => kf.say(id(who), text), (who: number) => kf.screen(id(who)).map((one) => one.text)]
    return { office, say, screen, block: async (who) => kf.block(id(who)), report: () => kf.push({ times: 3 }), line: kf, close }
  },
  sms: async () => {
    const { office, sms, close } = await openSmsWorld('aliyun')
    const [say, screen] = [(who: number, text: string) => sms.reply(phoneOf(who), text), (who: number) => sms.phone(phoneOf(who))]
    return { office, say, screen, block: async (who) => sms.switchOff(phoneOf(who)), report: () => sms.reports(3, true), line: sms, close }
  },
}

/**
 * What goes wrong with every push and every call of a conversation, or with the news of a case alone. `ends`: the news come by the channel; or a person
 * is asked to phone instead; or both, where nobody knows whether they came. `most`: how often one message may stand on the screen.
 */
type Trouble = {
  readonly calls?: readonly Fault[]
  readonly spoil?: Spoil
  readonly blocks?: true
  readonly ends: 'told' | 'phoned' | 'both'
  readonly most?: number
}

/** Of calls that hang, the office's patience ends as soon as they hang. */
const patience = new Set<AbortController>()
const giveUp = (): void => {
  for (const waiting of patience) waiting.abort(new DOMException('hangs', 'TimeoutError'))
  patience.clear()
}
const passing = new Set(['busy', 'perMinute'])
const codes = { wechat: wechatCodes, kf: kfCodes, sms: smsCodes.aliyun } as const
/** Text messages carry no time and no token; what no platform pushes again, and none keeps, nobody can know of. */
const befalls = (name: Name): readonly Spoil[] => spoils.filter((spoil) => spoil !== 'dropped' && (name !== 'sms' || (spoil !== 'stale' && spoil !== 'skewed')))

function troublesOf(name: Name): readonly (readonly [string, Trouble])[] {
  // WeChat has no key for messages: of the two ways to err, the same one twice is the lesser.
  const lost: Trouble = { calls: [{ kind: 'lost' }], ...{ wechat: { ends: 'both', most: 2 }, kf: { ends: 'told' }, sms: { ends: 'both' } }[name] } as Trouble
  return [
    ['all is well', { ends: 'told' }],
    [
      'the platform answers 500 and 503',
      {
        calls: [
          { kind: 'status', status: 500 },
          { kind: 'status', status: 503 },
        ],
        ends: 'told',
      },
    ],
    // What WeChat may have taken is counted as taken: the last of the news finds no message left.
    ['the platform never answers', { calls: [{ kind: 'hang', hung: giveUp }], ends: name === 'wechat' ? 'both' : 'told' }],
    ['answers are lost on the way back', lost],
    ...(name === 'sms' ? [] : [['the token has ended', { calls: [{ kind: 'token' }], ends: 'told' }] as const]),
    ...Object.entries(codes[name]).map(
      ([word, code]) => [`the platform says ${word} (${code})`, { calls: [{ kind: 'code', code }], ends: passing.has(word) ? 'told' : 'phoned' }] as const,
    ),
    ['the citizen takes no more messages', { blocks: true, ends: 'phoned' }],
    ...befalls(name).map((spoil) => [`pushes are ${spoil}`, { spoil, ends: 'told' }] as const),
  ]
}

const by = {
  clerk: person('王窗口', ['clerk']),
  chief: person('李科长', ['chief'], 'natural'),
  lead: person('周组长', ['lead']),
  supervisor: person('赵督办', ['supervisor']),
}
/** What the citizen must hear of a case: that it was given to a unit, the reply, and the question whether that helped. */
const news = [/交给/, /您的证可以领了/, /办成了吗/]
const answered = { type: 'callback', outcome: 'answered', answer: { solved: 'yes', rating: 5 } } as const

beforeAll(() => {
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const waiting = new AbortController()
    patience.add(waiting)
    return waiting.signal
  })
})
afterAll(() => vi.restoreAllMocks())

describe.each(['wechat', 'kf', 'sms'] as const)('the whole main job through %s, from the question to the archive', (name) => {
  let world: World
  let who = 0
  beforeAll(async () => {
    world = await worlds[name]()
  })
  afterEach(() => {
    world.line.faults.length = 0
    world.line.spoils.length = 0
    patience.clear()
  })
  afterAll(() => world.close())

  const rows = <T = object>(text: string) => world.office.shell.db.read.all<T>(text)
  const work = async (): Promise<void> => {
    for (let round = 0; round < 6; round++) {
      world.office.sleepTo(new Date(world.office.now() + 61_000).toISOString())
      await runDeliveries(world.office.shell)
      if ((await rows(`SELECT id FROM "Job" WHERE kind IN ('deliver', 'pull', 'session') AND state = 'open'`)).length === 0) return
    }
  }
  const ticketIds = async (): Promise<string[]> => (await rows<{ id: string }>('SELECT id FROM "Ticket"')).map(({ id }) => id)
  const said = async (): Promise<number> => (await rows(`SELECT seq FROM "Message" WHERE author = 'citizen'`)).length
  /** A week between two citizens: three complaints of one kind within a week are a matter of their own. */
  const nextWeek = (): void => {
    const { calendar } = world.office.shell.knowledge.current().office
    let day = addDays(dateOf(world.office.now()), who === 1 ? 0 : 6)
    while (!calendar.isWorkingDay(day) || !calendar.isWorkingDay(addDays(day, 1))) day = addDays(day, 1)
    world.office.sleepTo(new Date(instantOf(day, '10:00')).toISOString())
  }

  test.each(troublesOf(name))('when %s: nothing is lost, nothing doubled, and what does not arrive is a task to phone', async (_what, trouble) => {
    who++
    nextWeek()
    const [known, before] = [await ticketIds(), await said()]
    const befall = (): void => {
      world.line.faults.splice(0, world.line.faults.length, ...(trouble.calls ?? []))
      world.line.spoils.splice(0, world.line.spoils.length, ...(trouble.spoil ? [trouble.spoil] : []))
    }
    let lines = 0
    const say = async (text: string): Promise<void> => {
      if (trouble.ends !== 'phoned') befall()
      // The last words have none behind them: out of order they would never come.
      if (trouble.spoil === 'reordered' && lines > 0) world.line.spoils.length = 0
      lines++
      await world.say(who, text)
      await work()
    }
    const tell = async (...commands: readonly (readonly [Command, Actor])[]): Promise<void> => {
      befall()
      for (const [command, actor] of commands) {
        await act(world.office, id ?? '', new Date(world.office.now() + 8 * 3_600_000).toISOString().slice(0, 16), command, actor)
      }
      await work()
      world.line.faults.length = 0
      await world.report()
      await work()
    }

    await say('我想开个小吃店，执照在哪儿办？')
    await say('我办不动产证跑了三趟了还是不给办，说缺契税发票')
    await say(`我叫刘芳，电话${phoneOf(who)}`)
    const [id, ...more] = (await ticketIds()).filter((one) => !known.includes(one))
    expect([id === undefined, more]).toEqual([false, []])
    expect(await said()).toBe(before + lines)

    if (trouble.blocks) await world.block(who)
    await tell(
      [{ type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' }, by.clerk],
      [{ type: 'assign', note: '请核实' }, by.clerk],
    )
    await tell(
      [{ type: 'accept' }, by.chief],
      [{ type: 'contact', how: '电话', note: '已问清' }, by.chief],
      [{ type: 'resolve', result: 'done', text: '已补开票据并办结' }, by.chief],
      [{ type: 'check', approved: true, note: '属实' }, by.lead],
      [{ type: 'reply', text: '您的证可以领了', basis: '窗口服务协调', contact: '窗口' }, by.clerk],
    )
    world.office.sleepTo(new Date(instantOf(addDays(dateOf(world.office.now()), 1), '15:00')).toISOString())
    await runDueJobs(world.office.shell)
    await tell()
    const hears = news.filter((one) => world.screen(who).some((text) => one.test(text)))
    const tasks = await rows<{ text: string }>(
      `SELECT text FROM "Notice" WHERE role = 'clerk' AND "ticketId" = '${id}' AND (text LIKE '%没有送达%' OR text LIKE '%致电告知%' OR text LIKE '%电话回访%')`,
    )
    if (trouble.ends === 'phoned') await tell([answered, by.supervisor])
    else {
      await say('1')
      await say('非常满意')
    }
    expect(await rows(`SELECT seq FROM "Journal" WHERE type = 'calledBack' AND "ticketId" = '${id}'`)).not.toEqual([])
    await tell([{ type: 'archive', lesson: { cause: '票据遗失', oneOfAKind: false, improvement: '票据可线上补开' } }, by.clerk])

    expect(await rows(`SELECT stage FROM "Ticket" WHERE id = '${id}'`)).toEqual([{ stage: 'archived' }])
    expect(hears.length + (trouble.ends === 'told' ? 0 : tasks.length)).toBeGreaterThanOrEqual(news.length)
    if (trouble.ends === 'told') expect(tasks).toEqual([])
    const times = new Map<string, number>()
    for (const text of world.screen(who)) times.set(text, (times.get(text) ?? 0) + 1)
    expect(Math.max(0, ...times.values())).toBeLessThanOrEqual(trouble.most ?? 1)
    expect(await rows(`SELECT * FROM "Job" WHERE kind IN ('deliver', 'pull', 'session') AND state NOT IN ('done', 'answered', 'dead')`)).toEqual([])
    expect(
      await rows(
        `SELECT "uniqueKey" FROM "Job" j WHERE state = 'dead' AND NOT EXISTS (SELECT 1 FROM "Notice" n WHERE n."uniqueKey" LIKE '%' || j."uniqueKey" || ':desk')`,
      ),
    ).toEqual([])
    expect([world.line.troubles, world.line.breaches ?? []]).toEqual([[], []])
  })
})
