import { createHash, createHmac, randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Signs by itself, as a partner's programmer would by the page docs/channels/partners.md.

export const partnerSecret = 'a-secret-of-more-than-thirty-two-letters'

/** A settings file with a platform and the 12345 hotline. */
export function partnersFile(webhook?: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'bandecheng-test-')), 'partners.yaml')
  const hook = webhook === undefined ? {} : { webhook }
  writeFileSync(
    file,
    JSON.stringify({
      province: { name: '省一体化平台', channel: 'platform', secret: partnerSecret, ...hook },
      hotline: { name: '12345 热线', channel: '12345', secret: `${partnerSecret}-2`, ...hook },
    }),
  )
  return file
}

type Spoilt = { readonly timestamp?: number; readonly nonce?: string; readonly secret?: string; readonly partner?: string; readonly sent?: string | Buffer }

export type Signing = { readonly method: string; readonly path: string; readonly body?: string | Buffer; readonly now: number }

export function signedHeaders({ method, path, body = '', now }: Signing, spoilt: Spoilt = {}): Record<string, string> {
  const { timestamp = now, nonce = randomUUID(), secret = partnerSecret, partner = 'province' } = spoilt
  const text = [method, path, timestamp, nonce, createHash('sha256').update(body).digest('hex')].join('\n')
  return {
    'content-type': 'application/json',
    'x-bandecheng-partner': partner,
    'x-bandecheng-timestamp': String(timestamp),
    'x-bandecheng-nonce': nonce,
    'x-bandecheng-signature': createHmac('sha256', secret).update(text).digest('hex'),
  }
}

/** Sends what was signed, or `sent` in its place. */
export async function ask<T = Record<string, unknown>>(url: string, signing: Signing, spoilt: Spoilt = {}): Promise<{ status: number; body: T }> {
  const sent = spoilt.sent ?? signing.body
  const answer = await fetch(`${url}${signing.path}`, {
    method: signing.method,
    headers: signedHeaders(signing, spoilt),
    ...(signing.method === 'GET' || sent === undefined ? {} : { body: typeof sent === 'string' ? sent : new Uint8Array(sent) }),
  })
  return { status: answer.status, body: (await answer.json()) as T }
}
