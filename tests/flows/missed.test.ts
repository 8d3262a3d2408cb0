import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AskedAgain, MissedView } from '../../api/contract.ts'
import { followOffice } from '../../api/follow.ts'
import { noneOfThese } from '../../texts/bot.ts'
import { type ChatClient, createChatClient } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
let lead: StaffClient
let citizens: ChatClient[]
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('小王', ['clerk'])
  lead = await office.hire('组长', ['lead'])
  citizens = []
})
afterEach(async () => {
  for (const citizen of citizens) citizen.drop()
  await office.close()
})

async function ask(question: string): Promise<string> {
  const citizen = createChatClient(office.url)
  citizens.push(citizen)
  await citizen.connect()
  await citizen.say(question)
  const first = await citizen.wait((message) => message.author === 'bot')
  // Choices that are all wrong are no answer either.
  if (first.choices?.some(({ value }) => value === noneOfThese.value)) {
    await citizen.say(noneOfThese.text, noneOfThese.value)
    await citizen.wait((message) => message.author === 'bot' && message.seq > first.seq)
  }
  return citizen
    .heard()
    .filter((message) => message.author === 'bot')
    .map((message) => message.text)
    .join('\n')
}
const missed = async (state = 'open', by = clerk): Promise<MissedView> => (await by.get<MissedView>(`/missed?state=${state}`)).body
const idsOf = (view: MissedView): number[] => view.groups.flatMap(({ questions }) => questions.map(({ id }) => id))
const strange = ['怎么申领啷当本', '请问啷当本怎么办理', '办啷当本要什么材料']
const other = '哪里办呼噜噜证'
const call = (ids: readonly number[], by: StaffClient) =>
  by.post<AskedAgain & { message: string }>('/missed/names', { ids, guideId: 'e-invoice', names: ['啷当本'], asks: [] })

test('questions without an answer are collected, and what asks for the same thing stands together', async () => {
  for (const question of [...strange, other]) await ask(question)
  const { groups, counts } = await missed()
  expect(counts.open).toBe(4)
  expect(groups.map(({ questions }) => questions.length)).toEqual([3, 1])
})

test('one step makes a name of a guide of them: it is in force at once, they are asked again, and the next citizen is answered', async () => {
  for (const question of strange) await ask(question)
  const ids = idsOf(await missed())

  const { body } = await call(ids, lead)
  expect(body).toEqual({ served: true, asked: 3, answered: 3, offered: 0 })
  expect((await missed()).counts).toMatchObject({ open: 0, pending: 0, resolved: 3 })
  expect(await ask(strange[1] ?? '')).toContain(office.shell.knowledge.current().guides.get('e-invoice')?.title)
  const audit = await office.shell.db.prisma.audit.findMany({ where: { action: 'guide named' } })
  expect(audit.map(({ staffId, subject }) => [staffId, subject])).toEqual([['组长', 'e-invoice 啷当本']])
})

test("a clerk's name is a draft: its effect is told beforehand, and the questions are settled when another approves it", async () => {
  for (const question of strange) await ask(question)
  const ids = idsOf(await missed())

  const { body } = await call(ids, clerk)
  expect(body).toEqual({ served: false, asked: 3, answered: 3, offered: 0 })
  expect((await missed()).counts).toMatchObject({ open: 0, pending: 3 })
  expect(office.shell.knowledge.current().guides.get('e-invoice')?.names).not.toContain('啷当本')

  const decision = { keys: [{ guideId: 'e-invoice', version: 2, revision: 1 }], state: 'approved' }
  expect((await lead.post('/guides/decisions', decision)).body).toEqual({ asked: 3, answered: 3, offered: 0 })
  expect((await missed()).counts).toMatchObject({ pending: 0, resolved: 3 })
})

test('what a name does not help is open again, and so is what waited for a draft that is sent back', async () => {
  for (const question of [...strange, other]) await ask(question)
  const ids = idsOf(await missed())
  expect((await call(ids, lead)).body).toMatchObject({ asked: 4, answered: 3 })
  expect((await missed()).groups.map(({ questions }) => questions.map(({ text }) => text))).toEqual([[other]])

  await clerk.post('/missed/names', { ids: idsOf(await missed()), guideId: 'e-invoice', names: ['哇啦'], asks: [] })
  await lead.post('/guides/decisions', { keys: [{ guideId: 'e-invoice', version: 3, revision: 1 }], state: 'rejected', reason: '不是一回事' })
  expect((await missed()).counts).toMatchObject({ open: 1, pending: 0 })
})

test('a name goes into the open draft too, so that the draft does not take it away again', async () => {
  const guide = office.shell.knowledge.current().guides.get('e-invoice')!
  await clerk.post('/guides', { guide: { ...guide, fee: '全免' } })
  await ask(strange[0] ?? '')
  await call(idsOf(await missed()), lead)
  office.sleepTo('2026-06-10T10:01:00+08:00')
  const decided = await lead.post('/guides/decisions', { keys: [{ guideId: 'e-invoice', version: 2, revision: 2 }], state: 'approved' })

  expect(decided.status).toBe(200)
  const now = office.shell.knowledge.current().guides.get('e-invoice')
  expect([now?.fee, now?.names.includes('啷当本')]).toEqual(['全免', true])
})

test('a new guide answers them from the day on which it is approved', async () => {
  for (const question of strange) await ask(question)
  const ids = idsOf(await missed())
  const { id: _, ...guide } = office.shell.knowledge.current().guides.get('e-invoice')!
  const fresh = { ...guide, title: '啷当本办理', names: ['啷当本'], asks: strange }
  expect((await clerk.post('/guides', { guide: fresh, isNew: true, missed: ids })).status).toBe(200)
  expect((await missed()).counts.pending).toBe(3)
  const decision = { keys: [{ guideId: 'lang-dang-ben-ban-li', version: 1, revision: 1 }], state: 'approved' }
  expect((await lead.post('/guides/decisions', decision)).body).toEqual({ asked: 3, answered: 3, offered: 0 })
})

test('a guide that begins later answers them on its day, and they wait for it until then', async () => {
  for (const question of strange) await ask(question)
  const guide = office.shell.knowledge.current().guides.get('e-invoice')!
  await clerk.post('/guides', { guide: { ...guide, names: [...guide.names, '啷当本'] }, startsOn: '2026-06-12', missed: idsOf(await missed()) })
  const decision = { keys: [{ guideId: 'e-invoice', version: 2, revision: 1 }], state: 'approved' }
  await lead.post('/guides/decisions', decision)
  expect((await missed()).counts).toMatchObject({ open: 0, pending: 3, resolved: 0 })

  office.sleepTo('2026-06-12T00:00:00+08:00')
  await followOffice(office.shell as Parameters<typeof followOffice>[0])
  expect((await missed()).counts).toMatchObject({ pending: 0, resolved: 3 })
})

test('a group is owned by who takes it, set aside with a reason only, and shows no number of anybody', async () => {
  await ask(other)
  await ask('怎么办理哇哩呜啦13812345678')
  const ids = idsOf(await missed())
  await clerk.post('/missed/take', { ids, take: true })
  expect((await missed()).groups.map(({ owner }) => owner)).toContainEqual({ name: '小王', mine: true })
  expect((await missed('open', lead)).groups.map(({ owner }) => owner)).toContainEqual({ name: '小王', mine: false })
  expect(JSON.stringify(await missed())).not.toContain('13812345678')

  expect((await clerk.post('/missed/ignore', { ids, reason: ' ' })).status).toBe(400)
  expect((await clerk.post('/missed/ignore', { ids, reason: '不是办事的话' })).status).toBe(200)
  expect((await missed('ignored')).groups[0]?.reason).toBe('不是办事的话')
  expect((await clerk.post('/missed/ignore', { ids, reason: '再来一次' })).status).toBe(409)
})
