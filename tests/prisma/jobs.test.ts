import { afterEach, beforeEach, expect, test } from 'vitest'
import { claim, deadJobs, enqueue, fail, finish, JobTakenError, mostAttempts, type NewJob, oldestDueMs, retryJob } from '../../prisma/jobs.ts'
import { type OpenTestDatabase, openTestDatabase } from '../support/database.ts'

let opened: OpenTestDatabase
beforeEach(async () => {
  opened = await openTestDatabase()
})
afterEach(() => opened.remove())

const now = 1_800_000_000_000
const minute = 60_000
const aJob = (over: Partial<NewJob> = {}): NewJob => ({ kind: 'mark', uniqueKey: 'one', orderKey: 'a', runAt: now, payload: { ticketId: 't' }, ...over })
const add = (...jobs: NewJob[]) => opened.db.write((sql) => enqueue(sql, jobs, now))

test('the same thing asked for twice is one job', async () => {
  await add(aJob(), aJob({ runAt: now + 1 }))
  await add(aJob())

  expect(await claim(opened.db, now, 10)).toHaveLength(1)
})

test('a job that is not due yet is left alone', async () => {
  await add(aJob({ runAt: now + 1 }))

  expect(await claim(opened.db, now, 10)).toEqual([])
  expect(await claim(opened.db, now + 1, 10)).toHaveLength(1)
})

test('of many claimers at once each job goes to exactly one', async () => {
  await add(...Array.from({ length: 60 }, (_, index) => aJob({ uniqueKey: `k${index}`, orderKey: `o${index}` })))

  const claims = await Promise.all(Array.from({ length: 12 }, () => claim(opened.db, now, 10)))
  const rest = await claim(opened.db, now, 100)

  const ids = [...claims.flat(), ...rest].map((job) => job.id)
  expect(ids).toHaveLength(60)
  expect(new Set(ids).size).toBe(60)
})

test('jobs of one order key come one after another, oldest first', async () => {
  await add(aJob({ uniqueKey: 'first' }), aJob({ uniqueKey: 'second' }), aJob({ uniqueKey: 'other', orderKey: 'b' }))

  const [first, other] = await claim(opened.db, now, 10)
  expect([first?.uniqueKey, other?.uniqueKey]).toEqual(['first', 'other'])
  expect(await claim(opened.db, now, 10)).toEqual([])

  await opened.db.write((sql) => finish(sql, first?.id ?? 0, now))
  expect((await claim(opened.db, now, 10)).map((job) => job.uniqueKey)).toEqual(['second'])
})

test('a reminder far in the future does not hold up a later-made job of the same case that is due now', async () => {
  await add(aJob({ uniqueKey: 'late mark', runAt: now + 5 * minute }), aJob({ uniqueKey: 'early mark', runAt: now }))

  expect((await claim(opened.db, now, 10)).map((job) => job.uniqueKey)).toEqual(['early mark'])
})

test('a worker that died loses its claim after a minute, and its late result is refused', async () => {
  await add(aJob())
  const [lost] = await claim(opened.db, now, 10)

  const [again] = await claim(opened.db, now + minute + 1, 10)
  await opened.db.write((sql) => finish(sql, again?.id ?? 0, now))

  expect(again?.id).toBe(lost?.id)
  await expect(opened.db.write((sql) => finish(sql, lost?.id ?? 0, now))).rejects.toThrow(JobTakenError)
})

test('a job that keeps failing is tried ten times with growing pauses, then shown to staff and can be tried again', async () => {
  await add(aJob())
  const pauses: number[] = []
  let at = now
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const [job] = await claim(opened.db, at, 10)
    if (!job) throw new Error(`not due at attempt ${attempt}`)
    const state = await fail(opened.db, job, at, 'down')
    const [row] = await opened.db.read.all<{ runAt: number }>('SELECT "runAt" FROM "Job"')
    pauses.push(((row?.runAt ?? 0) - at) / minute)
    expect(state).toBe(attempt === mostAttempts ? 'dead' : 'open')
    at = row?.runAt ?? 0
  }

  expect(pauses.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 60])
  expect(await claim(opened.db, at + 1e9, 10)).toEqual([])
  const [dead] = await deadJobs(opened.db.read, 10)
  expect(dead?.lastError).toBe('down')
  expect(await retryJob(opened.db, dead?.id ?? 0, at)).toBe(true)
  expect(await claim(opened.db, at, 10)).toHaveLength(1)
})

test('how long the oldest due job has waited can be asked, so that a stopped clock is noticed', async () => {
  expect(await oldestDueMs(opened.db.read, now)).toBe(0)
  await add(aJob())

  expect(await oldestDueMs(opened.db.read, now + 7 * minute)).toBe(7 * minute)
})
