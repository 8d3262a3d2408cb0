import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  ChannelError,
  type ChannelSpec,
  type HttpRequest,
  type Instant,
  type OutboundMessage,
  type Page,
  type Person,
  type Pull,
  type Receipt,
  type Sent,
  type Speaker,
  type Trial,
  type Wire,
} from './contract.ts'
import { readPage, sortList } from './kfmessage.ts'
import { cutText, plainText, utf8Bytes } from './plain.ts'
import { fetchMedia } from './wechatmedia.ts'
import { callWecom, wecomToken } from './wecomapi.ts'
import { openCallback } from './wecomcallback.ts'
import { readXml } from './xml.ts'

const configSchema = z.strictObject({
  corpId: z.string().regex(/^w[wx]\w{16}$/),
  secret: z.string().min(1),
  token: z.string().regex(/^[A-Za-z0-9]{1,32}$/),
  encodingAesKey: z.string().regex(/^[A-Za-z0-9]{43}$/),
  /** who answers in the platform's own program after a takeover: account of the desk → user id there */
  servicers: z.record(z.string(), z.string()).default({}),
  apiBase: z.url({ protocol: /^https?$/ }).default('https://qyapi.weixin.qq.com'),
})

export type KfConfig = z.output<typeof configSchema>

/** Bytes of a text, of the words above a menu, of an item's id and of its words. */
const most = { text: 2048, head: 1024, id: 64, item: 128 } as const
/** Room for the line that says how to come by the rest. */
const hintBytes = 64

/** 微信客服: a push only says that something waits, and the list is then read. https://developer.work.weixin.qq.com/document/path/94638 */
export const channel: ChannelSpec<KfConfig> = {
  name: 'kf',
  limits: { textLength: 600, choices: 10, replyWindowMs: 48 * 3_600_000, quota: 5, keyed: true, menus: true },
  parseConfig: (raw) => {
    const parsed = configSchema.safeParse(raw)
    if (parsed.success) return parsed.data
    throw new Error(parsed.error.issues.map((issue) => `kf.${issue.path.join('.')}: ${issue.message}`).join('; '))
  },
  receive,
  parts,
  send,
  pull,
  session,
  // In state 3 the API may not speak, and nothing leads back from there but the end.
  speaksThere: (agent, { servicers }) => Object.hasOwn(servicers, agent),
  media: (ref, config, wire) => fetchMedia(ref, config.apiBase, (stale) => wecomToken(config, wire, stale), wire),
}

/** The platform keeps three days; a cursor that it no longer knows must not keep all that is new from being read. */
async function pull(ask: Pull, cursor: string | undefined, config: KfConfig, wire: Wire): Promise<Page> {
  try {
    return await pageFrom(ask, cursor, config, wire)
  } catch (fault) {
    if (!cursor || !(fault instanceof ChannelError) || fault.number !== unknownCursor) throw fault
    return { ...(await pageFrom(ask, undefined, config, wire)), restarted: true }
  }
}

const unknownCursor = 95006

async function pageFrom({ name, token }: Pull, cursor: string | undefined, config: KfConfig, wire: Wire): Promise<Page> {
  const ask = { ...(cursor ? { cursor } : {}), ...(token === undefined ? {} : { token }), limit: 1000, voice_format: 0, open_kfid: name }
  const { list, ...page } = readPage(await callWecom('/cgi-bin/kf/sync_msg', ask, config, wire))
  const accountOf = (userId: string): string | undefined => Object.entries(config.servicers).find(([, id]) => id === userId)?.[0]
  return { ...sortList(list, accountOf), ...page, cursor: page.cursor || (cursor ?? '') }
}

function receive(request: HttpRequest, config: KfConfig, now: Instant): Receipt {
  const opened = openCallback(request, config, now)
  const ack = { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: request.method === 'GET' ? opened : 'success' }
  if (request.method === 'GET') return { messages: [], ack }
  const { Event, Token, OpenKfId } = readXml(opened)
  if (Event !== 'kf_msg_or_event') return { messages: [], ack }
  if (typeof OpenKfId !== 'string' || !/^\w[\w-]{0,99}$/.test(OpenKfId)) throw new ChannelError('malformed', 'push names no account')
  const token = typeof Token === 'string' && Token !== '' ? { token: Token.slice(0, 500) } : {}
  // The signature covers the random part of the envelope: what the platform pushes again has the same one, another push has another.
  return { messages: [], ack, pull: { name: OpenKfId, ...token, push: request.query['msg_signature'] ?? '' } }
}

/** The last part carries the menu, where one fits. */
function parts(message: OutboundMessage): readonly OutboundMessage[] {
  const { choices, ...rest } = message
  const fits = choices?.length && choices.length <= 10 && choices.every(({ value, text }) => utf8Bytes(value) <= most.id && utf8Bytes(text) <= most.item)
  const pieces = cut(plainText(fits ? rest : message), most.text)
  const last = pieces.pop()
  if (last === undefined) return []
  if (!fits) return [...pieces, last].map((text) => ({ text }))
  const tail = cut(last, most.head)
  return [...pieces, ...tail].map((text, index, all) => (index === all.length - 1 ? { text, choices } : { text }))
}

const cut = (text: string, bytes: number): string[] => (utf8Bytes(text) <= bytes ? [text].filter(Boolean) : cutText(text, bytes - hintBytes, utf8Bytes))

async function send(to: Person, message: OutboundMessage, key: string, config: KfConfig, wire: Wire, { code }: Trial = {}): Promise<Sent> {
  const { touser, open_kfid } = addressOf(to)
  let sent: Sent = {}
  for (const [index, { text, choices }] of parts(message).entries()) {
    // The platform's own key of a message: what failed later is named by it.
    const msgid = createHash('sha256').update(`${key}:${index}`).digest('hex').slice(0, 32)
    const body = choices
      ? {
          msgtype: 'msgmenu',
          msgmenu: { head_content: text, list: choices.map(({ value: id, text: content }) => ({ type: 'click', click: { id, content } })) },
        }
      : { msgtype: 'text', text: { content: text } }
    if (code === undefined || index > 0) await callWecom('/cgi-bin/kf/send_msg', { touser, open_kfid, msgid, ...body }, config, wire)
    else await callWecom('/cgi-bin/kf/send_msg_on_event', { code, msgid, ...body }, config, wire)
    sent = { externalId: msgid }
  }
  return sent
}

function addressOf({ id }: Person): { readonly touser: string; readonly open_kfid: string } {
  const slash = id.indexOf('/')
  return { open_kfid: id.slice(0, slash), touser: id.slice(slash + 1) }
}

const states = { fresh: 0, bot: 1, pool: 2, human: 3, ended: 4 } as const

/**
 * The platform's session follows our takeover. Whoever has a user id there answers in its own program (state 3, where the API may not speak);
 * everyone else answers from our console, for which the session stays the API's. From 3 nothing leads back to the bot but the end; the
 * citizen's next words begin a new session.
 */
async function session(to: Person, speaker: Speaker, config: KfConfig, wire: Wire): Promise<void> {
  const { touser: external_userid, open_kfid } = addressOf(to)
  const { service_state: state } = await callWecom('/cgi-bin/kf/service_state/get', { open_kfid, external_userid }, config, wire)
  const servicer = speaker.kind === 'human' ? config.servicers[speaker.agent] : undefined
  const wanted =
    servicer !== undefined ? states.human : state === states.human && speaker.kind === 'bot' ? states.ended : state === states.fresh ? states.bot : undefined
  // Nothing leads out of an ended session but the citizen's next words: asked for again, and until then the person answers from our console.
  if (servicer !== undefined && state === states.ended) throw new ChannelError('busy', 'the session has ended')
  if (wanted === undefined || wanted === state || state === states.ended) return
  const body = { open_kfid, external_userid, service_state: wanted, ...(servicer === undefined ? {} : { servicer_userid: servicer }) }
  await callWecom('/cgi-bin/kf/service_state/trans', body, config, wire)
}
