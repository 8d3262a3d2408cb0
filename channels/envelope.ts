import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { ChannelError } from './contract.ts'

/** The block that plaintext is filled up to; Node's own padding knows only 16 and refuses what these platforms send. */
const blockBytes = 32
const randomLength = 16
const headLength = randomLength + 4

/** 43 characters of base64 without the closing `=`, as the platforms' pages show it. */
export const keyOf = (encodingAesKey: string): Buffer => Buffer.from(`${encodingAesKey}=`, 'base64')

/**
 * Opens the encrypted envelope of WeChat and WeCom: random(16) ‖ length(4, big endian) ‖ message ‖ receiver, padded to 32 bytes.
 * https://developer.work.weixin.qq.com/document/path/90968
 * @throws ChannelError 'forged' when it is not for this receiver or was not made with this key
 */
export function openEnvelope(encrypted: string, key: Buffer, receiver: string): string {
  const plain = unpadded(decrypted(encrypted, key))
  const length = plain.length < headLength ? -1 : plain.readUInt32BE(randomLength)
  if (length < 0 || headLength + length > plain.length) throw new ChannelError('forged', 'envelope has no message')
  if (plain.toString('utf8', headLength + length) !== receiver) throw new ChannelError('forged', 'envelope is for someone else')
  return plain.toString('utf8', headLength, headLength + length)
}

function decrypted(encrypted: string, key: Buffer): Buffer {
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % 16 !== 0) throw new ChannelError('forged', 'envelope has no whole blocks')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([decipher.update(bytes), decipher.final()])
}

function unpadded(plain: Buffer): Buffer {
  const pad = plain.at(-1) ?? 0
  const filled = pad >= 1 && pad <= blockBytes && pad <= plain.length && plain.subarray(plain.length - pad).every((byte) => byte === pad)
  if (!filled) throw new ChannelError('forged', 'envelope is padded wrongly')
  return plain.subarray(0, plain.length - pad)
}

/** Seals a message for the platform; `random` is given in tests only. */
export function sealEnvelope(message: string, key: Buffer, receiver: string, random: Buffer = randomBytes(randomLength)): string {
  const body = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const content = Buffer.concat([random, length, body, Buffer.from(receiver)])
  const pad = blockBytes - (content.length % blockBytes)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([content, Buffer.alloc(pad, pad)])), cipher.final()]).toString('base64')
}
