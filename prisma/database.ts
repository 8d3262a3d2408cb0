import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { PrismaClient } from './generated/sqlite/client/client.ts'
import { migratePostgresql, migrateSqlite } from './migrate.ts'
import { openPostgresql } from './postgresql.ts'
import { fillTexts } from './search.ts'
import type { Snapshot, Sql } from './sql.ts'
import { openSqlite } from './sqlite.ts'

/**
 * The open database. `prisma` is for what Prisma is good at (typed reads and the office's own data); `read` and `write` are plain
 * statements for turns and jobs. `write` is one transaction: all or nothing, on disk when it returns.
 */
export type Database = {
  readonly engine: 'sqlite' | 'postgresql'
  readonly prisma: PrismaClient
  readonly read: Sql
  readonly write: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>
  /** Writers are not held up meanwhile. */
  readonly snapshot: <T>(work: (rows: Snapshot) => Promise<T>) => Promise<T>
  /** To be called after rows were inserted with the numbers that they had elsewhere. */
  readonly settle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** `file:data/app.db` → embedded SQLite, `postgresql://…` → PostgreSQL; brings the schema up to date first. */
export async function openDatabase(url: string): Promise<Database> {
  const db = await openEngine(url)
  await fillTexts(db)
  return db
}

async function openEngine(url: string): Promise<Database> {
  if (/^postgres(ql)?:/.test(url)) {
    await migratePostgresql(url)
    // Typed as the SQLite client everywhere: of what both offer it is the smaller set, so what compiles runs on both.
    const opened = openPostgresql(url)
    return { ...opened, prisma: opened.prisma as unknown as PrismaClient }
  }
  const file = resolve(url.replace(/^file:/, ''))
  mkdirSync(dirname(file), { recursive: true })
  migrateSqlite(file)
  return openSqlite(file)
}
