import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Conversation } from '../bot/turn.ts'
import { problems } from '../texts/api.ts'
import { ProblemError } from './problems.ts'
import type { Server } from './server.ts'
import type { Shell } from './shell.ts'
import { personOf } from './visitor.ts'

/** Long enough to read and to take along on a slow line; whoever is handed the link later finds it over. */
const validMinutes = 30
const header = 'x-bandecheng-own'

const signed = ({ cipher }: Pick<Shell, 'cipher'>, personId: string, until: string): string => cipher.index('own page', `${personId}:${until}`)

/** Where whoever writes through a platform has the page of their own data. The platform vouches for who they are; the pass stands behind the hash, where no log sees it. */
export function ownPage(shell: Shell, { channel, personId }: Conversation): { readonly url: string; readonly minutes: number } | undefined {
  if (shell.origin === undefined || !shell.channels.get(channel)?.links) return undefined
  const until = String(shell.now() + validMinutes * 60_000)
  return { url: `${shell.origin}/privacy#own=${personId}.${until}.${signed(shell, personId, until)}`, minutes: validMinutes }
}

/** Whose data are asked for: of the holder of a pass, else of the visitor. @throws ProblemError 'loginRequired' */
export function ownerOf(request: FastifyRequest, server: Server): { readonly personId: string; readonly byPass: boolean } {
  const pass = request.headers[header]
  if (pass === undefined) return { personId: personOf(request, server).personId, byPass: false }
  const [personId = '', until = '', signature = ''] = String(pass).split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(signed(server.shell, personId, until))]
  const holds = given.length === right.length && timingSafeEqual(given, right) && Number(until) > server.shell.now()
  if (!holds) throw new ProblemError('loginRequired', problems.passOver)
  return { personId, byPass: true }
}
