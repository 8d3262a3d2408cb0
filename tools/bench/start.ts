import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type BenchDatabase, onEngines, round, type Say } from './database.ts'
import { benchKey } from './fill.ts'

/** From starting the process to answering, on a database that is filled already: what a restart costs those who wait. */
export const start = (say: Say) => onEngines((database) => measure(database, say))

async function measure(database: BenchDatabase, say: Say): Promise<{ readonly secondStartMs: number; readonly idleMb: number }> {
  await started(database)
  const { takenMs, idleMb } = await started(database, idleMs)
  say(`${database.engine}: second start to listening ${takenMs} ms; ${idleMs / 1_000} s later it holds ${idleMb} MB`)
  return { secondStartMs: takenMs, idleMb }
}

/** Until what the start has left behind is collected. */
const idleMs = 10_000

async function started({ url }: BenchDatabase, waitMs = 0): Promise<{ readonly takenMs: number; readonly idleMb: number }> {
  const from = performance.now()
  const { child, address } = serve(url)
  await ready(address)
  const takenMs = round(performance.now() - from)
  await new Promise((resolve) => setTimeout(resolve, waitMs))
  const idleMb = round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_024)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
  return { takenMs, idleMb }
}

/** How the service is installed: what its memory costs depends on it. */
const unit = readFileSync('deploy/bandecheng.service', 'utf8')
const memorySettings = Object.fromEntries([...unit.matchAll(/^Environment=(MALLOC_\w+)=(\d+)$/gm)].map(([, name = '', value = '']) => [name, value]))
const heapSettings = /^ExecStart=\S+ ((?:--\S+ )*)/m.exec(unit)?.[1]?.trim().split(' ') ?? []

/** The built server, with what its heap is on request. */
export function serve(url: string, settings: Readonly<Record<string, string>> = {}): { readonly child: ChildProcess; readonly address: string } {
  const port = 20_000 + Math.floor(Math.random() * 12_000)
  const own = {
    DATABASE_URL: url,
    DATA_KEY: benchKey,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'error',
    CHAT_PER_MINUTE: '100000000',
    RATE_LIMIT: '100000000',
    SOCKETS_PER_ADDRESS: '100000',
  }
  const child = fork('tools/bench-server.mjs', {
    execArgv: ['--expose-gc', ...heapSettings],
    env: { ...process.env, ...memorySettings, ...own, ...settings },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.on('exit', (code) => {
    if (code) throw new Error(`the server ended with ${code}`)
  })
  return { child, address: `http://127.0.0.1:${port}` }
}

export async function ready(address: string): Promise<void> {
  for (;;) {
    const up = await fetch(`${address}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
