// WeCom, as far as an office's own app meets it: messages to staff, cards with a button, and what staff say back.
// https://developer.work.weixin.qq.com/document/path/90236 – written from the platform's own pages and not from channels/.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWith, type Fault, isOutage, openLine } from './simfaults.ts'
import { mustBe200, objectOf, signedPush } from './simkf.ts'

export type WecomAccount = {
  readonly corpId: string
  readonly secret: string
  readonly agentId: number
  readonly token: string
  readonly encodingAesKey: string
  readonly hook: string
  readonly people: readonly string[]
}

type Fields = Readonly<Record<string, unknown>>
/** What a member of staff sees; a button that was changed can no longer be tapped. */
type Shown = { readonly text: string; readonly taskId?: string; readonly key?: string; button?: string; changed?: true }

/** https://developer.work.weixin.qq.com/document/path/90313 */
export const wecomCodes = { busy: -1, limited: 45009, barred: 48002, address: 60020 } as const

const hour = 3_600_000

export type Wecom = Awaited<ReturnType<typeof openWecom>>

export async function openWecom(account: () => WecomAccount, now: () => number = Date.now, port = 0) {
  const screens = new Map<string, Shown[]>()
  const codes = new Map<string, { readonly user: string; readonly taskId: string }>()
  const seen = new Map<string, number>()
  const tasks = new Set<string>()
  const faults: Fault[] = []
  const troubles: string[] = []
  const left = new Set<string>()
  let token: { readonly value: string; readonly until: number } | undefined
  let issued = 0
  let serial = 0

  const screen = (user: string): Shown[] => {
    const known = screens.get(user) ?? []
    screens.set(user, known)
    return known
  }

  const send = (body: Fields): object => {
    const user = String(body['touser'])
    if (body['agentid'] !== account().agentId) return { errcode: 301002 }
    if (!account().people.includes(user) || left.has(user)) return { errcode: 81013, errmsg: 'user & party & tag all invalid' }
    const shown = shownOf(body)
    if (typeof shown === 'number') return { errcode: shown }
    const key = JSON.stringify([user, body['msgtype'], body[String(body['msgtype'])]])
    const repeated = body['enable_duplicate_check'] === 1 && (seen.get(key) ?? 0) > now() - Number(body['duplicate_check_interval'] ?? 1800) * 1000
    if (repeated) return { errcode: 0, errmsg: 'ok', msgid: 'repeated' }
    if (shown.taskId !== undefined && tasks.has(shown.taskId)) return { errcode: 42045, errmsg: 'duplicate task_id' }
    if (shown.taskId !== undefined) tasks.add(shown.taskId)
    seen.set(key, now())
    screen(user).push(shown)
    return { errcode: 0, errmsg: 'ok', msgid: `m${++serial}`, invaliduser: '' }
  }

  const change = (body: Fields): object => {
    const code = codes.get(String(body['response_code']))
    const { replace_name } = objectOf(body['button'])
    if (!code || body['agentid'] !== account().agentId || typeof replace_name !== 'string') return { errcode: 40058 }
    codes.delete(String(body['response_code']))
    const card = screen(code.user).find((one) => one.taskId === code.taskId)
    if (card) Object.assign(card, { button: replace_name, changed: true })
    return { errcode: 0, errmsg: 'ok' }
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

  const called = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let raw = ''
    for await (const chunk of request) raw += String(chunk)
    const url = new URL(request.url ?? '/', 'http://sim')
    const answer = (value: object): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (url.pathname === '/cgi-bin/gettoken') return answer(getToken(url))
    if (faults[0]?.kind === 'token' && faults.shift()) token = undefined
    if (!token || url.searchParams.get('access_token') !== token.value) return answer({ errcode: 40014 })
    if (token.until <= now()) return answer({ errcode: 42001 })
    const fault = faults.shift()
    if (isOutage(fault, response)) return
    if (fault?.kind === 'code') return answer({ errcode: fault.code })
    const body = objectOf(raw)
    const result =
      url.pathname === '/cgi-bin/message/send' ? send(body) : url.pathname === '/cgi-bin/message/update_template_card' ? change(body) : { errcode: 40066 }
    answerWith(fault, request, response, result)
  }

  const server = createServer((request, response) => void called(request, response).catch((fault: unknown) => troubles.push(String(fault))))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: listening } = server.address() as AddressInfo

  const line = openLine({ now, troubles, type: 'text/xml', tries: 3 })
  const push = async (fields: string, times = 1): Promise<void> => {
    const xml = `<xml><ToUserName><![CDATA[${account().corpId}]]></ToUserName><CreateTime>${Math.floor(now() / 1000)}</CreateTime><AgentID>${account().agentId}</AgentID>${fields}</xml>`
    if (times > 1) line.spoils.unshift('tripled')
    await line.deliver((how) => signedPush(account(), xml, how), mustBe200)
  }
  const from = (user: string): string => `<FromUserName><![CDATA[${user}]]></FromUserName>`

  return {
    url: `http://127.0.0.1:${listening}`,
    faults,
    spoils: line.spoils,
    troubles,
    tokensIssued: (): number => issued,
    screen: (user: string): readonly Shown[] => screen(user),
    check: async (): Promise<boolean> => {
      const echo = String(Math.floor(now() / 7))
      const { url, body } = signedPush(account(), echo, { at: now(), forged: false, change: (message) => message })
      const answer = await fetch(`${url}&echostr=${encodeURIComponent(/<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '')}`)
      return answer.status === 200 && (await answer.text()) === echo
    },
    say: (user: string, content: string, times = 1): Promise<void> =>
      push(`${from(user)}<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>${now()}${++serial}</MsgId>`, times),
    /** taps the newest button that is still there */
    tap: async (user: string, times = 1): Promise<void> => {
      const card = screen(user).findLast((one) => one.key !== undefined && !one.changed)
      if (!card?.taskId) throw new Error('no button on the screen')
      const code = randomBytes(16).toString('hex')
      codes.set(code, { user, taskId: card.taskId })
      await push(
        `${from(user)}<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[${card.key}]]></EventKey><TaskId><![CDATA[${card.taskId}]]></TaskId><CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[${code}]]></ResponseCode>`,
        times,
      )
    },
    endToken: (): void => {
      token = undefined
    },
    leave: (user: string): void => void left.add(user),
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Lengths: https://developer.work.weixin.qq.com/document/path/90236 */
function shownOf(body: Fields): Shown | number {
  if (body['msgtype'] === 'text') {
    const { content } = objectOf(body['text'])
    return typeof content === 'string' && content !== '' && Buffer.byteLength(content) <= 2048 ? { text: content } : 44004
  }
  if (body['msgtype'] === 'textcard') {
    const { title, description, url } = objectOf(body['textcard'])
    const fits = typeof title === 'string' && title !== '' && Buffer.byteLength(title) <= 128 && Buffer.byteLength(String(description)) <= 512
    return fits && description && /^https?:/.test(String(url)) ? { text: `${title}\n${description}` } : 40058
  }
  if (body['msgtype'] !== 'template_card') return 40008
  const { card_type, main_title, sub_title_text, task_id, button_list, card_action } = objectOf(body['template_card'])
  const { title } = objectOf(main_title)
  const buttons = Array.isArray(button_list) ? button_list.map(objectOf) : []
  const [button] = buttons
  const isCard = card_type === 'button_interaction' && typeof title === 'string' && title !== '' && typeof task_id === 'string'
  if (!isCard || !/^[\w@-]{1,128}$/.test(task_id) || !button || buttons.length > 6) return 42014
  if (typeof button['text'] !== 'string' || typeof button['key'] !== 'string' || Buffer.byteLength(button['key']) > 1024) return 42014
  if (card_action !== undefined && !/^https?:/.test(String(objectOf(card_action)['url']))) return 42014
  return { text: `${title}\n${sub_title_text}`, taskId: task_id, key: button['key'], button: button['text'] }
}
