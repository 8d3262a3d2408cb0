import { afterEach, beforeEach, expect, test } from 'vitest'
import { runRetention } from '../../api/workers/retention.ts'
import { type ChatClient, createChatClient } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

async function aTalk(...texts: readonly string[]): Promise<ChatClient> {
  const citizen = createChatClient(office.url)
  await citizen.connect()
  for (const text of texts) await citizen.say(text)
  citizen.drop()
  return citizen
}

const count = async (table: string): Promise<number> => (await office.shell.db.read.all(`SELECT 1 FROM "${table}"`)).length

test('a chat without a case is forgotten after the days that the office has set, with all that was said in it, and not earlier', async () => {
  await aTalk('身份证丢了怎么补办', '火星上能落户吗')
  office.sleepTo('2026-12-07T09:00:00+08:00')
  expect(await runRetention(office.shell)).toBe(0)
  office.sleepTo('2026-12-08T09:00:00+08:00')

  expect(await runRetention(office.shell)).toBe(1)
  for (const table of ['Conversation', 'Message', 'Person', 'Missed']) expect(await count(table), table).toBe(0)
})

test('a chat that led to a case, waits for a person, or is in a clerk’s hands stays', async () => {
  await aTalk('我办营业执照跑了三趟还是不给办，窗口说系统有问题', '我叫赵敏，电话13712345678')
  await aTalk('转人工')
  const clerk = await office.hire('clerk', ['clerk'])
  await aTalk('转人工')
  const [row] = await clerk.waiting()
  await clerk.talk(row?.id ?? '', { type: 'takeover' })
  expect(await count('Ticket')).toBe(1)
  office.sleepTo('2027-06-10T09:00:00+08:00')

  expect(await runRetention(office.shell)).toBe(0)
  expect(await count('Conversation')).toBe(3)
})

test('whoever comes back after that begins anew', async () => {
  const citizen = await aTalk('你好')
  office.sleepTo('2027-01-10T09:00:00+08:00')
  await runRetention(office.shell)

  const again = createChatClient(office.url, citizen.cookie())
  await again.connect()
  expect(await again.say('身份证丢了怎么补办')).toBe(1)
  await again.wait((message) => message.author === 'bot')
  again.drop()
})
