import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { maySee } from '../../casework/access.ts'
import { areas } from '../../casework/areas.ts'
import { addDays, dateOf, instantOf } from '../../casework/day.ts'
import { caseFile } from '../../casework/ledger.ts'
import { maskAll } from '../../casework/mask.ts'
import type { Facts, Ticket } from '../../casework/ticket.ts'
import { journalsOfPeriod } from '../../prisma/journals.ts'
import type { StaffMember } from '../../prisma/staff.ts'
import { journalOf } from '../../prisma/tickets.ts'
import { problems } from '../../texts/api.ts'
import type { ReceiptView } from '../contract.ts'
import { pagePolicy } from '../page.ts'
import { type Paper, paperPage, qrOf, type Subject } from '../paper.ts'
import { makePaper, papersFor, receipt } from '../papers.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import { monthReport } from '../report.ts'
import type { Server } from '../server.ts'
import { actorOf, noteAudit, staffOf } from '../session.ts'

const paths = z.object({ id: z.string().max(100), name: z.string().max(30).optional() })
const months = z.object({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])(\.(html|docx))?$/) })

/** The office's papers for one case, and its report of a month, as pages for print. */
export function paperRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/tickets/:id/papers', async (request) => {
    const staff = await staffOf(server, request)
    return { rows: papersFor(await subjectOf(server, request, staff, parse(paths, request.params).id), actorOf(staff)) }
  })

  app.get('/api/staff/tickets/:id/papers/:name', async (request, reply) => {
    const staff = await staffOf(server, request)
    const { id, name: file = '' } = parse(paths, request.params)
    const subject = await subjectOf(server, request, staff, id)
    const [name = '', kind = 'html'] = file.split('.')
    const paper = makePaper(name, subject, actorOf(staff))
    if (!paper) throw new ProblemError('notFound', problems.notFound)
    await noteAudit(server, staff.id, 'paper printed', `${file} ${id}`)
    return send(reply, paper, kind, `${paper.title} ${subject.file.ticket.number}`)
  })

  app.get('/api/staff/report/:month', async (request, reply) => {
    const staff = await staffOf(server, request, areas.cases)
    const [month = '', kind = 'html'] = parse(months, request.params).month.split('.')
    const { office } = shell.knowledge.current()
    const [from, now] = [instantOf(`${month}-01`), shell.now()]
    const to = instantOf(`${addDays(`${month}-28`, 4).slice(0, 7)}-01`)
    const tickets: Ticket[] = []
    for await (const { journal } of journalsOfPeriod(shell.db.read, shell.cipher, from, to)) {
      const file = caseFile(journal, now)
      if (file && maySee(file.ticket, actorOf(staff), office)) tickets.push(file.ticket)
    }
    const paper = monthReport(tickets, { month, on: dateOf(now), now, office })
    return send(reply, paper, kind, paper.title)
  })
}

const documentType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** A page for print, or the same as a document to go on writing in. */
async function send(reply: FastifyReply, paper: Paper, kind: string, name: string): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store')
  if (kind === 'html')
    return reply
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(await paperPage(paper, name))
  if (kind !== 'docx') throw new ProblemError('notFound', problems.notFound)
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.docx`)}`
  // Loaded when first needed: the library behind it would otherwise be in the memory of every idle process.
  const { paperDocument } = await import('../docx.ts')
  return reply
    .header('content-disposition', disposition)
    .type(documentType)
    .send(await paperDocument(paper))
}

/** The receipt with the query code on it, for the page on which a case was registered: the code is shown this once. */
export async function receiptView(server: Server, request: FastifyRequest, staff: StaffMember, id: string, code: string): Promise<ReceiptView> {
  const { qr, form = [], closing = [], ...paper } = receipt({ ...(await subjectOf(server, request, staff, id)), code })
  const drawn = qr && { words: qr.words, image: `data:image/svg+xml,${encodeURIComponent(await qrOf(qr.address))}` }
  return {
    title: paper.title,
    intro: paper.intro,
    form,
    closing,
    signs: paper.signs,
    ...(paper.seal ? { seal: paper.seal } : {}),
    ...(drawn ? { qr: drawn } : {}),
  }
}

/** A case that this person may not see does not exist for them. */
async function subjectOf(server: Server, request: FastifyRequest, staff: StaffMember, id: string): Promise<Subject> {
  const { shell, config } = server
  const { office, guides } = shell.knowledge.current()
  const entries = await journalOf(shell.db.read, shell.cipher, id)
  const file = caseFile(
    entries.map((entry) => entry.stamped),
    Number.MAX_SAFE_INTEGER,
  )
  if (!file || !maySee(file.ticket, actorOf(staff), office)) throw new ProblemError('notFound', problems.notFound)
  const { phone, idNumber } = file.ticket.facts
  // The citizen's own words; the number to call stands in a line of its own, on those papers that are for calling.
  const facts: Facts = { ...maskAll(file.ticket.facts), ...(phone ? { phone } : {}), ...(idNumber ? { idNumber } : {}) }
  return {
    file: { ...file, ticket: { ...file.ticket, facts } },
    office,
    now: shell.now(),
    origin: config.PUBLIC_ORIGIN ?? `${request.protocol}://${request.host}`,
    guide: guides.get(file.ticket.facts.guideId ?? ''),
    headHash: entries.at(-1)?.hash ?? '',
  }
}
