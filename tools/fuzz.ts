// npm run fuzz [-- REQUESTS]: throws random requests at every webhook of a running office in this process, signed and unsigned, and says what
// came back: no crash, no 5xx, no memory that grows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../api/app.ts'
import { readConfig } from '../api/config.ts'
import { openShell } from '../api/start.ts'
import { randomRequests } from './noise.ts'

const total = Number(process.argv[2] ?? 100_000)
const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const secret = 'a-long-secret-for-the-gateway'
const partnerSecret = 'a-secret-of-more-than-thirty-two-letters'
const settings = {
  wechat: { appId: 'wx0123456789abcdef', secret: 's', token: 'office_token', mode: 'compatible', encodingAesKey: aesKey },
  kf: { corpId: 'ww0123456789abcdef', secret: 's', token: 'kfToken', encodingAesKey: aesKey },
  sms: { secret, byHand: true },
}
writeFileSync(join(folder, 'channels.yaml'), JSON.stringify(settings))
writeFileSync(join(folder, 'partners.yaml'), JSON.stringify({ province: { name: 'p', channel: 'platform', secret: partnerSecret } }))
const config = readConfig({
  DATABASE_URL: `file:${join(folder, 'test.db')}`,
  DATA_KEY: Buffer.alloc(32, 7).toString('base64'),
  LOG_LEVEL: 'silent',
  RATE_LIMIT: '100000000',
  CHANNELS_FILE: join(folder, 'channels.yaml'),
  PARTNERS_FILE: join(folder, 'partners.yaml'),
})
const { shell, close } = await openShell(config)
const app = await createApp(shell, config)
const heap = (): number => {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 1_048_576)
}

for (const channel of ['wechat', 'kf', 'sms', 'partner'] as const) {
  const statuses = new Map<number, number>()
  const started = Date.now()
  const heaps: number[] = []
  let done = 0
  for (const request of randomRequests(channel, { aesKey, secret, partnerSecret, now: Date.now })) {
    if (done >= total) break
    // From many addresses: the limit of one is tested elsewhere.
    const { statusCode } = await app.inject({ ...request, remoteAddress: `10.0.${Math.floor(done / 200) % 250}.1` })
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    if (++done % Math.max(1, Math.floor(total / 5)) === 0) heaps.push(heap())
  }
  const told = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}×${count}`)
  process.stdout.write(`${channel}: ${done} requests in ${Date.now() - started} ms, ${told.join(' ')}, heap after each fifth ${heaps.join(' ')} MB\n`)
  if ([...statuses.keys()].some((status) => status >= 500 && status !== 503)) process.exitCode = 1
}
await app.close()
await close()
rmSync(folder, { recursive: true })
