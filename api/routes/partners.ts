import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ChannelError } from '../../channels/contract.ts'
import { mostPartnerSkewMs, requireSigned } from '../../channels/partner.ts'
import { takeNonce } from '../../prisma/partners.ts'
import { problems } from '../../texts/api.ts'
import { partners as words } from '../../texts/partners.ts'
import { externalIdOf, handedCase, handedStatus, takeCase } from '../handed.ts'
import { parse } from '../parse.ts'
import type { Partner } from '../partners.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import type { Shell } from '../shell.ts'
import { asHttp } from './channels.ts'

/** A case is some kilobytes. */
const largestCase = 64 * 1024

/** A platform hands over for a whole province from a few addresses; what is not signed costs two hashes. */
const rateLimit = { max: 6_000, timeWindow: '1 minute' }

const idOf = z.object({ externalId: externalIdOf })

/** What other systems hand over and ask for; every request is signed over its raw bytes, so these are kept as they came until then. */
export function partnerRoutes(app: FastifyInstance, { shell }: Server): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestCase }, (_request, body, done) => done(null, body))

    scope.post('/api/partner/tickets', { config: { rateLimit, body: handedCase } }, async (request, reply) => {
      const partner = await partnerOf(shell, request)
      const handed = await takeCase(shell, partner, readCase(request.body))
      return reply.status(handed.repeated ? 200 : 201).send(handed)
    })

    scope.get('/api/partner/tickets/:externalId', { config: { rateLimit } }, async (request) => {
      const partner = await partnerOf(shell, request)
      const { externalId } = parse(idOf, request.params)
      const view = await handedStatus(shell, partner.id, externalId)
      if (!view) throw new ProblemError('notFound', problems.notFound)
      return view
    })
  })
}

/** Who has signed this request, for the first time. @throws ProblemError 'forbidden' | 'replayed' */
async function partnerOf(shell: Shell, request: FastifyRequest): Promise<Partner> {
  const http = asHttp(request)
  const partner = shell.partners.get(http.headers['x-bandecheng-partner'] ?? '')
  const nonce = partner && signedNonce(() => requireSigned(http, request.url, partner.secret, shell.now()))
  if (!partner || nonce === undefined) throw new ProblemError('forbidden', words.notSigned)
  // Kept for as long as its time stamp may be taken: five minutes before now and five after.
  if (!(await shell.commit((sql) => takeNonce(sql, partner.id, nonce, shell.now(), 2 * mostPartnerSkewMs)))) throw new ProblemError('replayed', words.replayed)
  return partner
}

function signedNonce(read: () => string): string | undefined {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof ChannelError) return undefined
    throw fault
  }
}

function readCase(body: unknown): z.output<typeof handedCase> {
  const parsed = handedCase.safeParse(readJson(body))
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.').slice(0, 60)) : [issue.path.join('.') || words.whole],
  )
  throw new ProblemError('malformed', words.wrongFields([...new Set(fields)].slice(0, 20)))
}

function readJson(body: unknown): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.isBuffer(body) ? body : Buffer.alloc(0)))
  } catch {
    throw new ProblemError('malformed', words.notJson)
  }
}
