import { runDueJobs } from '../../api/workers/timers.ts'
import { type BenchDatabase, cpuSeconds, onEngines, round, type Say, scaled } from './database.ts'
import { fillCases, openBench } from './fill.ts'

const due = scaled(100_000)
const future = { few: 1_000, many: scaled(1_000_000) }
const ticks = 200
/** Registered on a Wednesday at ten; the first reminder of the triage is due an hour later. */
const registered = Date.parse('2026-06-10T10:00:00+08:00')
const firstMark = registered + 61 * 60_000

/** So many reminders due at once: each given exactly once, so many a second. And what a tick costs that finds nothing due among many future rows. */
export const reminders = (say: Say) => onEngines((database) => measure(database, say))

async function measure({ engine, url }: BenchDatabase, say: Say) {
  let now = registered
  const opened = await openBench(url, () => now)
  const { db } = opened.shell
  const filling = performance.now()
  await fillCases(opened, due, () => registered)
  // Of the timers of each case only its first reminder is due in this run.
  await db.write((sql) => sql.run(`UPDATE "Job" SET state = 'done' WHERE kind <> 'mark' OR "runAt" > ?`, [firstMark]))
  say(`${engine}: ${due} cases filled in ${round((performance.now() - filling) / 1_000)} s`)
  now = firstMark
  const [from, cpuFrom] = [performance.now(), cpuSeconds()]
  const ran = await runDueJobs(opened.shell)
  const perSecond = Math.round(ran / ((performance.now() - from) / 1_000))
  const perCpuSecond = Math.round(ran / (cpuSeconds() - cpuFrom))
  const [given] = await db.read.all<{ lines: number; cases: number; notices: number }>(
    `SELECT COUNT(*) AS lines, COUNT(DISTINCT "ticketId") AS cases, (SELECT COUNT(*) FROM "Notice" WHERE "uniqueKey" LIKE '%:reminded@%') AS notices FROM "Journal" WHERE type = 'reminded'`,
  )
  const exactlyOnce = ran === due && [given?.lines, given?.cases, given?.notices].every((count) => Number(count) === due)
  say(`${engine}: ${ran} due reminders at ${perSecond} a second (${perCpuSecond} a second of processor time), each once: ${exactlyOnce}`)
  await addFuture(opened, 0, future.few)
  const fewMs = await tickMs(opened)
  await addFuture(opened, future.few, future.many)
  const manyMs = await tickMs(opened)
  const ratio = round(manyMs / fewMs)
  say(`${engine}: a tick with ${future.many} future rows ${manyMs} ms, with ${future.few} ${fewMs} ms, ratio ${ratio}`)
  await opened.close()
  return { perSecond, perCpuSecond, exactlyOnce, tickRatio: ratio }
}

type Filled = Awaited<ReturnType<typeof openBench>>

async function addFuture({ shell: { db } }: Filled, from: number, to: number): Promise<void> {
  await db.write((sql) =>
    sql.run(
      `INSERT INTO "Job" (kind, "uniqueKey", "orderKey", "runAt", state, attempts, "leasedUntil", payload, "createdAt")
       WITH RECURSIVE n (i) AS (SELECT ${from} + 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
       SELECT 'mark', 'future:' || i, 'ticket:future' || i, ${firstMark} + 60000 + i, 'open', 0, 0, '{}', 0 FROM n`,
    ),
  )
}

/** Median over many ticks. */
async function tickMs({ shell }: Filled): Promise<number> {
  const taken: number[] = []
  for (let tick = 0; tick < ticks; tick++) {
    const from = performance.now()
    await runDueJobs(shell)
    taken.push(performance.now() - from)
  }
  return round(taken.sort((a, b) => a - b)[ticks / 2] ?? 0)
}
