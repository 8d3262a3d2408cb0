// npm run fuzz [-- REQUESTS]: throws random requests at every webhook of a running office over its socket, and random frames at the connection that
// DingTalk answers on, signed and unsigned, and says what came back: no crash, no 5xx, no memory that grows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../api/app.ts'
import { readConfig } from '../api/config.ts'
import { openShell } from '../api/start.ts'
import { ChannelError } from '../channels/contract.ts'
import { type Noise, noisy, randomFrames, randomRequests } from './noise.ts'

const total = Number(process.argv[2] ?? 100_000)
const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const secret = 'a-long-secret-for-the-gateway'
const partnerSecret = 'a-secret-of-more-than-thirty-two-letters'
const settings = {
  wechat: { appId: 'wx0123456789abcdef', secret: 's', token: 'office_token', mode: 'compatible', encodingAesKey: aesKey },
  kf: { corpId: 'ww0123456789abcdef', secret: 's', token: 'kfToken', encodingAesKey: aesKey },
  sms: { secret, byHand: true },
  wecom: { corpId: 'ww0123456789abcdef', secret: 's', agentId: 1, token: 'wecomToken', encodingAesKey: aesKey },
  dingtalk: { app: { clientId: 'c', clientSecret: 's', robotCode: 'r' } },
}
writeFileSync(join(folder, 'channels.yaml'), JSON.stringify(settings))
writeFileSync(join(folder, 'partners.yaml'), JSON.stringify({ province: { name: 'p', channel: 'platform', secret: partnerSecret } }))
const config = readConfig({
  DATABASE_URL: `file:${join(folder, 'test.db')}`,
  DATA_KEY: Buffer.alloc(32, 7).toString('base64'),
  LOG_LEVEL: 'silent',
  RATE_LIMIT: '100000000',
  TRUST_PROXY: '1',
  CHANNELS_FILE: join(folder, 'channels.yaml'),
  PARTNERS_FILE: join(folder, 'partners.yaml'),
})
const { shell, close } = await openShell(config)
const app = await createApp(shell, config)
await app.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.address() as AddressInfo
/** So many connections at a time, as several machines of a platform would have. */
const lanes = 16
const agent = new Agent({ keepAlive: true, maxSockets: lanes })

const heap = (): number => {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 1_048_576)
}

/** The status; 0 where the server has hung up without an answer, as it does on a body that is too large. */
const sent = ({ method, url, payload, headers }: Noise, address: string): Promise<number> =>
  new Promise((resolve) => {
    const asked = ask({ port, agent, method, path: url, headers: { ...headers, 'x-forwarded-for': address, 'content-length': payload.length } }, (answer) => {
      answer.resume()
      answer.on('close', () => resolve(answer.statusCode ?? 0))
    })
    asked.on('error', () => resolve(0))
    asked.end(payload)
  })

async function thrown(name: string, one: (done: number) => Promise<number | string>): Promise<void> {
  const outcomes = new Map<number | string, number>()
  const heaps: number[] = []
  const started = Date.now()
  let done = 0
  const lane = async (): Promise<void> => {
    while (done < total) {
      const mine = ++done
      const outcome = await one(mine)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      if (mine % Math.max(1, Math.floor(total / 5)) === 0) heaps.push(heap())
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const told = [...outcomes].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)).map(([outcome, count]) => `${outcome}×${count}`)
  process.stdout.write(`${name}: ${done} in ${Date.now() - started} ms, ${told.join(' ')}, heap after each fifth ${heaps.join(' ')} MB\n`)
  if ([...outcomes.keys()].some((outcome) => outcome === 'crash' || (Number(outcome) >= 500 && outcome !== 503))) process.exitCode = 1
}

for (const channel of noisy) {
  const requests = randomRequests(channel, { aesKey, secret, partnerSecret, now: Date.now })
  // From many addresses: the limit of one is tested elsewhere.
  await thrown(channel, (done) => sent(requests.next().value as Noise, `10.0.${Math.floor(done / 200) % 250}.1`))
}
const frames = randomFrames()
const read = shell.pushes.get('dingtalk')?.stream?.read
await thrown('dingtalk', async () => {
  try {
    read?.(String(frames.next().value))
    return 'read'
  } catch (fault) {
    return fault instanceof ChannelError ? fault.code : 'crash'
  }
})
// Whoever has taken all that still answers.
if ((await sent({ method: 'GET', url: '/health/ready', payload: Buffer.alloc(0), headers: {} }, '10.1.0.1')) !== 200) process.exitCode = 1
agent.destroy()
await app.close()
await close()
rmSync(folder, { recursive: true })
