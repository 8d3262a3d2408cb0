import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../casework/ticket.ts'
import { roleTitles } from '../../texts/casework.ts'
import { interfaces } from '../../texts/openapi.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

// The table in docs/access.zh-CN.md is what the running program answers, not what somebody meant: it is written anew by
//   UPDATE_ACCESS=1 npx vitest run tests/flows/access.test.ts
// and a change of it must be looked at like a change of the rules.
const file = 'docs/access.zh-CN.md'

type Who = { readonly title: string; readonly roles: readonly Role[]; readonly unit?: string }
const units: readonly Role[] = ['chief', 'liaison']
const people: readonly Who[] = [
  ...(['clerk', 'lead', 'supervisor', 'discipline', 'director', 'mayor', 'admin'] as const).map((role) => ({ title: roleTitles[role], roles: [role] })),
  ...units.map((role) => ({ title: `${roleTitles[role]}（主办）`, roles: [role], unit: 'natural' })),
  ...units.map((role) => ({ title: `${roleTitles[role]}（他单位）`, roles: [role], unit: 'tax' })),
]
const kinds = { ordinary: '普通', confidential: '要求保密', reported: '纪检线索' } as const
type Kind = keyof typeof kinds

let office: TestOffice
const clients = new Map<Who, StaffClient>()
const cases = new Map<Kind, { id: string; number: string }>()
beforeAll(async () => {
  office = await openOffice()
  for (const [index, who] of people.entries()) clients.set(who, await office.hire(`p${index}`, who.roles, who.unit))
  cases.set('ordinary', await aCase({}, '材料缺失'))
  cases.set('confidential', await aCase({ confidential: true, department: '自然资源局' }, '材料缺失'))
  cases.set('reported', await aCase({ department: '自然资源局', story: '工作人员索要好处费才给办' }, '吃拿卡要'))
}, 60_000)
afterAll(() => office.close())

async function aCase(facts: Readonly<Record<string, unknown>>, cause: string): Promise<{ id: string; number: string }> {
  const clerk = client('窗口')
  const { body } = await clerk.post<{ row: { id: string; number: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '张三', phone: '13800000000', matter: '不动产证', story: '窗口不给办', ...facts },
  })
  const { id } = body.row
  await clerk.command(id, { type: 'triage', demandClass: 'bottleneck', level: 1, cause, lead: 'natural', reason: '核实' })
  await clerk.command(id, { type: 'assign', note: '请核实' })
  return body.row
}

const client = (role: string): StaffClient => [...clients].find(([who]) => who.title.startsWith(role))?.[1] ?? ([...clients.values()][0] as StaffClient)

/**
 * 401 and 403 mean: not for you; so does 404 for a case. A body that is called malformed, or a thing that is not there, was looked for on behalf
 * of somebody who may have it.
 */
const isOpen = (status: number, perCase: boolean): boolean => !(perCase ? [401, 403, 404] : [401, 403]).includes(status)

const routes = (): string[] =>
  Object.keys(interfaces).filter((name) => name.includes(' /api/staff/') && !/login|logout|sign-on|live|sessions\/|second-factor|password/.test(name))

async function answer(who: StaffClient, route: string, id: string): Promise<number> {
  const [method, path = ''] = route.split(' ')
  const place = path.replace('/api/staff', '').replace(':name', 'receipt').replace(':month', '2026-06').replace(':file', 'intake').replace(':year', '2026')
  const url = `${office.url}/api/staff${place.replace(':id', id)}`
  const headers = { cookie: who.cookie(), 'x-bandecheng': '1', 'content-type': 'application/json' }
  if (method === 'GET') return (await fetch(url, { headers })).status
  // The envelope is read before the case is looked for.
  const body = path.endsWith('/commands') ? { commandId: randomUUID(), version: 1, command: { type: 'none' } } : {}
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status
}

async function table(): Promise<string> {
  const head = ['接口', '工单', ...people.map(({ title }) => title)]
  const lines = [head, head.map(() => '---')]
  for (const route of routes()) {
    const perCase = route.includes('/tickets/:id')
    for (const kind of perCase ? (Object.keys(kinds) as Kind[]) : (['ordinary'] as const)) {
      const cells: string[] = []
      for (const who of people) cells.push(isOpen(await answer(clients.get(who) as StaffClient, route, cases.get(kind)?.id ?? ''), perCase) ? '✓' : '')
      lines.push([`${interfaces[route]}<br>\`${route}\``, perCase ? kinds[kind] : '', ...cells])
    }
  }
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

describe('who may open what', () => {
  test('is what the table in the documents says, for every route and role', async () => {
    const intro =
      '# 权限表\n\n由程序实际应答生成（tests/flows/access.test.ts），✓ 表示该角色能打开。“主办”是工单的承办单位、也是被反映的单位；没有登录的人什么都打不开。\n\n'
    const text = `${intro}${await table()}\n`
    if (process.env['UPDATE_ACCESS']) writeFileSync(file, text)

    expect(text).toBe(readFileSync(file, 'utf8'))
  }, 120_000)
})

describe('a confidential case and one for the discipline office', () => {
  const outsiders = () => people.filter(({ unit }) => unit !== undefined).map((who) => clients.get(who) as StaffClient)

  test.each(['confidential', 'reported'] as const)(
    '(%s) is nowhere to be found for the unit complained of: list, search, ledgers, papers, today, notices',
    async (kind) => {
      const { id, number } = cases.get(kind) ?? { id: '', number: '' }
      for (const outsider of outsiders()) {
        const places = [
          '/tickets',
          `/tickets?q=${number}`,
          '/tickets?q=13800000000',
          '/tickets?q=不动产证',
          '/today',
          '/ledgers/intake',
          '/ledgers/work',
          '/ledgers/order',
        ]
        for (const place of places) {
          const { body } = await outsider.get(place)
          expect(JSON.stringify(body), place).not.toContain(number)
          expect(JSON.stringify(body), place).not.toContain(id)
        }
        expect((await outsider.get(`/tickets/${id}`)).status).toBe(404)
        expect((await outsider.get(`/tickets/${id}/papers/receipt`)).status).toBe(404)
      }
    },
  )

  test.each(['confidential', 'reported'] as const)('(%s) answers a command of the unit complained of as a case that does not exist', async (kind) => {
    const command = { commandId: randomUUID(), version: 1, command: { type: 'accept' } }
    for (const outsider of outsiders()) {
      const hidden = await outsider.post(`/tickets/${cases.get(kind)?.id}/commands`, command)
      const absent = await outsider.post('/tickets/no-such-case/commands', command)
      expect([hidden.status, hidden.body]).toEqual([absent.status, absent.body])
    }
  })
})
