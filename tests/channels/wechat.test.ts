import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ChannelError, type HttpRequest, type OutboundMessage, type Receipt, type Wire } from '../../channels/contract.ts'
import { keyOf, openEnvelope, sealEnvelope } from '../../channels/envelope.ts'
import { sortedSha1 } from '../../channels/sign.ts'
import { channel } from '../../channels/wechat.channel.ts'

const token = 'bbcs_test_token'
const appId = 'wx0123456789abcdef'
const encodingAesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const seconds = '1700000000'
const now = 1_700_000_000_000
const nonce = 'n0nce123'
const plainConfig = channel.parseConfig({ appId, secret: 's', token, mode: 'plain' })
const safeConfig = channel.parseConfig({ appId, secret: 's', token, encodingAesKey })

/** The encrypted push of the vectors, made and checked apart from this code. */
const vector =
  'sKqRbbiSUnDhFHOvPjtUMT0yBS8VBhKI9nya/MUtGBwpR4Uf87qNxYY0zHrSw2VnfA6Az3LCgUShIvWryBTwHGZDrEk3RjcYQP0qVsEaRy1rbQKMTpJ9nsQrN0B3RLdElu/6xe2o77JXy98L04+usJ69dUvsmlb2a8eH9uPBjSorwPtFZP5pfYocJqgnkMfI+afGXpzUKjlyz4bHs9DmkmuPYhbKX0e4WyT+qFWwROnIRwAf5YvImpaVeARxUXGBmO6GFqrtW+nHTLPYBIE5gMckdxvV8njoBD79GtIgy5ZBjQ2y4QeFdYfMrstoZCpiLY6I10sEwsKT+8tWlbTXxpjsDXX4jftiiFdzvKZ3w8PDHMdG5ZGs20I1t/lGIQi/XOopf8VP8pJo3Vy1Sr2sFZxincgKbwPw61gz9bAoJvQ='

const signed = (query: Record<string, string> = {}, at = seconds) => ({ signature: sortedSha1(token, at, nonce), timestamp: at, nonce, ...query })

const push = (body: string | Buffer, query: Record<string, string> = signed()): HttpRequest => ({
  method: 'POST',
  path: '/api/channels/wechat',
  query,
  headers: { 'content-type': 'text/xml' },
  body: Buffer.from(body),
})

const xml = (fields: string): string =>
  `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o_citizen]]></FromUserName><CreateTime>${seconds}</CreateTime>${fields}</xml>`
const words = (text: string): string => xml(`<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content><MsgId>23456789012345678</MsgId>`)
const event = (fields: string): string => xml(`<MsgType><![CDATA[event]]></MsgType>${fields}`)
const choice = (value: string): unknown => ({ kind: 'choice', value, text: value })
const scan = (name: string, result: string): string =>
  event(`<Event>${name}</Event><EventKey>scan</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult><![CDATA[${result}]]></ScanResult></ScanCodeInfo>`)
const contentOf = (receipt: Receipt): unknown => receipt.messages[0]?.content
const plain = (body: string): Receipt => channel.receive(push(body), plainConfig, now)

const safe = (body: string, receiver = appId): HttpRequest => {
  const encrypted = sealEnvelope(body, keyOf(encodingAesKey), receiver)
  const query = signed({ encrypt_type: 'aes', msg_signature: sortedSha1(token, seconds, nonce, encrypted) })
  return push(`<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`, query)
}

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'accepted'
  } catch (fault) {
    return fault instanceof ChannelError ? fault.code : `other: ${fault}`
  }
}

describe('the vectors', () => {
  test('the signature of a plain push is the published one', () => {
    expect(sortedSha1(token, seconds, nonce)).toBe('43b100b20a372b78ed087543532006b2dd86d37a')
  })

  test('the sample of WeCom is opened', () => {
    const echo = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='
    expect(sortedSha1('QDG6eK', '1409659589', '263014780', echo)).toBe('5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3')
    expect(openEnvelope(echo, keyOf(encodingAesKey), 'wx5823bf96d3bd56c7')).toBe('1616140317555161061')
  })

  test('the encrypted push is read, with every digit of its id', () => {
    const query = signed({ encrypt_type: 'aes', msg_signature: 'dd6e0daf93cc7ae88f8d79ee1cd9db9e5e489c88' })
    const { messages } = channel.receive(push(`<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[${vector}]]></Encrypt></xml>`, query), safeConfig, now)
    expect(messages[0]).toMatchObject({ externalId: '23456789012345678', content: { kind: 'text', text: '不动产证办不下来' } })
  })

  test('an envelope of any length is opened again, whole blocks included', () => {
    for (let length = 0; length <= 96; length++) {
      const text = 'x'.repeat(length)
      expect(openEnvelope(sealEnvelope(text, keyOf(encodingAesKey), appId), keyOf(encodingAesKey), appId)).toBe(text)
    }
  })
})

describe('what a citizen does in WeChat', () => {
  test('the check of the address gets its echo back and nothing else', () => {
    const { ack, messages } = channel.receive({ ...push('', signed({ echostr: '5837' })), method: 'GET' }, plainConfig, now)
    expect([ack.status, ack.body, messages]).toEqual([200, '5837', []])
  })

  test.each([
    ['words', words('我要反映 <b>&amp;'), { kind: 'text', text: '我要反映 <b>&amp;' }],
    ['words that look like a declaration', words('<!DOCTYPE x>'), { kind: 'text', text: '<!DOCTYPE x>' }],
    ['a number keeps its zeros', words('0012'), { kind: 'text', text: '0012' }],
    [
      'a picture',
      xml('<MsgType>image</MsgType><PicUrl><![CDATA[http://x]]></PicUrl><MediaId>m1</MediaId><MsgId>1</MsgId>'),
      { kind: 'media', media: 'image', ref: 'm1' },
    ],
    [
      'a voice, kept for the clerk',
      xml('<MsgType>voice</MsgType><MediaId>m2</MediaId><Format>amr</Format><MsgId>1</MsgId>'),
      { kind: 'media', media: 'voice', ref: 'm2' },
    ],
    [
      'a voice that the platform has written down',
      xml('<MsgType>voice</MsgType><MediaId>m2</MediaId><Recognition><![CDATA[查进度]]></Recognition><MsgId>1</MsgId>'),
      { kind: 'text', text: '查进度', sound: 'm2' },
    ],
    [
      'a place',
      xml('<MsgType>location</MsgType><Location_X>35.76</Location_X><Location_Y>115.03</Location_Y><Scale>15</Scale><Label>政务大厅</Label><MsgId>1</MsgId>'),
      { kind: 'location', latitude: 35.76, longitude: 115.03, label: '政务大厅' },
    ],
    [
      'a link',
      xml('<MsgType>link</MsgType><Title>通知</Title><Description></Description><Url>http://x/</Url><MsgId>1</MsgId>'),
      { kind: 'text', text: '通知\nhttp://x/' },
    ],
    ['following the account', event('<Event>subscribe</Event><EventKey></EventKey>'), { kind: 'event', event: 'subscribe' }],
    ['a press on the menu says its words', event('<Event>CLICK</Event><EventKey><![CDATA[转人工]]></EventKey>'), { kind: 'text', text: '转人工' }],
    ['a code for a door, by whoever follows with it', event('<Event>subscribe</Event><EventKey>qrscene_door:cannot</EventKey>'), choice('door:cannot')],
    ['a code for a door, by whoever follows already', event('<Event>SCAN</Event><EventKey>human</EventKey>'), choice('human')],
    [
      'a code that is for nothing here, by whoever follows with it',
      event('<Event>subscribe</Event><EventKey>qrscene_7</EventKey>'),
      { kind: 'event', event: 'subscribe' },
    ],
    [
      'the code of a receipt, scanned by a button',
      scan('scancode_push', 'https://x.gov.cn/progress?number=1410-20260610-0001-4'),
      { kind: 'text', text: '1410-20260610-0001-4' },
    ],
    ['any other code that the phone waits for', scan('scancode_waitmsg', '6901234567892'), { kind: 'text', text: '6901234567892' }],
  ])('%s arrives as what it is', (_name, body, content) => {
    expect(contentOf(plain(body))).toEqual(content)
  })

  test.each(['unsubscribe', 'VIEW', 'LOCATION', 'SCAN', 'TEMPLATESENDJOBFINISH'])('the event %s asks nothing and is acknowledged', (name) => {
    expect(plain(event(`<Event>${name}</Event>`))).toMatchObject({ messages: [], ack: { status: 200, body: 'success' } })
  })

  test('a code of something else, that the phone has opened itself, asks nothing', () => {
    expect(plain(scan('scancode_push', 'https://elsewhere/?number=1')).messages).toEqual([])
  })

  test('two presses in one second are two arrivals, and the same press pushed again is the same', () => {
    const press = (key: string) => plain(event(`<Event>CLICK</Event><EventKey>${key}</EventKey>`)).messages[0]?.externalId
    expect(press('a')).not.toBe(press('b'))
    expect(press('a')).toBe(press('a'))
  })
})

describe('what is not from the platform', () => {
  test.each([
    ['a wrong signature', () => channel.receive(push(words('x'), signed({ signature: '0'.repeat(40) })), plainConfig, now), 'forged'],
    ['no signature', () => channel.receive(push(words('x'), {}), plainConfig, now), 'forged'],
    ['a request played again after eleven minutes', () => channel.receive(push(words('x')), plainConfig, now + 11 * 60_000), 'forged'],
    ['a plain push where safe mode is set', () => channel.receive(push(words('x')), safeConfig, now), 'forged'],
    ['an envelope for another account', () => channel.receive(safe(words('x'), 'wxffffffffffffffff'), safeConfig, now), 'forged'],
    ['an envelope whose signature was left away', () => channel.receive({ ...safe(words('x')), query: signed() }, safeConfig, now), 'forged'],
    ['a body of 1 MB', () => plain(words('x'.repeat(1 << 20))), 'malformed'],
    ['a DOCTYPE', () => plain(`<!DOCTYPE xml [<!ENTITY a "b">]>${words('&a;')}`), 'malformed'],
    [
      'an entity bomb in an envelope',
      () => channel.receive(safe(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${words('&b;')}`), safeConfig, now),
      'malformed',
    ],
    ['half a document', () => plain('<xml><ToUserName>'), 'malformed'],
    ['another root', () => plain('<html></html>'), 'malformed'],
    ['no id', () => plain(xml('<MsgType>text</MsgType><Content>x</Content>')), 'malformed'],
    ['two senders', () => plain(words('x').replace('</xml>', '<FromUserName>other</FromUserName></xml>')), 'malformed'],
    ['bytes that are no text', () => channel.receive(push(Buffer.from([0xff, 0xfe, 0x3c])), plainConfig, now), 'malformed'],
  ])('%s is turned away', (_name, work, code) => {
    expect(codeOf(work)).toBe(code)
  })

  test('20,000 requests made at random meet nothing but a ChannelError', () => {
    const random = seededRandom(20261123)
    const bases = [words('不动产证'), event('<Event>CLICK</Event><EventKey>k</EventKey>'), `<xml><Encrypt>${vector}</Encrypt></xml>`]
    const outcomes = new Set<string>()
    for (let round = 0; round < 20_000; round++) {
      const body = mutated(Buffer.from(bases[round % bases.length] ?? ''), random)
      const encrypted = /<Encrypt>(.*)<\/Encrypt>/s.exec(body.toString('utf8'))?.[1] ?? ''
      const config = round % 2 ? plainConfig : safeConfig
      outcomes.add(codeOf(() => channel.receive(push(body, signed({ msg_signature: sortedSha1(token, seconds, nonce, encrypted) })), config, now)))
    }
    expect([...outcomes].sort()).toEqual(['accepted', 'forged', 'malformed'])
  })
})

describe('an answer', () => {
  test('within the request is plain XML that gives the text back as it was', () => {
    const answer = plain(words('x')).answer?.({ text: '<a> & ]]> “好”' })
    const content = /<Content>(.*)<\/Content>/s.exec(answer?.body ?? '')?.[1] ?? ''
    const sections = [...content.matchAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g)].map(([, inside]) => inside)
    expect(sections.join('')).toBe('<a> & ]]> “好”')
    expect(answer?.body).toContain('<ToUserName><![CDATA[o_citizen]]></ToUserName>')
  })

  test('in safe mode is an envelope that the platform can open, under the tag TimeStamp', () => {
    const { body = '' } = channel.receive(safe(words('x')), safeConfig, now).answer?.({ text: '请问您要办什么' }) ?? {}
    const field = (name: string): string => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(body)?.[1] ?? ''
    const parts = [token, field('TimeStamp'), field('Nonce'), field('Encrypt')].sort().join('')
    expect(field('MsgSignature')).toBe(createHash('sha1').update(parts).digest('hex'))
    expect(openEnvelope(field('Encrypt'), keyOf(encodingAesKey), appId)).toContain('<![CDATA[请问您要办什么]]>')
  })

  test('that is longer than one message is not squeezed into the request', () => {
    expect(plain(words('x')).answer?.({ text: '长'.repeat(700) })).toBeUndefined()
  })
})

describe('a customer message', () => {
  test('prints choices as numbers and a card as text', async () => {
    const platform = fakePlatform([{ errcode: 0 }])
    const message: OutboundMessage = {
      text: '请选',
      choices: [
        { value: 'a', text: '营业执照' },
        { value: 'b', text: '都不是' },
      ],
    }
    await channel.send({ channel: 'wechat', id: 'o_citizen' }, message, 'k', plainConfig, platform.wire)
    expect(platform.sent).toEqual(['请选\n\n1. 营业执照\n2. 都不是'])
  })

  test('of any length is cut at 2,048 bytes, between characters, and nothing is lost', () => {
    const text = `${'一二三四五六七八九十'.repeat(120)}😀`
    const parts = channel.parts({ text }, plainConfig).map((part) => part.text)
    expect(parts.every((part) => Buffer.byteLength(part) <= 2048)).toBe(true)
    expect(parts.join('')).toBe(text)
  })

  test.each([
    [45015, 'closed'],
    [45047, 'closed'],
    [40003, 'refused'],
    [43004, 'refused'],
    [48001, 'barred'],
    [40164, 'barred'],
    [45009, 'busy'],
    [45009, 'busy'],
    [45011, 'busy'],
    [-1, 'busy'],
  ])('that meets %i is %s', async (errcode, code) => {
    const platform = fakePlatform([{ errcode }])
    await expect(channel.send({ channel: 'wechat', id: 'o' }, { text: 'x' }, 'k', plainConfig, platform.wire)).rejects.toMatchObject({ code })
  })

  test('whose token has run out is sent once more with a new one', async () => {
    const platform = fakePlatform([{ errcode: 40001 }, { errcode: 0 }])
    await channel.send({ channel: 'wechat', id: 'o' }, { text: 'x' }, 'k', plainConfig, platform.wire)
    expect(platform.stale).toEqual([undefined, 'kept'])
  })

  test.each([
    ['a platform that answers 500', 'busy', () => Promise.resolve(new Response('', { status: 500 }))],
    ['a platform that is not reached', 'unreachable', () => Promise.reject(new Error('connect https://x/?access_token=secret'))],
    ['a platform that answers no JSON', 'unreachable', () => Promise.resolve(new Response('<html>'))],
  ])('to %s may be tried again, and tells no secret', async (_name, code, answer) => {
    const wire: Wire = { fetch: answer, now: () => now, tokens: async () => 'kept' }
    const fault = await channel.send({ channel: 'wechat', id: 'o' }, { text: 'x' }, 'k', plainConfig, wire).catch((caught: unknown) => caught)
    expect(fault).toMatchObject({ code })
    expect(String(fault)).not.toContain('secret')
  })
})

test('settings that cannot be used are named', () => {
  expect(() => channel.parseConfig({ appId: 'x', token: '!', secret: '', extra: 1 })).toThrow(/wechat\.appId.*wechat\.secret.*wechat\.token/s)
  expect(() => channel.parseConfig({ appId, token, secret: 's' })).toThrow(/encodingAesKey/)
})

function fakePlatform(answers: readonly object[]) {
  const sent: string[] = []
  const stale: (string | undefined)[] = []
  const left = [...answers]
  const fetching = async (_url: unknown, init?: { body?: unknown }) => {
    sent.push(JSON.parse(String(init?.body)).text.content)
    return Response.json(left.shift())
  }
  const wire: Wire = {
    fetch: fetching as typeof fetch,
    now: () => now,
    tokens: async (_key, _renew, old) => {
      stale.push(old)
      return old === undefined ? 'kept' : 'renewed'
    },
  }
  return { sent, stale, wire }
}

function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Changes, drops, doubles or cuts bytes, a few at a time. */
function mutated(bytes: Buffer, random: () => number): Buffer {
  let result = bytes
  for (let changes = Math.floor(random() * 4); changes > 0; changes--) {
    const at = Math.floor(random() * result.length)
    const kind = random()
    if (kind < 0.5) result = Buffer.from(result.map((byte, index) => (index === at ? Math.floor(random() * 256) : byte)))
    else if (kind < 0.7) result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + Math.floor(random() * 20))])
    else if (kind < 0.9) result = Buffer.concat([result.subarray(0, at), result.subarray(Math.floor(random() * at))])
    else result = result.subarray(0, at)
  }
  return result
}
