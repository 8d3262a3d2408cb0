import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

export type Say = (line: string) => void
export type BenchDatabase = { readonly engine: string; readonly url: string; readonly remove: () => Promise<void> }

const server = process.env['TEST_POSTGRESQL_URL']

/** A fraction of the full sizes, for a trial on a busy machine. */
const scale = Number(process.env['BENCH_SCALE'] ?? 1)
export const scaled = (size: number): number => Math.max(1_000, Math.round(size * scale))

/** Processor time that this process has used, in seconds: on a machine that others use too, what the work itself costs. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Runs a measurement on an empty database of every engine that is there. */
export async function onEngines<T>(measure: (database: BenchDatabase) => Promise<T>): Promise<Record<string, T>> {
  const figures: Record<string, T> = {}
  for (const open of [sqlite, ...(server === undefined ? [] : [() => postgresql(server)])]) {
    const database = await open()
    figures[database.engine] = await measure(database)
    await database.remove()
  }
  return figures
}

async function sqlite(): Promise<BenchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-bench-'))
  return { engine: 'sqlite', url: `file:${join(folder, 'bench.db')}`, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}

async function postgresql(address: string): Promise<BenchDatabase> {
  const name = `bandecheng_bench_${randomBytes(4).toString('hex')}`
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: address })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await run(`CREATE DATABASE ${name}`)
  const url = new URL(address)
  url.pathname = `/${name}`
  return { engine: 'postgresql', url: url.href, remove: () => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

export const round = (value: number): number => Math.round(value * 1_000) / 1_000
