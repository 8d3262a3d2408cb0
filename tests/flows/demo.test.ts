import { afterAll, beforeAll, expect, test } from 'vitest'
import { maySee } from '../../casework/access.ts'
import type { Stamped } from '../../casework/decision.ts'
import { evolve } from '../../casework/evolve.ts'
import { stageTitle } from '../../casework/stages.ts'
import type { Stage, Ticket } from '../../casework/ticket.ts'
import { ticketLamp } from '../../casework/view.ts'
import { auditJournals } from '../../prisma/audit.ts'
import { stageTitles } from '../../texts/casework.ts'
import { casesOfDemo, contentsOfDemo, demoEnd, type Lived, ledgersOfDemo, type PlayedDemo, playedDemo } from '../support/demo.ts'
import { person } from '../support/life.ts'

let demo: PlayedDemo
let cases: Lived[]
beforeAll(async () => {
  demo = await playedDemo()
  cases = await casesOfDemo(demo)
}, 180_000)
afterAll(() => demo.close())

const found = (event: Stamped['event']['type']) => cases.flatMap(({ journal }) => journal.filter((line) => line.event.type === event))

function stagesOf({ journal }: Lived): Stage[] {
  const stages: Stage[] = []
  journal.reduce<Ticket | undefined>((before, line) => {
    const after = evolve(before, line)
    stages.push(after.stage)
    return after
  }, undefined)
  return stages
}

test('every stage is reached, and something stands today at every stage of an open case', () => {
  const all = Object.keys(stageTitles).map((stage) => stageTitle(stage as Stage))
  const reached = new Set(cases.flatMap(stagesOf).map(stageTitle))
  const today = new Set(cases.map(({ ticket }) => ticket.stage))

  expect(all.filter((title) => !reached.has(title))).toEqual([])
  for (const stage of ['registered', 'triaged', 'assigned', 'accepted', 'handling', 'resolved', 'replied', 'closed'] as const) expect(today).toContain(stage)
})

test('the four cases of the source went from intake to the archive', () => {
  const { office } = demo.shell.knowledge.current()
  const four = ['不动产证', '个体营业执照', '民办职业培训学校办学许可', '公司设立登记'].map((matter) =>
    cases.find(({ ticket }) => ticket.facts.matter === matter),
  )

  expect(four.map((one) => one && stageTitle(one.ticket.stage))).toEqual(Array.from({ length: 4 }, () => stageTitle('archived')))
  expect(four.map((one) => one?.ticket.level)).toEqual([2, 1, 2, 3])
  expect(four[2]?.ticket.resolution?.result).toBe('alternative')
  expect(office.policy.centre.name).toContain('演示')
})

test('all channels, levels, outcomes of calls, kinds of orders and tiers of accountability occur', () => {
  const work = cases.flatMap(({ ticket }) => ticket.work ?? [])
  const kinds = (pick: (one: (typeof work)[number]) => unknown) => [...new Set(work.map(pick).filter(Boolean))].sort()

  expect([...new Set(cases.map(({ ticket }) => ticket.channel))].sort()).toEqual(['counter', 'phone', 'sms', 'web', 'wechat'])
  expect([...new Set(cases.map(({ ticket }) => ticket.level))].sort()).toEqual([1, 2, 3])
  expect([...new Set(cases.flatMap(({ ticket }) => ticket.callbacks.map((one) => one.outcome)))].sort()).toEqual([
    'answered',
    'noAnswer',
    'refused',
    'wrongNumber',
  ])
  expect(kinds((one) => (one.type === 'ordered' ? one.kind : undefined))).toEqual(['circular', 'order', 'urge'])
  expect(kinds((one) => (one.type === 'held' ? one.tier : undefined))).toEqual([1, 2, 3])
  for (const type of ['convened', 'minuted', 'instructed', 'helped', 'appealDecided', 'split', 'nudged', 'asked', 'answered', 'opinion'])
    expect(kinds((one) => one.type)).toContain(type)
  for (const event of ['paused', 'resumed', 'extended', 'returned', 'reopened', 'raised'] as const) expect(found(event).length).toBeGreaterThan(0)
})

test('something is due today, something is late, something is unsigned', () => {
  const { office } = demo.shell.knowledge.current()
  const lamps = cases.map(({ ticket }) => ticketLamp(ticket, demoEnd, office))

  for (const lamp of ['green', 'yellow', 'red', 'late']) expect(lamps).toContain(lamp)
  expect(cases.filter(({ ticket }) => ticket.stage === 'assigned').length).toBeGreaterThan(0)
})

test('people wait, are talked to, and are in danger; questions were missed; a message that did not arrive became a call', async () => {
  const { read } = demo.shell.db
  const [talks] = await read.all<Record<string, number>>(
    `SELECT COUNT("ownerId") AS taken, COUNT("queuedAt") AS waiting, SUM(CASE WHEN urgent THEN 1 ELSE 0 END) AS urgent FROM "Conversation"`,
  )
  const [missed] = await read.all<{ n: number }>('SELECT COUNT(*) AS n FROM "Missed"')
  const undelivered = await read.all(`SELECT DISTINCT "ticketId" FROM "Notice" WHERE text LIKE '%没有送达%'`)

  expect(Number(talks?.['taken'])).toBe(1)
  expect(Number(talks?.['waiting'])).toBeGreaterThanOrEqual(2)
  expect(Number(talks?.['urgent'])).toBe(1)
  expect(Number(missed?.n)).toBeGreaterThanOrEqual(3)
  expect(undelivered).toHaveLength(1)
})

test('the unit complained of does not see the case of the third tier', () => {
  const secret = cases.filter(({ ticket }) => ticket.work?.some((one) => one.type === 'held' && one.tier === 3))
  const { office } = demo.shell.knowledge.current()

  expect(secret).toHaveLength(1)
  for (const { ticket } of secret) expect(maySee({ ...ticket, lead: 'urban' }, person('城管', ['chief'], 'urban'), office)).toBe(false)
})

test('no ledger is empty, and every journal leads to its case', async () => {
  const { db, cipher } = demo.shell
  for (const [name, rows] of Object.entries(await ledgersOfDemo(demo))) expect([name, rows.length > 0]).toEqual([name, true])
  const faults: unknown[] = []
  for await (const { fault } of auditJournals(db.read, cipher, evolve)) if (fault) faults.push(fault)

  expect(faults).toEqual([])
})

test('every reminder was given once, and nothing that is due is left', async () => {
  // A clock that is started or moved anew gives its reminders anew.
  const given = cases.flatMap(({ number, journal }) => {
    const runs = new Map<string, number>()
    return journal.flatMap(({ event }) => {
      const started = event.type === 'clockStarted' ? event.deadline : undefined
      const told = event.type === 'reminded' || event.type === 'clockMoved' ? { kind: event.deadline, ref: event.ref } : started
      const clock = `${number} ${told?.kind} ${told?.ref ?? ''}`
      if (event.type === 'clockStarted' || event.type === 'clockMoved') runs.set(clock, (runs.get(clock) ?? 0) + 1)
      return event.type === 'reminded' ? [`${clock} ${event.mark} ${runs.get(clock)}`] : []
    })
  })
  const left = await demo.shell.db.read.all(`SELECT "uniqueKey" FROM "Job" WHERE state = 'open' AND "runAt" <= ?`, [demoEnd])

  expect(given.length).toBeGreaterThan(50)
  expect(given.filter((one, index) => given.indexOf(one) !== index)).toEqual([])
  expect(left).toEqual([])
})

test.runIf(process.env['TEST_POSTGRESQL_URL'])('the month is the same on both engines', { timeout: 180_000 }, async () => {
  const embedded = await playedDemo('sqlite')

  expect(await contentsOfDemo(demo)).toEqual(await contentsOfDemo(embedded))
  expect(Math.max(demo.ms, embedded.ms)).toBeLessThan(120_000)
  await embedded.close()
})
