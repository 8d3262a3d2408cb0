import type { FastifyReply, FastifyRequest } from 'fastify'
import { personIdOf } from '../prisma/conversations.ts'
import { problems } from '../texts/api.ts'
import { ProblemError } from './problems.ts'
import type { Server } from './server.ts'

const cookieName = 'bdc_visitor'
const yearSeconds = 365 * 86_400

/**
 * Inside a foreign page browsers keep no cookie for us, and on plain HTTP no attribute would help: the widget carries the same signed token
 * itself, in this header, and in the list of protocols when it opens the socket (browsers send no headers with that).
 */
const tokenHeader = 'x-bandecheng-visitor'
export const socketProtocol = 'bandecheng'

function tokenOf({ headers, cookies }: FastifyRequest): string | undefined {
  const [name, offered] = headers['sec-websocket-protocol']?.split(/,\s*/) ?? []
  const carried = headers[tokenHeader] ?? (name === socketProtocol ? offered : undefined)
  return typeof carried === 'string' && carried !== '' ? carried : cookies[cookieName]
}

export const visitorOf = (request: FastifyRequest, { visitors }: Server): string | undefined => visitors.read(tokenOf(request))

/** The person that a visitor is in conversations. @throws ProblemError 'loginRequired' */
export function personOf(request: FastifyRequest, server: Server): { readonly visitor: string; readonly personId: string } {
  const visitor = visitorOf(request, server)
  if (visitor === undefined) throw new ProblemError('loginRequired', problems.noVisitor)
  return { visitor, personId: personIdOf('web', visitor) }
}

/** The token that the visitor has, or a new one. */
export const tokenFor = (request: FastifyRequest, server: Server): string => (visitorOf(request, server) ? (tokenOf(request) ?? '') : server.visitors.issue())

export function rememberVisitor(request: FastifyRequest, reply: FastifyReply, server: Server, token: string): void {
  reply.setCookie(cookieName, token, { path: '/', httpOnly: true, sameSite: 'strict', secure: server.secure(request), maxAge: yearSeconds })
}
