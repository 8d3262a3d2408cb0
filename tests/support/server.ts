import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createTestDatabase, type TestDatabase, testKey } from './database.ts'

export type RunningServer = {
  readonly url: string
  readonly databaseUrl: string
  /** the first administrator, told at the first start */
  readonly administrator: { readonly account: string; readonly password: string } | undefined
  /** ends the process at once, as a power cut would */
  readonly kill: () => Promise<void>
  /** asks it to end, as an upgrade does, and tells with which code it did */
  readonly stop: () => Promise<number | null>
  /** whether it ended without being told to */
  readonly isDead: () => boolean
  /** every write to a file fails, as on a disk without room, until `makeRoom` */
  readonly fillDisk: () => void
  readonly makeRoom: () => void
  /** lets it stand still, as a machine does that swaps or loses its disk for a while */
  readonly freeze: () => void
  readonly thaw: () => void
  /** starts it again on the same database and port */
  readonly restart: () => Promise<void>
  /** ends it and removes its database, if it is its own */
  readonly remove: () => Promise<void>
}

/** The last line of the first start, and of any other. */
const named = /账号 .*\n/
export const addressed = /\/console\n/

/** The built server as a process of its own on an empty database and a free port. `home` is the folder that the product lies in. */
export async function startServer(settings: Readonly<Record<string, string>> = {}, home = process.cwd()): Promise<RunningServer> {
  return startProcess(await createTestDatabase(), settings, home)
}

/** A process on a database: the first names the administrator, a further one only its addresses. */
export async function startProcess(database: TestDatabase, settings: Readonly<Record<string, string>>, home: string, last = named): Promise<RunningServer> {
  const port = Number(settings['PORT'] ?? (await freePort()))
  const environment = {
    ...process.env,
    DATABASE_URL: database.url,
    DATA_KEY: testKey,
    FILES_DIR: database.files,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'error',
    ...settings,
  }
  let running = await launch(environment, home, last)
  return {
    url: `http://127.0.0.1:${port}`,
    databaseUrl: database.url,
    administrator: administratorIn(running.output),
    kill: () => end(running.child, 'SIGKILL'),
    stop: async () => {
      await end(running.child, 'SIGTERM')
      return running.child.exitCode
    },
    isDead: () => running.child.exitCode !== null || running.child.signalCode !== null,
    fillDisk: () => limitFiles(running.child, '0'),
    makeRoom: () => limitFiles(running.child, 'unlimited'),
    freeze: () => void running.child.kill('SIGSTOP'),
    thaw: () => void running.child.kill('SIGCONT'),
    restart: async () => {
      running = await launch(environment, home, addressed)
    },
    remove: async () => {
      await end(running.child, 'SIGTERM')
      await database.remove()
    },
  }
}

type Launched = { readonly child: ChildProcess; readonly output: string }

/** Ready when the last line of a start is there: with an administrator the first time, with the addresses later. */
function launch(environment: NodeJS.ProcessEnv, home: string, last: RegExp): Promise<Launched> {
  const child = spawn(process.execPath, ['dist/api/main.js'], { cwd: home, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  return new Promise((resolve, reject) => {
    const heard = (data: Buffer): void => {
      output += String(data)
      if (last.test(output)) resolve({ child, output })
    }
    child.stdout?.on('data', heard)
    child.stderr?.on('data', (data) => {
      output += String(data)
      process.stderr.write(data)
    })
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
}

/** How long a file may become that the process writes to; what lies beyond is refused to it. */
function limitFiles({ pid }: ChildProcess, size: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${size}:`])
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

function administratorIn(output: string): RunningServer['administrator'] {
  const [, account, password] = /账号 (\S+?)，一次性密码 (\S+?)（/.exec(output) ?? []
  return account && password ? { account, password } : undefined
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
