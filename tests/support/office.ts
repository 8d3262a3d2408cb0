import { createApp } from '../../api/app.ts'
import { readConfig } from '../../api/config.ts'
import { hashPassword } from '../../api/session.ts'
import type { Shell } from '../../api/shell.ts'
import { openShell } from '../../api/start.ts'
import { runDueJobs } from '../../api/workers/timers.ts'
import type { Role } from '../../casework/ticket.ts'
import { createStaff, setPassword } from '../../prisma/staff.ts'
import { createTestDatabase, type TestDatabase, testKey } from './database.ts'
import { createStaffClient, type StaffClient, testPassword } from './staff.ts'

/** A Wednesday that is a working day, 10:00 in Shanghai. */
export const wednesday = Date.parse('2026-06-10T10:00:00+08:00')

export type TestOffice = {
  readonly url: string
  /** the folder of what citizens sent */
  readonly files: string
  readonly shell: Shell
  readonly now: () => number
  /** moves the clock and runs what has become due, in steps, as ticks would */
  readonly passTo: (iso: string) => Promise<void>
  /** lets time pass and nothing run, as in an outage */
  readonly sleepTo: (iso: string) => void
  readonly hire: (name: string, roles: readonly Role[], unit?: string) => Promise<StaffClient>
  readonly close: () => Promise<void>
}

const stepMs = 30 * 60_000

/** The whole program in this process, on the engine under test, with a clock of the test's own. */
export async function openOffice(settings: Readonly<Record<string, string>> = {}, from = wednesday): Promise<TestOffice> {
  return openProcess(await createTestDatabase(), settings, from)
}

/** One more process on a database: what it does not know of the others, it must find there. */
export async function openProcess(database: TestDatabase, settings: Readonly<Record<string, string>> = {}, from = wednesday): Promise<TestOffice> {
  let clock = from
  const config = readConfig({
    DATABASE_URL: database.url,
    DATA_KEY: testKey,
    LOG_LEVEL: 'fatal',
    HOST: '127.0.0.1',
    PORT: '0',
    RATE_LIMIT: '100000',
    FILES_DIR: database.files,
    ...settings,
  })
  const { shell, close } = await openShell(config, () => clock)
  const app = await createApp(shell, config)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    files: database.files,
    shell,
    now: () => clock,
    passTo: async (iso) => {
      const to = Date.parse(iso)
      while (clock < to) {
        clock = Math.min(to, clock + stepMs)
        await runDueJobs(shell)
      }
    },
    sleepTo: (iso) => {
      clock = Date.parse(iso)
    },
    hire: async (name, roles, unit) => {
      const passwordHash = await hashPassword(testPassword)
      await createStaff(shell.db, { id: name, account: name, name, roles, unit, passwordHash, now: clock })
      await setPassword(shell.db, name, passwordHash, false, clock)
      const staff = createStaffClient(url)
      await staff.login(name, testPassword)
      staff.stayLoggedIn(name, testPassword)
      return staff
    },
    close: async () => {
      await app.close()
      await close()
      await database.remove()
    },
  }
}
