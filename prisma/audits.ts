import type { Sql } from './sql.ts'

export type AuditLine = { readonly id: number; readonly at: number; readonly staffId: string | null; readonly action: string; readonly subject: string }

export type AuditSearch = {
  readonly person?: string | undefined
  readonly action?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** lines older than this one */
  readonly before?: number | undefined
  readonly limit: number
}

/** Who did what, the latest first; `from` counts, `to` does not. */
export function auditRows(read: Sql, { person, action, from, to, before, limit }: AuditSearch): Promise<AuditLine[]> {
  const conditions: readonly (readonly [string, string | number | undefined])[] = [
    ['"staffId" = ?', person],
    ['action = ?', action],
    ['at >= ?', from],
    ['at < ?', to],
    ['id < ?', before],
  ]
  const given = conditions.flatMap(([text, value]) => (value === undefined ? [] : [{ text, value }]))
  const where = given.length ? `WHERE ${given.map(({ text }) => text).join(' AND ')}` : ''
  return read.all(`SELECT id, at, "staffId", action, subject FROM "Audit" ${where} ORDER BY id DESC LIMIT ?`, [...given.map(({ value }) => value), limit])
}
