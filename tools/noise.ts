// Requests to the webhooks, most of them wrong in some way; half are signed as the platform signs, so that what is behind the signature is met.
import { createCipheriv, createHash, createHmac, randomBytes, randomInt } from 'node:crypto'

export type Noise = { readonly method: 'GET' | 'POST'; readonly url: string; readonly payload: Buffer; readonly headers: Readonly<Record<string, string>> }
type Keys = { readonly aesKey: string; readonly secret: string; readonly partnerSecret: string; readonly now: () => number }

const receivers = { wechat: 'wx0123456789abcdef', kf: 'ww0123456789abcdef', wecom: 'ww0123456789abcdef' } as const
const tokens = { wechat: 'office_token', kf: 'kfToken', wecom: 'wecomToken' } as const
type Sealed = keyof typeof receivers

/** Whatever takes requests from outside and is not a page. */
export const noisy = ['wechat', 'kf', 'sms', 'wecom', 'partner'] as const

const pick = <T>(...all: readonly T[]): T => all[randomInt(all.length)] as T
const junk = (most = 200): Buffer => randomBytes(randomInt(most))
const words = (): string =>
  pick('不动产证', '1', '\u0000', '😀'.repeat(randomInt(50)), ']]>', '&lt;', '转人工', '__proto__', junk(40).toString('latin1'), 'a'.repeat(randomInt(3_000)))

export function* randomRequests(channel: (typeof noisy)[number], keys: Keys): Generator<Noise> {
  for (;;) yield channel === 'partner' ? handed(keys) : channel === 'sms' ? sms(keys) : xml(channel, keys)
}

/** Damages one request in eight or so: bytes turned, cut off, doubled. */
function damaged(body: Buffer): Buffer {
  const bytes = Buffer.from(body)
  switch (randomInt(24)) {
    case 0:
      return bytes.subarray(0, randomInt(bytes.length + 1))
    case 1:
      if (bytes.length > 0) bytes[randomInt(bytes.length)] = randomInt(256)
      return bytes
    case 2:
      return Buffer.concat([bytes, bytes])
    default:
      return bytes
  }
}

function xml(channel: Sealed, { aesKey, now }: Keys): Noise {
  const inner = innerXml(channel)
  const sealed = randomInt(3) > 0
  const timestamp = randomInt(8) > 0 ? String(Math.floor(now() / 1000)) : pick('0', 'NaN', '1e400', '')
  const nonce = String(randomInt(1e9))
  const encrypted = seal(damaged(Buffer.from(inner)), aesKey, pick<string>(receivers[channel], receivers[channel], 'wxother'), randomInt(40))
  const body = sealed ? `<xml><ToUserName>gh</ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>` : inner
  const sign = (...parts: readonly string[]): string =>
    createHash('sha1')
      .update([...parts].sort().join(''))
      .digest('hex')
  const query = new URLSearchParams({
    timestamp,
    nonce,
    signature: sign(tokens[channel], timestamp, nonce),
    msg_signature: sign(tokens[channel], timestamp, nonce, encrypted),
  })
  if (sealed) query.set('encrypt_type', 'aes')
  if (randomInt(8) === 0) query.set(pick('signature', 'msg_signature', 'timestamp', 'nonce'), pick('', 'x', '\u0000', '[]'))
  if (randomInt(20) === 0) query.append('timestamp', 'twice')
  const isGet = randomInt(12) === 0
  if (isGet) query.set('echostr', pick(encrypted, '', 'x', words()))
  return {
    method: isGet ? 'GET' : 'POST',
    url: `/api/channels/${channel}?${query}`,
    payload: isGet ? Buffer.alloc(0) : pick(Buffer.from(body), Buffer.from(body), Buffer.from(body), damaged(Buffer.from(body)), junk(), huge()),
    headers: { 'content-type': pick('text/xml', 'application/json', 'multipart/form-data', 'x') },
  }
}

/** Mostly small; one in many is as large as a file. */
const huge = (): Buffer => (randomInt(30) === 0 ? Buffer.alloc(1 << 20, 'x') : junk())

function innerXml(channel: Sealed): string {
  const field = (name: string, value: string): string => (randomInt(15) === 0 ? '' : `<${name}><![CDATA[${value}]]></${name}>`)
  const head = field('ToUserName', 'gh') + field('FromUserName', pick('o_1', 'o_2', words())) + field('CreateTime', pick('1700000000', words()))
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
  const kinds: Readonly<Record<Sealed, () => string>> = {
    kf: () => field('Event', pick('kf_msg_or_event', 'x')) + field('Token', words()) + field('OpenKfId', pick('wk1', words())),
    wecom: () =>
      pick(
        field('MsgType', 'text') + field('Content', pick('签收 1410-20260610-0001-4', '绑定 12345678', words())) + field('MsgId', String(randomInt(500))),
        field('MsgType', 'event') + field('Event', pick('template_card_event', words())) + field('EventKey', words()) + field('TaskId', words()),
      ),
    wechat: () =>
      pick(
        field('MsgType', 'text') + field('Content', words()) + field('MsgId', String(randomInt(500))),
        field('MsgType', pick('image', 'voice', 'video')) + field('MediaId', words()) + field('Recognition', words()) + field('MsgId', String(randomInt(500))),
        field('MsgType', 'location') + field('Location_X', pick('30.1', words())) + field('Location_Y', '120') + field('MsgId', String(randomInt(500))),
        field('MsgType', 'event') +
          field('Event', pick('subscribe', 'unsubscribe', 'CLICK', 'SCAN', 'scancode_waitmsg', 'TEMPLATESENDJOBFINISH', words())) +
          field('EventKey', words()) +
          `<ScanCodeInfo>${field('ScanResult', words())}</ScanCodeInfo>` +
          field('MsgID', '1'),
      ),
  }
  return `${randomInt(20) === 0 ? bomb : ''}<xml>${head}${kinds[channel]()}${randomInt(20) === 0 ? '<a>'.repeat(randomInt(3_000)) : ''}</xml>`
}

function seal(message: Buffer, aesKey: string, receiver: string, spoil: number): string {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(spoil === 0 ? 0xffffffff : spoil === 1 ? 0 : message.length)
  const plain = Buffer.concat([randomBytes(16), size, message, Buffer.from(receiver)])
  const fill = 32 - (plain.length % 32)
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(fill, spoil === 2 ? 0 : fill)), cipher.final()]).toString('base64')
}

function sms({ secret }: Keys): Noise {
  const item = (): unknown =>
    pick<unknown>(
      { phone_number: pick('13800000001', words()), content: words(), sequence_id: pick<unknown>(randomInt(500), words(), null, {}) },
      { phone_number: '13800000001', success: pick<unknown>(true, false, 'x'), out_id: words(), err_code: words() },
      { phone_number: '13800000001', content: pick('TD', 'CX', '1'), sequence_id: randomInt(500) },
      null,
      7,
      [],
      { __proto__: null, constructor: words() },
    )
  const deep = `${'['.repeat(randomInt(20_000))}1`
  const body = pick(
    JSON.stringify([item()]),
    JSON.stringify([item()]),
    JSON.stringify(item()),
    JSON.stringify(Array.from({ length: randomInt(20) }, item)),
    deep,
    words(),
  )
  const place = pick(secret, secret, secret, 'guess', `${secret}/${secret}`, '%00')
  return {
    method: pick('POST', 'POST', 'POST', 'GET'),
    url: `/api/channels/sms/${place}`,
    payload: pick(damaged(Buffer.from(body)), Buffer.from(body), huge()),
    headers: { 'content-type': pick('application/json', 'text/plain', 'x') },
  }
}

/** A case that another system hands over. */
function handed({ partnerSecret, now }: Keys): Noise {
  const fact = (): unknown => pick<unknown>(words(), words(), words(), true, randomInt(9), null, [], { a: words() })
  const facts = Object.fromEntries(
    ['story', ...Array.from({ length: randomInt(3) }, () => pick('name', 'phone', 'visits', 'happenedOn', '__proto__', words()))].map((name) => [name, fact()]),
  )
  const good = { externalId: `N-${randomInt(300)}`, facts: { story: `不给办${words()}` } }
  const body = pick(
    JSON.stringify(good),
    JSON.stringify(good),
    JSON.stringify({ externalId: pick('N-1', words()), facts, urgent: pick<unknown>(true, words()) }),
    `${'{"facts":'.repeat(randomInt(5_000))}1`,
    words(),
  )
  const isGet = randomInt(6) === 0
  const url = isGet ? `/api/partner/tickets/${pick('N-1', 'N-2', '%00', '%ff', encodeURIComponent(words()).slice(0, 500))}` : '/api/partner/tickets'
  const payload = isGet ? Buffer.alloc(0) : pick(damaged(Buffer.from(body)), Buffer.from(body), Buffer.from(body), huge())
  const timestamp = randomInt(10) > 0 ? String(now()) : pick('0', 'NaN', '1e400', '')
  const nonce = randomInt(20) > 0 ? randomBytes(12).toString('hex') : pick('', 'x', 'twice-twice')
  const method = isGet ? 'GET' : 'POST'
  const lines = [method, url, timestamp, nonce, createHash('sha256').update(payload).digest('hex')]
  const signature = createHmac('sha256', pick(partnerSecret, partnerSecret, partnerSecret, 'guess'))
    .update(lines.join('\n'))
    .digest('hex')
  return {
    method,
    url,
    payload,
    headers: {
      'content-type': pick('application/json', 'application/json', 'text/plain', 'x'),
      'x-bandecheng-partner': pick('province', 'province', 'province', 'hotline', '__proto__', ''),
      'x-bandecheng-timestamp': timestamp,
      'x-bandecheng-nonce': nonce,
      'x-bandecheng-signature': signature,
    },
  }
}

/** Frames of the connection that we have opened: it is the platform's, and still nothing that comes over it may end the process. */
export function* randomFrames(): Generator<string> {
  for (;;) {
    const data = {
      msgId: pick<unknown>(words(), 7, null),
      conversationType: pick<unknown>('1', '2', {}),
      senderStaffId: pick<unknown>('u_1', words(), null),
      msgtype: 'text',
      text: pick<unknown>({ content: words() }, null, words()),
    }
    const headers = { messageId: pick<unknown>(words(), 7), topic: pick('/v1.0/im/bot/messages/get', 'ping', 'disconnect', words()) }
    const frame = { specVersion: '1.0', type: pick('CALLBACK', 'SYSTEM', 'EVENT', words()), headers, data: pick<unknown>(JSON.stringify(data), words(), data) }
    const text = pick(JSON.stringify(frame), JSON.stringify(frame), `${'{"headers":'.repeat(randomInt(5_000))}1`, words())
    yield damaged(Buffer.from(text)).toString('utf8')
  }
}
