import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { ChannelError, type ChannelSpec, type HttpReply, type HttpRequest, type Instant, type OutboundMessage, type Receipt } from './contract.ts'
import { keyOf, openEnvelope, sealEnvelope } from './envelope.ts'
import { cutText, plainText, utf8Bytes } from './plain.ts'
import { bodyText, requireFresh, sameSecret, sortedSha1 } from './sign.ts'
import { callWechat, wechatToken } from './wechatapi.ts'
import { fetchMedia } from './wechatmedia.ts'
import { createMenu, menu } from './wechatmenu.ts'
import { type Head, readPush } from './wechatmessage.ts'
import { form, formsOf } from './wechatnotice.ts'
import { cdata, readXml } from './xml.ts'

const configSchema = z
  .strictObject({
    appId: z.string().regex(/^wx\w{16}$/),
    secret: z.string().min(1),
    token: z.string().regex(/^[A-Za-z0-9_]{3,32}$/),
    /** as set on the platform's page: what is pushed, and so what is accepted */
    mode: z.enum(['plain', 'compatible', 'safe']).default('safe'),
    encodingAesKey: z
      .string()
      .regex(/^[A-Za-z0-9]{43}$/)
      .optional(),
    /** prepared forms for news outside the 48 hours, in this order */
    notices: z.strictObject({ subscribe: form.optional(), template: form.optional() }).default({}),
    menu: menu.optional(),
    apiBase: z.url({ protocol: /^https?$/ }).default('https://api.weixin.qq.com'),
  })
  .refine(({ mode, encodingAesKey }) => mode === 'plain' || encodingAesKey !== undefined, { path: ['encodingAesKey'], message: 'needed in this mode' })

export type WechatConfig = z.output<typeof configSchema>

/** Bytes of one text, in an answer and in a customer message. */
const mostBytes = 2048
/** Room for the line that says how to come by the rest. */
const hintBytes = 64

/** A WeChat service account in server mode: https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html */
export const channel: ChannelSpec<WechatConfig> = {
  name: 'wechat',
  limits: { textLength: 600, choices: 10, replyWindowMs: 48 * 3_600_000, quota: 5, inPlaceMs: 5_000 },
  parseConfig: (raw) => {
    const parsed = configSchema.safeParse(raw)
    if (parsed.success) return parsed.data
    throw new Error(parsed.error.issues.map((issue) => `wechat.${issue.path.join('.')}: ${issue.message}`).join('; '))
  },
  receive,
  parts: (message) => partsOf(message).map((text) => ({ text })),
  /** As text with numbers: a tap on the platform's own message menu opens a window of one minute only, typed words one of 48 hours. */
  send: async (to, message, _key, config, wire) => {
    for (const content of partsOf(message))
      await callWechat('/cgi-bin/message/custom/send', { touser: to.id, msgtype: 'text', text: { content } }, config, wire)
    return {}
  },
  forms: formsOf,
  setUp: (config) => (config.menu ? (wire) => createMenu(config.menu, config, wire) : undefined),
  media: (ref, config, wire) => fetchMedia(ref, config.apiBase, (stale) => wechatToken(config, wire, stale), wire),
}

/** A message that just fits is whole, a longer one is cut so that the hint still fits. */
function partsOf(message: OutboundMessage): string[] {
  const text = plainText(message)
  return utf8Bytes(text) <= mostBytes ? [text].filter(Boolean) : cutText(text, mostBytes - hintBytes, utf8Bytes)
}

const plainReply = (body: string): HttpReply => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body })

function receive(request: HttpRequest, config: WechatConfig, now: Instant): Receipt {
  const { query } = request
  const { signature = '', timestamp = '', nonce = '' } = query
  if (!sameSecret(signature, sortedSha1(config.token, timestamp, nonce))) throw new ChannelError('forged', 'signature does not fit')
  requireFresh(Number(timestamp) * 1000, now)
  if (request.method === 'GET') return { messages: [], ack: plainReply(query['echostr'] ?? '') }
  const pushed = readXml(bodyText(request))
  const { head, message, gone, fates, consents } = readPush(config.mode === 'plain' ? pushed : opened(pushed, query, config))
  return {
    messages: message ? [message] : [],
    ...(gone ? { gone: [gone] } : {}),
    ...(fates ? { fates } : {}),
    ...(consents ? { consents } : {}),
    ack: plainReply('success'),
    // Without an answer in time the citizen reads that the account is out of order.
    late: plainReply('success'),
    ...(message ? { answer: (reply) => answered(reply, head, config, now) } : {}),
  }
}

function opened(pushed: Readonly<Record<string, unknown>>, query: HttpRequest['query'], config: WechatConfig): Readonly<Record<string, unknown>> {
  const encrypted = pushed['Encrypt']
  if (typeof encrypted !== 'string') throw new ChannelError('forged', 'push is not encrypted')
  const { msg_signature: given = '', timestamp = '', nonce = '' } = query
  if (!sameSecret(given, sortedSha1(config.token, timestamp, nonce, encrypted))) throw new ChannelError('forged', 'message signature does not fit')
  return readXml(openEnvelope(encrypted, keyOf(config.encodingAesKey ?? ''), config.appId))
}

/** The answer inside the platform's own request: free, and outside the quota. */
function answered(message: OutboundMessage, { FromUserName, ToUserName }: Head, config: WechatConfig, now: Instant): HttpReply | undefined {
  const [text, ...more] = partsOf(message)
  if (text === undefined || more.length > 0) return undefined
  const seconds = String(Math.floor(now / 1000))
  const xml =
    `<xml><ToUserName>${cdata(FromUserName)}</ToUserName><FromUserName>${cdata(ToUserName)}</FromUserName><CreateTime>${seconds}</CreateTime>` +
    `<MsgType>${cdata('text')}</MsgType><Content>${cdata(text)}</Content></xml>`
  return { status: 200, headers: { 'content-type': 'application/xml; charset=utf-8' }, body: config.mode === 'plain' ? xml : sealed(xml, seconds, config) }
}

/** The tag is `TimeStamp`; with `Timestamp` the citizen reads that the account is out of order. */
function sealed(xml: string, seconds: string, { encodingAesKey = '', appId, token }: WechatConfig): string {
  const nonce = randomBytes(8).toString('hex')
  const encrypted = sealEnvelope(xml, keyOf(encodingAesKey), appId)
  const signature = sortedSha1(token, seconds, nonce, encrypted)
  return (
    `<xml><Encrypt>${cdata(encrypted)}</Encrypt><MsgSignature>${cdata(signature)}</MsgSignature>` +
    `<TimeStamp>${seconds}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`
  )
}
