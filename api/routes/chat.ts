import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { DuplicateError } from '../../prisma/committer.ts'
import { conversationOf, messagesAfter, personIdOf } from '../../prisma/conversations.ts'
import { UnknownFileError } from '../../prisma/turns.ts'
import { problems } from '../../texts/api.ts'
import { fileProblems } from '../../texts/files.ts'
import type { ChatClientFrame, ChatServerFrame } from '../contract.ts'

import { parse } from '../parse.ts'

import { citizenSaw, citizenTypes } from '../presence.ts'

import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { createRate, createRates, createTurnstile, pauseMs, untie } from '../sockets.ts'
import { chatMessage, chatState } from '../views.ts'
import { rememberVisitor, tokenFor, visitorOf, widgetToken } from '../visitor.ts'

export const longestText = 2_000
const pageSize = 100
/** A page says it every four seconds that the citizen types, and once for each answer of a person that it was read. */
const hintsPerMinute = 40
/** A page reads what it missed when it comes back, a hundred messages at a time. */
const readsPerMinute = 300
/** For whoever finds the process full. */
const comeAgainSeconds = 30

const key = z
  .string()
  .min(8)
  .max(64)
  .regex(/^[\w-]+$/)
const content = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().trim().min(1).max(longestText) }),
  z.object({ kind: z.literal('media'), media: z.enum(['image', 'file']), ref: z.string().min(16).max(64), name: z.string().min(1).max(100) }),
  z.object({ kind: z.literal('choice'), value: z.string().min(1).max(200), text: z.string().min(1).max(200) }),
])
const frameSchema: z.ZodType<ChatClientFrame> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('say'), key, content }),
  z.object({ type: z.literal('sync'), after: z.number().int().min(0) }),
  z.object({ type: z.literal('typing') }),
  z.object({ type: z.literal('seen'), seq: z.number().int().min(1) }),
])

/** `embedded`: in a foreign page, where the widget carries its token itself, for want of cookies. */
const entry = z.object({ embedded: z.literal('1').optional() })

/** The citizen's chat: a signed visitor cookie, then one socket. */
export function chatRoutes(app: FastifyInstance, server: Server): void {
  app.post('/api/visitor', { config: { query: entry } }, async (request, reply) => {
    const { embedded } = parse(entry, request.query)
    if (embedded === '1') return { token: widgetToken(request, reply, server) }
    rememberVisitor(request, reply, server, tokenFor(request, server))
    return reply.status(204).send()
  })
  const preValidation = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!visitorOf(request, server)) throw new ProblemError('loginRequired', problems.noVisitor)
    if (server.sockets.room(request.ip)) return
    reply.header('retry-after', comeAgainSeconds)
    throw new ProblemError('busy', problems.full)
  }
  const { config, shell } = server
  const limits: Limits = {
    turns: 0,
    enter: createTurnstile(),
    visitors: createRates(config.CHAT_PER_MINUTE, shell.now),
    addresses: createRates(config.RATE_LIMIT, shell.now),
  }
  app.get('/api/chat', { websocket: true, preValidation }, (socket, request) => {
    const visitor = visitorOf(request, server)
    untie(socket, request)
    if (visitor) openChat(socket, { visitor, address: request.ip }, server, limits)
  })
}

/** Turns of all chats that are being decided or stored in this process: with more, whoever is served last, staff among them, would wait for seconds. */
const mostAtOnce = 600
type Limits = {
  turns: number
  readonly enter: () => Promise<void>
  readonly visitors: ReturnType<typeof createRates>
  readonly addresses: ReturnType<typeof createRates>
}

/** Listeners are attached before anything is awaited: a message that comes at once must not be lost. */
function openChat(socket: WebSocket, { visitor, address }: { readonly visitor: string; readonly address: string }, server: Server, limits: Limits): void {
  const { sockets, shell, desk } = server
  sockets.admit(socket, address)
  const personId = personIdOf('web', visitor)
  const reads = createRate(readsPerMinute, shell.now)
  const hints = createRate(hintsPerMinute, shell.now)
  const send = (frame: ChatServerFrame): void => sockets.send(socket, frame)
  let told = ''
  const stop = shell.chats.listen(personId, ({ conversation, messages }) => {
    const state = chatState(conversation, shell.names)
    // Other processes are told by looking again and again: what is no news does not go out.
    if (messages.length > 0 || JSON.stringify(state) !== told) send({ type: 'messages', messages: messages.map(chatMessage), state, more: false })
    told = JSON.stringify(state)
  })
  const stopTyping = shell.typing.listen(personId, (author) => send({ type: 'typing', author }))
  socket.on('close', () => {
    stop()
    stopTyping()
    if (shell.chats.listeners(personId) === 0) desk.forget(personId)
  })
  socket.on('message', (data) => {
    const frame = parseFrame(String(data))
    if (!frame) return send(rejected(String(data)))
    if (frame.type === 'typing') {
      if (hints.take()) void citizenTypes(shell, personId)
    } else if (frame.type === 'seen') {
      if (hints.take()) void citizenSaw(shell, personId, frame.seq)
    } else if (frame.type === 'sync') {
      if (reads.take()) void sync(server, personId, frame.after, send)
    } else if (frame.type === 'say') {
      if (!limits.visitors.take(personId)) return send(tooFast(frame.key, server.config.CHAT_PER_MINUTE))
      if (!limits.addresses.take(address)) return send(tooFast(frame.key, server.config.RATE_LIMIT))
      if (limits.turns >= mostAtOnce) return send(busy(frame.key))
      limits.turns += 1
      void limits
        .enter()
        .then(() => say(server, visitor, frame, send))
        .finally(() => {
          limits.turns -= 1
        })
    }
  })
}

const tooFast = (key: string, perMinute: number): ChatServerFrame => ({
  type: 'nack',
  key,
  code: 'rate',
  text: problems.rate,
  retryMs: pauseMs(perMinute),
})

/** The page keeps the message and sends it again by itself. */
const busy = (key: string): ChatServerFrame => ({ type: 'nack', key, code: 'busy', text: problems.busy, retryMs: 2_000 })

function parseFrame(data: string): ChatClientFrame | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(data)).data
  } catch {
    return undefined
  }
}

/** Tells the client which of its messages cannot be taken, so that it stops sending it again. */
function rejected(data: string): ChatServerFrame {
  const key = /"key":"([\w-]{8,64})"/.exec(data)?.[1] ?? ''
  const long = data.length > longestText
  return { type: 'nack', key, code: long ? 'tooLong' : 'malformed', text: long ? problems.tooLong(longestText) : problems.malformed }
}

async function say(
  { desk, shell }: Server,
  visitor: string,
  frame: Extract<ChatClientFrame, { type: 'say' }>,
  send: (frame: ChatServerFrame) => void,
): Promise<void> {
  try {
    const received = await desk.receive({
      externalId: `${visitor}:${frame.key}`,
      sender: { channel: 'web', id: visitor },
      content: frame.content,
      sentAt: shell.now(),
    })
    send({ type: 'ack', key: frame.key, seq: received.seq })
  } catch (fault) {
    if (fault instanceof UnknownFileError) return send({ type: 'nack', key: frame.key, code: 'unknownFile', text: fileProblems.unknown })
    if (!(fault instanceof DuplicateError)) shell.log.error({ err: fault }, 'message not stored')
    send(busy(frame.key))
  }
}

async function sync({ shell }: Server, personId: string, after: number, send: (frame: ChatServerFrame) => void): Promise<void> {
  try {
    const conversation = await conversationOf(shell.db.read, shell.cipher, personId)
    if (!conversation) return send({ type: 'messages', messages: [], state: { owner: 'bot', queued: false, version: 0, seq: 0, seen: 0 }, more: false })
    const messages = await messagesAfter(shell.db.read, shell.cipher, conversation.id, after, pageSize)
    send({ type: 'messages', messages: messages.map(chatMessage), state: chatState(conversation, shell.names), more: messages.length === pageSize })
  } catch (fault) {
    shell.log.error({ err: fault }, 'sync failed')
    send(busy(''))
  }
}
