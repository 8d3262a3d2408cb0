import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { ticketNumber } from '../../casework/number.ts'
import { createChatClient, visitorCookie } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import { createStaffClient, testPassword } from '../support/staff.ts'

let office: TestOffice
beforeAll(async () => {
  office = await openOffice({ CHAT_PER_MINUTE: '20' })
})
afterAll(() => office.close())

/** The HTTP status with which a socket is refused, or 101. */
function knock(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${office.url.replace('http', 'ws')}${path}`, { headers })
    socket.on('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0))
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('error', () => undefined)
  })
}

async function openChat(url: string, cookie: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/chat`, { headers: { cookie } })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return socket
}

/** What is answered to that many messages in a row: 'ack', or why not. */
function answersTo(socket: WebSocket, messages: number): Promise<string[]> {
  const codes: string[] = []
  return new Promise((resolve) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { type: string; code?: string }
      if (frame.type === 'ack' || frame.type === 'nack') codes.push(frame.code ?? 'ack')
      if (codes.length === messages) resolve(codes)
    })
    for (let each = 0; each < messages; each++) socket.send(JSON.stringify({ type: 'say', key: randomUUID(), content: { kind: 'text', text: '你好' } }))
  })
}
const acknowledged = (codes: readonly string[]) => codes.filter((code) => code === 'ack').length

describe('the chat socket', () => {
  test('opens only for a visitor whose token this server signed', async () => {
    const cookie = await visitorCookie(office.url)
    const [id] = cookie.split('=')[1]?.split('.') ?? []

    expect(await knock('/api/chat', { cookie })).toBe(101)
    expect(await knock('/api/chat', {})).toBe(401)
    expect(await knock('/api/chat', { cookie: `bdc_visitor=${id}.forged` })).toBe(401)
  })

  test('opens only for pages of this origin', async () => {
    const cookie = await visitorCookie(office.url)

    expect(await knock('/api/chat', { cookie, origin: 'https://elsewhere.example' })).toBe(403)
    expect(await knock('/api/chat', { cookie, origin: office.url })).toBe(101)
  })

  test('is cut off when a frame is larger than any message can be', async () => {
    const cookie = await visitorCookie(office.url)
    const socket = new WebSocket(`${office.url.replace('http', 'ws')}/api/chat`, { headers: { cookie } })
    await new Promise((resolve) => socket.once('open', resolve))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.send('x'.repeat(64 * 1024))

    expect(await closed).toBe(1009)
  })

  test.each([
    ['a text that is too long', { type: 'say', key: 'a-key-of-its-own', content: { kind: 'text', text: '长'.repeat(2_001) } }, 'tooLong'],
    ['a kind of content that citizens do not send', { type: 'say', key: 'a-key-of-its-own', content: { kind: 'event', event: 'x' } }, 'malformed'],
    ['an empty text', { type: 'say', key: 'a-key-of-its-own', content: { kind: 'text', text: '  ' } }, 'malformed'],
  ])('answers %s with a clear no, by its key', async (_, frame, code) => {
    const cookie = await visitorCookie(office.url)
    const socket = new WebSocket(`${office.url.replace('http', 'ws')}/api/chat`, { headers: { cookie } })
    await new Promise((resolve) => socket.once('open', resolve))
    const answer = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))))
    socket.send(JSON.stringify(frame))

    expect(JSON.parse(await answer)).toMatchObject({ type: 'nack', key: 'a-key-of-its-own', code })
    socket.terminate()
  })

  test('holds back a visitor who sends faster than anyone can type, without losing the connection, and on a second connection as well', async () => {
    const cookie = await visitorCookie(office.url)
    const [first, second] = [await openChat(office.url, cookie), await openChat(office.url, cookie)]

    const codes = await answersTo(first, 15)
    expect([acknowledged(codes), codes.filter((code) => code === 'rate').length]).toEqual([10, 5])
    expect(acknowledged(await answersTo(second, 3))).toBe(0)
    const other = await openChat(office.url, await visitorCookie(office.url))
    expect(acknowledged(await answersTo(other, 3))).toBe(3)
    for (const socket of [first, second, other]) socket.terminate()
  })

  test('holds back an address however many visitors it makes up, and tells it when to come again once it has all the connections it may have', async () => {
    const small = await openOffice({ RATE_LIMIT: '40', SOCKETS_PER_ADDRESS: '3' })
    const open = async () => openChat(small.url, await visitorCookie(small.url))
    const sockets = [await open(), await open(), await open()]

    expect(acknowledged((await Promise.all(sockets.map((socket) => answersTo(socket, 15)))).flat())).toBe(20)
    const cookie = await visitorCookie(small.url)
    const refused = await new Promise<{ status: number | undefined; after: string | undefined }>((resolve) => {
      const late = new WebSocket(`${small.url.replace('http', 'ws')}/api/chat`, { headers: { cookie } })
      late.on('unexpected-response', (_, answer) => resolve({ status: answer.statusCode, after: answer.headers['retry-after'] }))
      late.on('error', () => undefined)
    })
    expect(refused).toEqual({ status: 503, after: '30' })
    sockets[0]?.terminate()
    await expect.poll(async () => (await open()).readyState).toBe(WebSocket.OPEN)
    for (const socket of sockets) socket.terminate()
    await small.close()
  })
})

test('a page that asks and never reads is cut off, and finds everything when it comes back', async () => {
  const open = await openOffice({ METRICS_TOKEN: 'a-token-of-this-test' })
  const sockets = async () => {
    const metrics = await fetch(`${open.url}/metrics`, { headers: { authorization: 'Bearer a-token-of-this-test' } })
    return Number(/^bandecheng_sockets (\d+)$/m.exec(await metrics.text())?.[1])
  }
  const citizen = createChatClient(open.url)
  await citizen.connect()
  const texts = Array.from({ length: 12 }, (_, place) => `${place}${'长'.repeat(1_900)}`)
  for (const text of texts) await citizen.say(text)
  citizen.drop()
  const greedy = await openChat(open.url, citizen.cookie())
  const left = new Promise<number>((resolve) => greedy.once('close', resolve))
  await expect.poll(sockets).toBe(1)
  greedy.pause()
  for (let each = 0; each < 150; each++) greedy.send(JSON.stringify({ type: 'sync', after: 0 }))
  await expect.poll(sockets).toBe(0)
  greedy.resume()
  expect(await left).toBe(1006)

  const back = createChatClient(open.url, citizen.cookie())
  await back.connect()
  await back.wait(({ text }) => text === texts.at(-1))
  expect(
    back
      .heard()
      .filter(({ author }) => author === 'citizen')
      .map(({ text }) => text),
  ).toEqual(texts)
  back.drop()
  await open.close()
})

describe('the console', () => {
  test('tells nothing to whoever has not logged in', async () => {
    const stranger = createStaffClient(office.url)
    const paths = ['/today', '/conversations', '/conversations/x', '/tickets', '/tickets/x', '/people', '/departments', '/missed', '/jobs/dead', '/me']

    const answers = await Promise.all(paths.map((path) => stranger.get(path)))

    expect(answers.map((answer) => answer.status)).toEqual(paths.map(() => 401))
    expect(await knock('/api/staff/live', {})).toBe(401)
  })

  test('refuses a change that does not come from its own pages', async () => {
    await office.hire('csrf-clerk', ['clerk'])
    const clerk = createStaffClient(office.url)
    await clerk.login('csrf-clerk', testPassword)
    const post = (headers: Record<string, string>) =>
      fetch(`${office.url}/api/staff/logout`, { method: 'POST', headers: { cookie: clerk.cookie(), ...headers } })

    expect((await post({})).status).toBe(403)
    expect((await post({ 'x-bandecheng': '1', origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await post({ 'x-bandecheng': '1', origin: office.url })).status).toBe(204)
    expect((await clerk.get('/me')).status).toBe(401)
  })

  test('locks an account after five wrong passwords, the right one included, and says for how long', async () => {
    await office.hire('guessed', ['clerk'])
    const guess = createStaffClient(office.url)
    const wrong = []
    for (let each = 0; each < 5; each++) wrong.push((await guess.login('guessed', 'wrong-password-1')).status)
    const right = await guess.login('guessed', testPassword)

    expect(wrong).toEqual([401, 401, 401, 401, 401])
    expect(right).toMatchObject({ status: 429, body: { code: 'locked', message: expect.stringMatching(/15 分钟/) } })
  })

  test('answers a wrong password and an unknown account in the same words', async () => {
    await office.hire('known', ['clerk'])
    const stranger = createStaffClient(office.url)

    expect((await stranger.login('known', 'wrong-password-1')).body).toEqual((await stranger.login('unknown', 'wrong-password-1')).body)
  })

  test('lets nobody work with a one-time password, and takes no weak one instead', async () => {
    const admin = await office.hire('boss', ['admin'])
    const { body } = await admin.post<{ password: string }>('/people', { account: 'newcomer', name: '新人', roles: ['clerk'] })
    const newcomer = createStaffClient(office.url)
    await newcomer.login('newcomer', body.password)

    expect((await newcomer.get('/tickets')).status).toBe(403)
    expect((await newcomer.post('/password', { current: body.password, next: 'short' })).status).toBe(422)
    expect((await newcomer.post('/password', { current: body.password, next: testPassword })).status).toBe(200)
    expect((await newcomer.get('/tickets')).status).toBe(200)
  })

  test('gives each role its own: an administrator alone sees people, a chief sees no conversations and only the own unit’s cases', async () => {
    const clerk = await office.hire('role-clerk', ['clerk'])
    const chief = await office.hire('role-chief', ['chief'], 'tax')
    await clerk.post('/tickets', {
      commandId: randomUUID(),
      channel: 'counter',
      demand: 'cannot',
      facts: { matter: '契税', story: '算错了', phone: '13800000000' },
    })

    expect((await clerk.get('/people')).status).toBe(403)
    expect((await chief.get('/conversations')).status).toBe(403)
    expect(await clerk.tickets()).toHaveLength(1)
    expect(await chief.tickets()).toEqual([])
    const [row] = await clerk.tickets()
    expect((await chief.get(`/tickets/${row?.id}`)).status).toBe(404)
  })

  test('lets no administrator change the own rights, and notes what was changed of another’s', async () => {
    const admin = await office.hire('rights-admin', ['admin'])
    await office.hire('rights-clerk', ['clerk'])
    const own = await admin.post<{ code: string }>('/people/rights-admin', { name: '管理员', roles: ['admin', 'discipline'] })
    const renamed = await admin.post('/people/rights-admin', { name: '新名字', roles: ['admin'] })
    const other = await admin.post('/people/rights-clerk', { name: '王敏', roles: ['chief'], unit: 'tax' })

    expect([own.status, own.body.code, renamed.status, other.status]).toEqual([403, 'forbidden', 204, 204])
    const rows = await office.shell.db.read.all<{ subject: string }>(`SELECT subject FROM "Audit" WHERE action = 'person edited' ORDER BY id`)
    expect(rows.map(({ subject }) => subject)).toEqual(['rights-admin', 'rights-clerk rights-clerk：窗口工作人员 → 责任科室科长（市税务局）'])
  })

  test('logs out whoever has not been seen for two hours', async () => {
    await office.hire('idle-clerk', ['clerk'])
    const clerk = createStaffClient(office.url)
    await clerk.login('idle-clerk', testPassword)
    office.sleepTo('2026-06-10T12:30:00+08:00')

    expect((await clerk.get('/me')).status).toBe(401)
  })
})

test('query codes of one case cannot be tried out: after seven questions in a minute it is not answered, other cases are', async () => {
  const ask = (number: string) =>
    fetch(`${office.url}/api/progress`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ number, code: '123456' }) })
  const statuses = []
  for (let each = 0; each < 9; each++) statuses.push((await ask('1410-20260610-0009-1')).status)

  expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 404, 429, 429])
  expect((await ask('1410-20260610-0008-3')).status).toBe(404)
})

test('a wrong code, a confidential case and a number that does not exist are answered alike, after the same work, so that the time tells nothing either', async () => {
  const own = await openOffice()
  const clerk = await own.hire('clerk', ['clerk'])
  const register = async (confidential: boolean): Promise<string> => {
    const facts = { name: '张三', phone: '13800000000', matter: '营业执照', story: '网上提交不了', confidential }
    const body = { commandId: randomUUID(), channel: 'counter', demand: 'cannot', facts }
    return (await clerk.post<{ row: { number: string } }>('/tickets', body)).body.row.number
  }
  const numbers = [await register(false), await register(true), ticketNumber({ code: '1410', on: '2026-06-10', serial: 9_999 })]
  const { cipher, db } = own.shell
  const asked = async (number: string) => {
    const spies = [vi.spyOn(db.read, 'all'), vi.spyOn(cipher, 'index'), vi.spyOn(cipher, 'open')]
    const answer = await fetch(`${own.url}/api/progress`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ number, code: '000000' }),
    })
    const work = spies.map((spy) => spy.mock.calls.map(([first]) => String(first)))
    for (const spy of spies) spy.mockRestore()
    return { status: answer.status, text: await answer.text(), work }
  }

  const [wrong, confidential, unknown] = [await asked(numbers[0] ?? ''), await asked(numbers[1] ?? ''), await asked(numbers[2] ?? '')]

  expect(wrong?.work[1]).toEqual(['code', 'phone'])
  expect(confidential).toEqual(wrong)
  expect(unknown).toEqual(wrong)
  await own.close()
})

test('personal data stands nowhere in the database in the clear', async () => {
  const chat = createChatClient(office.url)
  await chat.connect()
  await chat.say('我叫欧阳小红，电话13977778888，办居住证跑了三趟不给办，说我材料不齐')
  const tables = ['Person', 'Conversation', 'Message', 'Ticket', 'Journal', 'Job', 'Notice', 'Missed', 'Audit']

  const rows = (await Promise.all(tables.map((table) => office.shell.db.read.all(`SELECT * FROM "${table}"`)))).flat()

  expect(rows.length).toBeGreaterThan(3)
  expect(JSON.stringify(rows)).not.toMatch(/13977778888|欧阳小红/)
})
