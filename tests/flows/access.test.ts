import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ChatServerFrame } from '../../api/contract.ts'
import { findStep, isStep } from '../../casework/obstacle.ts'
import { type Step, steps } from '../../casework/stages.ts'
import type { Actor, Role, Ticket } from '../../casework/ticket.ts'
import { windowsOf } from '../../prisma/presence.ts'
import { ticketById } from '../../prisma/tickets.ts'
import { roleTitles } from '../../texts/casework.ts'
import { interfaces } from '../../texts/openapi.ts'
import {
  type AccessWorld,
  type Attempt,
  absent,
  type Kind,
  kinds,
  type Member,
  openAccessWorld,
  openRows,
  type StaffRow,
  secrets,
  sides,
  staffRows,
} from '../support/access.ts'

// The tables in docs/access.zh-CN.md are what the running program answers to a request that is good in itself, not what somebody meant: they are written anew by
//   UPDATE_ACCESS=1 npx vitest run tests/flows/access.test.ts
// and a change of them must be looked at like a change of the rules.
const file = 'docs/access.zh-CN.md'

const units = { natural: '被反映单位', tax: '保密件、纪检件的主办单位', market: '叫来配合的单位', housing: '无关单位' } as const
const ofUnits: readonly Role[] = ['chief', 'liaison']
const nobody: Member = { title: '未登录', roles: [] }
const people: readonly Member[] = [
  ...(['clerk', 'lead', 'supervisor', 'discipline', 'director', 'mayor', 'admin'] as const).map((role) => ({ title: roleTitles[role], roles: [role] })),
  { title: `${roleTitles.clerk}（${units.natural}的人）`, roles: ['clerk'], unit: 'natural' },
  ...Object.entries(units).flatMap(([unit, title]) => ofUnits.map((role) => ({ title: `${roleTitles[role]}（${title}）`, roles: [role], unit }))),
]

let world: AccessWorld
beforeAll(async () => {
  world = await openAccessWorld(people)
}, 120_000)
afterAll(() => world.close())

type Answered = { readonly status: number; readonly text: string; readonly code: string }

const cookieOf = (who: Member): string => world.sessions.get(who)?.cookie ?? ''

async function asked(route: string, row: StaffRow, who: Member, kind: Kind, isAbsent = false): Promise<Answered> {
  const { id, fileId, talkId } = world.subjects[kind]
  const subject = isAbsent ? absent : { case: id, file: fileId, talk: talkId, thing: id }[row.hides ?? 'case']
  const attempt: Attempt = (await row.ask?.({ world, who, id: subject, kind })) ?? {}
  const path = route.split(' ')[1]?.replace(':id', subject) ?? ''
  return world.request(route, { cookie: cookieOf(who), path, ...attempt })
}

/** Whether the answer lets this person in; an answer from which that cannot be told is a fault of the test. */
async function letsIn(route: string, row: StaffRow, who: Member, kind: Kind): Promise<boolean> {
  const { status, text, code } = await asked(route, row, who, kind)
  if (status < 400 || row.passed?.includes(code)) return true
  if (code === 'loginRequired' || code === 'forbidden' || row.refused?.includes(code)) return false
  if (status === 404 && row.hides) {
    expect(await asked(route, row, who, kind, true), `${route} for ${who.title}: hidden and absent look alike`).toMatchObject({ status, text })
    return false
  }
  throw new Error(`${route} for ${who.title}: ${status} ${text}`)
}

const lineOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const titled = (route: string): string => `${interfaces[route]}<br>\`${route}\``

async function registered(): Promise<string[]> {
  const { paths } = JSON.parse((await world.request('GET /api/openapi.json', {})).text) as { paths: Record<string, Record<string, unknown>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
}
/** Looked at by themselves: they are sockets. */
const sockets = ['GET /api/chat', 'GET /api/staff/live']

async function staffTable(): Promise<string> {
  const columns = [...people, nobody]
  const head = ['接口', '工单', ...columns.map(({ title }) => title)]
  const lines = [head, head.map(() => '---')]
  for (const [route, row] of Object.entries(staffRows)) {
    const all = row.hides && row.hides !== 'thing' ? (Object.keys(kinds) as Kind[]) : (['ordinary'] as const)
    for (const kind of all) {
      const cells: boolean[] = []
      for (const who of columns) cells.push(await letsIn(route, row, who, kind))
      expect(cells.at(-1), `${route} without a login`).toBe(row.open === true && !row.refused)
      lines.push([titled(route), row.hides && row.hides !== 'thing' ? kinds[kind] : '', ...cells.map((is) => (is ? '✓' : ''))])
    }
  }
  return lines.map(lineOf).join('\n')
}

/** The rows of the stage table, each looked at in a stage where it may be taken at all. */
function stepTable(ticket: Ticket): string {
  const head = ['操作', ...people.map(({ title }) => title)]
  const own = steps.filter((step, index) => step.roles.length > 0 && steps.findIndex(({ command }) => command === step.command) === index)
  const lines = [
    head,
    head.map(() => '---'),
    ...own.map((step) => [`${step.title}<br>\`${step.command}\``, ...people.map((who) => mayStep(ticket, step, who))]),
  ]
  return lines.map(lineOf).join('\n')
}

function mayStep(ticket: Ticket, { command, from, paused }: Step, { roles, unit }: Member): string {
  const by: Actor = { kind: 'staff', id: 'x', name: 'x', roles, ...(unit === undefined ? {} : { unit }) }
  const { paused: _, ...rest } = ticket
  const stage = from[0] ?? ticket.stage
  const at: Ticket = { ...rest, stage, ...(paused === 'only' ? { paused: { since: 1, why: 'citizen', reason: '' } } : {}) } as Ticket
  return command === 'register'
    ? roles.some((role) => steps[0]?.roles.includes(role))
      ? '✓'
      : ''
    : isStep(findStep(at, command, by, world.office.shell.knowledge.current().office))
      ? '✓'
      : ''
}

async function openTable(): Promise<string> {
  const head = ['接口', ...Object.values(sides)]
  const lines = [head, head.map(() => '---')]
  for (const [route, row] of Object.entries(openRows)) {
    const cells: boolean[] = []
    for (const side of ['none', 'other', 'own'] as const) {
      const attempt = (await row.ask?.(world, side)) ?? {}
      const { status, text, code } = await world.request(route, attempt)
      const isIn = status < 400 || row.passed?.includes(code) === true
      if (!isIn && ![401, 403].includes(status) && !row.refused?.includes(code)) throw new Error(`${route} for ${side}: ${status} ${text}`)
      if (side !== 'own') for (const secret of secrets) expect(text, `${route} for ${side}`).not.toContain(secret)
      cells.unshift(isIn)
    }
    lines.push([titled(route), ...cells.map((is) => (is ? '✓' : ''))])
  }
  return lines.map(lineOf).join('\n')
}

describe('who may open what', () => {
  test('has a line for every route that the program has, and none for others', async () => {
    const known = [...Object.keys(staffRows), ...Object.keys(openRows), ...sockets]

    expect(known.sort()).toEqual((await registered()).sort())
  })

  test('is what the tables in the documents say, for every route, step, role, unit and kind of case', async () => {
    const ticket = await ticketById(world.office.shell.db.read, world.office.shell.cipher, world.subjects.ordinary.id)
    if (!ticket) throw new Error('no case')
    const text = [
      '# 权限表',
      '由程序实际应答生成（tests/flows/access.test.ts）：每个接口都用一个本来有效的请求去问，✓ 表示放行。普通件由被反映单位主办；“要求保密”和“纪检线索”两件由另一单位主办，被反映单位看不到，答复和不存在的件一字不差。程序里新加的接口不在表里，测试就不通过。',
      '## 工作人员的接口',
      await staffTable(),
      '## 对工单的各步操作',
      '角色和单位两项都要合得上；先要看得见这件工单（上表），再看本表。单位的人只能办本单位主办的件。',
      stepTable(ticket),
      '## 市民、外单位和平台的接口',
      '“本人”是这件事的当事人（本机身份、查询通行证、一次性链接、平台签名），“别人”拿的是自己的或改过的凭证。“别人”和“没有凭证”两栏的 ✓ 只表示接口会应答：答复里没有本人的任何内容（逐字核对）。',
      await openTable(),
    ].join('\n\n')
    if (process.env['UPDATE_ACCESS']) writeFileSync(file, `${text}\n`)

    expect(`${text}\n`).toBe(readFileSync(file, 'utf8'))
  }, 400_000)
})

describe('a socket', () => {
  const open = (path: string, cookie: string): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${world.office.url.replace('http', 'ws')}${path}`, { headers: { cookie } })
      socket.once('open', () => resolve(socket))
      socket.once('error', reject)
    })

  test('of staff opens for those who are logged in, and what it says of a talk counts only from those who talk', async () => {
    const talking: readonly Role[] = ['clerk', 'lead', 'supervisor', 'director', 'discipline']
    const windows = async (): Promise<number> => (await windowsOf(world.office.shell.db.read, world.talk, 0)).length
    // Those who count come last: by then what was wrongly taken of the others would be there as well.
    const quietFirst = [...people].sort(
      (a, b) => Number(a.roles.some((role) => talking.includes(role))) - Number(b.roles.some((role) => talking.includes(role))),
    )
    const windowsOpen: WebSocket[] = []
    for (const who of quietFirst) {
      const socket = await open('/api/staff/live', cookieOf(who))
      windowsOpen.push(socket)
      socket.send(JSON.stringify({ type: 'look', id: world.talk, typing: false }))
    }

    await expect.poll(windows, { timeout: 10_000 }).toBe(people.filter(({ roles }) => roles.some((role) => talking.includes(role))).length)
    for (const socket of windowsOpen) socket.terminate()
    await expect(open('/api/staff/live', '')).rejects.toThrow('401')
    await expect(open('/api/staff/live', 'bdc_staff=made-up')).rejects.toThrow('401')
  })

  test('of a citizen opens with a signed visitor and reads that visitor’s talk alone', async () => {
    await expect(open('/api/chat', '')).rejects.toThrow('401')
    await expect(open('/api/chat', `${world.visitor.slice(0, -3)}xyz`)).rejects.toThrow('401')
    const socket = await open('/api/chat', world.other)
    const heard: ChatServerFrame[] = []
    socket.on('message', (data) => heard.push(JSON.parse(String(data)) as ChatServerFrame))
    socket.send(JSON.stringify({ type: 'sync', after: 0 }))
    socket.send(JSON.stringify({ type: 'typing' }))
    await expect.poll(() => heard.length).toBeGreaterThan(0)

    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatchObject({ type: 'messages', messages: [], state: { version: 0, seq: 0 }, more: false })
    socket.terminate()
  })
})

describe('a confidential case and one for the discipline office', () => {
  const outsiders = () => people.filter(({ unit }) => unit === 'natural')

  test.each(['confidential', 'reported'] as const)(
    '(%s) is nowhere to be found for the unit complained of: list, search, ledgers, today, figures, review',
    async (kind) => {
      const { id, number, talkId } = world.subjects[kind]
      const places = [
        '/tickets',
        `/tickets?q=${number}`,
        '/tickets?q=13900001111',
        '/tickets?q=不动产证',
        '/today',
        '/ledgers/intake',
        '/ledgers/work',
        '/ledgers/order',
        '/ledgers/intake.jsonl',
        '/dashboard',
        '/report/2026-06',
        '/review?from=2026-06-01&to=2026-06-30',
        '/improvements',
        '/conversations?state=all',
      ]
      for (const who of outsiders())
        for (const place of places) {
          const { status, text } = await world.request('GET', { cookie: cookieOf(who), path: `/api/staff${place}` })
          expect(status, place).toBeLessThan(404)
          expect(text, `${place} for ${who.title}`).not.toContain(number)
          expect(text, `${place} for ${who.title}`).not.toContain(id)
          expect(text, `${place} for ${who.title}`).not.toContain(talkId)
        }
    },
  )
})
