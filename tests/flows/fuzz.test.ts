import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Noise, noisy, randomRequests } from '../../tools/noise.ts'
import { openOffice } from '../support/office.ts'
import { partnerSecret, partnersFile } from '../support/partner.ts'

const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const secret = 'a-long-secret-for-the-gateway'
const settings = {
  wechat: { appId: 'wx0123456789abcdef', secret: 's', token: 'office_token', mode: 'compatible', encodingAesKey: aesKey },
  kf: { corpId: 'ww0123456789abcdef', secret: 's', token: 'kfToken', encodingAesKey: aesKey },
  sms: { secret, byHand: true },
  wecom: { corpId: 'ww0123456789abcdef', secret: 's', agentId: 1, token: 'wecomToken', encodingAesKey: aesKey },
}

/** The long form is `npm run fuzz`. */
const requests = 700

test('random requests to every webhook, signed and unsigned, meet no crash and no 5xx, and the right ones among them are taken', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  writeFileSync(join(folder, 'c.yaml'), JSON.stringify(settings))
  const office = await openOffice({ CHANNELS_FILE: join(folder, 'c.yaml'), RATE_LIMIT: '1000000', PARTNERS_FILE: partnersFile() })
  for (const channel of noisy) {
    const statuses = new Map<number, number>()
    const noise = randomRequests(channel, { aesKey, secret, partnerSecret, now: office.now })
    let done = 0
    const lane = async (): Promise<void> => {
      while (done++ < requests) {
        const { method, url, payload, headers } = noise.next().value as Noise
        const body = method === 'GET' ? {} : { body: new Uint8Array(payload) }
        const answer = await fetch(`${office.url}${url}`, { method, headers, ...body })
        await answer.arrayBuffer()
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: 8 }, lane))
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
    expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(20)
  }
  await office.close()
  rmSync(folder, { recursive: true })
  // Thousands of requests over sockets: a busy machine needs more than half a minute.
}, 120_000)
