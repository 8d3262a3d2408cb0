import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Command } from '../../casework/decision.ts'
import type { SurveyAnswer, Ticket } from '../../casework/ticket.ts'
import { attachmentById } from '../../prisma/attachments.ts'
import { DuplicateError, StaleError } from '../../prisma/committer.ts'
import { commandAnswer } from '../../prisma/staff.ts'
import { ticketById } from '../../prisma/tickets.ts'
import { problems } from '../../texts/api.ts'
import { survey } from '../../texts/bot.ts'
import { caseProblems } from '../../texts/casepage.ts'
import { caseView, caseViewer, citizenOf, heldCase, isForCitizen, mayRate } from '../casepage.ts'
import { runCommand } from '../cases.ts'
import type { FileView, ProgressView } from '../contract.ts'
import { keepFile } from '../files/keep.ts'
import { fileView } from '../files/link.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { bytesOf, takeBytes, upload } from './files.ts'

const key = z.string().regex(/^[\w-]{8,64}$/)
const adding = z.object({ key, text: z.string().trim().min(1).max(2_000) })
const withdrawing = z.object({ key })
const rating = z.object({
  key,
  solved: z.enum(['yes', 'partly', 'no', 'explained']),
  rating: z.literal([1, 2, 3, 4, 5]).optional(),
  reasons: z
    .array(z.enum(survey.reasons.map(({ text }) => text) as [string, ...string[]]))
    .max(7)
    .default([]),
  comment: z.string().trim().max(1_000).default(''),
})
const fileId = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) })

/** Commands of citizens stand in the log of commands under this name. */
const citizen = 'citizen'

/** The citizen's own case, for whoever holds its pass. Looking at it never changes it: links are opened by scanners too. */
export function caseRoutes(app: FastifyInstance, server: Server): void {
  const { shell, links } = server
  const perCase = {
    max: 30,
    timeWindow: '1 minute',
    keyGenerator: ({ headers, ip }: FastifyRequest) => `case ${String(headers['x-bandecheng-pass'] ?? ip).split('.')[0]}`,
  }
  const config = { rateLimit: perCase }

  app.get('/api/case', { config }, async (request): Promise<ProgressView> => caseView(server, await heldCase(server, request)))

  app.post('/api/case/add', { config: { ...config, body: adding } }, async (request): Promise<ProgressView> => {
    const ticket = await heldCase(server, request)
    const given = parse(adding, request.body)
    return done(server, ticket, given.key, { type: 'amend', facts: {}, note: caseProblems.added(given.text) })
  })

  app.post('/api/case/withdraw', { config: { ...config, body: withdrawing } }, async (request): Promise<ProgressView> => {
    const ticket = await heldCase(server, request)
    return done(server, ticket, parse(withdrawing, request.body).key, { type: 'withdraw', reason: caseProblems.withdrawReason })
  })

  app.post('/api/case/rate', { config: { ...config, body: rating } }, async (request): Promise<ProgressView> => {
    const ticket = await heldCase(server, request)
    const { key: _, rating: rate, ...given } = parse(rating, request.body)
    const answer: SurveyAnswer = {
      solved: given.solved,
      ...(rate === undefined ? {} : { rating: rate }),
      ...(given.reasons.length > 0 ? { reasons: given.reasons } : {}),
      ...(given.comment ? { comment: given.comment } : {}),
    }
    // One key for each reply, whoever sends it: the second answer finds the first.
    const round = `rate-${ticket.reopened + 1}`
    const known = await commandAnswer(shell.db, commandOf(ticket, round), citizen)
    if (!known && !mayRate(ticket)) throw new ProblemError('refused', caseProblems.rated, 'rated')
    return done(server, ticket, round, { type: 'callback', outcome: 'answered', answer }, ticket.version)
  })

  void app.register(async (scope) => {
    takeBytes(scope)
    scope.post('/api/case/files', { config: { ...config, query: upload } }, async (request): Promise<FileView> => {
      const ticket = await heldCase(server, request)
      const given = parse(upload, request.query)
      if (!(await caseView(server, ticket)).may.add) throw new ProblemError('refused', caseProblems.over, 'wrongStage')
      const kept = await keepFile(shell, {
        channel: 'case',
        key: `${ticket.id}:${given.key}`,
        bytes: bytesOf(request),
        name: given.name,
        owner: { ticketId: ticket.id },
      })
      await done(server, ticket, given.key, { type: 'amend', facts: {}, note: caseProblems.paper(kept.name) })
      return fileView(kept, caseViewer(ticket), links, shell.now())
    })
  })

  app.get('/api/case/files/:id', { config }, async (request): Promise<FileView> => {
    const ticket = await heldCase(server, request)
    const file = await attachmentById(shell.db.read, shell.cipher, parse(fileId, request.params).id)
    if (file?.ticketId !== ticket.id || !isForCitizen(file)) throw new ProblemError('notFound', problems.notFound)
    return fileView(file, caseViewer(ticket), links, shell.now())
  })
}

const commandOf = ({ id }: Ticket, name: string): string => `${citizen}:${id}:${name}`

/** Runs a command once under its key; sent again, it is answered with the case as it is now. @throws ProblemError 'refused' */
async function done(server: Server, { id }: Ticket, name: string, command: Command, version?: number): Promise<ProgressView> {
  const { shell } = server
  const before = await ticketById(shell.db.read, shell.cipher, id)
  if (!before) throw new ProblemError('notFound', problems.notFound)
  const commandId = commandOf(before, name)
  if (!(await commandAnswer(shell.db, commandId, citizen))) {
    try {
      const answer = await runCommand(shell, {
        ticketId: id,
        command,
        by: citizenOf(before),
        ...(version === undefined ? {} : { version }),
        also: (sql, after) => sql.insert('CommandLog', [{ commandId, staffId: citizen, subject: id, version: after.version, at: shell.now() }]),
      })
      if (!answer.ok) throw new ProblemError('refused', answer.refusal.detail, answer.refusal.code)
    } catch (fault) {
      // The same came twice at once: the other one did it.
      if (!(fault instanceof DuplicateError) && !(await commandAnswer(shell.db, commandId, citizen)))
        throw fault instanceof StaleError ? new ProblemError('stale', problems.stale) : fault
    }
  }
  const after = await ticketById(shell.db.read, shell.cipher, id)
  return caseView(server, after ?? before)
}
