import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { endSession, type StaffMember, sessionsOf, setPassword, setSecondFactor } from '../../prisma/staff.ts'
import { problems } from '../../texts/api.ts'
import type { EnrolmentView, SessionView } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import { enrol, newEnrolment } from '../secondfactor.ts'
import type { Server } from '../server.ts'
import { checkPassword, hashPassword, noteAudit, openSession, openSessions, provePassword, sessionOf, staffView } from '../session.ts'

const password = z.string().min(1).max(200)
const change = z.object({ current: password, next: z.string().max(200) })
const binding = z.object({ secret: z.string().regex(/^[A-Z2-7]{32}$/), code: z.string().regex(/^\d{6}$/) })
const idOf = z.object({ id: z.string().min(8).max(64) })

/** One's own account: password, second factor, open sessions. Open also to those who must first change or bind something. */
export function accountRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server
  const slow = { config: { rateLimit: { max: 20, timeWindow: '1 minute' } } }
  const own = async (request: FastifyRequest): Promise<StaffMember> => {
    const staff = await sessionOf(server, request)
    if (!staff) throw new ProblemError('loginRequired', problems.loginRequired)
    return staff
  }

  app.get('/api/staff/me', async (request) => staffView(server, await own(request)))

  app.post('/api/staff/password', slow, async (request, reply) => {
    const staff = await own(request)
    const { current, next } = parse(change, request.body)
    checkPassword(next, current, staff.account)
    await provePassword(server, staff, current)
    await setPassword(shell.db, staff.id, await hashPassword(next), false, shell.now())
    return openSession(server, request, reply, { ...staff, mustChange: false, passwordAt: shell.now() })
  })

  app.get(
    '/api/staff/sessions',
    async (request): Promise<{ rows: SessionView[] }> => ({
      rows: await openSessions(server, (await own(request)).id, request),
    }),
  )
  app.post('/api/staff/sessions/:id/end', async (request, reply) => {
    const staff = await own(request)
    const { id } = parse(idOf, request.params)
    const session = (await sessionsOf(shell.db, staff.id, 0, 0)).find((one) => one.tokenHash.startsWith(id))
    if (!session) throw new ProblemError('notFound', problems.notFound)
    await endSession(shell.db, session.tokenHash)
    return reply.status(204).send()
  })

  app.post('/api/staff/second-factor', slow, async (request): Promise<EnrolmentView> => newEnrolment((await own(request)).account))
  app.post('/api/staff/second-factor/bind', slow, async (request) => {
    const staff = await own(request)
    const { secret, code } = parse(binding, request.body)
    await enrol(server, staff, secret, code)
    await noteAudit(server, staff.id, 'second factor bound', staff.id)
    return staffView(server, { ...staff, secondFactor: 'bound' })
  })
  app.post('/api/staff/second-factor/unbind', slow, async (request) => {
    const staff = await own(request)
    await provePassword(server, staff, parse(z.object({ password }), request.body).password)
    await setSecondFactor(shell.db, staff.id, null)
    await noteAudit(server, staff.id, 'second factor taken away', staff.id)
    return staffView(server, { ...staff, secondFactor: undefined })
  })
}
