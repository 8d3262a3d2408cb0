import type { FastifyError, FastifyInstance } from 'fastify'
import { problems } from '../texts/api.ts'

/** Every error that the server answers with: code → HTTP status. The text for the person comes from texts/api.ts. */
export const statusOf = {
  malformed: 400,
  tooLong: 413,
  login: 401,
  loginRequired: 401,
  codeRequired: 401,
  wrongCode: 401,
  mustChangePassword: 403,
  mustEnrol: 403,
  forbidden: 403,
  forbiddenOrigin: 403,
  notFound: 404,
  noProgress: 404,
  linkGone: 410,
  linkExpired: 403,
  stale: 409,
  taken: 409,
  notYours: 409,
  answered: 409,
  replayed: 409,
  differs: 409,
  accountTaken: 409,
  refused: 422,
  refusedFile: 422,
  weakPassword: 422,
  rate: 429,
  locked: 429,
  internal: 500,
  busy: 503,
} as const

export type ProblemCode = keyof typeof statusOf

/** An expected "no" of the server. `detail` is what the person reads. `of` names the rule when the casework refused. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly of: string | undefined
  constructor(code: ProblemCode, detail: string, of?: string) {
    super(detail)
    this.name = 'ProblemError'
    this.code = code
    this.of = of
  }
}

/** One error handler: everything unexpected is logged, and only expected answers tell the client more than "internal". */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((fault: FastifyError | ProblemError, request, reply) => {
    if (fault instanceof ProblemError) return reply.status(statusOf[fault.code]).send({ code: fault.of ?? fault.code, message: fault.message })
    const status = fault.statusCode ?? 500
    if (status === 429) return reply.status(429).send({ code: 'rate', message: problems.rate })
    if (status >= 400 && status < 500) return reply.status(status).send({ code: 'malformed', message: problems.malformed })
    request.log.error({ err: fault }, 'request failed')
    return reply.status(500).send({ code: 'internal', message: problems.internal })
  })
  app.setNotFoundHandler((_request, reply) => reply.status(404).send({ code: 'notFound', message: problems.notFound }))
}
