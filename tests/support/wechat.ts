import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { type Account, openWechat } from '../../tools/simwechat.ts'
import { openOffice, wednesday } from './office.ts'

export type WechatWorld = Awaited<ReturnType<typeof openWechatWorld>>

/** The office with its service account, and the platform between it and the citizens. */
export async function openWechatWorld(mode: Account['mode'] = 'safe', withNotices = false, more: Readonly<Record<string, string>> = {}) {
  const account = {
    appId: 'wx0123456789abcdef',
    secret: 'office-secret',
    token: 'office_token',
    mode,
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
    hook: '',
  }
  let clock = (): number => wednesday
  const wechat = await openWechat(
    () => account,
    () => clock(),
  )
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  const file = join(folder, 'channels.yaml')
  const { hook: _hook, ...settings } = account
  const data = (kind: string) => ({ character_string1: '{number}', thing2: '{matter}', thing3: `${kind}{text}`, time4: '{time}' })
  const notices = { subscribe: { id: 'subscribe-form', data: data('订阅') }, template: { id: 'template-form', data: data('模板') } }
  for (const { id } of Object.values(notices)) wechat.grant(id)
  const menu = [
    {
      name: '我要反映',
      sub_button: [
        { type: 'click', name: '不知怎么办', key: 'door:how' },
        { type: 'click', name: '办不了怎么办', key: 'door:cannot' },
      ],
    },
    { type: 'click', name: '查进度', key: 'door:progress' },
    { type: 'scancode_waitmsg', name: '扫回执', key: 'scan' },
  ]
  writeFileSync(file, JSON.stringify({ wechat: { ...settings, menu, ...(withNotices ? { notices } : {}), apiBase: wechat.url } }))
  const office = await openOffice({ CHANNELS_FILE: file, ...more })
  clock = office.now
  account.hook = `${office.url}/api/channels/wechat`
  const pass = (ms: number): void => office.sleepTo(new Date(office.now() + ms).toISOString())
  return {
    office,
    wechat,
    pass,
    /** lets so much time pass, then everything is sent that is due */
    deliver: async (ms = 6_000): Promise<void> => {
      pass(ms)
      await runDeliveries(office.shell)
    },
    jobs: (state: string): Promise<{ lastError: string | null }[]> =>
      office.shell.db.read.all(`SELECT "lastError" FROM "Job" WHERE kind = 'deliver' AND state = ?`, [state]),
    close: async (): Promise<void> => {
      await office.close()
      await wechat.close()
      rmSync(folder, { recursive: true })
    },
  }
}
