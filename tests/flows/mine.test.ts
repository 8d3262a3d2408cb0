import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MineView, PublicView } from '../../api/contract.ts'
import { runRetention } from '../../api/workers/retention.ts'
import { createChatClient } from '../support/chat.ts'
import { paper, photo, send } from '../support/files.ts'
import { aFullLife } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

async function aTalk(...texts: readonly string[]) {
  const chat = createChatClient(office.url)
  await chat.connect()
  for (const text of texts) await chat.say(text)
  return chat
}
const aCase = () => aTalk('跑了三趟了还是不给办', '办房产证，窗口说缺一张购房发票，没给书面的', '我叫王芳，电话13812345678')

async function call<T>(method: 'GET' | 'POST', path: string, cookie: string, body?: unknown) {
  const answer = await fetch(`${office.url}/api${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T, cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
}

describe('what is kept of a citizen', () => {
  test('is shown to them in full, with how long it is kept, and to nobody else', async () => {
    const [chat, stranger] = [await aCase(), await aTalk('你好')]
    await chat.sendFile((await send(office.url, chat.cookie(), paper(), '证明.pdf')).body)

    const { body } = await call<MineView>('GET', '/mine', chat.cookie())
    const other = await call<MineView>('GET', '/mine', stranger.cookie())

    expect(body.facts).toMatchObject({ 姓名: '王芳', 电话: '13812345678' })
    expect([body.tickets.length, body.files.map(({ name }) => name), body.chatDays, body.identityDays]).toEqual([1, ['证明.pdf'], 180, 1095])
    expect(JSON.stringify(other.body)).not.toMatch(/王芳|1381|证明/)
    expect((await call('GET', '/mine', '')).status).toBe(401)
  })

  test('can be taken along as one readable file', async () => {
    const chat = await aCase()
    const answer = await fetch(`${office.url}/api/mine/export`, { headers: { cookie: chat.cookie() } })

    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
    const body = JSON.parse(await answer.text())
    expect(body.messages[0]).toMatchObject({ who: '我', text: '跑了三趟了还是不给办' })
    expect(body.tickets).toHaveLength(1)
  })

  test('is corrected, in the talk and in the open case', async () => {
    const chat = await aCase()
    const clerk = await office.hire('clerk', ['clerk'])

    expect((await call('POST', '/mine/correct', chat.cookie(), { name: '王方', phone: '１３９ 0000 1111' })).status).toBe(200)
    expect((await call('POST', '/mine/correct', chat.cookie(), { phone: '12345' })).status).toBe(400)

    const [row] = await clerk.tickets('?q=13900001111')
    expect((await clerk.ticket(row?.id ?? '')).ticket.facts.name).toBe('王方')
    expect((await call<MineView>('GET', '/mine', chat.cookie())).body.facts).toMatchObject({ 姓名: '王方', 电话: '13900001111' })
    await chat.wait(({ text }) => text.includes('已更正'))
  })

  test('is deleted but for the case, which the office must keep, with what was handed in for it', async () => {
    const chat = await aCase()
    const clerk = await office.hire('clerk', ['clerk'])
    const [ofCase] = [(await send(office.url, chat.cookie(), paper(), '证明.pdf')).body]
    await chat.sendFile(ofCase)
    const loose = (await send(office.url, chat.cookie(), await photo(), 'a.jpg')).body

    expect((await call('POST', '/mine/delete', chat.cookie())).status).toBe(200)

    for (const table of ['Conversation', 'Message', 'Person']) expect(await office.shell.db.read.all(`SELECT 1 FROM "${table}"`), table).toEqual([])
    expect(await office.shell.store.take(loose.id)).toBeUndefined()
    expect(await office.shell.store.take(ofCase.id)).toEqual(paper())
    const [row] = await clerk.tickets('?q=13812345678')
    expect((await clerk.get<{ rows: unknown[] }>(`/tickets/${row?.id}/files`)).body.rows).toHaveLength(1)
    expect(await office.shell.db.read.all(`SELECT 1 FROM "Audit" WHERE action = 'own talk deleted'`)).toHaveLength(1)
    expect((await call('POST', '/mine/delete', chat.cookie())).status).toBe(404)
  })

  test('that was uploaded and never sent is gone after a day, bytes and all', async () => {
    const chat = await aTalk('你好')
    const [sent, loose] = [
      (await send(office.url, chat.cookie(), paper(), '证明.pdf')).body,
      (await send(office.url, chat.cookie(), await photo(), 'a.jpg')).body,
    ]
    await chat.sendFile(sent)
    // Files carry the time of the machine, the office that of the test.
    office.sleepTo(new Date(Math.max(office.now(), Date.now()) + 2 * 86_400_000).toISOString())

    await runRetention(office.shell)

    expect(await office.shell.store.take(loose.id)).toBeUndefined()
    expect(await office.shell.store.take(sent.id)).toEqual(paper())
  })
})

describe('a code for another device', () => {
  const codeFor = async (cookie: string) => (await call<{ code: string }>('POST', '/resume/code', cookie)).body.code

  test('brings the talk there, once', async () => {
    const chat = await aCase()
    const code = await codeFor(chat.cookie())

    const first = await call('POST', '/resume', '', { code: `${code.slice(0, 4)} ${code.slice(4)}` })
    const second = await call('POST', '/resume', '', { code })

    const other = createChatClient(office.url, first.cookie)
    await other.connect()
    expect((await other.wait(({ seq }) => seq === 1)).text).toBe('跑了三趟了还是不给办')
    expect(second.status).toBe(404)
  })

  test('is over after ten minutes, and when a newer one was asked for', async () => {
    const chat = await aCase()
    const [first, second] = [await codeFor(chat.cookie()), await codeFor(chat.cookie())]
    expect((await call('POST', '/resume', '', { code: first })).status).toBe(404)
    office.sleepTo(new Date(office.now() + 11 * 60_000).toISOString())
    expect((await call('POST', '/resume', '', { code: second })).status).toBe(404)
  })

  test('cannot be found by trying', async () => {
    const statuses: number[] = []
    for (let tries = 0; tries < 8; tries++) statuses.push((await call('POST', '/resume', '', { code: `1234567${tries}` })).status)
    expect(statuses).toContain(429)
  })
})

describe('the widget in a foreign page', () => {
  test('carries its own token, and neither gets nor needs a cookie', async () => {
    const made = await fetch(`${office.url}/api/visitor?embedded=1`, { method: 'POST' })
    const { token } = (await made.json()) as { token: string }
    expect(made.headers.getSetCookie()).toEqual([])

    const again = await fetch(`${office.url}/api/visitor?embedded=1`, { method: 'POST', headers: { 'x-bandecheng-visitor': token } })
    expect(((await again.json()) as { token: string }).token).toBe(token)
    expect((await fetch(`${office.url}/api/mine`, { headers: { 'x-bandecheng-visitor': token } })).status).toBe(200)
    expect((await fetch(`${office.url}/api/mine`, { headers: { 'x-bandecheng-visitor': `${token}x` } })).status).toBe(401)
  })
})

test('Over HTTPS the widget also gets a cookie that the browser keeps for each foreign site apart', async () => {
  const secure = await openOffice({ PUBLIC_ORIGIN: 'https://office.example' })
  const made = await fetch(`${secure.url}/api/visitor?embedded=1`, { method: 'POST' })
  const [set = ''] = made.headers.getSetCookie()
  const { token } = (await made.json()) as { token: string }
  const again = await fetch(`${secure.url}/api/visitor?embedded=1`, { method: 'POST', headers: { cookie: set.split(';')[0] ?? '' } })

  expect(set).toMatch(/HttpOnly/)
  expect(set).toMatch(/Secure/)
  expect(set).toMatch(/Partitioned/)
  expect(set).toMatch(/SameSite=None/)
  expect(((await again.json()) as { token: string }).token).toBe(token)
  await secure.close()
})

describe('公示', () => {
  test('shows three rates with what they are of, hides what fewer than five stand behind, and names nobody', async () => {
    await aFullLife(office)
    await aCase()

    const { body } = await call<PublicView>('GET', '/public/figures', '')

    expect(body.registered).toBe(2)
    expect(body.rates.map(({ title, few }) => [title, few])).toEqual([
      ['按时响应率', true],
      ['解决率', true],
      ['满意率', true],
    ])
    expect(body.rates.every((one) => one.of === undefined && one.percent === undefined)).toBe(true)
    expect(body.fields).toEqual([])
    expect(body.limits.find(({ title }) => title.includes('二级'))?.text).toBe('5个工作日')
    expect(JSON.stringify(body)).not.toMatch(/王芳|刘芳|1380|1381|不动产证/)
    const chart = await fetch(`${office.url}/api/public/flowchart.svg`)
    expect(await chart.text()).toContain('受理登记')
  })
})
