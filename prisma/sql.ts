/** What a value may be in a statement. Booleans are stored as the engine likes; instants are integers. */
export type Value = string | number | boolean | null
export type Row = Readonly<Record<string, Value>>

/**
 * Plain statements for the hot path, where a Prisma call would cost more than the work. `?` marks a parameter on both engines.
 * Booleans come back as 0/1 from SQLite and as booleans from PostgreSQL: read them with `Boolean(…)`. Integers come back as numbers.
 */
export type Sql = {
  readonly all: <T>(text: string, values?: readonly Value[]) => Promise<T[]>
  /** The number of rows that were changed. */
  readonly run: (text: string, values?: readonly Value[]) => Promise<number>
  /**
   * Writes rows by their `id`, each only while its `version` is the one in `were`; all have the same columns, and each id stands once.
   * The id of one that has another version by now, if there is one.
   */
  readonly update: (table: string, rows: readonly (Row & { readonly id: string })[], were: readonly number[]) => Promise<string | undefined>
  /** All rows have the same columns, those of the first. `unless exists` passes over a row whose unique key is taken. */
  readonly insert: (table: string, rows: readonly Row[], when?: 'always' | 'unless exists') => Promise<void>
}

/** Reads whole tables, all as they stood at one instant, in parts that fit into memory. */
export type Snapshot = (table: string) => AsyncIterable<readonly Row[]>

/** How many rows a snapshot hands over at once. */
export const snapshotPart = 2_000

/** Text as both engines can keep it. PostgreSQL refuses U+0000 and half a surrogate pair, which no person types and a forged message may carry. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()

export const storable = (value: Value): Value => (typeof value === 'string' ? storableText(value) : value)

/** The one place where unique-key violations of both engines are told from other faults. */
export function isDuplicate(fault: unknown): boolean {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === '23505'
}

export const columnsOf = (row: Row): string =>
  Object.keys(row)
    .map((name) => `"${name}"`)
    .join(', ')

export const conflictClause = (when: 'always' | 'unless exists' | undefined): string => (when === 'unless exists' ? ' ON CONFLICT DO NOTHING' : '')
