import { createHash } from 'node:crypto'
import {
  ChannelError,
  type ChannelSpec,
  type Content,
  type Fate,
  type HttpRequest,
  type InboundMessage,
  type Instant,
  type OutboundMessage,
  type Person,
  type Receipt,
  type Sent,
  type Trial,
  type Wire,
} from './contract.ts'
import { cutText, plainText } from './plain.ts'
import { postJson } from './platform.ts'
import { bodyText, sameSecret } from './sign.ts'
import { sendAliyun } from './smsaliyun.ts'
import { type Gateway, type SmsConfig, smsConfig } from './smsconfig.ts'
import { sendTencent } from './smstencent.ts'

/** Five segments of a long message; what is longer goes out as a second one. */
const mostCharacters = 335

/** Text messages through Aliyun, Tencent, any gateway that takes JSON over HTTP, or by the hand of a person. */
export const channel: ChannelSpec<SmsConfig> = {
  name: 'sms',
  limits: { textLength: mostCharacters, choices: 5 },
  parseConfig: (raw) => {
    const parsed = smsConfig.safeParse(raw)
    if (parsed.success) return parsed.data
    throw new Error(parsed.error.issues.map((issue) => `sms.${issue.path.join('.')}: ${issue.message}`).join('; '))
  },
  receive,
  parts: (message, config) => {
    const text = plainText(message)
    const templates = (config.aliyun ?? config.tencent)?.templates
    // Of news the template takes a text that fits; an answer is divided, never cut short.
    if (message.news && templates) return [{ text }]
    return cutText(text, Math.min(mostCharacters, templates?.reply?.longest ?? mostCharacters), utf16Length).map((part) => ({ text: part }))
  },
  send,
  handedOn: true,
  receipts: (config) => config.receipts,
  byHand: (config) => config.byHand === true,
}

const utf16Length = (text: string): number => text.length

async function send(
  to: Person,
  message: OutboundMessage,
  key: string,
  { aliyun, tencent, gateway }: SmsConfig,
  wire: Wire,
  { refusals = 0 }: Trial = {},
): Promise<Sent> {
  if (aliyun) return sendAliyun(to, message, { key, refusals }, aliyun, wire)
  if (tencent) return sendTencent(to, message, key, tencent, wire)
  if (gateway) return sendByGateway(to, message, key, gateway, wire)
  throw new ChannelError('refused', 'sent by hand')
}

async function sendByGateway(to: Person, { text }: OutboundMessage, key: string, gateway: Gateway, wire: Wire): Promise<Sent> {
  const answer = await postJson(gateway.url, filled(gateway.body, { phone: to.id, text, key }), wire, gateway.headers)
  const told = at(answer, gateway.success.path)
  if (told !== gateway.success.equals)
    throw new ChannelError(gateway.later.some((one) => one === told) ? 'busy' : 'refused', 'gateway did not take the message')
  const id = gateway.id === undefined ? key : at(answer, gateway.id)
  return typeof id === 'string' || typeof id === 'number' ? { externalId: String(id) } : {}
}

function receive(request: HttpRequest, config: SmsConfig, now: Instant): Receipt {
  if (!sameSecret(request.path.split('/').at(-1) ?? '', config.secret)) throw new ChannelError('forged', 'address does not fit')
  const pushed = parsed(bodyText(request))
  const items = (Array.isArray(pushed) ? pushed : [pushed]).map((item: unknown) => {
    if (typeof item !== 'object' || item === null) throw new ChannelError('malformed', 'push holds no objects')
    return item
  })
  const messages = items.flatMap((item) => replyIn(item, config, now))
  const fates = items.flatMap((item) => fateIn(item, config))
  return { messages, fates, ack: { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(config.ack) } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (fault) {
    throw new ChannelError('malformed', 'body is not JSON', { cause: fault })
  }
}

/** Receipts come to the same address and carry no text. @throws ChannelError 'malformed' */
function replyIn(item: object, { inbound }: SmsConfig, now: Instant): InboundMessage[] {
  const text = at(item, inbound.text)
  if (text === undefined) return []
  const phone = /^(?:\+?86)?(1\d{10})$/.exec(String(at(item, inbound.phone)))?.[1]
  const id = at(item, inbound.id)
  if (typeof text !== 'string' || !phone || (typeof id !== 'string' && typeof id !== 'number') || id === '') {
    throw new ChannelError('malformed', 'reply lacks its phone, text or id')
  }
  // A vendor whose replies carry only their second may name two of one second alike.
  const key = inbound.id === 'time' ? `${id}:${createHash('sha256').update(text).digest('hex').slice(0, 16)}` : id
  return [{ externalId: `${phone}:${key}`, sender: { channel: 'sms', id: phone, phone }, content: contentOf(text), sentAt: now }]
}

/** TD: no more messages. CX: how my case stands, with or without its number. Everything else is said. */
function contentOf(text: string): Content {
  const word = text.normalize('NFKC').trim()
  if (/^TD$/i.test(word)) return { kind: 'event', event: 'stop' }
  const [, number] = /^CX[\s:]*(.*)$/is.exec(word) ?? []
  if (number === undefined) return { kind: 'text', text }
  return number === '' ? { kind: 'choice', value: 'door:progress', text: word } : { kind: 'text', text: number }
}

function fateIn(item: object, { receipt, inbound }: SmsConfig): Fate[] {
  const id = at(item, receipt.id)
  const told = at(item, receipt.path)
  if (told === undefined || at(item, inbound.text) !== undefined || (typeof id !== 'string' && typeof id !== 'number')) return []
  const reason = receipt.reason === undefined ? undefined : at(item, receipt.reason)
  return [{ externalId: String(id), delivered: told === receipt.equals, ...(typeof reason === 'string' ? { reason } : {}) }]
}

/** The value at `a.b.c`; numbers name places in a list. */
function at(object: unknown, path: string): unknown {
  let found = object
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = Reflect.get(found, name)
  }
  return found
}

function filled(template: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof template === 'string') return template.replace(/\{(phone|text|key)\}/g, (_all, name: string) => values[name] ?? '')
  if (Array.isArray(template)) return template.map((item) => filled(item, values))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([name, item]) => [name, filled(item, values)]))
}
