import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/**
 * Personal data at rest: AES-256-GCM, one random nonce per value. `place` (table and row) is bound to the value, so that a value copied
 * to another row does not open. `index` is a keyed hash for look-up by equality (a phone number), never reversible without the key.
 */
export type Cipher = {
  readonly seal: (value: unknown, place: string) => string
  /** @throws Error when the value was changed, moved, or sealed with another key */
  readonly open: <T>(sealed: string, place: string) => T
  readonly index: (kind: string, value: string) => string
}

const version = '1'

/** `key` is 32 bytes, base64. */
export function createCipher(key: string): Cipher {
  const master = Buffer.from(key, 'base64')
  if (master.length !== 32) throw new Error('the data key must be 32 bytes in base64')
  const dataKey = Buffer.from(hkdfSync('sha256', master, '', 'sealed columns', 32))
  const indexKey = Buffer.from(hkdfSync('sha256', master, '', 'blind index', 32))
  let nonces = randomBytes(12 * 256)
  let used = 0
  const nonce = (): Buffer => {
    if (used === nonces.length) {
      nonces = randomBytes(nonces.length)
      used = 0
    }
    used += 12
    return nonces.subarray(used - 12, used)
  }
  return {
    seal: (value, place) => {
      const iv = nonce()
      const cipher = createCipheriv('aes-256-gcm', dataKey, iv)
      cipher.setAAD(Buffer.from(place))
      const body = Buffer.concat([iv, cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${version}${body.toString('base64')}`
    },
    open: <T>(sealed: string, place: string) => {
      if (!sealed.startsWith(version)) throw new Error('sealed with an unknown key version')
      const body = Buffer.from(sealed.slice(version.length), 'base64')
      const decipher = createDecipheriv('aes-256-gcm', dataKey, body.subarray(0, 12))
      decipher.setAAD(Buffer.from(place))
      decipher.setAuthTag(body.subarray(body.length - 16))
      const text = Buffer.concat([decipher.update(body.subarray(12, body.length - 16)), decipher.final()]).toString('utf8')
      return JSON.parse(text) as T
    },
    index: (kind, value) => createHmac('sha256', indexKey).update(`${kind}\u0000${value}`).digest('base64url'),
  }
}
