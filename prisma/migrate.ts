import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { projectFile } from './root.ts'

// Applies prisma/migrations/<engine>/*/migration.sql in order and records them as `prisma migrate deploy` would, so that the server
// brings its schema up to date at start without the Prisma command line.

type Migration = { readonly name: string; readonly sql: string; readonly checksum: string }
type Applied = { readonly migration_name: string; readonly checksum: string; readonly finished_at: unknown }

const table = (instant: string) => `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" ${instant},
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" ${instant},
  "started_at" ${instant} NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`
const history = 'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL'

/** One migrator at a time: the same advisory key as Prisma's own. */
const advisoryKey = 72707369

export function migrateSqlite(file: string): void {
  const db = new Sqlite(file)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('busy_timeout = 10000')
    db.pragma('foreign_keys = OFF') // table rebuilds need it off, and it cannot be set inside a transaction
    db.exec('BEGIN IMMEDIATE')
    try {
      db.exec(table('DATETIME'))
      const record = db.prepare('INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count) VALUES (?, ?, ?, ?, 1)')
      for (const next of outstanding(migrations('sqlite'), db.prepare(history).all() as Applied[])) {
        db.exec(next.sql)
        record.run(randomUUID(), next.checksum, Date.now(), next.name)
      }
      db.exec('COMMIT')
    } catch (fault) {
      db.exec('ROLLBACK')
      throw fault
    }
  } finally {
    db.close()
  }
}

/** What is said by a server that is not up yet: refused, reset, or SQLSTATE 57P03 (starting up), 57P01 and 57P02 (going down). */
const notUp = ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P02', '57P03']

/** A connection to a server that may be starting as well, as after a power cut: waits for it up to a minute. */
async function connected(url: string): Promise<pg.Client> {
  for (let seconds = 0; ; seconds++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return client
    } catch (fault) {
      if (seconds >= 60 || !(fault instanceof Error && 'code' in fault && notUp.includes(String(fault.code)))) throw fault
      await pause(1_000)
    }
  }
}

export async function migratePostgresql(url: string): Promise<void> {
  const client = await connected(url)
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [advisoryKey])
    await client.query(table('TIMESTAMPTZ'))
    const applied = await client.query<Applied>(history)
    for (const next of outstanding(migrations('postgresql'), applied.rows)) {
      await client.query(next.sql)
      await client.query('INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)', [
        randomUUID(),
        next.checksum,
        next.name,
      ])
    }
    await client.query('COMMIT')
  } finally {
    // Without a COMMIT the server rolls back when the connection ends.
    await client.end()
  }
}

function migrations(engine: 'sqlite' | 'postgresql'): Migration[] {
  const folder = projectFile('prisma', 'migrations', engine)
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

/** What is left to apply. @throws Error when the history and the folder disagree: older code on a newer database, or an edited file */
export function outstanding(all: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const done = new Set<string>()
  for (const row of applied) {
    const file = all.find((one) => one.name === row.migration_name)
    if (row.finished_at === null) throw new Error(`migration ${row.migration_name} failed half-way: restore the backup or resolve it by hand`)
    if (!file) throw new Error(`the database has migration ${row.migration_name}, which this release does not know: it belongs to a newer release`)
    if (file.checksum !== row.checksum) throw new Error(`migration ${row.migration_name} was edited after it was applied`)
    done.add(row.migration_name)
  }
  const rest = all.filter((one) => !done.has(one.name))
  const last = all.findLastIndex((one) => done.has(one.name))
  const gap = rest.find((one) => all.indexOf(one) < last)
  if (gap) throw new Error(`migration ${gap.name} is older than the last applied one`)
  return rest
}
