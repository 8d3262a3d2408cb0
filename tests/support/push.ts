import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStreams } from '../../api/stream.ts'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { openDingtalk } from '../../tools/simdingtalk.ts'
import { openWecom } from '../../tools/simwecom.ts'
import { openOffice, wednesday } from './office.ts'

export type PushWorld = Awaited<ReturnType<typeof openPushWorld>>

const people = ['u_chief', 'u_lead', 'u_stranger', 'u_clerk', 'u_supervisor']

/** The office with DingTalk and WeCom, and the phones of its staff behind them. */
export async function openPushWorld() {
  const group = { token: 'group-token-of-the-office', secret: 'SECtest-secret' }
  const app = { clientId: 'ding-client', clientSecret: 'ding-secret', robotCode: 'ding-robot' }
  const corp = { corpId: 'ww0123456789abcdef', secret: 'app-secret', agentId: 1000002, token: 'appToken', encodingAesKey: 'a'.repeat(43) }
  let clock = (): number => wednesday
  let hook = ''
  const dingtalk = await openDingtalk(
    () => ({ group, app, people }),
    () => clock(),
  )
  const wecom = await openWecom(
    () => ({ ...corp, hook, people }),
    () => clock(),
  )
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  const file = join(folder, 'channels.yaml')
  const bases = { apiBase: dingtalk.url, robotBase: dingtalk.url }
  writeFileSync(file, JSON.stringify({ dingtalk: { group, app, ...bases }, wecom: { ...corp, apiBase: wecom.url } }))
  const office = await openOffice({ CHANNELS_FILE: file, PUBLIC_ORIGIN: 'https://window.example.gov.cn' })
  clock = office.now
  hook = `${office.url}/api/channels/wecom`
  const streams = openStreams(office.shell)
  return {
    office,
    dingtalk,
    wecom,
    /** lets so much time pass, then everything is sent that is due */
    work: async (ms = 1_000): Promise<void> => {
      office.sleepTo(new Date(office.now() + ms).toISOString())
      await runDeliveries(office.shell)
    },
    rows: <T = object>(text: string): Promise<T[]> => office.shell.db.read.all<T>(text),
    close: async (): Promise<void> => {
      streams.close()
      await office.close()
      await dingtalk.close()
      await wecom.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Looks until it is so; what happens on a socket has no end that could be awaited. */
export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  const from = performance.now()
  while (!(await is())) {
    if (performance.now() - from > 10_000) throw new Error('it never came to be')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
