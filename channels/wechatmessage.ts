import { z } from 'zod'
import { ChannelError, type Consent, type Content, type Fate, type InboundMessage, type Opening, type Person } from './contract.ts'
import { noticeId } from './wechatnotice.ts'

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
    .transform(
      ({ MediaId, Recognition }): Content =>
        Recognition ? { kind: 'text', text: Recognition, sound: MediaId } : { kind: 'media', media: 'voice', ref: MediaId },
    ),
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
const event = z.object({
  Event: text.min(1).max(60),
  EventKey: z.unknown().optional(),
  MsgID: z.unknown().optional(),
  Status: z.unknown().optional(),
  ScanCodeInfo: z.object({ ScanResult: text }).optional().catch(undefined),
})

/** One entry, or several of one name. */
const listOf = <T extends z.ZodType>(entry: T) =>
  z.object({ List: z.union([entry.transform((one) => [one]), z.array(entry)]) }).transform(({ List }): z.output<T>[] => List)
const will = listOf(z.object({ TemplateId: text.min(1).max(100), SubscribeStatusString: text }))
const sent = listOf(z.object({ TemplateId: text.min(1).max(100), MsgID: digits, ErrorCode: text, ErrorStatus: text.default('') }))

export type Push = { readonly head: Head; readonly message?: InboundMessage; readonly gone?: Person } & Told
type Told = { readonly fates?: readonly Fate[]; readonly consents?: readonly Consent[] }

/** Official since 2023-06-12: https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage */
const words: Opening = { by: 'words', messages: 5, ms: 48 * 3_600_000 }
const tap: Opening = { by: 'tap', messages: 3, ms: 60_000 }

/** The head of a push, and what is in it for us. @throws ChannelError 'malformed' */
export function readPush(fields: Readonly<Record<string, unknown>>): Push {
  const read = parsed(head, fields)
  const sender: Person = { channel: 'wechat', id: read.FromUserName }
  if (read.MsgType === 'event' && subscriptionEvents.has(String(fields['Event']))) return { head: read, ...subscription(sender, fields) }
  const found = read.MsgType === 'event' ? eventOf(read, parsed(event, fields)) : messageOf(read, fields)
  if (!found) return { head: read }
  if ('gone' in found) return { head: read, gone: sender }
  if ('fate' in found) return { head: read, fates: [found.fate] }
  return { head: read, message: { ...found, sender, sentAt: Number(read.CreateTime) * 1000 } }
}

type Found = Pick<InboundMessage, 'externalId' | 'content' | 'opens'>

/** A tap on the platform's own message menu comes as text with the id of what was tapped, and counts as a tap. */
function messageOf({ MsgType }: Head, fields: Readonly<Record<string, unknown>>): Found | undefined {
  const schema = Object.hasOwn(kinds, MsgType) ? kinds[MsgType] : undefined
  if (!schema) return undefined
  const externalId = parsed(digits, fields['MsgId'])
  const content = parsed(schema, fields)
  const tapped = fields['bizmsgmenuid']
  if (typeof tapped === 'string' && tapped !== '' && content.kind === 'text')
    return { externalId, content: { kind: 'choice', value: tapped, text: content.text }, opens: tap }
  return { externalId, content, opens: words }
}

/** What the office writes as the key of a menu button or as the scene of a code: a door of the conversation; of a button also the words that it says. */
const doorKey = /^(door:(how|where|cannot|progress)|human)$/
const opensWindow = new Set(['subscribe', 'SCAN', 'CLICK', 'scancode_push', 'scancode_waitmsg'])

/**
 * Two events may fall into one second, hence the event and its key besides the sender and the time. All events but these tell of what the
 * platform did and ask nothing.
 */
function eventOf(
  { FromUserName, CreateTime }: Head,
  { Event, EventKey, MsgID, Status, ScanCodeInfo }: z.output<typeof event>,
): Found | { gone: true } | { fate: Fate } | undefined {
  if (Event === 'unsubscribe') return { gone: true }
  if (Event === 'TEMPLATESENDJOBFINISH') {
    const delivered = Status === 'success'
    const id = digits.safeParse(MsgID)
    if (!id.success) return undefined
    return { fate: { externalId: id.data, delivered, ...(delivered ? {} : { reason: String(Status).slice(0, 60) }) } }
  }
  const key = typeof EventKey === 'string' ? EventKey : ''
  const externalId = [FromUserName, CreateTime, Event, key].join(':')
  const opens = opensWindow.has(Event) ? { opens: tap } : {}
  const scanned = scannedIn(Event, key, ScanCodeInfo?.ScanResult ?? '')
  if (scanned) return { externalId, content: scanned, ...opens }
  if (Event === 'subscribe') return { externalId, content: { kind: 'event', event: 'subscribe' }, ...opens }
  if (Event === 'CLICK' && key !== '') return { externalId, content: doorKey.test(key) ? door(key) : { kind: 'text', text: key }, ...opens }
  return undefined
}

const door = (key: string): Content => ({ kind: 'choice', value: key, text: key })
const caseNumber = /(?<![\d-])\d{2,8}-\d{8}-\d{4,6}-\d(?![\d-])/

/** A code that leads to a door of the conversation or to a case: the account's own with a scene, or that of a receipt, scanned by a menu button. */
function scannedIn(name: string, key: string, result: string): Content | undefined {
  const code = name === 'subscribe' ? /^qrscene_(.*)$/.exec(key)?.[1] : name === 'SCAN' ? key : /^scancode_(push|waitmsg)$/.test(name) ? result : undefined
  if (code === undefined) return undefined
  const [number] = caseNumber.exec(code) ?? []
  if (number !== undefined) return { kind: 'text', text: number }
  if (doorKey.test(code)) return door(code)
  // The phone waits for words to this one; after the other it has opened the page itself.
  return name === 'scancode_waitmsg' && code !== '' ? { kind: 'text', text: code.slice(0, 200) } : undefined
}

const subscriptionEvents = new Set(['subscribe_msg_popup_event', 'subscribe_msg_change_event', 'subscribe_msg_sent_event'])

/** What citizens want to be told by subscribed notices, and what became of those: https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/push.html */
function subscription(person: Person, fields: Readonly<Record<string, unknown>>): Told {
  const results = fields['SubscribeMsgSentEvent']
  if (results === undefined) {
    const wills = parsed(will, fields['SubscribeMsgPopupEvent'] ?? fields['SubscribeMsgChangeEvent'])
    return { consents: wills.map(({ TemplateId, SubscribeStatusString }) => ({ person, form: TemplateId, given: SubscribeStatusString === 'accept' })) }
  }
  const fates = parsed(sent, results).map(({ TemplateId, MsgID, ErrorCode, ErrorStatus }): Fate => {
    const delivered = ErrorCode === '0'
    return {
      externalId: MsgID,
      otherwise: noticeId(TemplateId, person.id),
      delivered,
      ...(delivered ? {} : { reason: `${ErrorCode} ${ErrorStatus}`.slice(0, 60) }),
    }
  })
  return { fates }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (!result.success) throw new ChannelError('malformed', `push lacks ${result.error.issues.map((issue) => issue.path.join('.')).join(', ') || 'its id'}`)
  return result.data
}
