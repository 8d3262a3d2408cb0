import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Conversation, emptyMemory } from '../../bot/turn.ts'
import { createCommitter, DuplicateError, StaleError } from '../../prisma/committer.ts'
import { conversationById, messagesAfter } from '../../prisma/conversations.ts'
import { commitTurn, handBack, staffSay, type TurnRecord, takeOver } from '../../prisma/turns.ts'
import { type OpenTestDatabase, openTestDatabase, testCipher } from '../support/database.ts'

let opened: OpenTestDatabase
beforeEach(async () => {
  opened = await openTestDatabase()
})
afterEach(() => opened.remove())

const at = 1_800_000_000_000
const fresh: Conversation = { id: 'c1', channel: 'web', personId: 'p1', owner: { kind: 'bot' }, seq: 0, version: 0, memory: emptyMemory }

const aTurn = (conversation: Conversation, key: string, over: Partial<TurnRecord> = {}): TurnRecord => ({
  conversation,
  externalPerson: 'visitor',
  spoken: [
    { author: 'citizen', content: { kind: 'text', text: '你好' }, externalId: key },
    { author: 'bot', message: { text: '您好' } },
  ],
  focus: undefined,
  memory: emptyMemory,
  queue: 'keep',
  changes: [],
  missed: [],
  at,
  ...over,
})
const commit = (record: TurnRecord) => opened.db.write((sql) => commitTurn(sql, testCipher, record))
const by = (staffId: string) => ({ staffId, staffName: staffId, at, text: `${staffId}已接入` })
const stored = () => messagesAfter(opened.db.read, testCipher, 'c1', 0, 10_000)

test('a turn stores the message, the answer and the state together', async () => {
  const { conversation } = await commit(
    aTurn(fresh, 'k1', { focus: { skill: 'intake', step: 'who', slots: {} }, queue: { at, reason: '要人工', urgent: true } }),
  )

  expect(await conversationById(opened.db.read, testCipher, 'c1')).toEqual({ ...conversation, seen: { byStaff: 0, byCitizen: 0 } })
  expect((await stored()).map(({ seq, author, answers }) => [seq, author, answers])).toEqual([
    [1, 'citizen', undefined],
    [2, 'bot', 1],
  ])
})

test('the same key is stored once, whichever conversation state it was decided on', async () => {
  const { conversation } = await commit(aTurn(fresh, 'k1'))

  const commitOnce = createCommitter(opened.db)
  await expect(commitOnce((sql) => commitTurn(sql, testCipher, aTurn(conversation, 'k1')))).rejects.toThrow(DuplicateError)
  expect(await stored()).toHaveLength(2)
})

test('of two turns decided on the same state one is refused whole', async () => {
  const { conversation } = await commit(aTurn(fresh, 'k1'))

  const results = await Promise.allSettled(['k2', 'k3'].map((key) => commit(aTurn(conversation, key))))

  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
  expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: expect.any(StaleError) })
  expect(await stored()).toHaveLength(4)
})

test('in 1,000 races of a bot reply against a takeover no bot message stands after the takeover', async () => {
  let { conversation } = await commit(aTurn(fresh, 'k0'))
  let taken = 0
  for (let race = 1; race <= 1_000; race++) {
    const decided = conversation
    const reply = () => commit(aTurn(decided, `k${race}`))
    const takeover = () => opened.db.write((sql) => takeOver(sql, testCipher, 'c1', by('staff')))
    const order = race % 2 === 0 ? [reply(), takeover()] : [takeover(), reply()]
    const results = await Promise.allSettled(order)
    taken += results.filter((result) => result.status === 'fulfilled').length
    const returned = await opened.db.write((sql) => handBack(sql, testCipher, 'c1', by('staff'), emptyMemory))
    if (!returned) throw new Error('the takeover did not hold')
    conversation = returned.conversation
  }

  let owner = 'bot'
  const spoken = await stored()
  for (const { author, staffId } of spoken) {
    if (author === 'system') owner = owner === 'bot' ? (staffId ?? '') : 'bot'
    expect(author === 'bot' && owner !== 'bot').toBe(false)
  }
  expect(spoken.map((message) => message.seq)).toEqual(spoken.map((_, index) => index + 1))
  expect(taken).toBeGreaterThan(1_000)
})

test('a conversation has one owner: the second to take it over is refused, and only the owner may speak or give it back', async () => {
  await commit(aTurn(fresh, 'k1'))
  const both = await Promise.all(['a', 'b'].map((id) => opened.db.write((sql) => takeOver(sql, testCipher, 'c1', by(id)))))
  const winner = both[0] ? 'a' : 'b'
  const loser = winner === 'a' ? 'b' : 'a'

  expect(both.filter(Boolean)).toHaveLength(1)
  expect(await opened.db.write((sql) => staffSay(sql, testCipher, 'c1', by(loser)))).toBeUndefined()
  expect(await opened.db.write((sql) => handBack(sql, testCipher, 'c1', by(loser), emptyMemory))).toBeUndefined()
  expect(await opened.db.write((sql) => staffSay(sql, testCipher, 'c1', by(winner)))).toBeDefined()
})
