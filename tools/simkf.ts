// 微信客服 as an office meets it: https://developer.work.weixin.qq.com/document/path/94638
// Written from the platform's own pages and not from channels/, so that a misreading there is met by a refusal here.
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWith, type Fault, type Heard, isOutage, type Making, openLine, type Push } from './simfaults.ts'
import type { Media } from './simwechat.ts'

export type KfAccount = {
  readonly corpId: string
  readonly secret: string
  readonly token: string
  readonly encodingAesKey: string
  readonly hook: string
  /** user ids of agents who may take a session */
  readonly servicers: readonly string[]
}

type Fields = Readonly<Record<string, unknown>>
type Session = { state: 0 | 1 | 2 | 3 | 4; servicer: string; left: number; until: number; welcomed: boolean; blocked: boolean; readonly screen: Shown[] }
/** What the citizen sees; `menu` can be tapped. */
export type Shown = { readonly text: string; readonly menu: readonly { readonly id: string; readonly content: string }[] }
type Code = { readonly user: string; readonly until: number; used: boolean }

/** https://developer.work.weixin.qq.com/document/path/90313; that a citizen refuses is told by an event only. */
export const kfCodes = { busy: -1, spent: 95001, closed: 95002, elsewhere: 95018, barred: 95012, address: 60020 } as const

const openKfId = 'wkSimulated00000000000'
const hour = 3_600_000
/** From each state the API may lead on to these. */
const ways: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 3, 4], 1: [2, 3, 4], 2: [3, 4], 3: [3, 4], 4: [] }

export type Kf = Awaited<ReturnType<typeof openKf>>

export async function openKf(account: () => KfAccount, now: () => number = Date.now, port = 0) {
  const sessions = new Map<string, Session>()
  const list: { readonly line: Fields; readonly at: number }[] = []
  const codes = new Map<string, Code>()
  const eventTokens = new Map<string, number>()
  const media = new Map<string, Media>()
  const seen = new Set<string>()
  const faults: Fault[] = []
  const troubles: string[] = []
  /** messages that the office sent although it could know that none were left */
  const breaches: string[] = []
  let token: { readonly value: string; readonly until: number } | undefined
  let issued = 0
  let serial = 0
  /** pages of so many lines; an empty page with more behind it comes first when asked for */
  let pageSize = 1000
  let emptyFirst = 0
  /** pushes that reach nobody, and the one token that all pushes carry */
  let unheard = 0
  let held: string | undefined

  const session = (user: string): Session => {
    const known = sessions.get(user) ?? { state: 0, servicer: '', left: 0, until: 0, welcomed: false, blocked: false, screen: [] }
    sessions.set(user, known)
    return known
  }
  const code = (user: string, ms: number): string => {
    const value = randomBytes(12).toString('hex')
    codes.set(value, { user, until: now() + ms, used: false })
    return value
  }
  const add = (line: Fields): void => {
    list.push({ line: { msgid: `m${++serial}`, send_time: Math.floor(now() / 1000), ...line }, at: now() })
  }
  const event = (user: string, fields: Fields): void => add({ origin: 4, msgtype: 'event', event: { open_kfid: openKfId, external_userid: user, ...fields } })

  const line = openLine({ now, troubles, type: 'text/xml', tries: 3 })
  const push = async ({ times = 1, overlapping = false } = {}): Promise<void> => {
    if (unheard > 0) return void unheard--
    const value = held ?? randomBytes(12).toString('hex')
    eventTokens.set(value, now() + 10 * 60_000)
    const xml = `<xml><ToUserName><![CDATA[${account().corpId}]]></ToUserName><CreateTime>${Math.floor(now() / 1000)}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[${value}]]></Token><OpenKfId><![CDATA[${openKfId}]]></OpenKfId></xml>`
    if (overlapping) line.spoils.unshift('tripled')
    for (let time = 0; time < (overlapping ? 1 : times); time++) await line.deliver((how) => signedPush(account(), xml, how), mustBe200)
  }

  const syncMsg = (body: Fields): object => {
    if (body['open_kfid'] !== openKfId) return { errcode: 95004 }
    const given = body['token']
    if (given !== undefined && (eventTokens.get(String(given)) ?? 0) <= now()) return { errcode: 95007 }
    if (Number(body['limit'] ?? 0) > 1000) return { errcode: 40058 }
    const from = body['cursor'] === undefined || body['cursor'] === '' ? 0 : Number(String(body['cursor']).replace(/^c/, ''))
    if (!Number.isInteger(from) || from < 0 || from > list.length) return { errcode: 95006 }
    if (emptyFirst > 0) {
      emptyFirst--
      return { errcode: 0, next_cursor: `c${from}`, has_more: 1, msg_list: [] }
    }
    const to = Math.min(list.length, from + pageSize)
    const kept = list.slice(from, to).filter((one) => one.at > now() - 72 * hour)
    return { errcode: 0, next_cursor: `c${to}`, has_more: to < list.length ? 1 : 0, msg_list: kept.map((one) => one.line) }
  }

  const show = (one: Session, body: Fields): number => {
    const shown = shownOf(body)
    if (typeof shown === 'number') return shown
    one.screen.push(shown)
    return 0
  }

  const sendMsg = (body: Fields): object => {
    const user = String(body['touser'])
    const one = sessions.get(user)
    if (body['open_kfid'] !== openKfId) return { errcode: 95004 }
    if (!one) return { errcode: 40096 }
    const msgid = String(body['msgid'] ?? `auto${++serial}`)
    if (!/^[\w-]{1,32}$/.test(msgid)) return { errcode: 40058 }
    if (seen.has(msgid)) return { errcode: 0, msgid }
    if (one.state !== 0 && one.state !== 1) return { errcode: 95018 }
    if (one.until <= now() || one.left <= 0) {
      breaches.push(`${user}: ${one.until <= now() ? 'outside its window' : 'one message too many'}`)
      return { errcode: one.until <= now() ? 95002 : 95001 }
    }
    const shown = shownOf(body)
    if (typeof shown === 'number') return { errcode: shown }
    one.left--
    seen.add(msgid)
    // Taken is not delivered: that a citizen refuses is told afterwards only.
    if (one.blocked) event(user, { event_type: 'msg_send_fail', fail_msgid: msgid, fail_type: 10 })
    else one.screen.push(shown)
    return { errcode: 0, msgid }
  }

  const onEvent = (body: Fields): object => {
    const held = codes.get(String(body['code']))
    if (!held || held.used || held.until <= now()) return { errcode: 95005 }
    const errcode = show(session(held.user), body)
    if (errcode === 0) held.used = true
    return { errcode, msgid: body['msgid'] ?? 'auto' }
  }

  const end = (user: string): string => {
    const one = session(user)
    const value = code(user, 20_000)
    event(user, { event_type: 'session_status_change', change_type: 3, old_servicer_userid: one.servicer, msg_code: value })
    one.state = 4
    one.servicer = ''
    return value
  }

  const trans = (body: Fields): object => {
    const user = String(body['external_userid'])
    const one = sessions.get(user)
    const to = Number(body['service_state'])
    if (!one) return { errcode: 40096 }
    if (!ways[one.state]?.includes(to)) return { errcode: 95016 }
    const servicer = String(body['servicer_userid'] ?? '')
    if (to === 3 && !account().servicers.includes(servicer)) return { errcode: 95014 }
    if (to === 4) return { errcode: 0, msg_code: end(user) }
    one.state = to === 3 ? 3 : to === 2 ? 2 : 1
    one.servicer = to === 3 ? servicer : ''
    return { errcode: 0 }
  }

  const calls: Readonly<Record<string, (body: Fields) => object>> = {
    '/cgi-bin/kf/sync_msg': syncMsg,
    '/cgi-bin/kf/send_msg': sendMsg,
    '/cgi-bin/kf/send_msg_on_event': onEvent,
    '/cgi-bin/kf/service_state/get': (body) => {
      const one = sessions.get(String(body['external_userid']))
      return one ? { errcode: 0, service_state: one.state, servicer_userid: one.servicer } : { errcode: 40096 }
    },
    '/cgi-bin/kf/service_state/trans': trans,
  }

  const getToken = (url: URL): object => {
    if (url.searchParams.get('corpid') !== account().corpId) return { errcode: 40013 }
    if (url.searchParams.get('corpsecret') !== account().secret) return { errcode: 40001 }
    if (!token || token.until <= now()) {
      issued++
      token = { value: randomBytes(64).toString('base64url'), until: now() + 2 * hour }
    }
    return { errcode: 0, access_token: token.value, expires_in: Math.floor((token.until - now()) / 1000) }
  }

  const handOut = (url: URL, response: ServerResponse): void => {
    const known = token !== undefined && url.searchParams.get('access_token') === token.value
    const file = media.get(url.searchParams.get('media_id') ?? '')
    const errcode = known ? (!file || file.at <= now() - 72 * hour ? 40007 : 0) : 40014
    if (errcode !== 0 || !file) return void response.setHeader('content-type', 'application/json').end(JSON.stringify({ errcode }))
    response.setHeader('content-type', file.type).setHeader('content-disposition', `attachment; filename*=utf-8''${encodeURIComponent(file.name)}`)
    response.end(file.bytes)
  }

  const called = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let raw = ''
    for await (const chunk of request) raw += String(chunk)
    const url = new URL(request.url ?? '/', 'http://sim')
    const answer = (value: object): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (url.pathname === '/cgi-bin/gettoken') return answer(getToken(url))
    if (request.method === 'GET' && url.pathname === '/cgi-bin/media/get') return handOut(url, response)
    const call = Object.hasOwn(calls, url.pathname) ? calls[url.pathname] : undefined
    if (!call || request.method !== 'POST') return void response.writeHead(404).end()
    const given = url.searchParams.get('access_token')
    if (faults[0]?.kind === 'token' && faults.shift()) token = undefined
    if (!given) return answer({ errcode: 41001 })
    if (!token || given !== token.value) return answer({ errcode: 40014 })
    if (token.until <= now()) return answer({ errcode: 42001 })
    // What is read may be read again: an answer is lost only of what is sent, and only that meets the codes of sending.
    const [first] = faults
    const isForSending = first?.kind === 'lost' || (first?.kind === 'code' && [95001, 95002, 95018].includes(Number(first.code)))
    const fault = isForSending && !url.pathname.includes('send_msg') ? undefined : faults.shift()
    if (isOutage(fault, response)) return
    if (fault?.kind === 'code') return answer({ errcode: fault.code })
    if (/\\u[0-9a-f]{4}/i.test(raw)) return answer({ errcode: 47001 })
    answerWith(fault, request, response, call(objectOf(raw)))
  }

  const server = createServer((request, response) => void called(request, response).catch((fault: unknown) => troubles.push(String(fault))))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: listening } = server.address() as AddressInfo

  const arrive = async (user: string, fields: Fields, how: { readonly times?: number; readonly overlapping?: boolean } = {}): Promise<void> => {
    const one = session(user)
    if (one.state === 4) one.state = 0
    Object.assign(one, { left: 5, until: now() + 48 * hour })
    add({ origin: 3, open_kfid: openKfId, external_userid: user, ...fields })
    await push(how)
  }

  return {
    url: `http://127.0.0.1:${listening}`,
    faults,
    spoils: line.spoils,
    troubles,
    breaches,
    tokensIssued: () => issued,
    state: (user: string): number => session(user).state,
    screen: (user: string): readonly Shown[] => session(user).screen,
    check: async (): Promise<boolean> => {
      const echo = String(Math.floor(now() / 7))
      const { url, body } = signedPush(account(), echo, { at: now(), forged: false, change: (message) => message })
      const answer = await fetch(`${url}&echostr=${encodeURIComponent(/<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '')}`)
      return answer.status === 200 && (await answer.text()) === echo
    },
    /** the citizen opens the talk: for the first time in 48 hours the account may greet within 20 seconds */
    enter: async (user: string): Promise<void> => {
      const one = session(user)
      const welcome = one.welcomed ? {} : { welcome_code: code(user, 20_000) }
      one.welcomed = true
      event(user, { event_type: 'enter_session', scene: 'sim', scene_param: '', ...welcome })
      await push()
    },
    say: (user: string, content: string, how: { readonly times?: number; readonly overlapping?: boolean } = {}) =>
      arrive(user, { msgtype: 'text', text: { content } }, how),
    /** taps what the last menu offers under these words */
    tap: async (user: string, content: string): Promise<void> => {
      const item = session(user)
        .screen.findLast((shown) => shown.menu.length > 0)
        ?.menu.find((one) => one.content === content)
      if (!item) throw new Error(`no menu offers ${content}`)
      await arrive(user, { msgtype: 'text', text: { content, menu_id: item.id } })
    },
    post: (user: string, fields: Fields) => arrive(user, fields),
    postFile: async (user: string, kind: 'image' | 'voice' | 'file', file: Omit<Media, 'at'>, how = {}): Promise<void> => {
      const media_id = `kfmedia${media.size + 1}${randomBytes(8).toString('hex')}`
      media.set(media_id, { ...file, at: now() })
      await arrive(user, { msgtype: kind, [kind]: { media_id } }, how)
    },
    /** an agent answers in the platform's own program */
    agentSays: async (user: string, content: string): Promise<void> => {
      const one = session(user)
      add({ origin: 5, open_kfid: openKfId, external_userid: user, servicer_userid: one.servicer, msgtype: 'text', text: { content } })
      one.screen.push({ text: content, menu: [] })
      await push()
    },
    agentEnds: async (user: string): Promise<void> => {
      end(user)
      await push()
    },
    block: (user: string): void => {
      session(user).blocked = true
    },
    push,
    pages: (size: number, empty = 0): void => {
      pageSize = size
      emptyFirst = empty
    },
    losePushes: (pushes: number): void => {
      unheard = pushes
    },
    keepToken: (): void => {
      held = randomBytes(12).toString('hex')
    },
    endToken: (): void => {
      token = undefined
    },
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function shownOf(body: Fields): Shown | number {
  if (body['msgtype'] === 'text') {
    const content = objectOf(body['text'])['content']
    if (typeof content !== 'string' || content === '') return 44004
    return Buffer.byteLength(content) > 2048 ? 45002 : { text: content, menu: [] }
  }
  if (body['msgtype'] !== 'msgmenu') return 40008
  const { head_content: head = '', list } = objectOf(body['msgmenu'])
  if (typeof head !== 'string' || Buffer.byteLength(head) > 1024) return 45002
  if (!Array.isArray(list) || list.length === 0 || list.length > 10) return 45098
  const menu = list.map((item: unknown) => {
    const { id, content } = objectOf(objectOf(item)['click'])
    return { id: String(id ?? ''), content: String(content ?? '') }
  })
  const fits = menu.every(({ id, content }) => id !== '' && Buffer.byteLength(id) <= 64 && content !== '' && Buffer.byteLength(content) <= 128)
  return fits ? { text: head, menu } : 40058
}

export function mustBe200({ status }: Heard): void {
  if (status !== 200) throw new Error(`status ${status}`)
}

export function objectOf(value: unknown): Fields {
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}

export function signedPush(
  { hook, token, encodingAesKey, corpId }: Omit<KfAccount, 'secret' | 'servicers'>,
  message: string,
  { at, forged, change }: Making,
): Push {
  const timestamp = String(Math.floor(at / 1000))
  const nonce = String(Math.floor(Math.random() * 1e9))
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const text = Buffer.from(change(message))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(text.length)
  const plain = Buffer.concat([randomBytes(16), size, text, Buffer.from(corpId)])
  const fill = 32 - (plain.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const encrypted = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(fill, fill)), cipher.final()]).toString('base64')
  const signature = createHash('sha1')
    .update([forged ? `${token}x` : token, timestamp, nonce, encrypted].sort().join(''))
    .digest('hex')
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
  return { url: `${hook}?${query}`, body: `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>` }
}
