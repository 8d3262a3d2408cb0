import { isDeepStrictEqual } from 'node:util'
import { type Edition, type EditionState, seedAuthor } from '../casework/edition.ts'
import type { Guide } from '../nlp/guide.ts'
import type { Database } from './database.ts'
import type { Row, Sql } from './sql.ts'

export type GuideText = { readonly edition: Edition; readonly guide: Guide }

type HeadRow = {
  guideId: string
  version: number
  revision: number
  state: EditionState
  title: string
  field: string
  department: string
  reviewedOn: string
  startsOn: string | null
  endsOn: string | null
  by: string
  note: string
  at: number
  decidedBy: string | null
  decidedAt: number | null
  decision: string | null
}

const head = `v."guideId", v.version, v.revision, v.state, v.title, v.field, v.department, v."reviewedOn", v."startsOn", v."endsOn", v."by", v.note, v.at,
  v."decidedBy", v."decidedAt", v.decision`

// Of the approved texts the last to have begun; of two that began on one day the one that was approved later.
const current = `v.state = 'approved' AND v."startsOn" <= ? AND NOT EXISTS (SELECT 1 FROM "GuideVersion" n WHERE n."guideId" = v."guideId" AND n.state = 'approved'
  AND n."startsOn" <= ? AND (n."startsOn", n."decidedAt", n.version) > (v."startsOn", v."decidedAt", v.version))`

/** What citizens are answered from on that day (YYYY-MM-DD in Asia/Shanghai); a guide whose last text has ended is not served. */
export async function servedGuides(read: Sql, today: string): Promise<{ readonly key: string; readonly guide: Guide }[]> {
  const rows = await read.all<{ guideId: string; version: number; content: string }>(
    `SELECT v."guideId", v.version, v.content FROM "GuideVersion" v WHERE ${current} AND (v."endsOn" IS NULL OR v."endsOn" >= ?) ORDER BY v."guideId"`,
    [today, today, today],
  )
  return rows.map(({ guideId, version, content }) => ({ key: `${guideId}@${version}`, guide: JSON.parse(content) }))
}

/** Grows with every approval and never shrinks, as approved texts are neither changed nor removed: cheap to look at every few seconds. */
export async function countApproved(read: Sql): Promise<number> {
  const [row] = await read.all<{ n: number }>(`SELECT COUNT(*) AS n FROM "GuideVersion" WHERE state = 'approved'`)
  return Number(row?.n ?? 0)
}

export type GuideHead = { readonly edition: Edition; readonly isCurrent: boolean }

/** What is or may come in force: each guide's text of the day, those to come and the open drafts. `words` must all stand in a text. */
export async function guideHeads(
  read: Sql,
  today: string,
  { words = [], guideId }: { readonly words?: readonly string[]; readonly guideId?: string } = {},
): Promise<GuideHead[]> {
  const found = [...words.map(() => 'AND LOWER(v.content) LIKE ?'), ...(guideId === undefined ? [] : ['AND v."guideId" = ?'])].join(' ')
  const rows = await read.all<HeadRow & { isCurrent: number | boolean }>(
    `SELECT ${head}, CASE WHEN ${current} THEN 1 ELSE 0 END AS "isCurrent" FROM "GuideVersion" v
     WHERE (v.state = 'draft' OR (v.state = 'approved' AND (v."startsOn" > ? OR (${current})))) ${found} ORDER BY v."guideId", v.version`,
    [today, today, today, today, today, ...words.map((word) => `%${word.toLowerCase()}%`), ...(guideId === undefined ? [] : [guideId])],
  )
  return rows.map(({ isCurrent, ...row }) => ({ edition: toEdition(row), isCurrent: Boolean(isCurrent) }))
}

/** The text of the day of every guide, also of those that have ended. */
export async function currentGuides(read: Sql, today: string): Promise<Guide[]> {
  const rows = await read.all<{ content: string }>(`SELECT v.content FROM "GuideVersion" v WHERE ${current} ORDER BY v.field, v."guideId"`, [today, today])
  return rows.map(({ content }) => JSON.parse(content))
}

/** Every text of a guide, the newest first. */
export async function guideTexts(read: Sql, guideId: string): Promise<GuideText[]> {
  const rows = await read.all<HeadRow & { content: string }>(`SELECT ${head}, v.content FROM "GuideVersion" v WHERE v."guideId" = ? ORDER BY v.version DESC`, [
    guideId,
  ])
  return rows.map(({ content, ...row }) => ({ edition: toEdition(row), guide: JSON.parse(content) }))
}

export type NewText = {
  readonly guide: Guide
  readonly by: readonly string[]
  readonly note: string
  readonly at: number
  readonly startsOn?: string | undefined
  readonly endsOn?: string | undefined
  /** approved as it comes, and by whom */
  readonly approvedBy?: string | undefined
}

/** Adds version `version`; a version that somebody else has just added is a unique-key fault (isDuplicate). */
export const addTexts = (sql: Sql, texts: readonly (NewText & { readonly version: number })[], when: 'always' | 'unless exists' = 'always'): Promise<void> =>
  sql.insert('GuideVersion', texts.map(toRow), when)

const toRow = ({ guide, version, by, note, at, startsOn, endsOn, approvedBy }: NewText & { readonly version: number }): Row => ({
  ...columnsOf(guide),
  version,
  revision: 1,
  state: approvedBy === undefined ? 'draft' : 'approved',
  startsOn: startsOn ?? null,
  endsOn: endsOn ?? null,
  by: by.join(' '),
  note,
  at,
  decidedBy: approvedBy ?? null,
  decidedAt: approvedBy === undefined ? null : at,
})

const columnsOf = (guide: Guide) => ({
  guideId: guide.id,
  title: guide.title,
  field: guide.field,
  department: guide.department,
  reviewedOn: guide.reviewedOn,
  content: JSON.stringify(guide),
})

/** Saves over an open draft; false when it is not as it was read. */
export async function replaceDraft(sql: Sql, { version, revision }: Pick<Edition, 'version' | 'revision'>, text: NewText): Promise<boolean> {
  const { guideId, title, field, department, reviewedOn, content } = columnsOf(text.guide)
  const changed = await sql.run(
    `UPDATE "GuideVersion" SET revision = revision + 1, title = ?, field = ?, department = ?, "reviewedOn" = ?, content = ?, "startsOn" = ?, "endsOn" = ?,
     "by" = ?, note = ?, at = ? WHERE "guideId" = ? AND version = ? AND revision = ? AND state = 'draft'`,
    [
      title,
      field,
      department,
      reviewedOn,
      content,
      text.startsOn ?? null,
      text.endsOn ?? null,
      text.by.join(' '),
      text.note,
      text.at,
      guideId,
      version,
      revision,
    ],
  )
  return changed === 1
}

export type Verdict = {
  readonly state: Exclude<EditionState, 'draft'>
  readonly by: string
  readonly at: number
  readonly today: string
  readonly decision: string
}

/** False when the draft is not as it was read. A beginning that has passed meanwhile becomes the day of the decision. */
export async function decideDraft(sql: Sql, draft: Pick<Edition, 'guideId' | 'version' | 'revision'>, verdict: Verdict): Promise<boolean> {
  const { state, by, at, today, decision } = verdict
  const changed = await sql.run(
    `UPDATE "GuideVersion" SET state = ?, "decidedBy" = ?, "decidedAt" = ?, decision = ?,
     "startsOn" = CASE WHEN "startsOn" IS NULL OR "startsOn" < ? THEN ? ELSE "startsOn" END
     WHERE "guideId" = ? AND version = ? AND revision = ? AND state = 'draft'`,
    [state, by, at, decision, today, today, draft.guideId, draft.version, draft.revision],
  )
  return changed === 1
}

/** A guide that a new release brings or has changed: to be served at once unless the office has put its own hand to it. */
export async function receiveSeed(db: Database, guides: readonly Guide[], { at, today, note }: { at: number; today: string; note: string }): Promise<void> {
  const texts = new Map<string, GuideText[]>()
  const rows = await db.read.all<HeadRow & { content: string }>(`SELECT ${head}, v.content FROM "GuideVersion" v ORDER BY v.version DESC`)
  for (const { content, ...row } of rows) {
    const list = texts.get(row.guideId) ?? []
    texts.set(row.guideId, list)
    list.push({ edition: toEdition(row), guide: JSON.parse(content) })
  }
  const incoming = guides.flatMap((guide): (NewText & { version: number })[] => {
    const before = texts.get(guide.id) ?? []
    const last = before.find(({ edition }) => isSeed(edition))
    if (last && isDeepStrictEqual(last.guide, guide)) return []
    const isTouched = before.some(({ edition }) => !isSeed(edition) && (edition.state === 'approved' || edition.state === 'draft'))
    const version = (before[0]?.edition.version ?? 0) + 1
    const text = { guide, version, by: [seedAuthor], at }
    return [isTouched ? { ...text, note } : { ...text, note: '', startsOn: today, approvedBy: seedAuthor }]
  })
  if (incoming.length === 0) return
  await db.write(async (sql) => {
    // Two processes that start together bring the same.
    await addTexts(sql, incoming, 'unless exists')
    for (const { guide, version } of incoming) await withdrawSeedDrafts(sql, guide.id, version)
  })
}

/** Drafts of an earlier release that nobody has decided on. */
const withdrawSeedDrafts = (sql: Sql, guideId: string, before: number): Promise<number> =>
  sql.run(`UPDATE "GuideVersion" SET state = 'withdrawn' WHERE "guideId" = ? AND version < ? AND state = 'draft' AND "by" = ?`, [guideId, before, seedAuthor])

const isSeed = ({ by }: Edition): boolean => by.length === 1 && by[0] === seedAuthor

const toEdition = ({ startsOn, endsOn, by, decidedBy, decidedAt, decision, ...row }: HeadRow): Edition => ({
  ...row,
  ...(startsOn === null ? {} : { startsOn }),
  ...(endsOn === null ? {} : { endsOn }),
  by: by.split(' '),
  ...(decidedBy === null ? {} : { decidedBy }),
  ...(decidedAt === null ? {} : { decidedAt }),
  ...(decision === null ? {} : { decision }),
})
