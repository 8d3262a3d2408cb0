import { z } from 'zod'
import { ChannelError, type ChannelSpec, type HttpRequest, type InboundMessage, type Instant, type OutboundMessage, type Receipt } from './contract.ts'
import { cutText, plainText } from './plain.ts'
import { postJson } from './platform.ts'
import { bodyText, sameSecret } from './sign.ts'

const fieldPath = z.string().regex(/^\w+(\.\w+)*$/)
const value = z.union([z.string(), z.number(), z.boolean()])

const configSchema = z.strictObject({
  /** Gateways do not sign what they push: whoever knows the last part of the address is the gateway. */
  secret: z.string().regex(/^[\w-]{24,}$/, 'at least 24 letters and digits'),
  gateway: z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string(), z.string()).default({}),
    /** {phone}, {text} and {key} are filled in wherever they stand in a value */
    body: z.record(z.string(), z.json()),
    success: z.strictObject({ path: fieldPath, equals: value }),
    /** values at that place after which it may be tried again */
    later: z.array(value).default([]),
  }),
  /** Where a reply of a citizen stands in what the gateway pushes; the defaults are those of Aliyun's SmsUp. */
  inbound: z.strictObject({ phone: fieldPath, text: fieldPath, id: fieldPath }).default({ phone: 'phone_number', text: 'content', id: 'sequence_id' }),
  /** What the gateway wants to hear; Aliyun: https://help.aliyun.com/zh/sms/developer-reference/configure-delivery-receipts-1 */
  ack: z.record(z.string(), z.json()).default({ code: 0, msg: 'OK' }),
})

export type SmsConfig = z.output<typeof configSchema>

/** Five segments of a long message; what is longer goes out as a second one. */
const mostCharacters = 335

/** Text messages through any gateway that takes JSON over HTTP; the office names the fields of its own. */
export const channel: ChannelSpec<SmsConfig> = {
  name: 'sms',
  limits: { textLength: mostCharacters, choices: 5 },
  parseConfig: (raw) => {
    const parsed = configSchema.safeParse(raw)
    if (parsed.success) return parsed.data
    throw new Error(parsed.error.issues.map((issue) => `sms.${issue.path.join('.')}: ${issue.message}`).join('; '))
  },
  receive,
  parts: (message) => partsOf(message).map((text) => ({ text })),
  send: async (to, message, key, { gateway }, wire) => {
    for (const text of partsOf(message)) {
      const answer = await postJson(gateway.url, filled(gateway.body, { phone: to.id, text, key }), wire, gateway.headers)
      const told = at(answer, gateway.success.path)
      if (told === gateway.success.equals) continue
      throw new ChannelError(gateway.later.some((one) => one === told) ? 'busy' : 'refused', 'gateway did not take the message')
    }
    return {}
  },
}

const partsOf = (message: OutboundMessage): string[] => cutText(plainText(message), mostCharacters, (text) => text.length)

function receive(request: HttpRequest, config: SmsConfig, now: Instant): Receipt {
  if (!sameSecret(request.path.split('/').at(-1) ?? '', config.secret)) throw new ChannelError('forged', 'address does not fit')
  const pushed = parsed(bodyText(request))
  const messages = (Array.isArray(pushed) ? pushed : [pushed]).flatMap((item) => replyIn(item, config, now))
  return { messages, ack: { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(config.ack) } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (fault) {
    throw new ChannelError('malformed', 'body is not JSON', { cause: fault })
  }
}

/** Receipts come to the same address and carry no text: they are acknowledged. @throws ChannelError 'malformed' */
function replyIn(item: unknown, { inbound }: SmsConfig, now: Instant): InboundMessage[] {
  if (typeof item !== 'object' || item === null) throw new ChannelError('malformed', 'push holds no objects')
  const text = at(item, inbound.text)
  if (text === undefined) return []
  const phone = /^(?:\+?86)?(1\d{10})$/.exec(String(at(item, inbound.phone)))?.[1]
  const id = at(item, inbound.id)
  if (typeof text !== 'string' || !phone || (typeof id !== 'string' && typeof id !== 'number') || id === '') {
    throw new ChannelError('malformed', 'reply lacks its phone, text or id')
  }
  return [{ externalId: `${phone}:${id}`, sender: { channel: 'sms', id: phone, phone }, content: { kind: 'text', text }, sentAt: now }]
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
