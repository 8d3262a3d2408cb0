import { afterEach, describe, expect, test } from 'vitest'
import type { MineView } from '../../api/contract.ts'
import { messagesAfter, personIdOf } from '../../prisma/conversations.ts'
import { openSmsWorld } from '../support/sms.ts'
import { openWechatWorld, type WechatWorld } from '../support/wechat.ts'

const citizen = 'o_liufang'
const origin = 'https://bcs.example.gov.cn'
const link = /https:\/\/bcs\.example\.gov\.cn\/privacy#own=(\S+)/

let world: WechatWorld

const screen = (): string => world.wechat.screen(citizen).join('\n---\n')

/** A citizen who has told their name, asked for what is kept of them, and got a link. */
async function pass(asking = '导出我的信息'): Promise<string> {
  await world.wechat.say(citizen, '我办不动产证跑了三趟了还是不给办，我叫刘芳，电话13835700001')
  await world.wechat.say(citizen, asking)
  await world.deliver()
  return link.exec(screen())?.[1] ?? ''
}

async function call<T>(method: 'GET' | 'POST', path: string, own: string) {
  const answer = await fetch(`${world.office.url}/api/mine${path}`, { method, headers: { 'x-bandecheng-own': own } })
  const text = await answer.text()
  return { status: answer.status, body: JSON.parse(text) as T, cookies: answer.headers.getSetCookie() }
}

describe('whoever writes through WeChat and asks for what is kept of them', () => {
  afterEach(() => world.close())

  test('gets a link to all of it, and takes it along as a file', async () => {
    world = await openWechatWorld('safe', false, { PUBLIC_ORIGIN: origin })
    const own = await pass()

    const seen = await call<MineView>('GET', '', own)
    const file = await call<{ messages: { who: string; text: string }[] }>('GET', '/export', own)

    expect(seen.body.facts).toMatchObject({ 姓名: '刘芳', 电话: '13835700001' })
    expect(file.body.messages[0]?.text).toContain('跑了三趟')
    expect(await world.office.shell.db.read.all(`SELECT 1 FROM "Audit" WHERE action = 'own data exported'`)).toHaveLength(1)
  })

  test('deletes the talk there, and the browser stays the visitor that it was', async () => {
    world = await openWechatWorld('safe', false, { PUBLIC_ORIGIN: origin })
    const own = await pass('把我的聊天记录都删掉')

    const { status, cookies } = await call('POST', '/delete', own)

    expect([status, cookies]).toEqual([200, []])
    expect(await world.office.shell.db.read.all('SELECT id FROM "Conversation"')).toEqual([])
    // The link ends with the talk: it does not open the next one.
    await world.wechat.say(citizen, '居住证怎么办')
    expect((await call('GET', '', own)).status).toBe(401)
  })

  test('keeps the link to themselves: whoever reads along at the office finds none in what is stored or shown', async () => {
    world = await openWechatWorld('safe', false, { PUBLIC_ORIGIN: origin })
    const own = await pass()
    const clerk = await world.office.hire('clerk', ['clerk'])
    const [talk] = await world.office.shell.db.read.all<{ id: string }>('SELECT id FROM "Conversation"')

    const seen = JSON.stringify([await clerk.get(`/conversations/${talk?.id}`), await clerk.post(`/conversations/${talk?.id}/reveal`, {})])
    const stored = await messagesAfter(world.office.shell.db.read, world.office.shell.cipher, talk?.id ?? '', 0, 100)

    expect(own).not.toBe('')
    expect(seen).toContain('〔我的信息〕')
    expect(seen + JSON.stringify(stored)).not.toContain('own=')
  })

  test('has no use of the link after half an hour, nor has anybody of a changed one', async () => {
    world = await openWechatWorld('safe', false, { PUBLIC_ORIGIN: origin })
    const own = await pass()
    const [, until, signature] = own.split('.')
    await world.wechat.say('o_somebody', '你好')
    const [somebody] = await world.office.shell.db.read.all<{ id: string }>('SELECT id FROM "Conversation" WHERE "personId" = ?', [
      personIdOf('wechat', 'o_somebody'),
    ])
    const other = `${somebody?.id}.${until}.${signature}`
    const longer = own.replace(`.${until}.`, `.${Number(until) + 86_400_000}.`)

    expect(await Promise.all([own, other, longer, `${own}x`, ''].map(async (one) => (await call('GET', '', one)).status))).toEqual([200, 401, 401, 401, 401])
    world.pass(31 * 60_000)
    expect((await call('GET', '', own)).status).toBe(401)
  })

  test('is seen to by a person where the office has no public address', async () => {
    world = await openWechatWorld()
    await pass('删除我的信息')

    expect(screen()).not.toContain('http')
    expect(screen()).toContain('转给工作人员办')
    expect(await world.office.shell.db.read.all('SELECT "queueReason" FROM "Conversation"')).toEqual([{ queueReason: '市民要删除自己的信息' }])
  })
})

test('a wish that comes by text message is seen to by a person: the number may have changed hands', async () => {
  const sms = await openSmsWorld('aliyun', { PUBLIC_ORIGIN: origin })
  await sms.sms.reply('13835700001', '导出我的信息')
  await sms.work()

  expect(sms.sms.phone('13835700001').join()).toContain('转给工作人员办')
  expect(await sms.office.shell.db.read.all('SELECT "queueReason" FROM "Conversation"')).toEqual([{ queueReason: '市民要导出自己的信息' }])
  await sms.close()
})
