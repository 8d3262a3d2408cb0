import type { Instant } from '../casework/ticket.ts'
import { StaleError } from './committer.ts'
import type { Database } from './database.ts'
import type { SeedDocument } from './seed/documents.ts'
import { isDuplicate, type Sql } from './sql.ts'

export type OfficeDocument = {
  readonly id: string
  readonly version: number
  readonly kind: 'plan' | 'rule' | 'flow'
  readonly title: string
  readonly content: string
  /** YYYY-MM-DD */
  readonly effectiveOn?: string
  /** written for the office, not yet adopted by it */
  readonly draft: boolean
  readonly public: boolean
  readonly updatedAt: Instant
  readonly updatedBy: string
}

type DocumentRow = Omit<OfficeDocument, 'effectiveOn' | 'draft' | 'public'> & { effectiveOn: string | null; draft: unknown; public: unknown }
const toDocument = ({ effectiveOn, draft, public: isPublic, ...row }: DocumentRow): OfficeDocument => ({
  ...row,
  draft: Boolean(draft),
  public: Boolean(isPublic),
  ...(effectiveOn === null ? {} : { effectiveOn }),
})

/** At every start: what an office has edited since is a later version, and is not touched. */
export async function seedDocuments(db: Database, documents: readonly SeedDocument[], now: Instant): Promise<void> {
  const rows = documents.map((one) => ({ ...one, version: 1, effectiveOn: null, draft: true, public: false, updatedAt: now, updatedBy: 'seed' }))
  await db.write((sql) => sql.insert('Document', rows, 'unless exists'))
}

/** The newest version of each, by their kind. */
export async function newestDocuments(read: Sql): Promise<OfficeDocument[]> {
  const rows = await read.all<DocumentRow>(
    `SELECT d.* FROM "Document" d WHERE d.version = (SELECT MAX(v.version) FROM "Document" v WHERE v.id = d.id)
     ORDER BY CASE d.kind WHEN 'plan' THEN 0 WHEN 'rule' THEN 1 ELSE 2 END, d.id`,
  )
  return rows.map(toDocument)
}

/** All versions of one, the newest first. */
export async function versionsOf(read: Sql, id: string): Promise<OfficeDocument[]> {
  return (await read.all<DocumentRow>('SELECT * FROM "Document" WHERE id = ? ORDER BY version DESC', [id])).map(toDocument)
}

/** Keeps a new version; those before it stay. @throws StaleError when somebody else has kept that version */
export async function keepDocument(sql: Sql, { effectiveOn, ...document }: OfficeDocument): Promise<void> {
  try {
    await sql.insert('Document', [{ ...document, effectiveOn: effectiveOn ?? null }])
  } catch (fault) {
    throw isDuplicate(fault) ? new StaleError('document', document.id) : fault
  }
}
