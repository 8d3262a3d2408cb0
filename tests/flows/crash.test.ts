import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCipher } from '../../prisma/cipher.ts'
import { openDatabase } from '../../prisma/database.ts'
import { type ChatClient, createChatClient } from '../support/chat.ts'
import { testKey } from '../support/database.ts'
import { type RunningServer, startServer } from '../support/server.ts'

// PostgreSQL syncs more slowly: fewer rounds tell the same there.
const rounds = Number(process.env['CRASH_ROUNDS'] ?? (process.env['TEST_POSTGRESQL_URL'] ? 25 : 100))
const citizens = 8
/** Each citizen says these over and over: questions, and a matter that becomes a case. */
const words = [
  '身份证丢了怎么补办',
  '我办营业执照跑了三趟还是不给办，窗口说系统有问题',
  '我叫赵敏，电话13712345678',
  '转人工',
  '要带什么材料',
  '电话错了，是13787654321',
  '公积金怎么提取',
  '算了',
]

let server: RunningServer
beforeAll(async () => {
  server = await startServer({ CHAT_PER_MINUTE: '100000', RATE_LIMIT: '100000' })
})
afterAll(() => server.remove())

test(`killed ${rounds} times at random moments under chat load, the server loses, doubles and reorders nothing that it acknowledged`, {
  timeout: 900_000,
}, async () => {
  const clients = Array.from({ length: citizens }, () => createChatClient(server.url))
  let running = true
  const saidBy = new Map<ChatClient, string[]>(clients.map((client) => [client, []]))
  await Promise.all(clients.map((client) => client.connect()))
  const talking = clients.map(async (client) => {
    for (let turn = 0; running; turn++) {
      const text = `${words[turn % words.length]}`
      saidBy.get(client)?.push(text)
      await client.say(text)
    }
  })

  for (let round = 1; round <= rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, 20 + ((round * 37) % 180)))
    await server.kill()
    for (const client of clients) client.drop()
    await server.restart()
    await Promise.all(clients.map((client) => client.connect()))
  }
  running = false
  await Promise.all(talking)

  for (const client of clients) await checkCitizen(client, saidBy.get(client) ?? [])
  await checkCases()
})

/** What the client put together over all its connections equals what the server has, and every word of it was answered. */
async function checkCitizen(client: ChatClient, said: readonly string[]): Promise<void> {
  const last = client.heard().at(-1)?.seq ?? 0
  const fresh = createChatClient(server.url)
  await client.waitState((state) => state.seq <= client.heard().length && client.heard().at(-1)?.seq === state.seq)
  const heard = client.heard()
  expect(heard.map((message) => message.seq)).toEqual(heard.map((_, index) => index + 1))
  expect(last).toBeLessThanOrEqual(heard.length)

  const own = heard.filter((message) => message.author === 'citizen')
  expect(own.map((message) => message.text)).toEqual(said)
  expect(new Set(own.map((message) => message.key)).size).toBe(said.length)
  for (const [key, seq] of client.acknowledged()) expect(own.find((message) => message.key === key)?.seq).toBe(seq)
  for (const message of own) expect(heard[message.seq]?.author).toBe('bot')
  fresh.drop()
}

/** Every case that a citizen was told of exists once, and none exists that nobody was told of; each journal is whole. */
async function checkCases(): Promise<void> {
  const db = await openDatabase(server.databaseUrl)
  const cipher = createCipher(testKey)
  const { journalOf, chainHash } = await import('../../prisma/tickets.ts')
  const { messagesAfter } = await import('../../prisma/conversations.ts')
  const tickets = await db.read.all<{ id: string; number: string; conversationId: string; version: number; headHash: string }>(
    'SELECT id, number, "conversationId", version, "headHash" FROM "Ticket"',
  )

  expect(tickets.length).toBeGreaterThan(0)
  for (const ticket of tickets) {
    const messages = await messagesAfter(db.read, cipher, ticket.conversationId, 0, 100_000)
    expect(messages.some(({ body }) => 'message' in body && body.message.text.includes(ticket.number))).toBe(true)
    const lines = await journalOf(db.read, cipher, ticket.id)
    expect(lines).toHaveLength(ticket.version)
    let hash = ''
    for (const line of lines) {
      expect(line.prevHash).toBe(hash)
      hash = chainHash(ticket.id, hash, line.stamped)
    }
    expect(hash).toBe(ticket.headHash)
  }
  const told = new Set<string>()
  for (const { id } of await db.read.all<{ id: string }>('SELECT id FROM "Conversation"')) {
    for (const { body } of await messagesAfter(db.read, cipher, id, 0, 100_000)) {
      if ('message' in body) for (const number of body.message.text.match(/\d{4}-\d{8}-\d{4}-\d/g) ?? []) told.add(number)
    }
  }
  expect([...told].sort()).toEqual(tickets.map((ticket) => ticket.number).sort())
  await db.close()
}
