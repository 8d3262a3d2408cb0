import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { openKf } from '../../tools/simkf.ts'
import { openOffice, wednesday } from './office.ts'

export type KfWorld = Awaited<ReturnType<typeof openKfWorld>>

/** The office with its 微信客服, and the platform between it and the citizens. */
export async function openKfWorld() {
  const account = {
    corpId: 'ww0123456789abcdef',
    secret: 'kf-secret',
    token: 'kfToken',
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
    hook: '',
    servicers: ['WangFang'],
  }
  let clock = (): number => wednesday
  const kf = await openKf(
    () => account,
    () => clock(),
  )
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  const file = join(folder, 'channels.yaml')
  const { corpId, secret, token, encodingAesKey } = account
  writeFileSync(file, JSON.stringify({ kf: { corpId, secret, token, encodingAesKey, servicers: { mapped: 'WangFang' }, apiBase: kf.url } }))
  const office = await openOffice({ CHANNELS_FILE: file })
  clock = office.now
  account.hook = `${office.url}/api/channels/kf`
  return {
    office,
    kf,
    /** user ids of the agents whom the platform lets take a session */
    servicers: account.servicers,
    pass: (ms: number): void => office.sleepTo(new Date(office.now() + ms).toISOString()),
    /** lets so much time pass, then everything is fetched and sent that is due */
    work: async (ms = 1_000): Promise<void> => {
      office.sleepTo(new Date(office.now() + ms).toISOString())
      await runDeliveries(office.shell)
    },
    count: async (table: string, where = '1 = 1'): Promise<number> => (await office.shell.db.read.all(`SELECT 1 FROM "${table}" WHERE ${where}`)).length,
    close: async (): Promise<void> => {
      await office.close()
      await kf.close()
      rmSync(folder, { recursive: true })
    },
  }
}
