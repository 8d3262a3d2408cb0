import { expect, test } from 'vitest'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import type { Command } from '../../casework/decision.ts'
import type { Actor } from '../../casework/ticket.ts'
import type { Fault } from '../../tools/simfaults.ts'
import { openKfWorld } from '../support/kf.ts'
import { act, person } from '../support/life.ts'
import type { TestOffice } from '../support/office.ts'
import { openSmsWorld } from '../support/sms.ts'
import { openWechatWorld } from '../support/wechat.ts'

type World = {
  readonly office: TestOffice
  readonly say: (text: string, times: number) => Promise<void>
  readonly screen: () => string
  readonly faults: Fault[]
  readonly troubles: readonly string[]
  readonly close: () => Promise<void>
}

const phone = '13835700001'
const worlds: Readonly<Record<string, () => Promise<World>>> = {
  wechat: async () => {
    const { office, wechat, close } = await openWechatWorld()
    const say = (text: string, times: number) => wechat.say('o_citizen', text, { overlapping: times > 1 })
    return { office, say, screen: () => wechat.screen('o_citizen').join('\n---\n'), faults: wechat.faults, troubles: wechat.troubles, close }
  },
  kf: async () => {
    const { office, kf, close } = await openKfWorld()
    const say = (text: string, times: number) => kf.say('wm_citizen', text, { times, overlapping: true })
    return {
      office,
      say,
      screen: () =>
        kf
          .screen('wm_citizen')
          .map((one) => one.text)
          .join('\n---\n'),
      faults: kf.faults,
      troubles: kf.troubles,
      close,
    }
  },
  sms: async () => {
    const { office, sms, close } = await openSmsWorld('aliyun')
    return {
      office,
      say: (text, times) => sms.reply(phone, text, times),
      screen: () => sms.phone(phone).join('\n---\n'),
      faults: sms.faults,
      troubles: sms.troubles,
      close,
    }
  },
}

const fine: Fault[] = []
const broken: Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
]
const by = { clerk: person('王窗口', ['clerk']), chief: person('李科长', ['chief'], 'natural'), lead: person('周组长', ['lead']) }

test.each([
  ['wechat', 'all is well', 1, fine],
  ['wechat', 'every push comes three times at once and every first call fails', 3, broken],
  ['kf', 'all is well', 1, fine],
  ['kf', 'every push comes three times at once and every first call fails', 3, broken],
  ['sms', 'all is well', 1, fine],
  ['sms', 'every push comes three times and every first call fails', 3, broken],
] as const)('the whole main job through %s, from the question to the archive, when %s: nothing is lost, nothing doubled', async (name, _how, times, faults) => {
  const world = await (worlds[name] as () => Promise<World>)()
  const { office } = world
  const work = async (rounds = 6): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      office.sleepTo(new Date(office.now() + 61_000).toISOString())
      await runDeliveries(office.shell)
    }
  }
  const say = async (text: string): Promise<void> => {
    world.faults.splice(0, world.faults.length, ...faults)
    await world.say(text, times)
    await work()
  }
  const rows = <T = object>(text: string) => office.shell.db.read.all<T>(text)
  const go = async (command: Command, actor: Actor = by.clerk): Promise<void> => {
    const [ticket] = await rows<{ id: string }>('SELECT id FROM "Ticket"')
    await act(office, ticket?.id ?? '', new Date(office.now() + 8 * 3_600_000).toISOString().slice(0, 16), command, actor)
  }

  await say('我想开个小吃店，执照在哪儿办？')
  await say('我办不动产证跑了三趟了还是不给办，说缺契税发票')
  await say(`我叫刘芳，电话${phone}`)
  expect(await rows('SELECT id FROM "Ticket"')).toHaveLength(1)

  world.faults.splice(0, world.faults.length, ...faults)
  await go({ type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' })
  await go({ type: 'assign', note: '请核实' })
  await go({ type: 'accept' }, by.chief)
  await go({ type: 'contact', how: '电话', note: '已问清' }, by.chief)
  await go({ type: 'resolve', result: 'done', text: '已补开票据并办结' }, by.chief)
  await go({ type: 'check', approved: true, note: '属实' }, by.lead)
  await go({ type: 'reply', text: '您的证可以领了', basis: '窗口服务协调', contact: '窗口' })
  await work()
  expect(world.screen()).toContain('交给')
  expect(world.screen().split('您的证可以领了').length - 1).toBe(1)

  await office.passTo('2026-06-11T15:00:00+08:00')
  await work()
  await say('1')
  await say('非常满意')
  expect(await rows(`SELECT seq FROM "Journal" WHERE type = 'calledBack'`)).not.toEqual([])
  await go({ type: 'archive', lesson: { cause: '票据遗失', oneOfAKind: false, improvement: '票据可线上补开' } })

  const [ticket] = await rows<{ stage: string }>('SELECT stage FROM "Ticket"')
  expect(ticket?.stage).toBe('archived')
  expect(await rows(`SELECT seq FROM "Message" WHERE author = 'citizen'`)).toHaveLength(5)
  expect(await rows(`SELECT id FROM "Job" WHERE kind IN ('deliver', 'pull') AND state <> 'done' AND state <> 'answered'`)).toEqual([])
  expect(await rows(`SELECT id FROM "Notice" WHERE text LIKE '%没有送达%'`)).toEqual([])
  expect(world.troubles).toEqual([])
  const sentences = world.screen().split('\n---\n')
  expect(new Set(sentences).size).toBe(sentences.length)
  await world.close()
})
