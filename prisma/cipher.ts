import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Personal data at rest, authenticated, one random nonce per value. `place` (table and row) is bound to the value, so that a value copied
 * to another row does not open. `index` is a keyed hash for look-up by equality (a phone number), never reversible without the key.
 */
export type Cipher = {
  readonly seal: (value: unknown, place: string) => string
  /** @throws Error when the value was changed, moved, or sealed with another key */
  readonly open: <T>(sealed: string, place: string) => T
  readonly sealBytes: (bytes: Buffer, place: string) => Buffer
  /** @throws Error as `open` */
  readonly openBytes: (sealed: Buffer, place: string) => Buffer
  readonly index: (kind: string, value: string) => string
  /** whether it was sealed with the newest key */
  readonly isCurrent: (sealed: string | Buffer) => boolean
}

/** What a key is used with: AES-256-GCM, or SM4 in counter mode with HMAC-SM3 (GM/T 0002, GM/T 0004). */
export type Algorithm = 'aes' | 'sm4'

type Lock = { readonly lock: (bytes: Buffer, place: Buffer) => Buffer; readonly unlock: (body: Buffer, place: Buffer) => Buffer }

/** A sealed value begins with the number of its key: more than these one office will not need. */
const versions = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * `keys`: one or more, separated by white space, the oldest first; each is 32 bytes in base64, `sm4:` before it for SM4. The last one seals, all
 * of them open. The first one also makes the indexes, so it stays.
 */
export function createCipher(keys: string): Cipher {
  const locks = keysIn(keys).map(({ algorithm, key }) => (algorithm === 'sm4' ? sm4Lock(key) : aesLock(key)))
  const indexKey = derived(keysIn(keys)[0]?.key ?? Buffer.alloc(0), 'blind index')
  const current = versions.charAt(locks.length - 1)
  const newest = locks.at(-1)
  if (!newest || !current) throw new Error('there must be 1 to 35 data keys')
  const lockOf = (version: string): Lock => {
    const lock = locks[versions.indexOf(version)]
    if (!version || !lock) throw new Error('sealed with an unknown key version')
    return lock
  }
  return {
    seal: (value, place) => `${current}${newest.lock(Buffer.from(JSON.stringify(value)), Buffer.from(place)).toString('base64')}`,
    open: <T>(sealed: string, place: string) =>
      JSON.parse(
        lockOf(sealed.charAt(0))
          .unlock(Buffer.from(sealed.slice(1), 'base64'), Buffer.from(place))
          .toString('utf8'),
      ) as T,
    sealBytes: (bytes, place) => Buffer.concat([Buffer.from(current), newest.lock(bytes, Buffer.from(place))]),
    openBytes: (sealed, place) => lockOf(sealed.toString('latin1', 0, 1)).unlock(sealed.subarray(1), Buffer.from(place)),
    index: (kind, value) => createHmac('sha256', indexKey).update(`${kind}\u0000${value}`).digest('base64url'),
    isCurrent: (sealed) => (typeof sealed === 'string' ? sealed.charAt(0) : sealed.toString('latin1', 0, 1)) === current,
  }
}

export const newKey = (algorithm: Algorithm): string => `${algorithm === 'sm4' ? 'sm4:' : ''}${randomBytes(32).toString('base64')}`

/** The oldest key, which also signs visitors' ids and names persons. */
export const firstKey = (keys: string): Buffer => keysIn(keys)[0]?.key ?? Buffer.alloc(0)

function keysIn(keys: string): { algorithm: Algorithm; key: Buffer }[] {
  return keys
    .trim()
    .split(/\s+/)
    .map((text) => {
      const algorithm: Algorithm = text.startsWith('sm4:') ? 'sm4' : 'aes'
      const key = Buffer.from(text.replace(/^sm4:/, ''), 'base64')
      if (key.length !== 32) throw new Error('the data key must be 32 bytes in base64')
      return { algorithm, key }
    })
}

const derived = (key: Buffer, use: string, length = 32): Buffer => Buffer.from(hkdfSync('sha256', key, '', use, length))

function aesLock(master: Buffer): Lock {
  const key = derived(master, 'sealed columns')
  const nonce = createNonces(12)
  return {
    lock: (bytes, place) => {
      const iv = nonce()
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      cipher.setAAD(place)
      return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    },
    unlock: (body, place) => {
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, 12))
      decipher.setAAD(place)
      decipher.setAuthTag(body.subarray(body.length - 16))
      return Buffer.concat([decipher.update(body.subarray(12, body.length - 16)), decipher.final()])
    },
  }
}

/** Encrypted first, then authenticated together with nonce and place: Node's SM4 knows no mode that does both. */
function sm4Lock(master: Buffer): Lock {
  const key = derived(master, 'sm4 columns', 16)
  const macKey = derived(master, 'sm3 columns')
  const nonce = createNonces(16)
  const tag = (body: Buffer, place: Buffer): Buffer => createHmac('sm3', macKey).update(`${place.length}:`).update(place).update(body).digest()
  return {
    lock: (bytes, place) => {
      const iv = nonce()
      const cipher = createCipheriv('sm4-ctr', key, iv)
      const body = Buffer.concat([iv, cipher.update(bytes), cipher.final()])
      return Buffer.concat([body, tag(body, place)])
    },
    unlock: (sealed, place) => {
      const body = sealed.subarray(0, sealed.length - 32)
      const given = sealed.subarray(sealed.length - 32)
      if (given.length !== 32 || !timingSafeEqual(given, tag(body, place))) throw new Error('sealed value was changed or moved')
      const decipher = createDecipheriv('sm4-ctr', key, body.subarray(0, 16))
      return Buffer.concat([decipher.update(body.subarray(16)), decipher.final()])
    },
  }
}

/** Random numbers in stock: asking for each would cost more than the encryption. */
function createNonces(length: number): () => Buffer {
  let stock = randomBytes(length * 256)
  let used = 0
  return () => {
    if (used === stock.length) {
      stock = randomBytes(stock.length)
      used = 0
    }
    used += length
    return stock.subarray(used - length, used)
  }
}
