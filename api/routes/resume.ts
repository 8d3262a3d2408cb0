import { randomInt } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { conversationOf } from '../../prisma/conversations.ts'
import { keepResumeCode, useResumeCode } from '../../prisma/resume.ts'
import { resume as words } from '../../texts/mine.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { createRate } from '../sockets.ts'
import { carries, personOf, rememberVisitor } from '../visitor.ts'

const codeMs = 10 * 60_000
const given = z.object({ code: z.string().min(8).max(20) })
const few = { rateLimit: { max: 6, timeWindow: '1 minute' } }
/** All tries of everybody together: at this pace a code of eight digits that lives ten minutes is not found by trying. */
const triesPerMinute = 60

/** Going on with a talk on another device: a short code that is read off one screen and typed on the other. */
export function resumeRoutes(app: FastifyInstance, server: Server): void {
  const { shell, visitors } = server
  const tries = createRate(triesPerMinute, shell.now)

  app.post('/api/resume/code', { config: few }, async (request) => {
    const { visitor, personId } = personOf(request, server)
    if (!(await conversationOf(shell.db.read, shell.cipher, personId))) throw new ProblemError('notFound', words.nothing)
    const [code, until] = [String(randomInt(0, 100_000_000)).padStart(8, '0'), shell.now() + codeMs]
    await shell.db.write((sql) => keepResumeCode(sql, shell.cipher, personId, visitor, code, until))
    return { code, until }
  })

  app.post('/api/resume', { config: { ...few, body: given } }, async (request, reply) => {
    const code = parse(given, request.body).code.normalize('NFKC').replace(/\D/g, '')
    if (!tries.take()) throw new ProblemError('rate', words.busy)
    const visitor = await shell.db.write((sql) => useResumeCode(sql, shell.cipher, code, shell.now()))
    if (visitor === undefined) throw new ProblemError('notFound', words.wrong)
    const token = visitors.issue(visitor)
    if (carries(request)) return { token }
    rememberVisitor(request, reply, server, token)
    return reply.status(204).send()
  })
}
