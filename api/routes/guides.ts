import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { dateOf } from '../../casework/day.ts'
import { cannotDecide, type Edition, guideWriters, isOld, mayWrite } from '../../casework/edition.ts'
import type { Guide } from '../../nlp/guide.ts'
import { romanised } from '../../nlp/pinyin.ts'
import { currentGuides, type GuideHead, guideHeads, guideTexts } from '../../prisma/guides.ts'
import type { StaffMember } from '../../prisma/staff.ts'
import { problems } from '../../texts/api.ts'
import { book } from '../../texts/guides.ts'
import type { BookPreview, EditionView, GuidePageView, GuideRow, GuideTrial } from '../contract.ts'
import { differences } from '../guides/differences.ts'
import { decideDrafts, namesOf, saveDraft, saveDrafts } from '../guides/drafts.ts'
import { checkGuide, knownFields, sayFaults } from '../guides/faults.ts'
import { previewBook } from '../guides/import.ts'
import { askBot, withGuides } from '../guides/trial.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'
import type { Shell } from '../shell.ts'

const query = z.object({ words: z.string().max(100).optional() })
const bookQuery = z.object({ field: z.string().max(50).optional() })
const importQuery = z.object({ apply: z.stringbool().default(false) })
const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** Some ten thousand guides, packed. */
const largestBook = 8 * 1024 * 1024
const idOf = z.object({ id: z.string().max(100) })
const versionOf = z.object({ version: z.number().int(), revision: z.number().int() })
const day = z.iso.date().optional()
const draftBody = z.object({
  guide: z.record(z.string(), z.unknown()),
  note: z.string().trim().max(500).default(''),
  startsOn: day,
  endsOn: day,
  isNew: z.boolean().optional(),
  replaces: versionOf.optional(),
  missed: z.array(z.number().int()).max(500).optional(),
})
const decisionBody = z.object({
  keys: z
    .array(versionOf.extend({ guideId: z.string().max(100) }))
    .min(1)
    .max(1000),
  state: z.enum(['approved', 'rejected', 'withdrawn']),
  reason: z.string().trim().max(500).default(''),
})
const trialBody = z.object({ guide: z.unknown().optional(), question: z.string().trim().min(1).max(200) })

/** The guides as staff look after them: who writes, who approves, what is in force when, and how the bot speaks from them. */
export function guideRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/guides', async (request): Promise<{ readonly rows: readonly GuideRow[] }> => {
    await staffOf(server, request)
    const { words = '' } = parse(query, request.query)
    const heads = await guideHeads(shell.db.read, dateOf(shell.now()), { words: words.split(/\s+/).filter(Boolean) })
    return { rows: rowsOf(heads, dateOf(shell.now())) }
  })

  app.get('/api/staff/guides.xlsx', async (request, reply) => {
    const staff = await staffOf(server, request)
    const { field } = parse(bookQuery, request.query)
    const today = dateOf(shell.now())
    const guides = (await currentGuides(shell.db.read, today)).filter((guide) => !field || guide.field === field)
    // Loaded when first needed: the library behind it would otherwise be in the memory of every idle process.
    const { writeBook } = await import('../guides/book.ts')
    const file = await writeBook(guides, { departments: shell.knowledge.current().office.departments, fields: knownFields() })
    await noteAudit(server, staff.id, 'guides exported', `${guides.length}`)
    return reply
      .type(xlsxType)
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(book.file(today))}`)
      .send(file)
  })

  app.addContentTypeParser(xlsxType, { parseAs: 'buffer', bodyLimit: largestBook }, (_request, body, done) => done(null, body))
  /** With `apply`: the changes become drafts, all or none; without it nothing is stored. */
  app.post('/api/staff/guides/import', { bodyLimit: largestBook, config: { query: importQuery } }, async (request): Promise<BookPreview> => {
    const staff = await staffOf(server, request, guideWriters)
    const { apply } = parse(importQuery, request.query)
    if (!Buffer.isBuffer(request.body)) throw new ProblemError('malformed', book.notWorkbook)
    const { preview, drafts } = await previewBook(shell, request.body)
    if (!apply) return preview
    if (preview.faults.length > 0) throw new ProblemError('refused', book.faulty(preview.faults.length), 'faults')
    await saveDrafts(shell, staff, drafts)
    return preview
  })

  app.get('/api/staff/guides/:id', async (request): Promise<GuidePageView> => {
    const staff = await staffOf(server, request)
    return pageOf(shell, parse(idOf, request.params).id, staff)
  })

  app.post('/api/staff/guides', { config: { body: draftBody } }, async (request) => {
    const staff = await staffOf(server, request, guideWriters)
    const { guide: given, ...draft } = parse(draftBody, request.body)
    const id = draft.isNew && !given['id'] ? romanised(String(given['title'] ?? '')) : given['id']
    const checked = checkGuide({ ...given, id }, shell.knowledge.current().office.departments)
    if (!checked.ok) throw new ProblemError('malformed', sayFaults(checked.faults))
    return saveDraft(shell, staff, { ...draft, guide: checked.guide })
  })

  app.post('/api/staff/guides/decisions', { config: { body: decisionBody } }, async (request) => {
    const staff = await staffOf(server, request, guideWriters)
    const { keys, ...decision } = parse(decisionBody, request.body)
    return decideDrafts(shell, staff, keys, decision)
  })

  /** How the bot would answer with the guides in force, or with this text in place of one of them. */
  app.post('/api/staff/guides/trial', { config: { body: trialBody } }, async (request): Promise<GuideTrial> => {
    await staffOf(server, request)
    const { guide, question } = parse(trialBody, request.body)
    const knowledge = shell.knowledge.current()
    const checked = guide === undefined ? undefined : checkGuide(guide, knowledge.office.departments)
    if (checked && !checked.ok) throw new ProblemError('malformed', sayFaults(checked.faults))
    const turn = await askBot(shell, checked ? withGuides(knowledge, [checked.guide]) : knowledge, question)
    return { replies: turn.replies, guides: turn.guides }
  })
}

function rowsOf(heads: readonly GuideHead[], today: string): GuideRow[] {
  const byGuide = new Map<string, GuideHead[]>()
  for (const head of heads) byGuide.set(head.edition.guideId, [...(byGuide.get(head.edition.guideId) ?? []), head])
  return [...byGuide.values()].flatMap((all): GuideRow[] => {
    const current = all.find(({ isCurrent }) => isCurrent)?.edition
    const shown = current ?? all.at(-1)?.edition
    if (!shown) return []
    const { guideId, title, field, department, reviewedOn } = shown
    const hasEnded = current?.endsOn !== undefined && current.endsOn < today
    return [
      {
        id: guideId,
        title,
        field,
        department,
        reviewedOn,
        standing: current ? (hasEnded ? 'ended' : 'served') : all.some(({ edition }) => edition.state === 'approved') ? 'coming' : 'new',
        isOld: isOld(reviewedOn, today),
        endsOn: current?.endsOn,
        drafts: all.flatMap(({ edition: { state, version, revision, by } }) => (state === 'draft' ? [{ guideId, version, revision, by }] : [])),
      },
    ]
  })
}

async function pageOf(shell: Shell, id: string, staff: StaffMember): Promise<GuidePageView> {
  const texts = await guideTexts(shell.db.read, id)
  const [newest] = texts
  if (!newest) throw new ProblemError('notFound', problems.notFound)
  const today = dateOf(shell.now())
  const heads = await guideHeads(shell.db.read, today, { guideId: id })
  const current = heads.find(({ isCurrent }) => isCurrent)?.edition.version
  const before = (guide: Guide, edition: Edition): Guide | undefined =>
    edition.state === 'draft' && current !== undefined
      ? texts.find((one) => one.edition.version === current)?.guide
      : texts.find((one) => one.edition.version < edition.version && one.edition.state === 'approved' && one.guide !== guide)?.guide
  return {
    row: rowsOf(heads, today)[0],
    mayWrite: mayWrite(staff, newest.guide.department),
    current,
    versions: texts.map(
      ({ edition, guide }): EditionView => ({
        ...edition,
        guide,
        authors: namesOf(shell, edition.by),
        decider: edition.decidedBy === undefined ? undefined : namesOf(shell, [edition.decidedBy]),
        mine: edition.by.includes(staff.id),
        no: cannotDecide(edition, staff),
        differences: differences(before(guide, edition), guide),
      }),
    ),
  }
}
