import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { areas, areasOf } from '../../casework/areas.ts'
import { type Attachment, attachmentById, attachmentsOfTicket } from '../../prisma/attachments.ts'
import { problems } from '../../texts/api.ts'
import { fileNotes, fileProblems } from '../../texts/files.ts'
import type { FileView } from '../contract.ts'
import { largestFile } from '../files/check.ts'
import { keepFile } from '../files/keep.ts'
import { fileView, type Link, linkHolds } from '../files/link.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import { refuseHiddenTalk } from '../secrecy.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'
import { personOf, visitorOf } from '../visitor.ts'
import { visibleTicket } from './tickets.ts'

export const upload = z.object({ key: z.string().regex(/^[\w-]{8,64}$/), name: z.string().max(300).default('') })
const idOf = z.object({ id: z.string().regex(/^[\w-]{1,100}$/) })
const link = z.object({ viewer: z.string().max(100), until: z.string().max(20), signature: z.string().max(100) })

/** People in one hall share an address, so it is counted by visitor; together they are held back by what the server can unpack. */
const perVisitor = { max: 20, timeWindow: '1 minute' }
/** Each holds its whole file in memory until its turn has come. */
const mostAtOnce = 12

/** What citizens send besides words. The body of an upload is the file itself. */
export function fileRoutes(app: FastifyInstance, server: Server): void {
  const { shell, links } = server
  const keyGenerator = (request: FastifyRequest): string => `upload ${visitorOf(request, server) ?? request.ip}`
  let running = 0
  void app.register(async (scope) => {
    takeBytes(scope)
    scope.post('/api/files', { config: { rateLimit: { ...perVisitor, keyGenerator }, query: upload } }, async (request): Promise<FileView> => {
      const { visitor, personId } = personOf(request, server)
      const { key, name } = parse(upload, request.query)
      if (running >= mostAtOnce) throw new ProblemError('busy', fileProblems.busy)
      running += 1
      try {
        const kept = await keepFile(shell, { channel: 'web', key: `${visitor}:${key}`, bytes: bytesOf(request), name, owner: { personId } })
        return fileView(kept, `person:${personId}`, links, shell.now())
      } finally {
        running -= 1
      }
    })
  })

  app.get('/api/files/:id', async (request): Promise<FileView> => {
    const { personId } = personOf(request, server)
    const file = await fileOf(server, request)
    if (file.personId !== personId) throw new ProblemError('notFound', problems.notFound)
    return fileView(file, `person:${personId}`, links, shell.now())
  })

  app.get('/api/files/:id/content', { config: { query: link } }, async (request, reply) => {
    const given = parse(link, request.query)
    const file = await fileOf(server, request)
    if (!linkHolds(file.id, given, links, shell.now())) throw new ProblemError('linkExpired', fileProblems.expired)
    await noteOpened(server, request, file, given)
    if (file.state !== 'ready') throw new ProblemError('linkGone', file.state === 'checking' ? fileProblems.checking : fileProblems.gone)
    const bytes = await shell.store.take(file.id)
    if (!bytes) throw new ProblemError('linkGone', fileProblems.gone)
    return hand(reply, file).send(bytes)
  })

  app.get('/api/staff/files/:id', async (request): Promise<FileView> => {
    const staff = await staffOf(server, request, areas.cases)
    const file = await fileOf(server, request)
    if (file.ticketId !== null) await visibleTicket(server, file.ticketId, staff)
    else if (file.conversationId === null || !areasOf(staff.roles).includes('talk')) throw new ProblemError('notFound', problems.notFound)
    else await refuseHiddenTalk(shell, staff, file.conversationId)
    return fileView(file, `staff:${staff.id}`, links, shell.now())
  })

  app.get('/api/staff/tickets/:id/files', async (request): Promise<{ rows: FileView[] }> => {
    const staff = await staffOf(server, request)
    const ticket = await visibleTicket(server, parse(idOf, request.params).id, staff)
    const files = await attachmentsOfTicket(shell.db.read, shell.cipher, ticket.id)
    const by = ({ staffId }: Attachment) => (staffId === null ? {} : { by: shell.names.get(staffId) ?? '' })
    return { rows: files.map((file) => ({ ...fileView(file, `staff:${staff.id}`, links, shell.now()), ...by(file) })) }
  })
}

/** In this scope the body is taken as it comes, up to the size of the largest file. */
export function takeBytes(scope: FastifyInstance): void {
  scope.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: largestFile + 1_024 }, (_request, body, done) => done(null, body))
}

export function bytesOf({ body }: FastifyRequest): Buffer {
  if (!Buffer.isBuffer(body)) throw new ProblemError('malformed', problems.malformed)
  return body
}

async function fileOf({ shell }: Server, request: FastifyRequest): Promise<Attachment> {
  const file = await attachmentById(shell.db.read, shell.cipher, parse(idOf, request.params).id)
  if (!file) throw new ProblemError('notFound', problems.notFound)
  return file
}

/** A link of staff is good in their own session only, and every use of it is noted. */
async function noteOpened(server: Server, request: FastifyRequest, { id }: Attachment, { viewer }: Link): Promise<void> {
  if (!viewer.startsWith('staff:')) return
  const staff = await staffOf(server, request)
  if (viewer !== `staff:${staff.id}`) throw new ProblemError('linkExpired', fileProblems.expired)
  await noteAudit(server, staff.id, fileNotes.audit, id)
}

/** Whatever it is, the browser shall not run it: saved rather than shown, never guessed at, and without rights if it is shown after all. */
function hand(reply: FastifyReply, { type, name }: Attachment): FastifyReply {
  const plain = name.replace(/[^\w.-]/g, '_')
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`)
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cache-control', 'private, no-store')
}
