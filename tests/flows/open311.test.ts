import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
beforeAll(async () => {
  office = await openOffice({ OPEN311: 'on' })
  clerk = await office.hire('clerk', ['clerk'])
})
afterAll(() => office.close())

type Row = { readonly service_request_id: string; readonly status: string; readonly service_code: string; readonly agency_responsible: string | null }
async function read(path: string, url = office.url): Promise<{ status: number; rows: Row[]; text: string }> {
  const answer = await fetch(`${url}/api/open311/v2/${path}`)
  const text = await answer.text()
  return { status: answer.status, text, rows: answer.ok ? JSON.parse(text) : [] }
}
async function register(facts: object = {}, more: object = {}): Promise<{ id: string; number: string }> {
  const { body } = await clerk.post<{ row: { id: string; number: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '王建国', phone: '13800001111', matter: '不动产证', story: '跑了三趟，老王家的证不给办', ...facts },
    ...more,
  })
  return body.row
}

test('tells field, unit, stage and times of a case, and nothing that the citizen wrote', async () => {
  const { id, number } = await register()
  await clerk.command(id, { type: 'triage', demandClass: 'clear', level: 1, cause: '材料缺失', lead: 'natural', category: '不动产', reason: '归口' })
  const { rows, text } = await read('requests.json')

  expect(rows.find((row) => row.service_request_id === number)).toMatchObject({
    status: 'open',
    service_code: '不动产',
    agency_responsible: '市自然资源和规划局',
  })
  expect(text).not.toMatch(/王|138|三趟|不动产证|clerk/)
  expect((await read(`requests/${number}.json`)).rows).toHaveLength(1)
  expect((await read('requests.json?service_code=不动产')).rows.map((row) => row.service_request_id)).toContain(number)
  expect((await read('requests.json?status=closed')).rows).toEqual([])
  expect((await read('services.json')).rows.map((row) => row.service_code)).toEqual(expect.arrayContaining(['不动产', 'other']))
})

test('knows nothing of confidential cases, of the discipline office’s, and of people in danger', async () => {
  const hidden = [await register({ confidential: true }), await register({ story: '窗口的人索要红包，吃拿卡要' }), await register({}, { urgent: true })]
  const { text } = await read('requests.json')

  for (const { number } of hidden) {
    expect(text).not.toContain(number)
    expect(await read(`requests/${number}.json`)).toMatchObject({ status: 404 })
    expect((await read(`requests.json?service_request_id=${number}`)).rows).toEqual([])
  }
  expect((await read('requests/0000-00000000-0000-0.json')).text).toBe((await read(`requests/${hidden[0]?.number}.json`)).text)
})

test('is closed unless the office opens it', async () => {
  const shut = await openOffice()
  expect([(await read('services.json', shut.url)).status, (await read('requests.json', shut.url)).status]).toEqual([404, 404])
  await shut.close()
})
