import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { partnerSignature } from '../../channels/partner.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import { ask, partnerSecret, partnersFile } from '../support/partner.ts'

let office: TestOffice
beforeAll(async () => {
  office = await openOffice({ PARTNERS_FILE: partnersFile() })
})
afterAll(() => office.close())

const path = '/api/partner/tickets'
const aCase = (externalId: string, facts: object = {}) => ({
  externalId,
  facts: { name: '张三', phone: '13800000000', story: '不动产证跑了三趟不给办', ...facts },
})
const hand = (body: unknown, spoilt: Parameters<typeof ask>[2] = {}) =>
  ask(office.url, { method: 'POST', path, now: office.now(), body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }, spoilt)
const look = (externalId: string, partner?: { partner: string; secret: string }) =>
  ask(office.url, { method: 'GET', path: `${path}/${externalId}`, now: office.now() }, partner)
const count = async (table: string): Promise<number> => Number((await office.shell.db.read.all<{ n: number }>(`SELECT COUNT(*) AS n FROM "${table}"`))[0]?.n)

test('a case that a partner hands over is registered, and its code told to the first delivery alone', async () => {
  const first = await hand(aCase('P-1'))
  const again = await hand(aCase('P-1'))
  const { body: seen } = await look('P-1')

  expect([first.status, again.status]).toEqual([201, 200])
  expect(first.body).toMatchObject({ externalId: 'P-1', stage: 'registered', repeated: false, code: expect.stringMatching(/^\d{6}$/) })
  expect(again.body).toMatchObject({ number: first.body['number'], repeated: true })
  expect(again.body).not.toHaveProperty('code')
  expect(seen).toMatchObject({ number: first.body['number'], stage: 'registered' })
  expect(JSON.stringify(seen)).not.toMatch(/张三|138/)
})

test('one delivery that comes three times at once becomes one case', async () => {
  const before = await count('Ticket')
  const answers = await Promise.all([1, 2, 3].map(() => hand(aCase('P-2'))))

  expect(new Set(answers.map(({ body }) => body['number'])).size).toBe(1)
  expect(answers.filter(({ body }) => body['repeated'] === false)).toHaveLength(1)
  expect(await count('Ticket')).toBe(before + 1)
})

test('a known number with other words is refused and changes nothing', async () => {
  await hand(aCase('P-3'))
  const before = await count('Journal')

  const { status, body } = await hand(aCase('P-3', { story: '另一件事' }))

  expect([status, body['code']]).toEqual([409, 'differs'])
  expect(await count('Journal')).toBe(before)
})

test('what is forged, old, early, played again or of somebody unknown registers nothing', async () => {
  const before = await count('Ticket')
  const skew = 5 * 60_000 + 1
  const nonce = randomUUID()
  const refused = [
    await hand(aCase('F-1'), { secret: 'x'.repeat(40) }),
    await hand(aCase('F-2'), { partner: 'hotline' }),
    await hand(aCase('F-3'), { partner: '__proto__' }),
    await hand(aCase('F-4'), { timestamp: office.now() - skew }),
    await hand(aCase('F-5'), { timestamp: office.now() + skew }),
    await hand(aCase('F-6'), { sent: JSON.stringify(aCase('F-7')) }),
    await hand(aCase('F-8'), { nonce: 'short' }),
    await hand(aCase('F-9'), { nonce: '' }),
  ]
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403))
  expect(await count('Ticket')).toBe(before)

  expect((await hand(aCase('F-10'), { nonce, timestamp: office.now() + skew - 1 })).status).toBe(201)
  office.sleepTo(new Date(office.now() + 2 * skew - 4).toISOString())
  // Its time stamp may still be taken, and its nonce is still known.
  expect((await hand(aCase('F-10'), { nonce, timestamp: office.now() - skew + 3 })).body['code']).toBe('replayed')
  expect(await count('Ticket')).toBe(before + 1)
})

test('malformed bodies are answered with the fields that are wrong, in Chinese, and register nothing', async () => {
  const before = await count('Ticket')
  const bad = [
    {},
    [],
    null,
    7,
    aCase('有空 格'),
    aCase('M-1', { story: '' }),
    aCase('M-2', { phone: 'x' }),
    aCase('M-3', { visits: -1 }),
    { ...aCase('M-4'), more: 1 },
  ]
  for (const body of bad) {
    const answer = await hand(body)
    expect([answer.status, answer.body['code']]).toEqual([400, 'malformed'])
  }
  expect((await hand(aCase('M-5', { phone: 'x' }))).body['message']).toContain('facts.phone')
  expect((await hand(Buffer.from([0xff, 0xfe]))).body['message']).toContain('UTF-8')
  expect((await hand(randomBytes(1 << 20))).status).toBe(413)
  expect(await count('Ticket')).toBe(before)
})

test('words that look like code are kept as words', async () => {
  const story = `'; DROP TABLE "Ticket"; -- <script>alert(1)</script> =cmd|' /C calc'!A0 \u0000 \${7*7} __proto__`
  const { status, body } = await hand(aCase('I-1', { story, matter: '=1+1' }))

  expect(status).toBe(201)
  expect((await look('I-1')).body['number']).toBe(body['number'])
})

test('a partner sees its own cases alone', async () => {
  await hand(aCase('O-1'))

  expect((await look('O-1', { partner: 'hotline', secret: `${partnerSecret}-2` })).status).toBe(404)
})

test('of a confidential case, and of one for the discipline office, number and stage alone are told', async () => {
  await hand(aCase('C-1', { confidential: true }))
  await hand(aCase('C-2', { story: '窗口人员索要好处费才给办' }))

  for (const id of ['C-1', 'C-2']) expect(Object.keys((await look(id)).body).sort()).toEqual(['externalId', 'number', 'stage', 'stageText', 'version'])
})

test('no secret of a partner is in the database', async () => {
  for (const table of ['Setting', 'PartnerTicket', 'PartnerNonce', 'Job', 'Audit'])
    expect(JSON.stringify(await office.shell.db.read.all(`SELECT * FROM "${table}"`))).not.toContain(partnerSecret)
})

test('the worked example of the page for partners is what the program computes', () => {
  const page = readFileSync('docs/channels/partners.md', 'utf8')
  const value = (name: string): string => new RegExp(`^${name}: (.+)$`, 'm').exec(page)?.[1] ?? ''

  const signed = { method: 'POST', path, timestamp: value('timestamp'), nonce: value('nonce'), body: Buffer.from(value('body')) }

  expect(partnerSignature(signed, value('secret'))).toBe(value('signature'))
})
