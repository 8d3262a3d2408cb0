import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import { addDays, instantOf } from '../../casework/day.ts'
import { type AuditLine, auditRows } from '../../prisma/audits.ts'
import { counts, schemaVersion } from '../../prisma/health.ts'
import { deadJobs, retryJob } from '../../prisma/jobs.ts'
import { problems } from '../../texts/api.ts'
import type { AuditRow, HealthView } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'

const listed = 50
const pageSize = 100
const idOf = z.object({ id: z.coerce.number().int() })
const date = z.iso.date()
const search = z.object({
  person: z.string().max(60).optional(),
  action: z.string().max(60).optional(),
  from: date.optional(),
  to: date.optional(),
  /** id of the last line of the page before */
  before: z.coerce.number().int().optional(),
})

/** Whether the machine runs, what has stopped, and who did what: for those who keep it running. */
export function keepRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server
  const startedAt = shell.now()
  // What was done to somebody's account names them by their id.
  const named = ({ staffId, subject, ...row }: AuditLine): AuditRow => ({
    ...row,
    subject: shell.names.get(subject) ?? subject,
    name: (staffId && shell.names.get(staffId)) || '',
  })

  app.get('/api/staff/audit', { config: { query: search } }, async (request): Promise<{ rows: readonly AuditRow[]; next?: number }> => {
    await staffOf(server, request, areas.audit)
    const { person, action, from, to, before } = parse(search, request.query)
    const rows = await auditRows(shell.db.read, {
      person,
      action,
      before,
      from: from === undefined ? undefined : instantOf(from),
      to: to === undefined ? undefined : instantOf(addDays(to, 1)),
      limit: pageSize,
    })
    const next = rows.length === pageSize ? rows.at(-1)?.id : undefined
    return { rows: rows.map(named), ...(next ? { next } : {}) }
  })

  app.get('/api/staff/jobs/dead', async (request) => {
    await staffOf(server, request, areas.keep)
    const jobs = await deadJobs(shell.db.read, listed)
    return {
      rows: jobs.map(({ id, kind, runAt, attempts, lastError, payload }) => ({
        id,
        kind,
        runAt,
        attempts,
        lastError,
        ticketId: payload['ticketId'],
        conversationId: payload['conversationId'],
      })),
    }
  })

  app.post('/api/staff/jobs/:id/retry', async (request, reply) => {
    const staff = await staffOf(server, request, areas.keep)
    const { id } = parse(idOf, request.params)
    if (!(await retryJob(shell.db, id, shell.now()))) throw new ProblemError('notFound', problems.notFound)
    await noteAudit(server, staff.id, 'job retried', String(id))
    return reply.status(204).send()
  })

  app.get('/api/staff/health', async (request): Promise<HealthView> => {
    await staffOf(server, request, areas.keep)
    const asked = performance.now()
    const [stored, schema] = await Promise.all([counts(shell.db, shell.cipher, shell.now()), schemaVersion(shell.db.read)])
    const { office, guides } = shell.knowledge.current()
    return {
      at: shell.now(),
      version: server.version,
      node: process.version,
      schema,
      startedAt,
      databaseMs: Math.round((performance.now() - asked) * 10) / 10,
      sockets: server.sockets.size(),
      stored,
      ticks: [...shell.ticks].map(([what, { at, lateMs, failedAt }]) => ({ what, at, lateMs, ...(failedAt === undefined ? {} : { failedAt }) })),
      guides: guides.size,
      departments: office.departments.length,
      channels: [...shell.channels.keys(), ...shell.pushes.keys()],
    }
  })
}
