import { z } from 'zod'
import { ChannelError, type Content, type Ended, type Fate, type Given, type InboundMessage, type Opening, type Person, type Said } from './contract.ts'

/** https://developer.work.weixin.qq.com/document/path/94677 */
const words: Opening = { by: 'words', messages: 5, ms: 48 * 3_600_000 }

/** Whom an answer goes to: the account that was written to, and who wrote. */
export const kfPerson = (openKfId: string, user: string): Person => ({ channel: 'kf', id: `${openKfId}/${user}` })

const id = z.string().min(1).max(200)
const media = z.object({ media_id: id })
const head = z.object({ msgid: id, send_time: z.number(), origin: z.number(), msgtype: z.string() })
const line = head.extend({ open_kfid: id, external_userid: id, servicer_userid: z.string().optional() })
const text = z.object({ text: z.object({ content: z.string(), menu_id: z.string().optional() }) })
const location = z.object({ location: z.object({ latitude: z.number(), longitude: z.number(), name: z.string().optional(), address: z.string().optional() }) })
const link = z.object({ link: z.object({ title: z.string().optional(), desc: z.string().optional(), url: z.string().optional() }) })

/** What each kind of message carries: https://developer.work.weixin.qq.com/document/path/94670 */
const kinds: Readonly<Record<string, z.ZodType<Content>>> = {
  text: text.transform(
    ({ text: { content, menu_id } }): Content => (menu_id ? { kind: 'choice', value: menu_id, text: content } : { kind: 'text', text: content }),
  ),
  image: z.object({ image: media }).transform(({ image }): Content => ({ kind: 'media', media: 'image', ref: image.media_id })),
  voice: z.object({ voice: media }).transform(({ voice }): Content => ({ kind: 'media', media: 'voice', ref: voice.media_id })),
  video: z.object({ video: media }).transform(({ video }): Content => ({ kind: 'media', media: 'video', ref: video.media_id })),
  file: z.object({ file: media }).transform(({ file }): Content => ({ kind: 'media', media: 'file', ref: file.media_id })),
  location: location.transform(({ location: { latitude, longitude, name, address } }): Content => {
    const label = [name, address].filter(Boolean).join(' ')
    return { kind: 'location', latitude, longitude, ...(label ? { label } : {}) }
  }),
  link: link.transform(({ link: { title, desc, url } }): Content => ({ kind: 'text', text: [title, desc, url].filter(Boolean).join('\n') })),
}

const event = z.object({
  event: z.object({
    event_type: z.string(),
    open_kfid: z.string().optional(),
    external_userid: z.string().optional(),
    welcome_code: z.string().optional(),
    fail_msgid: z.string().optional(),
    fail_type: z.number().optional(),
    change_type: z.number().optional(),
    new_servicer_userid: z.string().optional(),
    msg_code: z.string().optional(),
  }),
})

type Sorted = { messages: InboundMessage[]; fates: Fate[]; said: Said[]; ended: Ended[]; taken: Given[] }

/** Who wrote a message of the list. */
const origins = { citizen: 3, event: 4, agent: 5 } as const

/** Sorts a page of the platform's list. What cannot be read is passed over: one strange line must not stop all that follow. */
export function sortList(list: readonly unknown[], accountOf: (userId: string) => string | undefined): Sorted {
  const sorted: Sorted = { messages: [], fates: [], said: [], ended: [], taken: [] }
  for (const item of list) {
    const read = head.safeParse(item)
    if (!read.success) continue
    if (read.data.origin === origins.event) sortEvent(item, read.data, sorted, accountOf)
    else sortLine(item, sorted)
  }
  return sorted
}

function sortLine(item: unknown, { messages, said }: Sorted): void {
  const read = line.safeParse(item)
  if (!read.success) return
  const { msgid, open_kfid, external_userid, servicer_userid, send_time, origin, msgtype } = read.data
  const kind = Object.hasOwn(kinds, msgtype) ? kinds[msgtype] : undefined
  const content = kind?.safeParse(item)
  if (!content?.success) return
  const person = kfPerson(open_kfid, external_userid)
  if (origin === origins.citizen) messages.push({ externalId: msgid, sender: person, content: content.data, sentAt: send_time * 1000, opens: words })
  else if (origin === origins.agent && content.data.kind === 'text')
    said.push({ to: person, by: servicer_userid ?? '', externalId: msgid, text: content.data.text })
}

function sortEvent(item: unknown, { msgid, send_time }: z.output<typeof head>, sorted: Sorted, accountOf: (userId: string) => string | undefined): void {
  const read = event.safeParse(item)
  if (!read.success) return
  const { event_type, open_kfid = '', external_userid = '', ...told } = read.data.event
  const person = kfPerson(open_kfid, external_userid)
  if (event_type === 'enter_session' && told.welcome_code) {
    // Without the code nothing may be said before the citizen does.
    const content: Content = { kind: 'event', event: 'subscribe', code: told.welcome_code }
    sorted.messages.push({ externalId: msgid, sender: person, content, sentAt: send_time * 1000 })
  } else if (event_type === 'msg_send_fail' && told.fail_msgid) {
    sorted.fates.push({ externalId: told.fail_msgid, delivered: false, reason: `fail_type ${told.fail_type ?? 0}` })
  } else if (event_type === 'session_status_change' && told.change_type === 3) {
    sorted.ended.push({ person, externalId: msgid, at: send_time * 1000, ...(told.msg_code ? { code: told.msg_code } : {}) })
  } else if (event_type === 'session_status_change' && told.new_servicer_userid) {
    const agent = accountOf(told.new_servicer_userid)
    sorted.taken.push({ person, by: told.new_servicer_userid, ...(agent === undefined ? {} : { agent }) })
  }
}

const pageSchema = z.object({
  next_cursor: z.string().max(500).default(''),
  has_more: z.union([z.number(), z.boolean()]).default(0),
  msg_list: z.array(z.unknown()).default([]),
})

/** @throws ChannelError 'unreachable' when the platform's answer is not its usual one: it is asked again */
export function readPage(answer: unknown): { readonly cursor: string; readonly more: boolean; readonly list: readonly unknown[] } {
  const page = pageSchema.safeParse(answer)
  if (!page.success) throw new ChannelError('unreachable', 'platform answered no page')
  return { cursor: page.data.next_cursor, more: Boolean(page.data.has_more), list: page.data.msg_list }
}
