import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runDueJobs } from '../../api/workers/timers.ts'
import type { Policy } from '../../casework/policy.ts'
import { createChatClient } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let clerk: StaffClient
let director: StaffClient
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
  director = await office.hire('director', ['director'])
})
afterEach(() => office.close())

type Read = { version: number; policy: Policy }
const read = async (): Promise<Read> => (await director.get<Read>('/policy')).body

async function register(): Promise<string> {
  const { body } = await clerk.post<{ row: { id: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '张三', phone: '13800000000', matter: '营业执照', story: '网上提交不了' },
  })
  return body.row.id
}

test('the director edits a rule, and the cases that are open follow it', async () => {
  const id = await register()
  const { version, policy } = await read()
  const edited = { ...policy, marks: { ...policy.marks, before: [25] } }

  expect((await director.post('/policy', { version, policy: edited })).status).toBe(200)
  await runDueJobs(office.shell)
  await office.passTo('2026-06-10T10:35:00+08:00')

  const { journal } = await clerk.ticket(id)
  expect(journal.flatMap((line) => (line.event.type === 'reminded' ? [line.event.mark] : []))).toEqual(['p25'])
  expect(office.shell.knowledge.current().office.policy.marks.before).toEqual([25])
})

test('a district that the office has named is noted when a citizen speaks of it, and none is before', async () => {
  const citizen = createChatClient(office.url)
  await citizen.connect()
  await citizen.say('我在尧都区办不动产证跑了三趟还是不给办，说缺契税发票')
  const { version, policy } = await read()
  expect((await director.post('/policy', { version, policy: { ...policy, districts: ['尧都区', '侯马市'] } })).status).toBe(200)
  await citizen.say('我是侯马的，叫王芳，电话13812345678')
  await citizen.wait(({ text }) => /\d{4}-\d{8}-\d{4}-\d/.test(text))
  citizen.drop()

  const [row] = await clerk.tickets()
  expect((await clerk.ticket(row?.id ?? '')).ticket.facts.district).toBe('侯马市')
})

test('of two edits of one version the second is refused, and nothing of it is stored', async () => {
  const { version, policy } = await read()
  await director.post('/policy', { version, policy: { ...policy, opinion: { amount: 1, unit: 'workingDays' } } })

  const second = await director.post<{ code: string }>('/policy', { version, policy: { ...policy, opinion: { amount: 9, unit: 'workingDays' } } })

  expect([second.status, second.body.code]).toEqual([409, 'stale'])
  expect((await read()).policy.opinion.amount).toBe(1)
})

test('every version of the rules stays readable, with who made it and when', async () => {
  const { version, policy } = await read()
  await director.post('/policy', { version, policy: { ...policy, opinion: { amount: 1, unit: 'workingDays' } } })
  await director.post('/policy', { version: version + 1, policy: { ...policy, opinion: { amount: 4, unit: 'workingDays' } } })

  const { rows } = (await clerk.get<{ rows: { version: number; by: string; policy: Policy }[] }>('/policy/history')).body

  expect(rows.map((row) => [row.version, row.by, row.policy.opinion.amount])).toEqual([
    [version + 2, 'director', 4],
    [version + 1, 'director', 1],
    [version, '出厂设置', policy.opinion.amount],
  ])
})

test('a department is renamed at once for everybody, not twice from one reading, and not to a name that another has', async () => {
  type Row = { id: string; name: string; aliases: string[]; duties: string }
  const of = async (id: string) => (await clerk.get<{ rows: Row[] }>('/departments')).body.rows.find((row) => row.id === id) as Row
  const { id, ...was } = await of('natural')
  const other = await of('tax')

  const next = { ...was, aliases: [...was.aliases, '房产登记大厅'] }
  expect((await director.post(`/departments/${id}`, { was, next })).status).toBe(200)

  expect((await of('natural')).aliases).toContain('房产登记大厅')
  expect(
    office.shell.knowledge
      .current()
      .understand('房产登记大厅不给办', { today: '2026-06-10' })
      .entities.map((one) => one.value),
  ).toContain(was.name)
  expect((await director.post<{ code: string }>(`/departments/${id}`, { was, next: was })).body.code).toBe('stale')
  const now = { name: next.name, aliases: next.aliases, duties: next.duties }
  expect((await director.post<{ message: string }>(`/departments/${id}`, { was: now, next: { ...now, name: other.name } })).body.message).toContain(other.name)
  expect((await clerk.post(`/departments/${id}`, { was: now, next: was })).status).toBe(403)
})

test('a department is added behind the others, understood at once, and not under a name that another has', async () => {
  const given = { name: '市数据局', aliases: ['大数据局'], duties: '政务数据、电子证照' }
  const added = await director.post<{ id: string }>('/departments', given)
  const again = await director.post<{ message: string }>('/departments', { ...given, name: '大数据局', aliases: [] })

  const { rows } = (await clerk.get<{ rows: { id: string; name: string }[] }>('/departments')).body
  expect(rows.at(-1)).toEqual({ id: added.body.id, ...given })
  expect([again.status, again.body.message]).toEqual([422, expect.stringContaining('市数据局')])
  expect((await clerk.post('/departments', { ...given, name: '别的局', aliases: [] })).status).toBe(403)
  const heard = office.shell.knowledge.current().understand('大数据局那边不给办', { today: '2026-06-10' })
  expect(heard.entities).toContainEqual(expect.objectContaining({ kind: 'department', value: '市数据局' }))
})

test('the audit is searched by person, action and day, and read by those alone who watch over it', async () => {
  const { version, policy } = await read()
  await director.post('/policy', { version, policy })
  await office.passTo('2026-06-11T10:00:00+08:00')
  await director.get('/me')
  await fetch(`${office.url}/api/staff/ledgers/intake.html`, { headers: { cookie: director.cookie() } })
  type Page = { rows: { action: string; name: string }[] }
  const found = async (query: string) => (await director.get<Page>(`/audit?${query}`)).body.rows.map((row) => `${row.name} ${row.action}`)

  expect(await found('action=policy+replaced')).toEqual(['director policy replaced'])
  expect(await found('person=clerk&action=policy+replaced')).toEqual([])
  expect(await found('from=2026-06-11&person=director')).toContain('director ledger exported')
  expect(await found('to=2026-06-10&person=director')).not.toContain('director ledger exported')
  expect((await clerk.get('/audit')).status).toBe(403)
})

test('a rule that makes no sense is refused by name, and one who is no editor is refused', async () => {
  const { version, policy } = await read()

  const bad = await director.post<{ message: string }>('/policy', { version, policy: { ...policy, callback: { ...policy.callback, attempts: 0 } } })
  expect([bad.status, bad.body.message]).toEqual([400, expect.stringContaining('callback.attempts')])
  expect((await clerk.post('/policy', { version, policy })).status).toBe(403)
})

test('when the notice of a year is loaded, the clocks that waited for it are set', async () => {
  office.sleepTo('2026-12-31T16:30:00+08:00')
  await clerk.get('/me')
  await director.get('/me')
  const id = await register()
  expect((await clerk.ticket(id)).ticket.unset?.length).toBeGreaterThan(0)

  const year = { year: 2027, notice: '测试用通知', noticeOn: '2026-11-01', days: [{ on: '2027-01-01', working: false, name: '元旦' }] }
  expect((await director.post('/calendar/2028', year)).status).toBe(400)
  expect((await director.post('/calendar/2027', year)).status).toBe(200)
  await runDueJobs(office.shell)

  const { ticket } = await clerk.ticket(id)
  expect(ticket.unset ?? []).toEqual([])
  expect(ticket.deadlines.find((one) => one.kind === 'triage')?.dueAt).toBeGreaterThan(Date.parse('2027-01-04T00:00:00+08:00'))
})
