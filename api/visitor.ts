import type { FastifyReply, FastifyRequest } from 'fastify'
import { personIdOf } from '../prisma/conversations.ts'
import { problems } from '../texts/api.ts'
import { holderOfPass } from './ownpage.ts'
import { ProblemError } from './problems.ts'
import type { Server } from './server.ts'

const cookieName = 'bdc_visitor'
const yearSeconds = 365 * 86_400

/** Of the widget, kept by browsers for each foreign site apart; only HTTPS can have it. */
const widgetCookie = 'bdc_widget'

/**
 * Inside a foreign page browsers send none of our ordinary cookies: the widget carries the same signed token itself, in this header, and in the list
 * of protocols when it opens the socket (browsers send no headers with that).
 */
const tokenHeader = 'x-bandecheng-visitor'
const socketProtocol = 'bandecheng'

function tokenOf({ headers, cookies }: FastifyRequest): string | undefined {
  const [name, offered] = headers['sec-websocket-protocol']?.split(/,\s*/) ?? []
  const carried = headers[tokenHeader] ?? (name === socketProtocol ? offered : undefined)
  return typeof carried === 'string' && carried !== '' ? carried : (cookies[cookieName] ?? cookies[widgetCookie])
}

/** Whether the request carries a good token itself. */
export const carries = ({ headers }: FastifyRequest): boolean => headers[tokenHeader] !== undefined

export const visitorOf = (request: FastifyRequest, { visitors }: Server): string | undefined => visitors.read(tokenOf(request))

/** The person that a visitor is in conversations. @throws ProblemError 'loginRequired' */
export function personOf(request: FastifyRequest, server: Server): { readonly visitor: string; readonly personId: string } {
  const visitor = visitorOf(request, server)
  if (visitor === undefined) throw new ProblemError('loginRequired', problems.noVisitor)
  return { visitor, personId: personIdOf('web', visitor) }
}

const passHeader = 'x-bandecheng-own'

/** Whose data are asked for: of the holder of a pass, else of the visitor. @throws ProblemError 'loginRequired' */
export async function ownerOf(request: FastifyRequest, server: Server): Promise<{ readonly personId: string; readonly byPass: boolean }> {
  const pass = request.headers[passHeader]
  if (pass === undefined) return { personId: personOf(request, server).personId, byPass: false }
  const personId = await holderOfPass(server.shell, String(pass))
  if (personId === undefined) throw new ProblemError('loginRequired', problems.passOver)
  return { personId, byPass: true }
}

/** The token that the visitor has, or a new one. */
export const tokenFor = (request: FastifyRequest, server: Server): string => (visitorOf(request, server) ? (tokenOf(request) ?? '') : server.visitors.issue())

/** In a foreign page: the token that the widget carries or that its own cookie holds, or a new one; never that of the site's ordinary visitor. */
export function widgetToken(request: FastifyRequest, reply: FastifyReply, server: Server): string {
  const known = carries(request) ? tokenOf(request) : request.cookies[widgetCookie]
  const token = server.visitors.read(known) ? (known ?? '') : server.visitors.issue()
  if (server.secure(request))
    reply.setCookie(widgetCookie, token, { path: '/', httpOnly: true, sameSite: 'none', secure: true, partitioned: true, maxAge: yearSeconds })
  return token
}

export function rememberVisitor(request: FastifyRequest, reply: FastifyReply, server: Server, token: string): void {
  reply.setCookie(cookieName, token, { path: '/', httpOnly: true, sameSite: 'strict', secure: server.secure(request), maxAge: yearSeconds })
}

export const forgetVisitor = (reply: FastifyReply): FastifyReply =>
  reply.clearCookie(cookieName, { path: '/' }).clearCookie(widgetCookie, { path: '/', sameSite: 'none', secure: true, partitioned: true })
