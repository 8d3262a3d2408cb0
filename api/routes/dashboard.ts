import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { maySee } from '../../casework/access.ts'
import { areas } from '../../casework/areas.ts'
import { unitName } from '../../casework/case.ts'
import { dashboard } from '../../casework/dashboard.ts'
import { addDays, dateOf, instantOf } from '../../casework/day.ts'
import { ticketsMoved } from '../../prisma/reads.ts'
import { readSetting, replaceSetting } from '../../prisma/settings.ts'
import { problems } from '../../texts/api.ts'
import { clockTitles } from '../../texts/casework.ts'
import { dashboardWords } from '../../texts/dashboard.ts'
import type { DashboardView, SavedView } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { actorOf, staffOf } from '../session.ts'

const date = z.iso.date()
const periodOf = z.object({ from: date.optional(), to: date.optional() })
const lastDays = 29
const savedView = z.object({ name: z.string().trim().min(1).max(30), query: z.string().max(500) })
const viewsBody = z.object({ version: z.number().int().min(0), rows: z.array(savedView).max(30) })
type Views = { readonly version: number; readonly rows: readonly SavedView[] }

/** The office in figures, and each person's own ways of looking at the cases. */
export function dashboardRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/dashboard', { config: { query: periodOf } }, async (request): Promise<DashboardView> => {
    const staff = await staffOf(server, request, areas.cases)
    const now = shell.now()
    const { to = dateOf(now), from = addDays(to, -lastDays) } = parse(periodOf, request.query)
    if (from > to) throw new ProblemError('malformed', problems.malformed)
    const { office } = shell.knowledge.current()
    const found = await ticketsMoved(shell.db.read, shell.cipher, instantOf(from))
    const seen = found.filter((ticket) => maySee(ticket, actorOf(staff), office))
    const figures = dashboard(seen, { from, to, now, untold: dashboardWords.untold }, office)
    return {
      ...figures,
      at: now,
      from,
      to,
      red: figures.red.map((one) => ({ ...one, clock: clockTitles[one.clock], leadName: unitName(one.lead, office) })),
      departments: figures.departments.map((one) => ({ ...one, name: unitName(one.id, office) })),
    }
  })

  app.get('/api/staff/views', async (request): Promise<Views> => {
    const { id } = await staffOf(server, request)
    return viewsOf(server, id)
  })

  app.post('/api/staff/views', { config: { body: viewsBody } }, async (request): Promise<Views> => {
    const { id } = await staffOf(server, request)
    const { version, rows } = parse(viewsBody, request.body)
    // One's own: of two windows the later one wins after it has read what the other kept.
    const isKept = await shell.db.write((sql) => replaceSetting(sql, nameOf(id), { version, value: rows, by: id, now: shell.now() }, 'forget'))
    if (!isKept) throw new ProblemError('stale', problems.stale)
    return viewsOf(server, id)
  })
}

const nameOf = (staffId: string): string => `views:${staffId}`

async function viewsOf({ shell }: Server, staffId: string): Promise<Views> {
  const kept = await readSetting<readonly SavedView[]>(shell.db.read, nameOf(staffId))
  return { version: kept?.version ?? 0, rows: kept?.value ?? [] }
}
