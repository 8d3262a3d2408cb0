import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { switchesOf } from '../../casework/documents.ts'
import { flowchartSvg } from '../../casework/drawing.ts'
import type { Role } from '../../casework/ticket.ts'
import { StaleError } from '../../prisma/committer.ts'
import { keepDocument, newestDocuments, type OfficeDocument, versionsOf } from '../../prisma/documents.ts'
import { problems } from '../../texts/api.ts'
import { documentsPage as words } from '../../texts/documents.ts'
import type { DocumentView } from '../contract.ts'
import { html, page, raw } from '../page.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'

const editors: readonly Role[] = ['director', 'admin']
const idOf = z.object({ id: z.string().max(40) })
const edited = z.object({
  version: z.number().int().min(1),
  title: z.string().trim().min(2).max(100),
  content: z.string().trim().min(2).max(50_000),
  effectiveOn: z.iso.date().optional(),
  draft: z.boolean(),
  public: z.boolean(),
})

/** 方案、制度、流程: listed to staff, edited by director and administrator, and shown to everybody when the office has adopted and opened them. */
export function documentRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/documents', async (request) => {
    await staffOf(server, request)
    return { rows: (await newestDocuments(shell.db.read)).map((one) => viewOf(server, one)) }
  })

  app.get('/api/staff/documents/:id', async (request) => {
    await staffOf(server, request)
    return { rows: await versionsOf(shell.db.read, parse(idOf, request.params).id) }
  })

  app.post('/api/staff/documents/:id', async (request) => {
    const staff = await staffOf(server, request, editors)
    const { id } = parse(idOf, request.params)
    const { version, effectiveOn, ...given } = parse(edited, request.body)
    const [newest] = await versionsOf(shell.db.read, id)
    if (!newest) throw new ProblemError('notFound', problems.notFound)
    if (given.public && (given.draft || !effectiveOn)) throw new ProblemError('malformed', words.notAdopted)
    if (newest.version !== version) throw new ProblemError('stale', problems.stale)
    const dated = effectiveOn === undefined ? {} : { effectiveOn }
    const document = { id, kind: newest.kind, ...given, ...dated, version: version + 1, updatedAt: shell.now(), updatedBy: staff.id }
    try {
      await shell.db.write((sql) => keepDocument(sql, document))
    } catch (fault) {
      throw fault instanceof StaleError ? new ProblemError('stale', problems.stale) : fault
    }
    await noteAudit(server, staff.id, 'document kept', `${id} version ${document.version}`)
    return viewOf(server, document)
  })

  app.get('/api/staff/documents/:id/print', async (request, reply) => {
    await staffOf(server, request)
    const [newest] = await versionsOf(shell.db.read, parse(idOf, request.params).id)
    if (!newest) throw new ProblemError('notFound', problems.notFound)
    return reply.type('text/html; charset=utf-8').send(printed(viewOf(server, newest)))
  })

  app.get('/api/public/documents', async () => {
    return {
      rows: (await newestDocuments(shell.db.read))
        .filter(isPublic)
        .map(({ id, kind, title, effectiveOn, version }) => ({ id, kind, title, effectiveOn, version })),
    }
  })

  app.get('/api/public/documents/:id', async (request, reply) => {
    const [newest] = await versionsOf(shell.db.read, parse(idOf, request.params).id)
    if (!newest || !isPublic(newest)) throw new ProblemError('notFound', problems.notFound)
    return reply.type('text/html; charset=utf-8').send(printed(viewOf(server, newest)))
  })
}

const isPublic = ({ public: isOpen, draft }: OfficeDocument): boolean => isOpen && !draft

function viewOf({ shell }: Server, document: OfficeDocument): DocumentView {
  const { policy } = shell.knowledge.current().office
  const drawn = document.kind === 'flow' ? { chart: flowchartSvg(document.title) } : {}
  return { ...document, switches: switchesOf(document.id, policy), ...drawn }
}

/** The drawing is made from the stage table here, its words escaped there; nothing of it is anybody's input but the title. */
function printed({ title, content, switches, chart, draft, effectiveOn, version }: DocumentView): string {
  const body = html`<h1>${title}</h1><p class="centre">${draft ? words.draft : words.version(version)}${effectiveOn && `　${words.effective(effectiveOn)}`}</p>
${content.split('\n').map((line) => html`<p class="indent">${line}</p>`)}
${switches.length > 0 && html`<h2>${words.switches}</h2><table class="form"><tbody>${switches.map(([label, value]) => html`<tr><th>${label}</th><td>${value}</td></tr>`)}</tbody></table>`}
${chart && raw(chart)}`
  return page({ title }, body)
}
