import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import { deskWriters } from '../../casework/edition.ts'
import { maskText } from '../../casework/mask.ts'
import { clusterQuestions } from '../../nlp/cluster.ts'
import { countMissed, ignoreMissed, type MissedQuestion, missedOf, takeMissed } from '../../prisma/missed.ts'
import type { StaffMember } from '../../prisma/staff.ts'
import { problems } from '../../texts/api.ts'
import { edition as words } from '../../texts/edition.ts'
import type { AskedAgain, MissedGroup, MissedView } from '../contract.ts'
import { addNames } from '../guides/names.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'
import type { Shell } from '../shell.ts'

/** More are grouped on the next reading, when these are done. */
const grouped = 1_000
const nearest = 3
const text = z.string().trim().min(1).max(60)
const query = z.object({ state: z.enum(['open', 'pending', 'resolved', 'ignored']).default('open') })
const ids = z.array(z.number().int()).min(1).max(grouped)
const takeBody = z.object({ ids, take: z.boolean() })
const ignoreBody = z.object({ ids, reason: z.string().trim().min(1).max(200) })
const namesBody = z.object({
  ids: z.array(z.number().int()).max(grouped),
  guideId: z.string().max(100),
  names: z.array(text).max(20),
  asks: z.array(text).max(20),
})

/** What citizens asked and got no answer to: grouped, owned, and turned into names of a guide, a new guide, or set aside with a reason. */
export function missedRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/missed', async (request): Promise<MissedView> => {
    const staff = await staffOf(server, request, areas.keep)
    const { state } = parse(query, request.query)
    const [counts, rows] = await Promise.all([countMissed(shell.db.read), missedOf(shell.db.read, shell.cipher, state, grouped)])
    const groups = clusterQuestions(rows.map(({ question }) => question)).map((group) =>
      groupOf(
        shell,
        staff,
        group.flatMap((at) => rows[at] ?? []),
      ),
    )
    return { counts, groups }
  })

  app.post('/api/staff/missed/take', { config: { body: takeBody } }, async (request) => {
    const staff = await staffOf(server, request, deskWriters)
    const { ids, take } = parse(takeBody, request.body)
    const taken = await shell.db.write((sql) => takeMissed(sql, ids, take ? staff.id : null))
    await noteAudit(server, staff.id, take ? 'questions taken' : 'questions given back', ids.join(' ').slice(0, 300))
    return { taken }
  })

  app.post('/api/staff/missed/ignore', { config: { body: ignoreBody } }, async (request) => {
    const staff = await staffOf(server, request, deskWriters)
    const { ids, reason } = parse(ignoreBody, request.body)
    const ignored = await shell.db.write((sql) => ignoreMissed(sql, ids, reason, staff.id, shell.now()))
    if (ignored === 0) throw new ProblemError('stale', words.moreTaken)
    await noteAudit(server, staff.id, 'questions ignored', `${ids.join(' ')} ${reason}`.slice(0, 300))
    return { ignored }
  })

  app.post('/api/staff/missed/names', { config: { body: namesBody } }, async (request): Promise<AskedAgain> => {
    const staff = await staffOf(server, request, deskWriters)
    const { ids: missed, guideId, names, asks } = parse(namesBody, request.body)
    if (names.length + asks.length === 0) throw new ProblemError('malformed', words.noNames)
    if ([...names, ...asks].some((name) => name.includes('\n'))) throw new ProblemError('malformed', problems.malformed)
    return addNames(shell, staff, { guideId, names, asks, missed })
  })
}

function groupOf({ knowledge, names }: Shell, staff: StaffMember, rows: readonly MissedQuestion[]): MissedGroup {
  const { guides } = knowledge.current()
  const titled = (id: string) => ({ id, title: guides.get(id)?.title ?? id })
  const counts = new Map<string, number>()
  for (const id of rows.flatMap((row) => row.guides)) counts.set(id, (counts.get(id) ?? 0) + 1)
  const owner = rows.find(({ ownerId }) => ownerId !== undefined)?.ownerId
  const guideId = rows.find((row) => row.guideId !== undefined)?.guideId
  return {
    questions: rows.map(({ id, question, why, at }) => ({ id, text: maskText(question), why, at })),
    near: [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, nearest)
      .map(([id]) => titled(id)),
    owner: owner === undefined ? undefined : { name: names.get(owner) ?? owner, mine: owner === staff.id },
    guide: guideId === undefined ? undefined : titled(guideId),
    reason: rows.find(({ reason }) => reason !== undefined)?.reason,
  }
}
