import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { evolve } from '../../casework/evolve.ts'
import { auditJournals, type Fault } from '../../prisma/audit.ts'
import type { Sql, Value } from '../../prisma/sql.ts'
import { testCipher } from '../support/database.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
let id: string
let number: string
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
  const first = await register('营业执照')
  id = first.id
  number = first.number
  await clerk.command(id, { type: 'amend', facts: { told: '不能办' } })
  await clerk.command(id, { type: 'triage', demandClass: 'clear', level: 1, cause: '材料缺失', lead: 'natural', reason: '缺材料' })
  await register('不动产证')
})
afterEach(() => office.close())

async function register(matter: string): Promise<{ id: string; number: string }> {
  const { body } = await clerk.post<{ row: { id: string; number: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '张三', phone: '13800000000', matter, story: '提交不了' },
  })
  return body.row
}

const run = (text: string, values: readonly Value[]) => office.shell.db.write((sql) => sql.run(text, values))
const lines = async () => (await office.shell.db.read.all<{ seq: number }>('SELECT seq FROM "Journal" WHERE "ticketId" = ?', [id])).length

async function faults(read: Sql = office.shell.db.read): Promise<Fault[]> {
  const found: Fault[] = []
  for await (const { fault } of auditJournals(read, testCipher, evolve)) if (fault) found.push(fault)
  return found
}

test('journals that nobody touched pass the audit', async () => {
  expect(await faults()).toEqual([])
})

test('a case that moves while it is audited is no fault', async () => {
  const read = office.shell.db.read
  let moved = false
  const moving: Sql = {
    ...read,
    all: async (text, values) => {
      if (text.includes('"Journal"') && !moved) {
        moved = true
        expect((await clerk.command(id, { type: 'amend', facts: { told: '又说不能办' } })).status).toBe(200)
      }
      return read.all(text, values)
    },
  }

  expect(await faults(moving)).toEqual([])
  expect(moved).toBe(true)
})

test('a line that was rewritten with the key in hand is named', async () => {
  const [row] = await office.shell.db.read.all<{ sealed: string }>('SELECT sealed FROM "Journal" WHERE "ticketId" = ? AND seq = 2', [id])
  const stamped = testCipher.open<{ at: number }>(row?.sealed ?? '', `Journal/${id}/2`)
  await run('UPDATE "Journal" SET sealed = ? WHERE "ticketId" = ? AND seq = 2', [testCipher.seal({ ...stamped, at: stamped.at - 1 }, `Journal/${id}/2`), id])

  expect(await faults()).toEqual([{ number, line: 2, kind: 'changed' }])
})

test('a line that was overwritten without the key is named', async () => {
  await run('UPDATE "Journal" SET sealed = ? WHERE "ticketId" = ? AND seq = 1', ['1AAAA', id])

  expect(await faults()).toEqual([{ number, line: 1, kind: 'unreadable' }])
})

test('a line whose link to the one before was changed is named', async () => {
  await run('UPDATE "Journal" SET "prevHash" = ? WHERE "ticketId" = ? AND seq = 3', ['other', id])

  expect(await faults()).toEqual([{ number, line: 3, kind: 'broken' }])
})

test('a line deleted from the middle is named', async () => {
  await run('DELETE FROM "Journal" WHERE "ticketId" = ? AND seq = 2', [id])
  expect(await faults()).toEqual([{ number, line: 2, kind: 'missing' }])
})

test('a deleted last line is named', async () => {
  const last = await lines()
  await run('DELETE FROM "Journal" WHERE "ticketId" = ? AND seq = ?', [id, last])

  expect(await faults()).toEqual([{ number, line: last, kind: 'missing' }])
})

test('an inserted line is named', async () => {
  const next = (await lines()) + 1
  await run(
    `INSERT INTO "Journal" ("ticketId", seq, at, "byKind", "byId", type, "prevHash", hash, sealed)
     SELECT "ticketId", CAST(? AS INTEGER), at, "byKind", "byId", type, "prevHash", hash, sealed FROM "Journal" WHERE "ticketId" = ? AND seq = 2`,
    [next, id],
  )

  expect(await faults()).toEqual([{ number, line: next, kind: 'surplus' }])
})

test('columns that lists and search go by must agree with the sealed line', async () => {
  await run('UPDATE "Journal" SET "byId" = ? WHERE "ticketId" = ? AND seq = 2', ['someone else', id])

  expect(await faults()).toEqual([{ number, line: 2, kind: 'columns' }])
})

test('a case that was changed past its journal is named', async () => {
  await run(`UPDATE "Ticket" SET stage = 'archived' WHERE id = ?`, [id])

  expect(await faults()).toEqual([{ number, line: undefined, kind: 'state' }])
})

test('a journal whose case was deleted is named', async () => {
  await run('DELETE FROM "Ticket" WHERE id = ?', [id])

  expect(await faults()).toEqual([{ number: id, line: undefined, kind: 'orphan' }])
})
