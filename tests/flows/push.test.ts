import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HandlesView } from '../../api/contract.ts'
import { openStreams } from '../../api/stream.ts'
import { ticketNumber } from '../../casework/number.ts'
import type { Level } from '../../casework/ticket.ts'
import { act, person } from '../support/life.ts'
import { openPushWorld, type PushWorld, until } from '../support/push.ts'
import type { StaffClient } from '../support/staff.ts'

let world: PushWorld
beforeEach(async () => {
  world = await openPushWorld()
  await until(() => world.dingtalk.connections() === 1)
})
afterEach(() => world.close())

const number = ticketNumber({ code: '1410', on: '2026-06-10', serial: 1 })
const clerk = person('王窗口', ['clerk'])
const at = (): string => new Date(world.office.now() + 8 * 3_600_000).toISOString().slice(0, 16)
const go = (command: Parameters<typeof act>[3], by = clerk) => act(world.office, 'case', at(), command, by)
const secret = { name: '刘芳', phone: '13835700001', matter: '不动产证', story: '缺部分票据，不给办' }

async function assigned(level: Level = 2, urgent = false): Promise<void> {
  const facts = { ...secret, told: '不能办', written: false, visits: 3 }
  const proposal = { demandClass: 'bottleneck', cause: '材料缺失', level, departments: ['natural'], flags: [], reasons: [] } as const
  await go({ type: 'register', id: 'case', number, channel: 'counter', demand: 'cannot', urgent, facts, proposal })
  await go({ type: 'triage', demandClass: 'bottleneck', level, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' })
  await go({ type: 'assign', note: '请核实' })
}

async function bind(staff: StaffClient, platform: 'dingtalk' | 'wecom', user: string): Promise<void> {
  const { code } = (await staff.post<{ code: string }>('/handles/code')).body
  await world[platform].say(user, `绑定 ${code}`)
  await until(async () => (await world.rows(`SELECT 1 FROM "StaffHandle" WHERE platform = '${platform}' AND "externalId" = '${user}'`)).length === 1)
  await world.work()
}
const chief = () => world.office.hire('李科长', ['chief'], 'natural')
const stage = async (): Promise<string | undefined> => (await world.rows<{ stage: string }>('SELECT stage FROM "Ticket"'))[0]?.stage
const desk = async (): Promise<string[]> =>
  (await world.rows<{ text: string }>(`SELECT text FROM "Notice" WHERE text LIKE '%没有送达%'`)).map((one) => one.text)

describe.each(['dingtalk', 'wecom'] as const)('a section chief who has bound %s', (platform) => {
  const screen = (user = 'u_chief'): string[] => (platform === 'wecom' ? world.wecom.screen(user).map((one) => one.text) : [...world.dingtalk.screen(user)])
  const signed = () => until(async () => (await stage()) === 'accepted')

  test('is told of a new case by number, stage and time alone, and signs with one tap, though the tap comes three times', async () => {
    const staff = await chief()
    await bind(staff, platform, 'u_chief')
    await assigned()
    await world.work()
    const [, call = ''] = screen()
    expect(call).toContain(number)
    expect(call).toContain('新交办')
    expect(call).toContain('时限')
    for (const word of Object.values(secret)) expect(call).not.toContain(word)

    await world[platform].tap('u_chief', 3)
    await signed()
    await world.work()
    const lines = await world.rows(`SELECT "byId" FROM "Journal" WHERE type = 'accepted'`)
    expect(lines).toEqual([{ byId: '李科长' }])
    expect(await world.rows(`SELECT id FROM "Notice" WHERE unit = 'natural' AND "doneAt" IS NULL`)).toEqual([])
    const answers = platform === 'wecom' ? world.wecom.screen('u_chief').map((one) => one.button) : screen().filter((text) => text.includes('已签收'))
    expect(answers.filter((text) => text?.includes('已签收'))).toHaveLength(1)
    expect(world[platform].troubles).toEqual([])
  })

  test('is called to the desk for a case of level 1, at night too', async () => {
    await bind(await chief(), platform, 'u_chief')
    world.office.sleepTo('2026-06-10T23:00:00+08:00')
    await assigned(1)
    await world.work()
    expect(screen().filter((text) => text.includes('科长报到'))).toHaveLength(1)
    expect(screen()).toHaveLength(2)
  })

  test('is left in peace at night by what can wait, and told in the morning, once', async () => {
    await bind(await chief(), platform, 'u_chief')
    world.office.sleepTo('2026-06-10T23:00:00+08:00')
    await assigned()
    await world.work()
    expect(screen()).toHaveLength(1)
    world.office.sleepTo('2026-06-11T10:00:00+08:00')
    for (let round = 0; round < 3; round++) await world.work()
    expect(screen().filter((text) => text.includes('新交办'))).toHaveLength(1)
  })

  test('is told once though the platform fails, and a token that ended is fetched once more', async () => {
    await bind(await chief(), platform, 'u_chief')
    await assigned()
    world[platform].endToken()
    world[platform].faults.push({ kind: 'status', status: 500 }, { kind: 'status', status: 503 })
    for (let round = 0; round < 4; round++) await world.work(300_000)
    expect(screen().filter((text) => text.includes('新交办'))).toHaveLength(1)
    expect(world[platform].tokensIssued()).toBe(2)
    expect(await desk()).toEqual([])
  })

  test('and has left the company is phoned: the task stands at the desk', async () => {
    await bind(await chief(), platform, 'u_chief')
    world[platform].leave('u_chief')
    await assigned()
    for (let round = 0; round < 3; round++) await world.work()
    expect(await desk()).toEqual([expect.stringMatching(new RegExp(`${number}.*李科长.*电话`))])
  })
})

describe('who may sign', () => {
  test('is whom the platform names: a stranger, and one of another unit, cannot', async () => {
    await bind(await world.office.hire('孙联络', ['liaison'], 'tax'), 'wecom', 'u_clerk')
    await assigned()
    await world.wecom.say('u_stranger', `签收 ${number}`)
    await world.wecom.say('u_clerk', `签收 ${number}`)
    await world.work()
    expect(await stage()).toBe('assigned')
    expect(world.wecom.screen('u_stranger').at(-1)?.text).toContain('还没有绑定')
    expect(world.wecom.screen('u_clerk').at(-1)?.text).toContain('没有签收')
  })

  test('is nobody with a code that is wrong, used or ten minutes old', async () => {
    const staff = await chief()
    const { code } = (await staff.post<{ code: string }>('/handles/code')).body
    world.office.sleepTo(new Date(world.office.now() + 601_000).toISOString())
    await world.wecom.say('u_stranger', `绑定 ${code}`)
    await world.wecom.say('u_stranger', '绑定 00000000')
    expect(await world.rows('SELECT 1 FROM "StaffHandle"')).toEqual([])
    await bind(staff, 'wecom', 'u_chief')
    expect((await staff.get<HandlesView>('/handles')).body.platforms).toContainEqual({ name: 'wecom', hears: true, bound: true })
    expect((await staff.post('/handles/wecom/drop')).status).toBe(204)
    await assigned()
    await world.work()
    expect(world.wecom.screen('u_chief')).toHaveLength(1)
  })

  test('and who leads the task force notes the whistle with a tap, without accepting for the unit', async () => {
    await bind(await world.office.hire('周组长', ['lead']), 'dingtalk', 'u_lead')
    await assigned(2)
    await world.work()
    expect(world.dingtalk.screen('u_lead').at(-1)).toContain('吹哨')
    await world.dingtalk.tap('u_lead')
    await until(async () => (await world.rows(`SELECT 1 FROM "Notice" WHERE role = 'lead' AND "doneBy" = '周组长'`)).length === 1)
    expect(await stage()).toBe('assigned')
  })
})

describe('the group', () => {
  test('hears numbers only, at most 20 a minute, the rest a minute later, and nothing of confidential cases nor of the discipline office’s', async () => {
    const facts = { ...secret, told: '不能办', written: false, visits: 3 }
    const proposal = { demandClass: 'bottleneck', cause: '材料缺失', level: 3, departments: ['natural'], flags: [], reasons: [] } as const
    for (let index = 0; index < 25; index++) {
      const id = `case${index}`
      const confidential = index === 0
      const run = (command: Parameters<typeof act>[3]) => act(world.office, id, at(), command, clerk)
      await run({ type: 'register', id, number: `n${index}`, channel: 'counter', demand: 'cannot', urgent: false, facts: { ...facts, confidential }, proposal })
      await run({
        type: 'triage',
        demandClass: 'bottleneck',
        level: 3,
        cause: index === 1 ? '吃拿卡要' : '材料缺失',
        lead: 'tax',
        supporting: [],
        reason: '缺票据',
      })
      await run({ type: 'assign', note: '请核实' })
    }
    for (let round = 0; round < 5; round++) await world.work(1_000)
    expect(world.dingtalk.group()).toHaveLength(20)
    for (let round = 0; round < 3; round++) await world.work(61_000)
    expect(world.dingtalk.group()).toHaveLength(23)
    expect(world.dingtalk.group().join()).not.toMatch(/刘芳|13835700001|不动产证|n0\b|n1\b/)
    expect(world.dingtalk.troubles).toEqual([])
  })
})

describe('the connection to DingTalk', () => {
  test('is opened anew with a new ticket when it is cut or asked to leave, and what was not answered comes again and counts once', async () => {
    const staff = await chief()
    const { code } = (await staff.post<{ code: string }>('/handles/code')).body
    world.dingtalk.ping()
    await until(() => world.dingtalk.unanswered() === 0)
    world.dingtalk.cut()
    await world.dingtalk.say('u_chief', `绑定 ${code}`)
    await until(() => world.dingtalk.opened() === 2)
    await until(() => world.dingtalk.unanswered() === 0)
    await world.work()
    expect(await world.rows(`SELECT "staffId" FROM "StaffHandle"`)).toEqual([{ staffId: '李科长' }])
    expect(world.dingtalk.screen('u_chief')).toHaveLength(1)

    world.dingtalk.disconnect()
    await until(() => world.dingtalk.opened() === 3)
    expect(world.office.shell.ticks.get('stream dingtalk')?.failedAt).toBeUndefined()
  })

  test('takes no code that was said in a group, where others read it', async () => {
    const { code } = (await (await chief()).post<{ code: string }>('/handles/code')).body
    await world.dingtalk.say('u_chief', `绑定 ${code}`, { conversationType: '2' })
    await until(() => world.dingtalk.unanswered() === 0)
    expect(await world.rows('SELECT 1 FROM "StaffHandle"')).toEqual([])
  })

  test('of two processes takes the same words once', async () => {
    const second = openStreams(world.office.shell)
    await until(() => world.dingtalk.connections() === 2)
    await bind(await chief(), 'dingtalk', 'u_chief')
    await assigned()
    await world.work()
    await world.dingtalk.tap('u_chief', 3)
    await until(async () => (await stage()) === 'accepted')
    await until(() => world.dingtalk.unanswered() === 0)
    await world.work()
    expect(world.dingtalk.screen('u_chief').filter((text) => text.includes('已签收'))).toHaveLength(1)
    second.close()
  })
})

test('the address of the WeCom app proves itself, and turns away what the platform did not sign', async () => {
  expect(await world.wecom.check()).toBe(true)
  const forged = await fetch(`${world.office.url}/api/channels/wecom?msg_signature=0&timestamp=1&nonce=2`, {
    method: 'POST',
    body: '<xml><Encrypt>x</Encrypt></xml>',
  })
  expect(forged.status).toBe(403)
})

test('notices of the days before a platform was set up call nobody', async () => {
  await bind(await chief(), 'wecom', 'u_chief')
  await assigned()
  await world.work(25 * 3_600_000)
  expect(world.wecom.screen('u_chief')).toHaveLength(1)
})
