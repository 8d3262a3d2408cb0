import { networkInterfaces } from 'node:os'
import { startup } from '../texts/api.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { startSchedule } from './schedule.ts'
import { firstAdministrator, type Opened } from './start.ts'
import { askSetUps } from './workers/setups.ts'

/** Listens, ticks, says where, and ends in order when it is told to. */
export async function serve({ shell, close }: Opened, config: Config): Promise<void> {
  const app = await createApp(shell, config)
  await app.listen({ host: config.HOST, port: config.PORT })
  await askSetUps(shell)
  const schedule = startSchedule(shell)
  // Only once it listens: nobody would be told of an administrator who was made by a start that failed.
  const administrator = await firstAdministrator(shell)
  const listening = app.server.address()
  const port = typeof listening === 'object' && listening ? listening.port : config.PORT
  for (const address of config.PUBLIC_ORIGIN ? [config.PUBLIC_ORIGIN] : addresses(config.HOST, port)) say(startup.ready(address))
  if (administrator) say(startup.firstAdministrator(administrator.account, administrator.password))

  const stop = async (): Promise<void> => {
    await schedule.stop()
    await app.close()
    await close()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

function addresses(host: string, port: number): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [`http://${host}:${port}`]
  const reachable = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter((one) => one.family === 'IPv4').map((one) => one.address))
  return reachable.map((address) => `http://${address}:${port}`)
}
