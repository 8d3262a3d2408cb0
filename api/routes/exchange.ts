import type { FastifyInstance } from 'fastify'
import { areas } from '../../casework/areas.ts'
import { dateOf } from '../../casework/day.ts'
import { exchange as words } from '../../texts/exchange.ts'
import type { ImportedOrders } from '../contract.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const largestBook = 2 * 1024 * 1024

/** Orders of 12345 in and what became of them out, as workbooks, where the two systems are not joined. */
export function exchangeRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.post('/api/staff/exchange/12345', { bodyLimit: largestBook }, async (request): Promise<ImportedOrders> => {
    const staff = await staffOf(server, request, areas.register)
    if (!Buffer.isBuffer(request.body)) throw new ProblemError('malformed', words.notBook)
    // Loaded when first needed, as in guides.ts: the library behind it is large.
    const { importOrders } = await import('../exchange.ts')
    const imported = await importOrders(shell, request.body)
    await noteAudit(server, staff.id, 'orders of 12345 imported', String(imported.taken.length))
    return imported
  })

  app.get('/api/staff/exchange/12345.xlsx', async (request, reply) => {
    const staff = await staffOf(server, request, areas.register)
    const { exportOrders } = await import('../exchange.ts')
    const file = await exportOrders(shell, shell.knowledge.current().office, staff.unit)
    await noteAudit(server, staff.id, 'orders of 12345 exported', '')
    const name = encodeURIComponent(words.file(dateOf(shell.now())))
    return reply.type(xlsxType).header('cache-control', 'no-store').header('content-disposition', `attachment; filename*=UTF-8''${name}`).send(file)
  })
}
