import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { openSms } from '../../tools/simsms.ts'
import { openOffice, wednesday } from './office.ts'

export type SmsWorld = Awaited<ReturnType<typeof openSmsWorld>>

const secret = 'a-long-secret-for-the-vendor'
const hole = (name: string): string => `$\{${name}}`
const question = '已答复。办成了吗？回1办成，2办成一部分，3没办成，4没办成但讲清了'
const templates = {
  SMS_news: `您反映的${hole('number')}：${hole('text')}`,
  SMS_reply: hole('text'),
  SMS_survey: `您反映的${hole('matter')}（${hole('number')}）${question}`,
  '1001': '您反映的{1}：{2}',
  '1002': '{1}',
  '1003': `您反映的{1}（{2}）${question}`,
} as const

/** The office with a vendor of text messages, and the citizens' phones behind it. */
export async function openSmsWorld(
  vendor: 'aliyun' | 'tencent' | 'hand',
  { survey = true, ...more }: { readonly survey?: boolean; readonly PUBLIC_ORIGIN?: string } = {},
) {
  const account = {
    vendor: vendor === 'tencent' ? vendor : 'aliyun',
    id: 'key-id',
    secret: 'key-secret',
    signName: '某市政务',
    appId: '1400000001',
    templates,
    longest: { SMS_reply: 300, '1002': 300 },
    hook: '',
  } as const
  let clock = (): number => wednesday
  let hook = ''
  const sms = await openSms(
    () => ({ ...account, hook }),
    () => clock(),
  )
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  const file = join(folder, 'channels.yaml')
  const form = (id: string, params: Record<string, string>) => ({ id, params, longest: 35 })
  const shared = { signName: account.signName, apiBase: sms.url }
  const settings = {
    aliyun: {
      aliyun: {
        ...shared,
        accessKeyId: account.id,
        accessKeySecret: account.secret,
        templates: {
          news: form('SMS_news', { number: '{number}', text: '{text}' }),
          reply: { ...form('SMS_reply', { text: '{text}' }), longest: 300 },
          ...(survey ? { survey: form('SMS_survey', { matter: '{matter}', number: '{number}' }) } : {}),
        },
      },
    },
    tencent: {
      tencent: {
        ...shared,
        secretId: account.id,
        secretKey: account.secret,
        appId: account.appId,
        templates: {
          news: form('1001', { '1': '{number}', '2': '{text}' }),
          reply: { ...form('1002', { '1': '{text}' }), longest: 300 },
          ...(survey ? { survey: form('1003', { '1': '{matter}', '2': '{number}' }) } : {}),
        },
      },
    },
    hand: { byHand: true },
  } as const
  writeFileSync(file, JSON.stringify({ sms: { secret, ...settings[vendor] } }))
  const office = await openOffice({ CHANNELS_FILE: file, ...more })
  clock = office.now
  hook = `${office.url}/api/channels/sms/${secret}`
  return {
    office,
    sms,
    /** lets so much time pass, then everything is sent that is due */
    work: async (ms = 1_000): Promise<void> => {
      office.sleepTo(new Date(office.now() + ms).toISOString())
      await runDeliveries(office.shell)
    },
    count: async (table: string, where = '1 = 1'): Promise<number> => (await office.shell.db.read.all(`SELECT 1 FROM "${table}" WHERE ${where}`)).length,
    close: async (): Promise<void> => {
      await office.close()
      await sms.close()
      rmSync(folder, { recursive: true })
    },
  }
}
