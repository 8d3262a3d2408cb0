// DingTalk, as far as a robot in a group, an app's own robot and Stream mode meet it: https://open.dingtalk.com/document/
// Written from the platform's own pages and not from channels/, so that a misreading there is met by a refusal here.
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { answerWith, type Fault, isOutage, openLine } from './simfaults.ts'
import { mustBe200, objectOf } from './simkf.ts'

export type DingtalkAccount = {
  readonly group: { readonly token: string; readonly secret: string }
  readonly app: { readonly clientId: string; readonly clientSecret: string; readonly robotCode: string }
  /** staff ids of the people in the company */
  readonly people: readonly string[]
}

type Fields = Readonly<Record<string, unknown>>
type Answer = { readonly status: number; readonly body: object }

/** The robot of a group names its troubles by numbers, the app's by words. https://open.dingtalk.com/document/orgapp/error-code */
export const dingtalkCodes = { busy: 'Throttling.Api', barred: 'Forbidden.AccessDenied', groupBusy: 130101, groupBarred: 310000 } as const
/** What can befall frames of an open connection; it is ours, so that no stranger speaks there. */
export const dingtalkSpoils = ['replayed', 'tripled', 'reordered', 'dropped'] as const

const hour = 3_600_000
const resendMs = 60_000
const perMinute = 20
const messagesTopic = '/v1.0/im/bot/messages/get'
const ok = (body: object): Answer => ({ status: 200, body })
const no = (status: number, code: string): Answer => ({ status, body: { code, message: code, requestid: randomUUID() } })

export type Dingtalk = Awaited<ReturnType<typeof openDingtalk>>

export async function openDingtalk(account: () => DingtalkAccount, now: () => number = Date.now, port = 0) {
  const screens = new Map<string, string[]>()
  const group: string[] = []
  const groupTimes: number[] = []
  const faults: Fault[] = []
  const troubles: string[] = []
  const tickets = new Set<string>()
  /** frames that nobody has answered yet */
  const pending = new Map<string, { readonly text: string; at: number }>()
  const stopped = new Set<string>()
  let token: { readonly value: string; readonly until: number } | undefined
  let issued = 0
  let opened = 0

  const screen = (user: string): string[] => {
    const known = screens.get(user) ?? []
    screens.set(user, known)
    return known
  }

  const accessToken = ({ appKey, appSecret }: Fields): Answer => {
    const { clientId, clientSecret } = account().app
    if (appKey !== clientId || appSecret !== clientSecret) return no(400, 'invalidClientIdOrSecret')
    if (!token || token.until <= now()) {
      issued++
      token = { value: randomBytes(16).toString('hex'), until: now() + 2 * hour }
    }
    return ok({ accessToken: token.value, expireIn: Math.floor((token.until - now()) / 1000) })
  }

  const batchSend = ({ robotCode, userIds, msgKey, msgParam }: Fields): Answer => {
    if (robotCode !== account().app.robotCode) return no(400, 'robot.notExist')
    if (!Array.isArray(userIds) || userIds.length === 0 || userIds.length > 20) return no(400, 'MissinguserIds')
    const { title, text } = objectOf(msgParam)
    if (typeof msgParam !== 'string' || msgKey !== 'sampleMarkdown' || !title || typeof text !== 'string' || text === '') return no(400, 'msgParam.invalid')
    const known = userIds.filter((user) => account().people.includes(user) && !stopped.has(user))
    for (const user of known) screen(String(user)).push(text)
    const invalidStaffIdList = userIds.filter((user) => !known.includes(user))
    return ok({ processQueryKey: randomUUID(), invalidStaffIdList, flowControlledStaffIdList: [] })
  }

  const openConnection = ({ clientId, clientSecret, subscriptions }: Fields): Answer => {
    const { app } = account()
    if (clientId !== app.clientId || clientSecret !== app.clientSecret) return no(401, 'authFailed')
    const wants = Array.isArray(subscriptions) && subscriptions.some((one) => objectOf(one)['topic'] === messagesTopic && objectOf(one)['type'] === 'CALLBACK')
    if (!wants) return no(400, 'subscriptions.invalid')
    const ticket = randomUUID()
    tickets.add(ticket)
    return ok({ endpoint: `ws://127.0.0.1:${listening()}/connect`, ticket })
  }

  const robotSend = (url: URL, body: Fields): Answer => {
    const { token: expected, secret } = account().group
    const timestamp = url.searchParams.get('timestamp') ?? ''
    if (url.searchParams.get('access_token') !== expected) return ok({ errcode: 300005, errmsg: 'token is not exist' })
    const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
    if (url.searchParams.get('sign') !== sign || Math.abs(now() - Number(timestamp)) > hour) return ok({ errcode: 310000, errmsg: 'sign not match' })
    if (groupTimes.filter((at) => at > now() - 60_000).length >= perMinute) {
      troubles.push('群机器人一分钟超过 20 条')
      return ok({ errcode: 130101, errmsg: 'send too fast' })
    }
    const kind = String(body['msgtype'])
    const { title, text, singleTitle, singleURL } = objectOf(body[kind])
    const isWhole = kind === 'markdown' || (kind === 'actionCard' && typeof singleTitle === 'string' && /^https?:/.test(String(singleURL)))
    if (!isWhole || !title || typeof text !== 'string' || text === '') return ok({ errcode: 40035, errmsg: 'param error' })
    groupTimes.push(now())
    group.push(text)
    return ok({ errcode: 0, errmsg: 'ok' })
  }

  const called = (url: URL, given: string | undefined, body: Fields): Answer => {
    switch (url.pathname) {
      case '/v1.0/oauth2/accessToken':
        return accessToken(body)
      case '/v1.0/gateway/connections/open':
        return openConnection(body)
      case '/robot/send':
        return robotSend(url, body)
      case '/v1.0/robot/oToMessages/batchSend':
        return given === undefined || given !== token?.value || token.until <= now() ? no(400, 'InvalidAuthentication') : batchSend(body)
      default:
        return no(404, 'InvalidAction.NotFound')
    }
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let raw = ''
    for await (const chunk of request) raw += String(chunk)
    const url = new URL(request.url ?? '/', 'http://sim')
    const given = request.headers['x-acs-dingtalk-access-token']
    const isMessage = url.pathname.includes('/robot/')
    const fault = isMessage ? faults.shift() : undefined
    if (isOutage(fault, response)) return
    if (fault?.kind === 'token') token = undefined
    const coded = fault?.kind === 'code' ? (typeof fault.code === 'number' ? ok({ errcode: fault.code }) : no(400, fault.code)) : undefined
    const { status, body } = coded ?? called(url, typeof given === 'string' ? given : undefined, objectOf(raw))
    answerWith(fault, request, response, body, status)
  }

  const server = createServer((request, response) => void answer(request, response).catch((fault: unknown) => troubles.push(String(fault))))
  const sockets = new WebSocketServer({ server, path: '/connect' })
  sockets.on('connection', (socket, request) => {
    const ticket = new URL(request.url ?? '/', 'http://sim').searchParams.get('ticket') ?? ''
    if (!tickets.delete(ticket)) return socket.close(4001, 'ticket')
    opened++
    for (const frame of pending.values()) socket.send(frame.text)
    socket.on('message', (data) => {
      const { code, headers } = objectOf(String(data))
      const id = String(objectOf(headers)['messageId'])
      if (code === 200) pending.delete(id)
      else troubles.push(`应答不是 200：${String(data)}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const listening = (): number => (server.address() as AddressInfo).port

  const open = (): WebSocket[] => [...sockets.clients].filter((one) => one.readyState === WebSocket.OPEN)
  const frame = (type: string, topic: string, data: object): string => {
    const messageId = randomUUID()
    const text = JSON.stringify({
      specVersion: '1.0',
      type,
      headers: { messageId, topic, contentType: 'application/json', time: String(now()) },
      data: JSON.stringify(data),
    })
    pending.set(messageId, { text, at: now() })
    return text
  }

  const say = async (user: string, content: string, { times = 1, conversationType = '1' } = {}): Promise<void> => {
    const message = {
      msgId: `msg${randomUUID()}`,
      msgtype: 'text',
      text: { content },
      conversationType,
      conversationId: 'cid',
      senderStaffId: user,
      senderNick: user,
      robotCode: account().app.robotCode,
      createAt: now(),
    }
    const text = frame('CALLBACK', messagesTopic, message)
    if (times > 1) line.spoils.unshift('tripled')
    await line.deliver(() => ({ url: '', body: text }), mustBe200)
  }
  const line = openLine({
    now,
    troubles,
    type: '',
    post: async ({ body }) => {
      open()[0]?.send(body)
      return { status: 200, body: '' }
    },
  })

  return {
    url: `http://127.0.0.1:${listening()}`,
    faults,
    spoils: line.spoils,
    troubles,
    /** sends again what nobody has answered within a minute */
    tick: (): void => {
      for (const frame of pending.values()) {
        if (frame.at > now() - resendMs) continue
        frame.at = now()
        open()[0]?.send(frame.text)
      }
    },
    group: (): readonly string[] => group,
    screen: (user: string): readonly string[] => screen(user),
    say,
    /** taps the last link that says something to the robot */
    tap: async (user: string, times = 1): Promise<void> => {
      const link = /dtmd:\/\/dingtalkclient\/sendMessage\?content=([^)]+)\)/.exec(screen(user).findLast((text) => text.includes('dtmd:')) ?? '')?.[1]
      if (link === undefined) throw new Error('no button on the screen')
      await say(user, decodeURIComponent(link), { times })
    },
    ping: (): void => {
      for (const socket of open()) socket.send(frame('SYSTEM', 'ping', { opaque: randomUUID() }))
    },
    /** asks the other end to connect anew */
    disconnect: (): void => {
      for (const socket of open()) {
        const text = frame('SYSTEM', 'disconnect', { reason: 'upgrade' })
        socket.send(text)
        pending.clear()
      }
    },
    cut: (): void => {
      for (const socket of sockets.clients) socket.terminate()
    },
    connections: (): number => open().length,
    opened: (): number => opened,
    unanswered: (): number => pending.size,
    tokensIssued: (): number => issued,
    endToken: (): void => {
      token = undefined
    },
    /** the person has left the company */
    leave: (user: string): void => void stopped.add(user),
    close: (): Promise<void> =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate()
        sockets.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
