import type { FastifyInstance, FastifyRequest } from 'fastify'
import { staffByAccount } from '../../prisma/staff.ts'
import type { Server } from '../server.ts'
import { openSession } from '../session.ts'
import { createSignOn, type Pending } from '../signon.ts'

const cookieName = 'bdc_signon'
const callbackPath = '/api/staff/sign-on/callback'

/** Sign-on through the authority's identity provider. It proves who somebody is; which account and roles that is stands in the list of people. */
export function signOnRoutes(app: FastifyInstance, server: Server): void {
  const { shell, config } = server
  const signOn = createSignOn(config, shell.now)
  app.get('/api/staff/sign-on', async () => ({ offered: signOn !== undefined }))
  if (!signOn) return
  const slow = { config: { rateLimit: { max: 20, timeWindow: '1 minute' } } }
  const own = (request: FastifyRequest) => config.PUBLIC_ORIGIN ?? `${request.protocol}://${request.host}`

  app.get('/api/staff/sign-on/begin', slow, async (request, reply) => {
    const { url, pending } = await signOn.begin(`${own(request)}${callbackPath}`)
    // `lax`: the provider's page sends the browser back from another site.
    const cookie = { path: callbackPath, httpOnly: true, sameSite: 'lax', secure: server.secure(request), maxAge: 600 } as const
    return reply.setCookie(cookieName, shell.cipher.seal(pending, cookieName), cookie).redirect(url)
  })

  app.get(callbackPath, slow, async (request, reply) => {
    reply.clearCookie(cookieName, { path: callbackPath })
    const account = await accountOf(new URL(request.url, own(request)), request.cookies[cookieName])
    if (account === undefined) return reply.redirect('/console/login?signOn=failed')
    const staff = await staffByAccount(shell.db, account)
    if (!staff || staff.disabled) return reply.redirect('/console/login?signOn=unknown')
    await openSession(server, request, reply, staff)
    return reply.redirect('/console?signOn=done')
  })

  async function accountOf(answer: URL, sealed: string | undefined): Promise<string | undefined> {
    try {
      return await signOn?.finish(answer, shell.cipher.open<Pending>(sealed ?? '', cookieName))
    } catch (fault) {
      shell.log.warn({ err: fault }, 'sign-on failed')
      return undefined
    }
  }
}
