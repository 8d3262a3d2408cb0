import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { problems } from '../../texts/api.ts'
import type { Metrics } from '../metrics.ts'
import { ProblemError } from '../problems.ts'
import { hashOf } from '../tokens.ts'

/** GET /metrics for Prometheus, which must bring the token. */
export function metricsRoute(app: FastifyInstance, metrics: Metrics, token: string): void {
  const expected = Buffer.from(hashOf(`Bearer ${token}`))
  app.addHook('onResponse', async (request, reply) => {
    metrics.request(request.method, request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime / 1_000)
  })
  app.get('/metrics', async (request, reply) => {
    const given = Buffer.from(hashOf(request.headers.authorization ?? ''))
    if (!timingSafeEqual(given, expected)) throw new ProblemError('loginRequired', problems.loginRequired)
    return reply.type(metrics.contentType).send(await metrics.text())
  })
}
