import { z } from 'zod'
import { ChannelError, type Content, type InboundMessage } from './contract.ts'

const digits = z.string().regex(/^\d{1,20}$/)
const text = z.string()

const head = z.object({
  ToUserName: text.min(1).max(100),
  FromUserName: text.min(1).max(100),
  CreateTime: z.string().regex(/^\d{1,11}$/),
  MsgType: text.min(1).max(40),
})
export type Head = z.output<typeof head>

const degrees = z
  .string()
  .regex(/^-?\d{1,3}(\.\d{1,15})?$/)
  .transform(Number)

/** What each kind of message carries besides its head: https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html */
const bodies = {
  text: z.object({ Content: text }).transform(({ Content }): Content => ({ kind: 'text', text: Content })),
  image: z.object({ MediaId: text.min(1) }).transform(({ MediaId }): Content => ({ kind: 'media', media: 'image', ref: MediaId })),
  // Recognition is there only for accounts that have it switched on.
  voice: z
    .object({ MediaId: text.min(1), Recognition: text.optional() })
    .transform(({ MediaId, Recognition }): Content => (Recognition ? { kind: 'text', text: Recognition } : { kind: 'media', media: 'voice', ref: MediaId })),
  video: z.object({ MediaId: text.min(1) }).transform(({ MediaId }): Content => ({ kind: 'media', media: 'video', ref: MediaId })),
  location: z.object({ Location_X: degrees, Location_Y: degrees, Label: text.optional() }).transform(
    ({ Location_X, Location_Y, Label }): Content => ({
      kind: 'location',
      latitude: Location_X,
      longitude: Location_Y,
      ...(Label ? { label: Label } : {}),
    }),
  ),
  link: z
    .object({ Title: text, Description: text.optional(), Url: text })
    .transform(({ Title, Description, Url }): Content => ({ kind: 'text', text: [Title, Description, Url].filter(Boolean).join('\n') })),
} as const

const kinds: Readonly<Record<string, z.ZodType<Content>>> = { ...bodies, shortvideo: bodies.video }
const event = z.object({ Event: text.min(1).max(60), EventKey: z.unknown().optional() })

/** The head of a push, and the message in it when it is one that somebody must answer. @throws ChannelError 'malformed' */
export function readPush(fields: Readonly<Record<string, unknown>>): { readonly head: Head; readonly message?: InboundMessage } {
  const read = parsed(head, fields)
  const found = read.MsgType === 'event' ? eventOf(read, parsed(event, fields)) : messageOf(read, fields)
  if (!found) return { head: read }
  return { head: read, message: { ...found, sender: { channel: 'wechat', id: read.FromUserName }, sentAt: Number(read.CreateTime) * 1000 } }
}

type Found = Pick<InboundMessage, 'externalId' | 'content'>

function messageOf({ MsgType }: Head, fields: Readonly<Record<string, unknown>>): Found | undefined {
  const schema = Object.hasOwn(kinds, MsgType) ? kinds[MsgType] : undefined
  return schema && { externalId: parsed(digits, fields['MsgId']), content: parsed(schema, fields) }
}

/**
 * Two events may fall into one second, hence the event and its key besides the sender and the time. A pressed menu button says the words that
 * the office wrote as its key. All other events tell of what the platform did and ask nothing.
 */
function eventOf({ FromUserName, CreateTime }: Head, { Event, EventKey }: z.output<typeof event>): Found | undefined {
  const key = typeof EventKey === 'string' ? EventKey : ''
  const externalId = [FromUserName, CreateTime, Event, key].join(':')
  if (Event === 'subscribe') return { externalId, content: { kind: 'event', event: 'subscribe' } }
  if (Event === 'CLICK' && key !== '') return { externalId, content: { kind: 'text', text: key } }
  return undefined
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (!result.success) throw new ChannelError('malformed', `push lacks ${result.error.issues.map((issue) => issue.path.join('.')).join(', ') || 'its id'}`)
  return result.data
}
