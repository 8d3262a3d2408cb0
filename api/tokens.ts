import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { firstKey } from '../prisma/cipher.ts'

/** Words that this office has signed for one purpose; what carries them can read them but not make them. */
export type Signer = {
  readonly sign: (text: string) => string
  readonly holds: (text: string, signature: string) => boolean
}

export function createSigner(dataKey: string, purpose: string): Signer {
  const key = Buffer.from(hkdfSync('sha256', firstKey(dataKey), '', purpose, 32))
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  return {
    sign,
    holds: (text, signature) => {
      const [expected, given] = [Buffer.from(sign(text)), Buffer.from(signature)]
      return expected.length === given.length && timingSafeEqual(expected, given)
    },
  }
}

/** Signed visitor ids: the client carries its id but can never choose one. */
export type VisitorTokens = {
  readonly issue: (id?: string) => string
  /** the visitor's id, or undefined for a forged token */
  readonly read: (token: string | undefined) => string | undefined
}

export function createVisitorTokens(dataKey: string): VisitorTokens {
  const { sign, holds } = createSigner(dataKey, 'visitor tokens')
  return {
    issue: (id = randomBytes(18).toString('base64url')) => `${id}.${sign(id)}`,
    read: (token) => {
      const [id, signature, rest] = token?.split('.') ?? []
      return id && signature && rest === undefined && holds(id, signature) ? id : undefined
    },
  }
}

/** A staff session's secret; only its hash is stored. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url')
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Read aloud and typed once: no look-alike letters. */
export function newOneTimePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  // 256 is not a multiple of 31: bytes above the last multiple would favour some letters.
  const fair = [...randomBytes(64)].filter((byte) => byte < 248).slice(0, 12)
  return fair.map((byte) => letters[byte % letters.length]).join('')
}
