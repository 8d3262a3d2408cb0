// The WeChat platform, as far as a service account in server mode meets it: https://developers.weixin.qq.com/doc/offiaccount/
// Written from the platform's own pages and not from channels/, so that a misreading there is met by a refusal here.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWith, BadReply, type Fault, type Heard, isOutage, type Making, openLine, type Push } from './simfaults.ts'

export type Account = {
  readonly appId: string
  readonly secret: string
  readonly token: string
  readonly mode: 'plain' | 'compatible' | 'safe'
  readonly encodingAesKey: string
  /** where the office's server takes pushes */
  readonly hook: string
}

/** https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html */
export const wechatCodes = { busy: -1, perMinute: 45011, spent: 45047, closed: 45015, unfollowed: 43004, barred: 48001, address: 40164 } as const

type Allowance = { left: number; readonly until: number }
type Citizen = { follows: boolean; readonly screen: string[]; allowances: Allowance[]; consents: number }
type Fields = Readonly<Record<string, unknown>>
/** Files that citizens have sent, for three days. */
export type Media = { readonly bytes: Buffer; readonly type: string; readonly name: string; readonly at: number }
export type MenuButton = { readonly type: string; readonly name: string; readonly key: string }
type Token = { readonly value: string; readonly until: number }

const hour = 3_600_000
const mostBytes = 2_048

export type Wechat = Awaited<ReturnType<typeof openWechat>>

export async function openWechat(account: () => Account, now: () => number = Date.now, port = 0) {
  const citizens = new Map<string, Citizen>()
  const faults: Fault[] = []
  /** what the citizen reads as 「该公众号提供的服务出现故障」, with the reason */
  const troubles: string[] = []
  /** messages that the office sent although it could know that none were left */
  const breaches: string[] = []
  const media = new Map<string, Media>()
  const templates = new Set<string>()
  const blocked = new Set<string>()
  const seenKeys = new Map<string, number>()
  const finished: { readonly openid: string; readonly id: bigint; readonly status: string; readonly subscribed?: string }[] = []
  /** the notices that were asked for, by person and form */
  const asked: string[] = []
  let menu: readonly MenuButton[] = []
  let token: Token | undefined
  let issued = 0
  let serial = 7_000_000_000_000_000_000n

  const citizen = (openid: string): Citizen => {
    const known = citizens.get(openid) ?? { follows: true, screen: [], allowances: [], consents: 0 }
    citizens.set(openid, known)
    return known
  }
  const allow = (openid: string, left: number, ms: number): void => {
    const one = citizen(openid)
    one.allowances = [...one.allowances.filter((held) => held.until > now() && ms !== 48 * hour), { left, until: now() + ms }]
  }

  const line = openLine({ now, troubles, type: 'text/xml', tries: 3 })
  const push = async (openid: string, fields: string, overlapping = false): Promise<void> => {
    const at = now()
    if (overlapping) line.spoils.unshift('tripled')
    const hear = ({ status, body }: Heard): void => {
      if (status !== 200) throw new Error(`status ${status}`)
      const text = passiveText(body, openid, account())
      if (text !== undefined) citizen(openid).screen.push(text)
    }
    await line.deliver((how) => signedPush(account(), envelope(openid, fields, at), how), hear)
  }

  const give = (openid: unknown, text: unknown, raw: string): number => {
    const one = typeof openid === 'string' ? citizens.get(openid) : undefined
    if (!one) return 40003
    if (!one.follows) return 43004
    if (typeof text !== 'string' || text === '') return 44004
    if (Buffer.byteLength(text) > mostBytes) return 45002
    if (/\\u[0-9a-f]{4}/i.test(raw)) return 47001
    const open = one.allowances.filter((held) => held.until > now()).sort((a, b) => a.until - b.until)
    const usable = open.find((held) => held.left > 0)
    if (!usable) breaches.push(`${openid}: ${open.length === 0 ? 'outside its window' : 'one message too many'}`)
    if (open.length === 0) return 45015
    if (!usable) return 45047
    usable.left--
    one.screen.push(text)
    return 0
  }

  const custom = (body: Fields, raw: string): object => {
    const content = asObject(JSON.stringify(body['text'] ?? null))?.['content']
    return { errcode: body['msgtype'] === 'text' ? give(body['touser'], content, raw) : 40008 }
  }

  /** Prepared forms: the template at any time to whoever follows, the subscribed notice once for each consent. */
  const prepared = (body: Fields, needsConsent: boolean): object => {
    const openid = String(body['touser'])
    const one = citizens.get(openid)
    if (!one) return { errcode: 40003 }
    if (!one.follows) return { errcode: 43004 }
    if (typeof body['template_id'] !== 'string' || !templates.has(body['template_id'])) return { errcode: 40037 }
    const text = formText(body['data'])
    if (text === undefined) return { errcode: 47003 }
    const repeated = String(body['client_msg_id'] ?? '')
    if (!needsConsent && repeated !== '' && seenKeys.has(`${openid} ${repeated}`)) return { errcode: 0, msgid: seenKeys.get(`${openid} ${repeated}`) }
    if (needsConsent) asked.push(`${openid} ${body['template_id']}`)
    if (needsConsent && one.consents-- <= 0) {
      one.consents = 0
      return { errcode: 43101 }
    }
    serial++
    const subscribed = needsConsent ? { subscribed: body['template_id'] } : {}
    if (!blocked.has(openid)) one.screen.push(text)
    finished.push({ openid, id: serial, status: blocked.has(openid) ? 'failed:user block' : 'success', ...subscribed })
    // A subscribed notice is named only by the event that tells its fate.
    if (needsConsent) return { errcode: 0, errmsg: 'ok' }
    seenKeys.set(`${openid} ${repeated}`, Number(serial % 1_000_000_000n))
    return { errcode: 0, msgid: Number(serial % 1_000_000_000n) }
  }

  /** https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html */
  const createMenu = ({ button }: Fields): object => {
    const all = Array.isArray(button) ? button.map((one) => asObject(JSON.stringify(one)) ?? {}) : []
    if (all.length === 0 || all.length > 3) return { errcode: 40016 }
    const subs = all.map(({ sub_button }) => (Array.isArray(sub_button) ? sub_button.map((one) => asObject(JSON.stringify(one)) ?? {}) : undefined))
    if (subs.some((sub) => sub && (sub.length === 0 || sub.length > 5))) return { errcode: 40023 }
    const leaves = all.flatMap((one, place) => subs[place] ?? [one])
    const isWhole = ({ type, name, key, url }: Fields): boolean =>
      typeof name === 'string' && name !== '' && (type === 'view' ? /^https?:/.test(String(url)) : typeof key === 'string' && key !== '')
    if (!all.every(({ name }) => typeof name === 'string' && name !== '')) return { errcode: 40018 }
    if (!leaves.every(isWhole)) return { errcode: 40019 }
    menu = leaves.map(({ type, name, key, url }) => ({ type: String(type), name: String(name), key: String(key ?? url) }))
    return { errcode: 0, errmsg: 'ok' }
  }

  const kinds = {
    '/cgi-bin/menu/create': createMenu,
    '/cgi-bin/message/custom/send': custom,
    '/cgi-bin/message/template/send': (body: Fields) => prepared(body, false),
    '/cgi-bin/message/subscribe/bizsend': (body: Fields) => prepared(body, true),
  } as const

  const stableToken = (body: Readonly<Record<string, unknown>>): object => {
    const { appId, secret } = account()
    if (body['grant_type'] !== 'client_credential') return { errcode: 40002 }
    if (body['appid'] !== appId) return { errcode: 40013 }
    if (body['secret'] !== secret) return { errcode: 40125 }
    if (!token || token.until <= now()) {
      issued++
      token = { value: randomBytes(64).toString('base64url'), until: now() + 2 * hour }
    }
    return { access_token: token.value, expires_in: Math.floor((token.until - now()) / 1000) }
  }

  const handOut = (url: URL, response: ServerResponse): void => {
    const known = token !== undefined && url.searchParams.get('access_token') === token.value
    const fault = known ? faults.shift() : undefined
    const file = media.get(url.searchParams.get('media_id') ?? '')
    const old = !file || file.at <= now() - 72 * hour
    const errcode = known ? (fault?.kind === 'code' ? fault.code : old ? 40007 : 0) : 40001
    if (isOutage(fault, response)) return
    if (errcode !== 0 || !file) response.setHeader('content-type', 'application/json').end(JSON.stringify({ errcode }))
    else response.setHeader('content-type', file.type).setHeader('content-disposition', `attachment; filename="${file.name}"`).end(file.bytes)
  }

  const called = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await bodyOf(request)
    const url = new URL(request.url ?? '/', 'http://sim')
    const body = asObject(raw)
    const answer = (value: object): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (request.method === 'GET' && url.pathname === '/cgi-bin/media/get') return handOut(url, response)
    if (request.method !== 'POST') return answer({ errcode: 43002 })
    if (!body) return answer({ errcode: 47001 })
    if (url.pathname === '/cgi-bin/stable_token') return answer(stableToken(body))
    if (!(url.pathname in kinds)) return void response.writeHead(404).end()
    const given = url.searchParams.get('access_token')
    if (faults[0]?.kind === 'token' && faults.shift()) token = undefined
    if (!given) return answer({ errcode: 41001 })
    if (!token || given !== token.value) return answer({ errcode: 40001 })
    if (token.until <= now()) return answer({ errcode: 42001 })
    const fault = faults.shift()
    if (isOutage(fault, response)) return
    if (fault?.kind === 'code') return answer({ errcode: fault.code })
    answerWith(fault, request, response, kinds[url.pathname as keyof typeof kinds](body, raw))
  }

  const server = createServer((request, response) => void called(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: listening } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${listening}`,
    faults,
    spoils: line.spoils,
    troubles,
    breaches,
    tokensIssued: () => issued,
    /** what stands on the citizen's screen from the account, oldest first */
    screen: (openid: string): readonly string[] => citizen(openid).screen,
    /** the check of the address, as the platform does it when the page is saved */
    check: async (): Promise<boolean> => {
      const echo = String(Math.floor(now() / 7))
      const { url } = signedPush(account(), '', { at: now(), forged: false, change: (message) => message })
      const answer = await fetch(`${url}&echostr=${echo}`)
      return answer.status === 200 && (await answer.text()) === echo
    },
    say: async (openid: string, text: string, how: { readonly overlapping?: boolean } = {}): Promise<void> => {
      allow(openid, 5, 48 * hour)
      serial++
      await push(openid, `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content><MsgId>${serial}</MsgId>`, how.overlapping)
    },
    follow: async (openid: string): Promise<void> => {
      citizen(openid).follows = true
      allow(openid, 3, 60_000)
      await push(openid, '<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[]]></EventKey>')
    },
    unfollow: async (openid: string): Promise<void> => {
      citizen(openid).follows = false
      await push(openid, '<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[unsubscribe]]></Event><EventKey><![CDATA[]]></EventKey>')
    },
    /** the account has been granted this form */
    grant: (templateId: string): void => void templates.add(templateId),
    /** the citizen says in the platform's own window whether they want to be told by this form; `heard`: the platform tells the office */
    consent: async (openid: string, templateId: string, given = true, heard = true): Promise<void> => {
      if (given) citizen(openid).consents++
      const list = `<List><TemplateId><![CDATA[${templateId}]]></TemplateId><SubscribeStatusString><![CDATA[${given ? 'accept' : 'reject'}]]></SubscribeStatusString><PopupScene>1</PopupScene></List>`
      const fields = `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_popup_event]]></Event><SubscribeMsgPopupEvent>${list}</SubscribeMsgPopupEvent>`
      if (heard) await push(openid, fields)
    },
    /** how often a notice was asked for */
    askedFor: (openid: string, templateId: string): number => asked.filter((one) => one === `${openid} ${templateId}`).length,
    /** the citizen takes no more prepared messages; the account is told later only */
    block: (openid: string): void => void blocked.add(openid),
    /** tells what became of the prepared messages, as the platform does some time after; twice when asked to */
    finishForms: async (twice = false): Promise<void> => {
      for (const { openid, id, status, subscribed } of finished.splice(0)) {
        const fields =
          subscribed === undefined
            ? `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>${id % 1_000_000_000n}</MsgID><Status><![CDATA[${status}]]></Status>`
            : `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_sent_event]]></Event><SubscribeMsgSentEvent><List><TemplateId><![CDATA[${subscribed}]]></TemplateId><MsgID>${id}</MsgID><ErrorCode>${status === 'success' ? 0 : 43101}</ErrorCode><ErrorStatus><![CDATA[${status}]]></ErrorStatus></List></SubscribeMsgSentEvent>`
        for (let times = twice ? 2 : 1; times > 0; times--) await push(openid, fields)
      }
    },
    /** a message of another kind than text: picture, voice, place */
    post: async (openid: string, fields: string): Promise<void> => {
      allow(openid, 5, 48 * hour)
      serial++
      await push(openid, `${fields}<MsgId>${serial}</MsgId>`)
    },
    /** a picture or a voice, as the citizen's phone sends it, with what the platform has heard in it; gives what the platform calls it */
    postFile: async (openid: string, kind: 'image' | 'voice', file: Omit<Media, 'at' | 'name'>, heard?: string): Promise<string> => {
      const id = `media${media.size + 1}${randomBytes(8).toString('hex')}`
      media.set(id, { ...file, name: `${id}.${kind === 'image' ? 'jpg' : 'amr'}`, at: now() })
      allow(openid, 5, 48 * hour)
      serial++
      const recognition = heard === undefined ? '' : `<Recognition><![CDATA[${heard}]]></Recognition>`
      await push(openid, `<MsgType><![CDATA[${kind}]]></MsgType><MediaId><![CDATA[${id}]]></MediaId>${recognition}<MsgId>${serial}</MsgId>`)
      return id
    },
    /** the buttons that can be pressed */
    menu: (): readonly MenuButton[] => menu,
    /** presses a scanning button and holds the phone before a code */
    scan: async (openid: string, result: string, type: 'scancode_push' | 'scancode_waitmsg' = 'scancode_waitmsg'): Promise<void> => {
      allow(openid, 3, 60_000)
      const info = `<ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[${result}]]></ScanResult></ScanCodeInfo>`
      await push(openid, `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${type}]]></Event><EventKey><![CDATA[scan]]></EventKey>${info}`)
    },
    /** scans a code of the account that carries a scene */
    scanScene: async (openid: string, scene: string): Promise<void> => {
      const one = citizen(openid)
      const isNew = !one.follows
      one.follows = true
      allow(openid, 3, 60_000)
      const [name, key] = isNew ? ['subscribe', `qrscene_${scene}`] : ['SCAN', scene]
      await push(
        openid,
        `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event><EventKey><![CDATA[${key}]]></EventKey><Ticket><![CDATA[t]]></Ticket>`,
      )
    },
    press: async (openid: string, key: string): Promise<void> => {
      allow(openid, 3, 60_000)
      await push(openid, `<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[${key}]]></EventKey>`)
    },
    /** ends the token behind the office's back, as a second server with the old kind of token would */
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

/** The filled form as the citizen reads it; undefined when a field is longer than its kind may be, or empty. */
function formText(data: unknown): string | undefined {
  const limits: Readonly<Record<string, number>> = { thing: 20, character_string: 32, phrase: 5 }
  const lines: string[] = []
  for (const [name, field] of Object.entries(asObject(JSON.stringify(data ?? null)) ?? {})) {
    const value = asObject(JSON.stringify(field))?.['value']
    if (typeof value !== 'string' || value === '' || [...value].length > (limits[name.replace(/\d+$/, '')] ?? 200)) return undefined
    lines.push(value)
  }
  return lines.length > 0 ? lines.join('\n') : undefined
}

const originalId = 'gh_0123456789ab'
const sha1 = (...parts: readonly string[]): string =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

const envelope = (openid: string, fields: string, at: number): string =>
  `<xml><ToUserName><![CDATA[${originalId}]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName><CreateTime>${Math.floor(at / 1000)}</CreateTime>${fields}</xml>`

/** In compatible mode the fields stand in the open beside the sealed ones. */
function signedPush({ hook, token, mode, encodingAesKey, appId }: Account, written: string, { at, forged, change }: Making): Push {
  const xml = written === '' ? '' : change(written)
  const timestamp = String(Math.floor(at / 1000))
  const nonce = String(Math.floor(Math.random() * 1e9))
  const secret = forged ? `${token}x` : token
  const query = new URLSearchParams({ signature: sha1(secret, timestamp, nonce), timestamp, nonce })
  if (mode === 'plain' || xml === '') return { url: `${hook}?${query}`, body: xml }
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const message = Buffer.from(xml)
  const size = Buffer.alloc(4)
  size.writeUInt32BE(message.length)
  const plain = Buffer.concat([randomBytes(16), size, message, Buffer.from(appId)])
  const fill = 32 - (plain.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const encrypted = Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(fill, fill)), cipher.final()]).toString('base64')
  query.set('encrypt_type', 'aes')
  query.set('msg_signature', sha1(secret, timestamp, nonce, encrypted))
  const seal = `<Encrypt><![CDATA[${encrypted}]]></Encrypt>`
  const body = mode === 'safe' ? `<xml><ToUserName><![CDATA[${originalId}]]></ToUserName>${seal}</xml>` : written.replace('</xml>', `${seal}</xml>`)
  return { url: `${hook}?${query}`, body }
}

/** The text of a passive reply, read as strictly as the platform does. Undefined for `success` and for an empty body. */
function passiveText(body: string, openid: string, account: Account): string | undefined {
  if (body === '' || body === 'success') return undefined
  const xml = account.mode === 'plain' ? body : decrypted(body, account)
  const field = (name: string): string => only(xml, name)
  if (field('ToUserName') !== openid || field('FromUserName') !== originalId) throw new BadReply('reply to someone else')
  if (!/^\d{10}$/.test(field('CreateTime'))) throw new BadReply('reply without its time')
  if (field('MsgType') !== 'text') throw new BadReply(`reply of the kind ${field('MsgType')}`)
  const text = field('Content')
  if (text === '' || Buffer.byteLength(text) > mostBytes) throw new BadReply('reply of a wrong length')
  return text
}

function decrypted(body: string, { token, encodingAesKey, appId }: Account): string {
  const encrypted = only(body, 'Encrypt')
  if (only(body, 'MsgSignature') !== sha1(token, only(body, 'TimeStamp'), only(body, 'Nonce'), encrypted)) throw new BadReply('reply signed wrongly')
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const filled = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()])
  const plain = filled.subarray(0, filled.length - (filled.at(-1) ?? 0))
  const size = plain.readUInt32BE(16)
  if (filled.length % 32 !== 0 || plain.toString('utf8', 20 + size) !== appId) throw new BadReply('reply in a wrong envelope')
  return plain.toString('utf8', 20, 20 + size)
}

/** The one field of that name in a flat document; text in CDATA may hold anything. */
function only(xml: string, name: string): string {
  const found = new RegExp(`^<xml>(?:[\\s\\S]*)<${name}>((?:<!\\[CDATA\\[[\\s\\S]*?\\]\\]>|[^<])*)</${name}>[\\s\\S]*</xml>$`).exec(xml)
  if (!found) throw new BadReply(`reply without ${name}`)
  return (found[1] ?? '').replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1')
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function asObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
