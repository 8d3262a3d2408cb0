import { z } from 'zod'
import { ChannelError, type Wire } from './contract.ts'
import { askDingtalk, type DingtalkApp } from './dingtalkapi.ts'
import type { Frame } from './push.ts'

/** Messages to the robot. https://open.dingtalk.com/document/orgapp/the-robot-receives-messages */
const messagesTopic = '/v1.0/im/bot/messages/get'

/** Asks for a connection: the address carries a ticket that is good once. @throws ChannelError */
export async function streamAddress(app: DingtalkApp, wire: Wire): Promise<string> {
  const { clientId, clientSecret } = app
  const subscriptions = [{ type: 'CALLBACK', topic: messagesTopic }]
  const answer = await askDingtalk('/v1.0/gateway/connections/open', { clientId, clientSecret, ua: 'bandecheng', subscriptions }, app, wire)
  const { endpoint, ticket } = answer
  if (typeof endpoint !== 'string' || !/^wss?:\/\//.test(endpoint) || typeof ticket !== 'string') throw new ChannelError('busy', 'platform gave no connection')
  return `${endpoint}?ticket=${encodeURIComponent(ticket)}`
}

const frameSchema = z.looseObject({
  type: z.string(),
  headers: z.looseObject({ messageId: z.string(), topic: z.string().default('') }),
  data: z.string().default(''),
})
const messageSchema = z.looseObject({
  msgId: z.string().min(1).max(200),
  conversationType: z.string(),
  senderStaffId: z.string().min(1).max(200).optional(),
  msgtype: z.string(),
  text: z.looseObject({ content: z.string().max(20_000) }).optional(),
})

/** One frame of the connection. What is not answered comes again within a minute. @throws ChannelError 'malformed' */
export function readFrame(text: string): Frame {
  const { type, headers, data } = parsed(frameSchema, text)
  const answer = (content: string): string =>
    JSON.stringify({ code: 200, headers: { contentType: 'application/json', messageId: headers.messageId }, message: 'OK', data: content })
  if (type === 'SYSTEM') return headers.topic === 'disconnect' ? { said: [], ends: true } : { said: [], answer: answer(data) }
  if (type !== 'CALLBACK' || headers.topic !== messagesTopic) return { said: [], answer: answer('{"status":"SUCCESS"}') }
  return { said: saidIn(data), answer: answer('{"response":null}') }
}

/** Words to the robot alone: in a group others would read the code of a binding. */
function saidIn(data: string): Frame['said'] {
  const message = parsed(messageSchema, data)
  const { msgId, conversationType, senderStaffId, text } = message
  return conversationType === '1' && senderStaffId !== undefined && text ? [{ externalId: msgId, from: senderStaffId, text: text.content }] : []
}

function parsed<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text))
  } catch (fault) {
    throw new ChannelError('malformed', 'frame cannot be read', { cause: fault })
  }
}
