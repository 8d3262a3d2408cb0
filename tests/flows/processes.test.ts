import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWatch } from '../../api/watch.ts'
import { type ChatClient, createChatClient } from '../support/chat.ts'
import { createTestDatabase } from '../support/database.ts'
import { openOffice, openProcess, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

// Two whole programs on one database, as two processes behind one address; they share nothing else.
let one: TestOffice
let other: TestOffice
let citizen: ChatClient
let clerk: StaffClient
beforeEach(async () => {
  const database = await createTestDatabase()
  one = await openProcess(database)
  other = await openProcess({ ...database, remove: async () => undefined })
  citizen = createChatClient(one.url)
  await citizen.connect()
  clerk = await other.hire('clerk', ['clerk'])
})
afterEach(async () => {
  citizen.drop()
  await other.close()
  await one.close()
})

const texts = () => citizen.heard().map((message) => message.text)

test('what a clerk says through another process reaches the citizen, once', async () => {
  await citizen.say('转人工')
  const [row] = await clerk.waiting()
  await clerk.talk(row?.id ?? '', { type: 'takeover' })
  await clerk.talk(row?.id ?? '', { type: 'say', text: '您好，我来帮您' })
  await createWatch(one.shell).look()

  await citizen.wait((message) => message.text === '您好，我来帮您')
  expect(texts().filter((text) => text === '您好，我来帮您')).toHaveLength(1)
})

test('the bot of one process is silent after a takeover in the other', async () => {
  await citizen.say('转人工')
  const [row] = await clerk.waiting()
  await clerk.talk(row?.id ?? '', { type: 'takeover' })
  await citizen.say('身份证丢了怎么办')
  await createWatch(one.shell).look()
  const taken = (await citizen.wait((message) => message.author === 'system')).seq
  await citizen.wait((message) => message.author === 'citizen' && message.seq > taken)

  expect(citizen.heard().filter((message) => message.author === 'bot' && message.seq > taken)).toEqual([])
})

test('a citizen who goes on in another process is answered in the order of what was said', async () => {
  await citizen.say('你好')
  const again = createChatClient(other.url, citizen.cookie())
  await again.connect()
  await again.say('身份证丢了怎么补办')
  await citizen.say('要带什么材料')
  await createWatch(one.shell).look()
  await citizen.wait((message) => message.text.includes('补办'))

  const said = citizen.heard().filter((message) => message.author === 'citizen')
  expect(said.map((message) => message.text)).toEqual(['你好', '身份证丢了怎么补办', '要带什么材料'])
  again.drop()
})

test('what this process has told its own pages is not told again', async () => {
  const alone = await openOffice()
  const visitor = createChatClient(alone.url)
  await visitor.connect()
  await visitor.say('你好')

  expect(await createWatch(alone.shell).look()).toBe(0)
  visitor.drop()
  await alone.close()
})
