import { createHash, createHmac } from 'node:crypto'
import { ChannelError, type HttpRequest, type Instant } from './contract.ts'
import { sameSecret } from './sign.ts'

// How other systems and this one sign what they send each other, both ways alike; docs/channels/partners.md tells it to their programmers.

/** What is signed: `path` with its query, `timestamp` in milliseconds as it is sent. */
type Signed = { readonly method: string; readonly path: string; readonly timestamp: string; readonly nonce: string; readonly body: Buffer }

/** A request that was listened to is no use later. */
export const mostPartnerSkewMs = 5 * 60_000

/** HMAC-SHA256 in hex over method, path, time stamp, nonce and the body's hash, a line each. */
export function partnerSignature({ method, path, timestamp, nonce, body }: Signed, secret: string): string {
  const digest = createHash('sha256').update(body).digest('hex')
  return createHmac('sha256', secret).update([method, path, timestamp, nonce, digest].join('\n')).digest('hex')
}

/** The headers of a signed request. */
export const partnerHeaders = (partner: string, signed: Signed, secret: string): Record<string, string> => ({
  'x-bandecheng-partner': partner,
  'x-bandecheng-timestamp': signed.timestamp,
  'x-bandecheng-nonce': signed.nonce,
  'x-bandecheng-signature': partnerSignature(signed, secret),
})

/** The nonce of a request that the holder of the secret has signed just now; `path` with its query. @throws ChannelError 'forged' */
export function requireSigned({ method, headers, body }: HttpRequest, path: string, secret: string, now: Instant): string {
  const timestamp = headers['x-bandecheng-timestamp'] ?? ''
  const nonce = headers['x-bandecheng-nonce'] ?? ''
  const given = headers['x-bandecheng-signature'] ?? ''
  if (!sameSecret(given, partnerSignature({ method, path, timestamp, nonce, body }, secret))) throw new ChannelError('forged', 'signature is wrong')
  if (!/^\d{13}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > mostPartnerSkewMs) throw new ChannelError('forged', 'time stamp is not near')
  if (!/^[\w-]{8,64}$/.test(nonce)) throw new ChannelError('forged', 'nonce is malformed')
  return nonce
}
