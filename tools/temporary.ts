import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig } from '../api/config.ts'
import { type Opened, openShell } from '../api/start.ts'

/** The real program on a fresh, seeded database of its own, removed at the end. */
export async function openTemporary(now: () => number, settings: Partial<Record<string, string>> = {}): Promise<Opened & { readonly config: Config }> {
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-'))
  const config = readConfig({ DATABASE_URL: `file:${join(folder, 'desk.db')}`, DATA_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'silent', ...settings })
  const opened = await openShell(config, now)
  return {
    ...opened,
    config,
    close: async () => {
      await opened.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
