import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dailyLog } from '../../api/logfile.ts'
import { startSchedule } from '../../api/schedule.ts'
import { createChatClient } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

const token = 'a-token-of-some-length'
let office: TestOffice
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bandecheng_test_logs-'))
  office = await openOffice({ METRICS_TOKEN: token, LOG_DIR: join(folder, 'logs'), LOG_LEVEL: 'debug' })
})
afterEach(async () => {
  await office.close()
  rmSync(folder, { recursive: true, force: true })
})

const metrics = async (authorization: string) => {
  const answer = await fetch(`${office.url}/metrics`, { headers: { authorization } })
  return { status: answer.status, text: await answer.text() }
}

test('Prometheus reads turns, ages and counts; nobody without the token does', async () => {
  const citizen = createChatClient(office.url)
  await citizen.connect()
  await citizen.say('转人工')
  citizen.drop()

  const { text } = await metrics(`Bearer ${token}`)
  expect(text).toContain('bandecheng_turns_total{outcome="stored"} 1')
  expect(text).toContain('bandecheng_stored{what="conversationsWaiting"} 1')
  expect(text).toMatch(/bandecheng_turn_seconds_count 1/)
  expect(text).toContain('process_resident_memory_bytes')
  expect((await metrics('Bearer wrong')).status).toBe(401)
  expect((await metrics('')).status).toBe(401)
})

test('an office that set no token has no metrics', async () => {
  const quiet = await openOffice()

  expect((await fetch(`${quiet.url}/metrics`)).status).toBe(404)
  await quiet.close()
})

test('nothing that a citizen or a clerk says about a person reaches the log, errors and debugging included', async () => {
  const citizen = createChatClient(office.url)
  await citizen.connect()
  await citizen.say('我叫欧阳明月，电话13912345678，身份证11010519491231002X，住在尧都区鼓楼西街88号，办不了营业执照')
  await citizen.say('窗口说不能办，我要反映')
  citizen.drop()
  const clerk = await office.hire('clerk', ['clerk'])
  await clerk.post('/tickets', { facts: { name: '欧阳明月', phone: '13912345678' } })
  await fetch(`${office.url}/api/progress`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number: '1410-20260610-0001-4', phone: '13912345678' }),
  })
  await fetch(`${office.url}/api/nothing?phone=13912345678`)

  await clerk.post('/login', { account: 'clerk', password: 'wrong-13912345678' })

  const logs = join(folder, 'logs')
  const text = readdirSync(logs)
    .map((file) => readFileSync(join(logs, file), 'utf8'))
    .join('')
  expect(text).toContain('login failed')
  for (const personal of ['欧阳明月', '13912345678', '11010519491231002X', '鼓楼西街', clerk.cookie()]) expect(text).not.toContain(personal)
})

test('logs are one file a day of the office, kept for the days that were set', () => {
  const logs = join(folder, 'daily')
  let now = Date.parse('2026-06-10T23:59:00+08:00')
  const log = dailyLog(logs, 180, () => now)
  log.write('evening\n')
  writeFileSync(join(logs, 'bandecheng-2025-12-12.log'), 'old\n')
  writeFileSync(join(logs, 'bandecheng-2025-12-14.log'), 'within\n')
  writeFileSync(join(logs, 'notes.txt'), 'not ours\n')
  now = Date.parse('2026-06-11T00:00:30+08:00')
  log.write('night\n')

  expect(readdirSync(logs).sort()).toEqual(['bandecheng-2025-12-14.log', 'bandecheng-2026-06-10.log', 'bandecheng-2026-06-11.log', 'notes.txt'])
  expect(readFileSync(join(logs, 'bandecheng-2026-06-11.log'), 'utf8')).toBe('night\n')
})

test('a tick that the busy process missed is a line of the log, and nothing goes to the console beside it', async () => {
  const beside = vi.spyOn(console, 'warn')
  const written: { readonly level: number; readonly msg: string; readonly said?: string }[] = []
  const log = pino({}, { write: (line: string) => void written.push(JSON.parse(line)) })
  const schedule = startSchedule({ ...office.shell, log, names: new Map() })

  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500)

  await vi.waitFor(() => expect(written).toContainEqual(expect.objectContaining({ msg: 'schedule', said: expect.stringContaining('missed') })), 5_000)
  await schedule.stop()
  expect(beside).not.toHaveBeenCalled()
})
