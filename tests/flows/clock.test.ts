import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TodayView } from '../../api/contract.ts'
import { runDueJobs } from '../../api/workers/timers.ts'
import { timeOf } from '../../casework/day.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openProcess, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let database: TestDatabase
let office: TestOffice
let clerk: StaffClient
beforeEach(async () => {
  database = await createTestDatabase()
  office = await openProcess(database)
  clerk = await office.hire('clerk', ['clerk'])
})
afterEach(() => office.close())

async function registerAtCounter(): Promise<string> {
  const { body } = await clerk.post<{ row: { id: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '张三', phone: '13800000000', matter: '营业执照', story: '网上提交不了' },
  })
  return body.row.id
}

const marksOf = async (id: string): Promise<string[]> => {
  const { journal } = await clerk.ticket(id)
  return journal.flatMap((line) => (line.event.type === 'reminded' ? [`${line.event.deadline} ${line.event.mark}`] : []))
}

/** The times of day at which the late ones should have been given. */
const plannedOf = async (id: string): Promise<(string | undefined)[]> => {
  const { journal } = await clerk.ticket(id)
  return journal.flatMap(({ event }) => (event.type === 'reminded' ? [event.plannedAt === undefined ? undefined : timeOf(event.plannedAt)] : []))
}

/** One more process on the same database, which starts at that time. */
const openBeside = (iso: string): Promise<TestOffice> => openProcess({ ...database, remove: async () => undefined }, {}, Date.parse(iso))

async function tickAt(iso: string): Promise<void> {
  office.sleepTo(iso)
  await runDueJobs(office.shell)
}

test('two workers at once give each reminder once', async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, registerAtCounter))
  office.sleepTo('2026-06-10T11:55:00+08:00')

  await Promise.all([runDueJobs(office.shell), runDueJobs(office.shell), runDueJobs(office.shell)])

  for (const id of ids) expect(await marksOf(id)).toEqual(['triage p50', 'triage p80'])
})

test('a case that cannot be read keeps no other case from its reminder', async () => {
  const [broken = '', ...others] = await Promise.all(Array.from({ length: 4 }, registerAtCounter))
  await office.shell.db.write((sql) => sql.run('UPDATE "Ticket" SET sealed = ? WHERE id = ?', ['1broken', broken]))
  office.sleepTo('2026-06-10T11:55:00+08:00')

  await runDueJobs(office.shell)

  for (const id of others) expect(await marksOf(id)).toEqual(['triage p50', 'triage p80'])
})

test('after an outage of six hours every reminder is given that fell into it, once and in order, and says that it is late', async () => {
  const id = await registerAtCounter()
  office.sleepTo('2026-06-10T16:00:00+08:00')

  await runDueJobs(office.shell)
  await runDueJobs(office.shell)

  expect(await marksOf(id)).toEqual(['triage p50', 'triage p80', 'triage due'])
  expect(await plannedOf(id)).toEqual(['11:00', '11:36', '12:00'])
  const { journal } = await clerk.ticket(id)
  expect(journal.filter(({ text }) => text.includes('（应于2026-06-10 11:00提醒，现补发）'))).toHaveLength(1)
  const { body } = await clerk.get<TodayView>('/today')
  const told = body.notices.filter(({ text }) => /提醒：|催办：/.test(text)).map(({ text }) => /应于2026年6月10日(.*)提醒，现补发/.exec(text)?.[1])
  expect(told.sort()).toEqual(['11:00', '11:36', '12:00'])
})

test('of two processes that open after an outage of six hours one gives each reminder, and it is late', async () => {
  const id = await registerAtCounter()
  const one = await openBeside('2026-06-10T16:00:00+08:00')
  const other = await openBeside('2026-06-10T16:00:00+08:00')

  const first = runDueJobs(one.shell)
  // The embedded database is for one process at a time: in one thread, neither of two could wait for the other.
  if (one.shell.db.engine === 'sqlite') await first
  await Promise.all([first, runDueJobs(other.shell)])

  expect(await marksOf(id)).toEqual(['triage p50', 'triage p80', 'triage due'])
  expect(await plannedOf(id)).toEqual(['11:00', '11:36', '12:00'])
  await Promise.all([one.close(), other.close()])
})

test('a reminder is late for an outage and not for a restart', async () => {
  const id = await registerAtCounter()
  await tickAt('2026-06-10T11:00:10+08:00')
  office.sleepTo('2026-06-10T11:40:00+08:00')
  const restarted = await openBeside('2026-06-10T11:40:00+08:00')
  await runDueJobs(restarted.shell)
  office.sleepTo('2026-06-10T12:06:00+08:00')
  await runDueJobs(office.shell)

  expect(await marksOf(id)).toEqual(['triage p50', 'triage p80', 'triage due'])
  expect(await plannedOf(id)).toEqual([undefined, undefined, '12:00'])
  await restarted.close()
})

test('a clock that is set back by an hour gives no reminder again, and those that follow are not late', async () => {
  const id = await registerAtCounter()
  await tickAt('2026-06-10T11:00:10+08:00')
  office.sleepTo('2026-06-10T10:10:00+08:00')
  for (const time of ['10:30:00', '11:00:10', '11:36:10', '12:00:10']) await tickAt(`2026-06-10T${time}+08:00`)

  expect(await marksOf(id)).toEqual(['triage p50', 'triage p80', 'triage due'])
  expect(await plannedOf(id)).toEqual([undefined, undefined, undefined])
})

test('a clock that is set forward by an hour gives each reminder once; what it has jumped over is late', async () => {
  const id = await registerAtCounter()
  for (const time of ['10:45:00', '11:45:00', '12:00:10', '12:30:00']) await tickAt(`2026-06-10T${time}+08:00`)

  expect(await marksOf(id)).toEqual(['triage p50', 'triage p80', 'triage due'])
  expect(await plannedOf(id)).toEqual(['11:00', '11:36', undefined])
})

test('a reminder that was asked for after its time, because the clock stood still, is not late', async () => {
  const id = await registerAtCounter()
  const lead = await office.hire('lead', ['lead'])
  const chief = await office.hire('chief', ['chief'], 'market')
  const steps: [StaffClient, { type: string } & Record<string, unknown>][] = [
    [clerk, { type: 'triage', demandClass: 'clear', level: 1, cause: '线上操作', lead: 'market', reason: '指导填报' }],
    [clerk, { type: 'assign', note: '请指导' }],
    [chief, { type: 'accept' }],
    [lead, { type: 'pause', why: 'citizen', reason: '等补材料' }],
  ]
  for (const [by, command] of steps) expect((await by.command(id, command)).status).toBe(200)
  await office.passTo('2026-06-10T16:30:00+08:00')
  const before = await marksOf(id)
  expect((await lead.command(id, { type: 'resume', reason: '材料已补' })).status).toBe(200)
  await tickAt('2026-06-10T16:30:10+08:00')

  const given = await marksOf(id)
  expect(given.length).toBeGreaterThan(before.length)
  expect(await plannedOf(id)).toEqual(given.map(() => undefined))
})

test('a job that cannot be done ends as dead; who can have it tried again is told, and nobody else', async () => {
  const id = await registerAtCounter()
  await office.shell.db.write((sql) => sql.run('UPDATE "Ticket" SET sealed = ? WHERE id = ?', ['1broken', id]))
  for (let hour = 11; hour < 24; hour++) await office.passTo(`2026-06-10T${hour}:00:00+08:00`)
  await office.passTo('2026-06-12T10:00:00+08:00')

  const supervisor = await office.hire('keeper', ['supervisor', 'admin'])
  const { body } = await supervisor.get<{ rows: { id: number; lastError: string }[] }>('/jobs/dead')
  expect(body.rows.length).toBeGreaterThan(0)
  const first = body.rows[0]?.id
  const told = async (who: StaffClient) => (await who.get<TodayView>('/alarms')).body.alarms.map(({ code }) => code)
  const chief = await office.hire('chief', ['chief'], 'estate')
  expect(await told(supervisor)).toContain('deadJob')
  expect(await told(chief)).not.toContain('deadJob')
  expect((await chief.get('/jobs/dead')).status).toBe(403)
  expect((await supervisor.post(`/jobs/${first}/retry`)).status).toBe(204)
})

test('when the ticks stop, staff see it on every page, with how long it has been, until they run again', async () => {
  type Alarms = { alarms: { code: string; text: string }[] }
  await registerAtCounter()
  await runDueJobs(office.shell)
  expect((await clerk.get<Alarms>('/alarms')).body.alarms).toEqual([])
  // The first reminder is due at eleven.
  office.sleepTo('2026-06-10T11:04:00+08:00')
  expect((await clerk.get<Alarms>('/alarms')).body.alarms).toEqual([])

  office.sleepTo('2026-06-10T11:20:00+08:00')

  for (const path of ['/alarms', '/today']) {
    expect((await clerk.get<Alarms>(path)).body.alarms).toMatchObject([{ code: 'clockStuck', text: expect.stringContaining('20 分钟') }])
  }
  await runDueJobs(office.shell)
  expect((await clerk.get<Alarms>('/alarms')).body.alarms).toEqual([])
})

test('a year whose holidays are not loaded is an alarm that staff see, and a case is registered all the same', async () => {
  office.sleepTo('2026-12-31T16:30:00+08:00')
  clerk = await office.hire('late-clerk', ['clerk'])
  const id = await registerAtCounter()

  const { body } = await clerk.get<{ alarms: { code: string; text: string }[] }>('/today')
  const { ticket } = await clerk.ticket(id)

  expect(ticket.stage).toBe('registered')
  expect(body.alarms).toContainEqual(expect.objectContaining({ code: 'calendarGap', text: expect.stringContaining('2027') }))
})

test('a citizen without a conversation is called back by a person, on the day after the reply and again when nobody answers', async () => {
  const id = await registerAtCounter()
  const second = await office.hire('second', ['clerk', 'supervisor'])
  const chief = await office.hire('chief', ['chief'], 'market')
  const steps: [StaffClient, { type: string } & Record<string, unknown>][] = [
    [clerk, { type: 'triage', demandClass: 'clear', level: 1, cause: '线上操作', lead: 'market', reason: '指导填报' }],
    [clerk, { type: 'assign', note: '请指导' }],
    [chief, { type: 'accept' }],
    [chief, { type: 'contact', how: '电话', note: '已联系' }],
    [chief, { type: 'resolve', result: 'done', text: '已指导提交' }],
    [second, { type: 'check', approved: true, note: '属实' }],
    [clerk, { type: 'reply', text: '已提交成功', basis: '市场主体登记管理条例', contact: '窗口' }],
  ]
  for (const [by, command] of steps) expect((await by.command(id, command)).body).toMatchObject({ row: { id } })

  await office.passTo('2026-06-11T10:00:00+08:00')
  const { body } = await clerk.get<{ notices: { text: string }[] }>('/today')

  expect(body.notices.map((notice) => notice.text).join()).toMatch(/回访/)
})
