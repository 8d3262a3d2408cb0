import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { createTestDatabase } from './database.ts'
import { openGateway } from './gateway.ts'
import { addressed, type RunningServer, startProcess } from './server.ts'
import { type Fault, torture } from './torture.ts'
import { examine, type Findings, settled } from './tortured.ts'

export type Plan = {
  readonly processes: number
  readonly rounds: number
  readonly until?: number
  readonly faults: readonly Fault[]
  readonly seed: number
  readonly tell?: (line: string) => void
}

const secret = 'a-long-secret-for-the-gateway'
/** After the last fault the clock goes on by so much: by then every first deadline of every case has passed. */
const tenDaysMs = 10 * 24 * 3_600_000

/** Starts the office, lets everything befall it, and compares it with what was promised. */
export async function tortured({
  processes: count,
  ...plan
}: Plan): Promise<Findings & { readonly texts: number; readonly happened: Readonly<Record<Fault, number>> }> {
  const database = await createTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng_test_torture-'))
  const clockFile = join(folder, 'clock')
  writeFileSync(clockFile, '0')
  const gateway = await openGateway()
  const channels = join(folder, 'channels.yaml')
  writeFileSync(channels, JSON.stringify({ sms: { secret, gateway: gateway.settings } }))
  const settings = {
    CHAT_PER_MINUTE: '100000',
    RATE_LIMIT: '100000',
    LOG_LEVEL: 'silent',
    CHANNELS_FILE: channels,
    CLOCK_FILE: clockFile,
    NODE_OPTIONS: `--import ${resolve('tests/support/shiftclock.mjs')}`,
  }
  const processes: RunningServer[] = []
  try {
    const shared = { ...database, remove: async () => undefined }
    processes.push(await startProcess(shared, settings, process.cwd()))
    for (let index = 1; index < count; index++) processes.push(await startProcess(shared, settings, process.cwd(), addressed))
    const promised = await torture({
      ...plan,
      processes,
      citizens: 8,
      clerks: 2,
      vendor: { phones: ['13800000001', '13800000002'], path: `/api/channels/sms/${secret}` },
      clockFile,
      breakDatabase: () => cutConnections(database.url),
      restartDatabase,
    })
    writeFileSync(clockFile, String(tenDaysMs))
    await settled(database.url, () => Date.now() + tenDaysMs)
    return { ...(await examine(database.url, promised, Date.now() + tenDaysMs - 60_000)), texts: gateway.taken.size, happened: promised.happened }
  } finally {
    for (const process of processes) await process.remove()
    gateway.close()
    await database.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a restart of PostgreSQL does to those connected, and nobody else on that server. */
async function cutConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  const isUp = await client.connect().then(
    () => true,
    () => false,
  )
  if (!isUp) return
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
  await client.end()
}

/** Asks the one who keeps the server (tools/postgresql.mjs) to let it crash and start again; every database on it is gone meanwhile. */
async function restartDatabase(): Promise<void> {
  const keeper = Number(process.env['TEST_POSTGRESQL_KEEPER'])
  if (keeper) process.kill(keeper, 'SIGUSR2')
  await pause(500)
}
