import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { openSms } from '../../tools/simsms.ts'
import { openWechat } from '../../tools/simwechat.ts'
import { act, person, withdrawn } from '../support/life.ts'
import { openOffice, type TestOffice, wednesday } from '../support/office.ts'

const openid = 'o_liufang'
const phone = '13835700001'
const secret = 'a-long-secret-for-the-vendor'
const number = '1410-20260610-0001-4'
const code = '123456'
const clerk = person('王窗口', ['clerk'])
const account = { appId: 'wx0123456789abcdef', secret: 's', token: 'office_token', mode: 'plain', encodingAesKey: 'x'.repeat(43) } as const

let office: TestOffice
let wechat: Awaited<ReturnType<typeof openWechat>>
let sms: Awaited<ReturnType<typeof openSms>>
let folder: string
beforeEach(async () => {
  let hook = ''
  let clock = (): number => wednesday
  const now = (): number => clock()
  wechat = await openWechat(() => ({ ...account, hook: `${hook}wechat` }), now)
  const vendor = { vendor: 'aliyun', id: 'key-id', secret: 'key-secret', signName: '某市政务', appId: '1', templates: { news: `$\{text}` } } as const
  sms = await openSms(() => ({ ...vendor, hook: `${hook}sms/${secret}` }), now)
  folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  const templates = { news: { id: 'news', params: { text: '{text}' } } }
  const { encodingAesKey: _key, ...settings } = account
  const aliyun = { accessKeyId: vendor.id, accessKeySecret: vendor.secret, signName: vendor.signName, apiBase: sms.url, templates }
  writeFileSync(join(folder, 'c.yaml'), JSON.stringify({ wechat: { ...settings, apiBase: wechat.url }, sms: { secret, aliyun } }))
  office = await openOffice({ CHANNELS_FILE: join(folder, 'c.yaml') })
  hook = `${office.url}/api/channels/`
  clock = office.now
  const facts = { name: '刘芳', phone, matter: '不动产证', story: '缺部分票据，不给办', told: '不能办', written: false, visits: 3 }
  const proposal = { demandClass: 'bottleneck', cause: '材料缺失', level: 2, departments: ['natural'], flags: [], reasons: [] } as const
  await go({ type: 'register', id: 'case', number, channel: 'counter', demand: 'cannot', urgent: false, facts, proposal })
})
afterEach(async () => {
  await office.close()
  await wechat.close()
  await sms.close()
  rmSync(folder, { recursive: true })
})

const at = (): string => new Date(office.now() + 8 * 3_600_000).toISOString().slice(0, 16)
const go = (command: Parameters<typeof act>[3]) => act(office, 'case', at(), command, clerk, code)
const work = async (ms = 6_000): Promise<void> => {
  office.sleepTo(new Date(office.now() + ms).toISOString())
  await runDeliveries(office.shell)
}
const triaged = () => go({ type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' })
const assigned = () => go({ type: 'assign', note: '请核实' })
const untold = async (): Promise<number> => (await office.shell.db.read.all(`SELECT id FROM "Notice" WHERE role = 'clerk' AND text LIKE '%没有送达%'`)).length

test('number and code of the receipt bind WeChat to a case from the counter: its news come there, and there it can be asked about', async () => {
  await wechat.say(openid, `查一下 ${number}，查询码 ${code}`)
  await triaged()
  await assigned()
  await work()
  expect(wechat.screen(openid).at(-1)).toContain(number)
  expect(sms.sent()).toBe(0)
})

test('news go down the ladder: WeChat closed, then the phone, then a person', async () => {
  await wechat.say(openid, `查一下 ${number}，查询码 ${code}`)
  await work(49 * 3_600_000)
  await triaged()
  await assigned()
  await work()
  await work()
  expect(sms.phone(phone)).toHaveLength(1)
  expect(await untold()).toBe(0)

  sms.switchOff(phone)
  await sms.reports(2)
  await work()
  await work()
  expect(await untold()).toBe(1)
})

test('whoever wishes text messages gets them first, and may wish otherwise', async () => {
  await wechat.say(openid, `查一下 ${number}，查询码 ${code}`)
  await wechat.say(openid, '以后用短信通知我')
  await triaged()
  await assigned()
  await work()
  expect(sms.phone(phone)).toHaveLength(1)
  const told = wechat.screen(openid).length

  await wechat.say(openid, '以后用微信通知我')
  await withdrawn(office, 'case', at())
  await work()
  expect(sms.phone(phone)).toHaveLength(1)
  expect(wechat.screen(openid).length).toBeGreaterThan(told + 1)
})

test('a phone number alone shows a case but binds nothing', async () => {
  await wechat.say(openid, `查一下 ${number}，手机号 ${phone}`)
  expect(wechat.screen(openid).at(-1)).toContain(number)
  expect(await office.shell.db.read.all(`SELECT id FROM "Person" WHERE "phoneIndex" IS NOT NULL AND channel = 'wechat'`)).toEqual([])
})

test('after five wrong proofs in an hour the right one helps no more until the hour is over', async () => {
  for (let tries = 0; tries < 5; tries++) await wechat.say(openid, `查一下 ${number}，查询码 99999${tries}`)
  await wechat.say(openid, `查一下 ${number}，查询码 ${code}`)
  expect(wechat.screen(openid).at(-1)).not.toContain('不动产证')
  await work(3_700_000)
  await wechat.say(openid, `查一下 ${number}，查询码 ${code}`)
  expect(wechat.screen(openid).at(-1)).toContain('不动产证')
})
