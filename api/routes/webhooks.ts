import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import { replayWebhook, webhookLog } from '../../prisma/webhooks.ts'
import { problems } from '../../texts/api.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'

const listed = 100
const idOf = z.object({
  id: z.coerce
    .number()
    .int()
    .positive()
    .max(2 ** 31 - 1),
})

/** What other systems were told, and telling it again. */
export function webhookRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/webhooks', async (request) => {
    await staffOf(server, request, areas.people)
    return { rows: await webhookLog(shell.db.read, listed) }
  })

  app.post('/api/staff/webhooks/:id/replay', async (request, reply) => {
    const staff = await staffOf(server, request, areas.people)
    const { id } = parse(idOf, request.params)
    if (!(await replayWebhook(shell.db, id, shell.now()))) throw new ProblemError('notFound', problems.notFound)
    await noteAudit(server, staff.id, 'webhook replayed', String(id))
    return reply.status(204).send()
  })
}
