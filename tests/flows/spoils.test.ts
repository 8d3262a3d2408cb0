import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLine, type Spoil, spoils } from '../../tools/simfaults.ts'
import { openKfWorld } from '../support/kf.ts'
import type { TestOffice } from '../support/office.ts'
import { openSmsWorld } from '../support/sms.ts'
import { openWechatWorld } from '../support/wechat.ts'

type World = {
  readonly office: TestOffice
  readonly say: (who: string, text: string) => Promise<void>
  readonly fetch: () => Promise<void>
  readonly line: { readonly spoils: Spoil[]; readonly troubles: string[] }
  readonly close: () => Promise<void>
}

const worlds: Readonly<Record<string, () => Promise<World>>> = {
  wechat: async () => {
    const { office, wechat, deliver, close } = await openWechatWorld()
    return { office, say: (who, text) => wechat.say(`o_${who}`, text), fetch: deliver, line: wechat, close }
  },
  kf: async () => {
    const { office, kf, work, close } = await openKfWorld()
    return { office, say: (who, text) => kf.say(`wm_${who}`, text), fetch: work, line: kf, close }
  },
  sms: async () => {
    const { office, sms, work, close } = await openSmsWorld('aliyun')
    return { office, say: (who, text) => sms.reply(`1380000${who.padStart(4, '0')}`, text), fetch: work, line: sms, close }
  },
}

/** Text messages carry no time of the platform’s that could be off. */
const befalls = (name: string): readonly Spoil[] => spoils.filter((spoil) => name !== 'sms' || (spoil !== 'stale' && spoil !== 'skewed'))

describe.each(Object.keys(worlds))('a message that is pushed through %s', (name) => {
  let world: World
  let count = 0
  beforeAll(async () => {
    world = await (worlds[name] as () => Promise<World>)()
  })
  afterAll(() => world.close())
  const stored = async (): Promise<number> => (await world.office.shell.db.read.all(`SELECT 1 FROM "Message" WHERE author = 'citizen'`)).length

  test.each(befalls(name).filter((spoil) => spoil !== 'dropped'))(
    'and is %s, together with the next, is stored once each; what strangers send is turned away',
    async (spoil) => {
      const before = await stored()
      const who = String(++count)
      world.line.spoils.push(spoil)
      await world.say(who, '我要反映一件事')
      await world.say(who, '材料我都带了')
      await world.fetch()

      expect(await stored()).toBe(before + 2)
      expect(world.line.troubles).toEqual([])
    },
  )
})

test('whatever an office takes although it should not, or falls over, the simulator notices', async () => {
  const strangers = spoils.slice(0, 5)
  for (const status of [200, 500]) {
    const troubles: string[] = []
    const line = openLine({ now: () => 0, troubles, type: 'text/xml', post: async () => ({ status, body: '' }) })
    line.spoils.push(...strangers)
    for (const _ of strangers)
      await line.deliver(
        ({ at }) => ({ url: String(at), body: '<xml></xml>' }),
        () => undefined,
      )

    for (const spoil of strangers) expect(troubles.filter((trouble) => trouble.startsWith(spoil)).length).toBeGreaterThan(0)
  }
})

test('a vendor that was not heard pushes again after one, five and ten minutes, and then no more', async () => {
  let now = 0
  const tried: number[] = []
  const troubles: string[] = []
  const post = async () => {
    tried.push(now / 60_000)
    return { status: 503, body: '' }
  }
  const line = openLine({ now: () => now, troubles, type: '', retryMs: [60_000, 300_000, 600_000], post })
  const hear = ({ status }: { status: number }): void => {
    if (status !== 200) throw new Error(String(status))
  }
  await line.deliver(() => ({ url: '', body: '' }), hear)
  for (; now < 3_600_000; now += 60_000) await line.tick()

  expect(tried).toEqual([0, 1, 6, 16])
  expect(troubles).toHaveLength(1)
})
