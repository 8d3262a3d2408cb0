import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../api/files/store.ts'
import { evolve } from '../../casework/evolve.ts'
import { auditJournals } from '../../prisma/audit.ts'
import { createCipher, newKey } from '../../prisma/cipher.ts'
import { reseal, sealedColumns } from '../../prisma/reseal.ts'
import { createChatClient } from '../support/chat.ts'
import { testKey } from '../support/database.ts'
import { newVisitor, paper, send } from '../support/files.ts'
import { aFullLife } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

let office: TestOffice
beforeEach(async () => {
  office = await openOffice()
  await aFullLife(office)
  const citizen = createChatClient(office.url)
  await citizen.connect()
  await citizen.say('我叫刘芳，电话13800001111，办不了房产证')
  await citizen.say('火星上能落户吗')
  citizen.drop()
})
afterEach(() => office.close())

async function versions(): Promise<Set<string>> {
  const found = new Set<string>()
  for (const { table, column } of sealedColumns) {
    const rows = await office.shell.db.read.all<{ value: string }>(`SELECT "${column}" AS value FROM "${table}" WHERE "${column}" IS NOT NULL`)
    for (const { value } of rows) found.add(value.charAt(0))
  }
  return found
}

test('every sealed column of the schema is known to the rotation', () => {
  const schema = readFileSync('prisma/schema.prisma', 'utf8')
  const models = schema.split(/^model /m).slice(1)
  const sealed = models.filter((model) => /^\s+sealed\s/m.test(model)).map((model) => /^\w+/.exec(model)?.[0])

  expect(
    sealedColumns
      .filter(({ column }) => column === 'sealed')
      .map(({ table }) => table)
      .sort(),
  ).toEqual(sealed.sort())
})

test.each(['aes', 'sm4'] as const)(
  'after a rotation to %s old values open, new ones have the new key, and resealing moves the rest while nothing else changes',
  async (algorithm) => {
    const rotated = createCipher(`${testKey} ${newKey(algorithm)}`)
    for await (const { fault } of auditJournals(office.shell.db.read, rotated, evolve)) expect(fault).toBeUndefined()

    const done = await reseal(office.shell.db, rotated)

    expect(done).toBeGreaterThan(20)
    expect(await versions()).toEqual(new Set(['2']))
    for await (const { fault } of auditJournals(office.shell.db.read, rotated, evolve)) expect(fault).toBeUndefined()
    expect(await reseal(office.shell.db, rotated)).toBe(0)
    expect(rotated.index('phone', '13800001111')).toBe(createCipher(testKey).index('phone', '13800001111'))
  },
)

test.each(['aes', 'sm4'] as const)('a value under %s opens at its place only, and not when a bit of it was changed', (algorithm) => {
  const cipher = createCipher(newKey(algorithm))
  const sealed = cipher.seal({ phone: '13800001111' }, 'Ticket/1')
  const body = Buffer.from(sealed.slice(1), 'base64')

  expect(cipher.open(sealed, 'Ticket/1')).toEqual({ phone: '13800001111' })
  expect(() => cipher.open(sealed, 'Ticket/2')).toThrow()
  for (const place of [0, 20, body.length - 1]) {
    const changed = Buffer.from(body)
    changed[place] = (changed[place] ?? 0) ^ 1
    expect(() => cipher.open(`1${changed.toString('base64')}`, 'Ticket/1')).toThrow()
  }
  expect(() => createCipher(newKey(algorithm)).open(sealed, 'Ticket/1')).toThrow()
})

test('files are sealed anew as well, and open as before', async () => {
  const { body } = await send(office.url, await newVisitor(office.url), paper(), '证明.pdf')
  const keys = `${testKey} ${newKey('sm4')}`
  const rotated = openStore(office.files, createCipher(keys))

  expect(await rotated.take(body.id)).toEqual(paper())
  expect(await rotated.reseal()).toBe(1)
  expect(await rotated.reseal()).toBe(0)
  expect(await rotated.take(body.id)).toEqual(paper())
  await expect(office.shell.store.take(body.id)).rejects.toThrow('unknown key')
})
