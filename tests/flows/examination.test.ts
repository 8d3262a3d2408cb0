import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../prisma/database.ts'
import { createChatClient } from '../support/chat.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import type { Promised } from '../support/torture.ts'
import { examine } from '../support/tortured.ts'

// What `npm run torture` concludes is worth no more than what it would have noticed.
const said = ['我办营业执照跑了三趟还是不给办，窗口说系统有问题', '我叫赵敏，电话13712345678', '是的']
let server: RunningServer
let db: Database
let kept: Promised

beforeAll(async () => {
  server = await startServer()
  db = await openDatabase(server.databaseUrl)
  const client = createChatClient(server.url)
  await client.connect()
  for (const text of said) await client.say(text)
  await client.wait(({ text }) => /\d{4}-\d{8}-\d{4}-\d/.test(text))
  kept = {
    citizens: [{ client, said }],
    phones: new Map(),
    staffSaid: [],
    reasons: [],
    happened: { kill: 0, freeze: 0, disconnect: 0, clock: 0, disk: 0, database: 0, restart: 0, roll: 0 },
    died: 0,
  }
})
afterAll(async () => {
  kept.citizens[0]?.client.drop()
  await db.close()
  await server.remove()
})

const broken = async (promised: Promised, until = Date.now() - 60_000): Promise<readonly string[]> =>
  (await examine(server.databaseUrl, promised, until)).broken

test('promises that were kept are found kept', async () => {
  expect(await broken(kept)).toEqual([])
})

test('what was confirmed and is not there, or in another order, is found', async () => {
  const [citizen] = kept.citizens
  if (!citizen) throw new Error('nobody talked')
  expect(await broken({ ...kept, citizens: [{ ...citizen, said: [...said, '还有一句'] }] })).toHaveLength(1)
  expect(await broken({ ...kept, citizens: [{ ...citizen, said: said.toReversed() }] })).toHaveLength(1)
  expect(await broken({ ...kept, staffSaid: ['没存下的一句'] })).toHaveLength(1)
  expect(await broken({ ...kept, reasons: ['没存下的理由'] })).toHaveLength(1)
  expect(await broken({ ...kept, phones: new Map([['13800000001', ['没存下的短信']]]) })).toHaveLength(1)
  expect(await broken({ ...kept, died: 1 })).toHaveLength(1)
})

test('a deadline that has passed and that nobody was reminded of is found, and the timer that was not run', async () => {
  const found = await broken(kept, Date.now() + 10 * 24 * 3_600_000)

  expect(found).toContainEqual(expect.stringMatching(/^nobody was reminded of triage of /))
  expect(found).toContainEqual('mark is not done')
})

test('a number that was told and whose case is gone, and an answer that is gone, are found', async () => {
  await db.write((sql) => sql.run('DELETE FROM "Ticket"'))
  expect(await broken(kept)).toEqual([expect.stringMatching(/^journal of .*orphan/), expect.stringMatching(/^told of .* which is not there$/)])
  await db.write((sql) => sql.run(`DELETE FROM "Message" WHERE author = 'bot'`))
  expect((await broken(kept)).filter((one) => one.startsWith('no answer to'))).toHaveLength(said.length)
})
