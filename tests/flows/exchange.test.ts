import exceljs from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportedOrders } from '../../api/contract.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import { ask, partnerSecret, partnersFile } from '../support/partner.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
beforeAll(async () => {
  office = await openOffice({ PARTNERS_FILE: partnersFile() })
  clerk = await office.hire('clerk1', ['clerk'])
})
afterAll(() => office.close())

const heads = ['12345工单号', '姓名', '联系电话', '诉求内容', '是否保密']

async function workbook(rows: readonly (readonly string[])[], titles = heads): Promise<Buffer> {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet('工单')
  for (const row of [titles, ...rows]) sheet.addRow([...row])
  return Buffer.from(await book.xlsx.writeBuffer())
}

const send = (file: Buffer, who = clerk): Promise<Response> =>
  fetch(`${office.url}/api/staff/exchange/12345`, {
    method: 'POST',
    headers: {
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      cookie: who.cookie(),
      'x-bandecheng': '1',
    },
    body: new Uint8Array(file),
  })
const read = async (file: Buffer): Promise<ImportedOrders> => (await (await send(file)).json()) as ImportedOrders
const count = async (): Promise<number> => Number((await office.shell.db.read.all<{ n: number }>('SELECT COUNT(*) AS n FROM "Ticket"'))[0]?.n)

async function exported(): Promise<string[][]> {
  const answer = await fetch(`${office.url}/api/staff/exchange/12345.xlsx`, { headers: { cookie: clerk.cookie() } })
  const book = new exceljs.Workbook()
  await book.xlsx.load(await answer.arrayBuffer())
  const rows: string[][] = []
  book.worksheets[0]?.eachRow((row) => void rows.push([1, 2, 3, 4, 5, 6, 7].map((at) => String(row.getCell(at).value ?? ''))))
  return rows
}

test('good rows of a workbook are registered, bad ones named by row and column in Chinese, and a file read again registers nothing twice', async () => {
  const file = await workbook([
    ['H-1', '张三', '13800000000', '不动产证跑了三趟不给办', ''],
    ['H-2', '李四', '不是电话', '营业执照不给办', ''],
    ['', '王五', '', '没有工单号', ''],
    ['H-4', '', '', '', ''],
    ['H-5', '赵六', '', '=HYPERLINK("http://x","y")', ''],
  ])
  const first = await read(file)
  const again = await read(file)

  expect(first.taken.map(({ row, externalId, repeated }) => [row, externalId, repeated])).toEqual([
    [2, 'H-1', false],
    [6, 'H-5', false],
  ])
  expect(first.taken[0]?.code).toMatch(/^\d{6}$/)
  expect(first.faults.map(({ row, text }) => [row, text.split('：')[0]])).toEqual([
    [3, '联系电话'],
    [4, '12345工单号'],
    [5, '诉求内容'],
  ])
  expect(again.taken.map(({ number, repeated, code }) => [number, repeated, code])).toEqual(first.taken.map(({ number }) => [number, true, undefined]))
  expect(await count()).toBe(2)
})

test('an order that came by file is the same one over the wire', async () => {
  const body = { method: 'GET', path: '/api/partner/tickets/H-1', now: office.now() }
  const { status } = await ask(office.url, body, { partner: 'hotline', secret: `${partnerSecret}-2` })

  expect(status).toBe(200)
})

test('what goes back tells how each order stands; of a confidential one number and step alone, and nothing runs as a formula', async () => {
  await read(await workbook([['-9', '钱七', '', '不给办', '是']]))

  const rows = await exported()

  expect(rows[0]?.[0]).toBe('12345工单号')
  expect(rows.find(([id]) => id === 'H-1')?.[2]).toContain('受理')
  expect(rows.find(([id]) => id === "'-9")?.slice(3)).toEqual(['', '', '', ''])
  expect(JSON.stringify(rows)).not.toMatch(/张三|钱七|138/)
})

test('what is no workbook, lacks a column or is empty is said so and registers nothing', async () => {
  const before = await count()
  for (const file of [Buffer.from('no workbook'), await workbook([['1']], ['诉求内容']), await workbook([])]) expect((await send(file)).status).toBe(400)
  expect((await send(await workbook([['X-1', '', '', '不给办', '']]), await office.hire('chief1', ['chief'], 'natural'))).status).toBe(403)

  expect(await count()).toBe(before)
})
