import { readFileSync } from 'node:fs'
import { type BenchDatabase, onEngines, round, type Say, scaled } from './database.ts'
import { fillCases, openBench } from './fill.ts'
import { hire, login } from './staff.ts'
import { ready, serve } from './start.ts'

const rows = scaled(100_000)
const day = Date.parse('2026-06-10T10:00:00+08:00')

/** A ledger of so many rows as a workbook and as lines of JSON: how long it takes, and the most memory that the server ever held. */
export const ledgers = (say: Say) => onEngines((database) => measure(database, say))

async function measure({ engine, url }: BenchDatabase, say: Say): Promise<Record<string, number>> {
  const opened = await openBench(url, () => day)
  await fillCases(opened, rows, (serial) => day + serial)
  // The server's own clock would find all of them long due.
  await opened.shell.db.write((sql) => sql.run(`UPDATE "Job" SET state = 'done'`))
  await hire(opened)
  await opened.close()
  const { child, address } = serve(url)
  await ready(address)
  const cookie = await login(address)
  const figures: Record<string, number> = { startPeakMb: peakOf(child.pid) }
  say(`${engine}: the server's memory after its start never above ${figures['startPeakMb']} MB`)
  for (const kind of ['xlsx', 'jsonl']) {
    const from = performance.now()
    const answer = await fetch(`${address}/api/staff/ledgers/intake.${kind}?from=2026-06-01&to=2026-06-30`, { headers: { cookie } })
    if (!answer.ok || !answer.body) throw new Error(`${kind}: ${answer.status}`)
    let bytes = 0
    for await (const chunk of answer.body) bytes += chunk.length
    const seconds = round((performance.now() - from) / 1_000)
    const peakMb = peakOf(child.pid)
    say(`${engine}: ${rows} rows as ${kind} in ${seconds} s, ${round(bytes / 1e6)} MB, the server's memory never above ${peakMb} MB`)
    figures[`${kind}Seconds`] = seconds
    figures[`${kind}PeakMb`] = peakMb
  }
  child.kill('SIGKILL')
  return figures
}

/** Linux only: the high-water mark of the resident set. */
function peakOf(pid: number | undefined): number {
  const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kb) / 1_024)
}
