import { randomInt } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { dropHandle, handlesOf, keepHandleCode } from '../../prisma/handles.ts'
import { problems } from '../../texts/api.ts'
import type { HandlesView } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'

const codeMs = 10 * 60_000
const few = { config: { rateLimit: { max: 10, timeWindow: '1 minute' } } }
const platformOf = z.object({ platform: z.string().max(30) })

/** Who one is at DingTalk or WeCom. A code shown here and sent from there proves both ends; nobody types a foreign user id. */
export function handleRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/handles', async (request): Promise<HandlesView> => {
    const staff = await staffOf(server, request)
    const own = await handlesOf(shell.db.read, staff.id)
    const personal = [...shell.pushes].filter(([, { ways }]) => ways.person)
    return { platforms: personal.map(([name, { ways }]) => ({ name, hears: ways.hears, bound: own.some(({ platform }) => platform === name) })) }
  })

  app.post('/api/staff/handles/code', few, async (request) => {
    const staff = await staffOf(server, request)
    const [code, until] = [String(randomInt(0, 100_000_000)).padStart(8, '0'), shell.now() + codeMs]
    await shell.db.write((sql) => keepHandleCode(sql, shell.cipher, staff.id, code, until))
    return { code, until }
  })

  app.post('/api/staff/handles/:platform/drop', async (request, reply) => {
    const staff = await staffOf(server, request)
    const { platform } = parse(platformOf, request.params)
    if ((await shell.db.write((sql) => dropHandle(sql, staff.id, platform))) === 0) throw new ProblemError('notFound', problems.notFound)
    await noteAudit(server, staff.id, 'handle dropped', platform)
    return reply.status(204).send()
  })
}
