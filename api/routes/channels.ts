import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ChannelError, type HttpReply, type HttpRequest, type Receipt } from '../../channels/contract.ts'
import type { StaffReceipt } from '../../channels/push.ts'
import { dropAside, putAside } from '../../prisma/asides.ts'
import { messagesAfter } from '../../prisma/conversations.ts'
import { answerInPlace, deliveryKey } from '../../prisma/deliveries.ts'
import { enqueue } from '../../prisma/jobs.ts'
import { problems } from '../../texts/api.ts'
import { takeIn } from '../arrivals.ts'
import type { Received } from '../desk.ts'
import { hear } from '../hearing.ts'
import { spokenAtOnce } from '../outbox.ts'
import { withOwnPage } from '../ownpage.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { newId } from '../shell.ts'
import { pullJob } from '../workers/pulls.ts'

/** Larger than what any channel takes, so that the channel itself says no. */
const largestPush = 128 * 1024

/** Platforms hang up after five seconds and push again: an answer given later than this may not arrive any more. */
const patienceMs = 3_500
/** What is left then for putting a push aside. */
const asideMs = 1_000
/** After that somebody else deals with it. */
const asideForMs = 60_000

/** A platform pushes for all citizens from a few addresses; what is not signed by it costs one hash. */
const rateLimit = { max: 30_000, timeWindow: '1 minute' }

/** Replies of one turn. */
const mostReplies = 20

/** Where the platforms push to: /api/channels/NAME, and below it for those that sign by a secret path. */
export function channelRoutes(app: FastifyInstance, server: Server): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestPush }, (_request, body, done) => done(null, body))
    for (const url of ['/api/channels/:name', '/api/channels/:name/*']) {
      scope.route({
        method: ['GET', 'POST'],
        url,
        config: { rateLimit },
        handler: async (request: FastifyRequest<{ Params: { name: string } }>, reply) => {
          const { status, headers, body } = await pushed(server, request.params.name, asHttp(request))
          return reply
            .status(status)
            .headers(headers ?? {})
            .send(body)
        },
      })
    }
  })
}

export function asHttp(request: FastifyRequest): HttpRequest {
  const texts = (all: object): Record<string, string> =>
    Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return {
    address: request.ip,
    method: request.method,
    path: request.url.split('?')[0] ?? '',
    query: texts(request.query ?? {}),
    headers: texts(request.headers),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  }
}

async function pushed(server: Server, name: string, request: HttpRequest): Promise<HttpReply> {
  const { shell } = server
  const heard = shell.pushes.get(name)?.receive
  if (heard)
    return heardStaff(
      server,
      name,
      read(() => heard(request, shell.now())),
    )
  const channel = shell.channels.get(name)
  if (!channel) throw new ProblemError('notFound', problems.notFound)
  const receipt = read(() => channel.receive(request, shell.now()))
  const storing = storedIn(server, name, receipt)
  const stored = await within(patienceMs, storing).catch((fault) => {
    if (!receipt.late) throw fault
  })
  if (!stored) return late(server, name, request, receipt, storing)
  const [only] = stored
  return (only && stored.length === 1 && (await inPlace(server, only, receipt))) || receipt.ack
}

/** Too slow for the platform: kept whole where it is told so, so that it need not push again, and the answer goes out as a message of its own. */
async function late({ shell }: Server, name: string, request: HttpRequest, receipt: Receipt, storing: Promise<unknown>): Promise<HttpReply> {
  const id = newId()
  const aside = { channel: name, at: shell.now(), request }
  const put = async (): Promise<true> => {
    await shell.commit((sql) => putAside(sql, shell.cipher, id, aside, shell.now() + asideForMs))
    return true
  }
  // Not on disk, so not acknowledged: the platform pushes again and finds it stored.
  if (!receipt.late || !(await within(asideMs, put()))) throw new ProblemError('busy', problems.busy)
  storing
    .then(() => shell.commit((sql) => dropAside(sql, id, shell.now())))
    .catch((fault) => shell.log.error({ err: fault, channel: name }, 'late push failed, will be tried again'))
  return receipt.late
}

async function storedIn({ shell, desk }: Server, name: string, receipt: Receipt): Promise<Received[]> {
  const { pull } = receipt
  if (pull) await shell.commit((sql) => enqueue(sql, [pullJob(name, pull, shell.now())], shell.now()))
  return takeIn(shell, desk, receipt, name)
}

/** Words and taps of the staff: stored before they are acknowledged. */
async function heardStaff({ shell }: Server, platform: string, { said, ack }: StaffReceipt): Promise<HttpReply> {
  const stored = await within(patienceMs, Promise.all(said.map((words) => hear(shell, platform, words))))
  if (!stored) throw new ProblemError('busy', problems.busy)
  return ack
}

function read<R>(receive: () => R): R {
  try {
    return receive()
  } catch (fault) {
    if (!(fault instanceof ChannelError)) throw fault
    throw fault.code === 'forged' ? new ProblemError('forbidden', problems.forbidden) : new ProblemError('malformed', problems.malformed)
  }
}

/** The answer inside the platform's request, where it fits; it is the stored one, so that a second push gets it again. */
async function inPlace({ shell }: Server, { conversationId, seq }: Received, { answer }: Receipt): Promise<HttpReply | undefined> {
  if (!answer) return undefined
  const following = await messagesAfter(shell.db.read, shell.cipher, conversationId, seq, mostReplies)
  const replies = following.filter((message) => message.answers === seq)
  const reply = replies.length > 0 ? answer(withOwnPage(shell, conversationId, spokenAtOnce(replies))) : undefined
  if (!reply) return undefined
  return (await shell.commit((sql) => answerInPlace(sql, deliveryKey(conversationId, seq + 1), shell.now()))) ? reply : undefined
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, patience])
  } finally {
    clearTimeout(timer)
  }
}
