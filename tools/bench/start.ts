import { type ChildProcess, fork } from 'node:child_process'
import { type BenchDatabase, onEngines, round, type Say } from './database.ts'
import { benchKey } from './fill.ts'

/** From starting the process to answering, on a database that is filled already: what a restart costs those who wait. */
export const start = (say: Say) => onEngines((database) => measure(database, say))

async function measure(database: BenchDatabase, say: Say): Promise<{ readonly secondStartMs: number }> {
  await started(database)
  const secondStartMs = round(await started(database))
  say(`${database.engine}: second start to listening ${secondStartMs} ms`)
  return { secondStartMs }
}

async function started({ url }: BenchDatabase): Promise<number> {
  const from = performance.now()
  const { child, address } = serve(url)
  await ready(address)
  const taken = performance.now() - from
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
  return taken
}

/** The built server, with what its heap is on request. */
export function serve(url: string, settings: Readonly<Record<string, string>> = {}): { readonly child: ChildProcess; readonly address: string } {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
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
    execArgv: ['--expose-gc', '--optimize-for-size'],
    env: { ...process.env, ...own, ...settings },
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
