// npm run demo: a month of an office's life in a fresh database, and the server on it. A database with anything in it is left as it is.
import { dateOf } from '../../casework/day.ts'
import { contentsOf, isDemo, isUsed } from '../../prisma/office.ts'
import { demoCommand as words } from '../../texts/demo.ts'
import { ConfigError, readDemoConfig } from '../config.ts'
import { demoPlatforms } from '../demo/platforms.ts'
import { playDemo } from '../demo/play.ts'
import { serve } from '../serve.ts'
import { type Opened, openShell } from '../start.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  // What the demo sets up on purpose, undeliverable messages among it, is no news.
  const config = { ...readDemoConfig(), LOG_LEVEL: 'error' as const }
  let clock: (() => number) | undefined
  const opened = await openShell(config, () => (clock ?? Date.now)())
  if (await isUsed(opened.shell.db)) {
    if (!(await isDemo(opened.shell.db))) {
      await opened.close()
      process.stderr.write(`${words.used(config.DATABASE_URL.replace(/:[^:@/]*@/, ':***@'))}\n`)
      process.exitCode = 1
      return
    }
    say(words.again)
  } else await fill(opened)
  clock = undefined
  await opened.shell.knowledge.reload()
  const shell = { ...opened.shell, channels: await demoPlatforms(new Map(), Date.now) }
  await serve({ shell, close: opened.close }, config)

  async function fill(fresh: Opened): Promise<void> {
    say(words.filling)
    const now = Date.now()
    let at = now
    clock = () => at
    const set = (to: number): void => {
      at = to
    }
    const played = await playDemo(fresh, config, { now: () => at, set }, now)
    if (played.to !== now) say(words.until(dateOf(played.to)))
    const { tickets, conversations } = await contentsOf(fresh.shell.db)
    say(words.filled(tickets, conversations, dateOf(played.from), dateOf(played.to)))
    say(words.logins)
    for (const { account, password, name } of played.people) say(words.login(account, password, name))
  }
}

main().catch((fault: unknown) => {
  process.stderr.write(`${fault instanceof ConfigError ? fault.message : fault instanceof Error ? fault.stack : String(fault)}\n`)
  process.exit(1)
})
