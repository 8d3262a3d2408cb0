import { afterAll, beforeAll, expect, test } from 'vitest'
import { interfaces } from '../../texts/openapi.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

type Operation = { readonly summary: string; readonly security?: readonly object[]; readonly requestBody?: object }
type Description = { readonly openapi: string; readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

let office: TestOffice
let description: Description
beforeAll(async () => {
  office = await openOffice()
  description = (await (await fetch(`${office.url}/api/openapi.json`)).json()) as Description
})
afterAll(() => office.close())

const operations = () => Object.entries(description.paths).flatMap(([path, all]) => Object.entries(all).map(([method, one]) => ({ path, method, ...one })))

test('every route of the program is described in Chinese, and nothing that is not there', () => {
  const described = operations().map(({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`)

  expect(
    operations()
      .filter(({ summary }) => !summary)
      .map(({ method, path }) => `${method} ${path}`),
  ).toEqual([])
  expect(Object.keys(interfaces).filter((name) => !described.includes(name) && !name.startsWith('GET /api/staff/sign-on/'))).toEqual([])
})

test('what asks for a login says so', async () => {
  for (const { path, method, security } of operations()) {
    if (!path.startsWith('/api/staff/') || /login|sign-on|logout/.test(path)) continue
    expect(security, path).toEqual([{ staff: [] }])
    const answer = await fetch(`${office.url}${path.replace(/\{\w+\}/g, 'x')}`, { method: method.toUpperCase(), headers: { 'x-bandecheng': '1' } })
    expect(answer.status, `${method} ${path}`).toBe(401)
  }
})
