import { createHash, timingSafeEqual } from 'node:crypto'
import { ChannelError, type HttpRequest, type Instant } from './contract.ts'

/** Compared in a time that does not tell where the first difference is. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** The signature of WeChat and WeCom callbacks: SHA-1 over the sorted parts. */
export const sortedSha1 = (...parts: readonly string[]): string =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

const mostSkewMs = 10 * 60_000

/** An old request that was listened to must not be played again later. The platforms set no limit; ten minutes leave room for a clock that is off. */
export function requireFresh(atMs: number, now: Instant): void {
  if (!Number.isFinite(atMs) || Math.abs(now - atMs) > mostSkewMs) throw new ChannelError('forged', 'time stamp is not near')
}

/** Any push of these platforms is far smaller; what is larger is not theirs. */
const largestBody = 64 * 1024

/** The body as text. @throws ChannelError 'malformed' when it is too large or not UTF-8 */
export function bodyText({ body }: HttpRequest): string {
  if (body.length > largestBody) throw new ChannelError('malformed', 'body is too large')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (fault) {
    throw new ChannelError('malformed', 'body is not UTF-8', { cause: fault })
  }
}
