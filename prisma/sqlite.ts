import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { SqlDriverAdapter, SqlDriverAdapterFactory, Transaction } from '@prisma/driver-adapter-utils'
import Sqlite from 'better-sqlite3'
import { PrismaClient } from './generated/sqlite/client/client.ts'
import { createLock } from './lock.ts'
import { columnsOf, conflictClause, type Row, type Snapshot, type Sql, snapshotPart, storableText, type Value } from './sql.ts'

type Lock = ReturnType<typeof createLock>

/** In WAL mode `synchronous` must be set to FULL by hand, or an acknowledged write can be lost with the power. */
const pragmas = ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000', 'foreign_keys = ON', 'cache_size = -32000']

export function openSqlite(file: string) {
  const lock = createLock()
  const writer = new Sqlite(file)
  for (const pragma of pragmas) writer.pragma(pragma)
  const reader = new Sqlite(file)
  for (const pragma of ['busy_timeout = 5000', 'query_only = ON', 'cache_size = -32000']) reader.pragma(pragma)
  const prisma = new PrismaClient({ adapter: lockedAdapter(file, lock) })
  const writing = statements(writer)
  return {
    engine: 'sqlite' as const,
    prisma,
    read: statements(reader),
    write: async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
      const release = await lock.acquire()
      try {
        // IMMEDIATE: a second process that reads and then writes would otherwise fail at once with SQLITE_BUSY.
        writer.exec('BEGIN IMMEDIATE')
        try {
          const result = await work(writing)
          writer.exec('COMMIT')
          return result
        } catch (fault) {
          if (writer.inTransaction) writer.exec('ROLLBACK')
          throw fault
        }
      } finally {
        release()
      }
    },
    snapshot: async <T>(work: (rows: Snapshot) => Promise<T>): Promise<T> => {
      const frozen = new Sqlite(file, { readonly: true })
      try {
        // The first read, not BEGIN, fixes the instant.
        frozen.exec('BEGIN; SELECT COUNT(*) FROM sqlite_master')
        return await work((table) => parts(frozen, table))
      } finally {
        frozen.close()
      }
    },
    // AUTOINCREMENT takes note of the highest number by itself.
    settle: async () => undefined,
    close: async () => {
      await prisma.$disconnect()
      reader.close()
      writer.close()
    },
  }
}

async function* parts(db: Sqlite.Database, table: string): AsyncGenerator<readonly Row[]> {
  let part: Row[] = []
  for (const row of db.prepare<[], Row>(`SELECT * FROM "${table}"`).iterate()) {
    if (part.push(row) < snapshotPart) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

function statements(db: Sqlite.Database): Sql {
  const prepared = new Map<string, Sqlite.Statement>()
  const prepare = (text: string): Sqlite.Statement => {
    const statement = prepared.get(text) ?? db.prepare(text)
    prepared.set(text, statement)
    return statement
  }
  return {
    all: async <T>(text: string, values: readonly Value[] = []) => prepare(text).all(...values.map(plain)) as T[],
    run: async (text, values = []) => prepare(text).run(...values.map(plain)).changes,
    update: async (table, rows, were) => {
      const [first] = rows
      if (!first) return undefined
      const names = Object.keys(first)
      const statement = prepare(`UPDATE "${table}" SET ${names.map((name) => `"${name}" = ?`).join(', ')} WHERE id = ? AND version = ?`)
      const stale = rows.find((row, index) => statement.run(...names.map((name) => plain(row[name] ?? null)), row.id, were[index]).changes !== 1)
      return stale?.id
    },
    insert: async (table, rows, when) => {
      const first = rows[0]
      if (!first) return
      const names = Object.keys(first)
      const statement = prepare(`INSERT INTO "${table}" (${columnsOf(first)}) VALUES (${names.map(() => '?').join(', ')})${conflictClause(when)}`)
      for (const row of rows) statement.run(...names.map((name) => plain(row[name] ?? null)))
    },
  }
}

function plain(value: Value): string | number | null {
  if (typeof value === 'string') return storableText(value)
  return typeof value === 'boolean' ? Number(value) : value
}

/**
 * Prisma's own SQLite adapter has one connection and locks only transaction against transaction: a plain query that arrives while a
 * transaction is open runs inside it, and an acknowledged write is lost with its rollback. Here plain reads have a connection of
 * their own, and every write waits for the one lock that the hot path uses too.
 */
function lockedAdapter(file: string, lock: Lock): SqlDriverAdapterFactory {
  const inner = new PrismaBetterSqlite3({ url: `file:${file}` })
  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    const release = await lock.acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
  return {
    provider: 'sqlite',
    adapterName: inner.adapterName,
    connect: async (): Promise<SqlDriverAdapter> => {
      const writer = await inner.connect()
      await writer.executeScript(pragmas.map((pragma) => `PRAGMA ${pragma};`).join(' '))
      const reader = await inner.connect()
      await reader.executeScript('PRAGMA busy_timeout = 5000; PRAGMA query_only = ON;')
      return {
        provider: writer.provider,
        adapterName: writer.adapterName,
        queryRaw: (query) => (/^\s*SELECT\b/i.test(query.sql) ? reader.queryRaw(query) : locked(() => writer.queryRaw(query))),
        executeRaw: (query) => locked(() => writer.executeRaw(query)),
        executeScript: (script) => locked(() => writer.executeScript(script)),
        startTransaction: async (isolation) => {
          const release = await lock.acquire()
          try {
            return releasing(await immediate(await writer.startTransaction(isolation)), release)
          } catch (fault) {
            release()
            throw fault
          }
        },
        dispose: async () => {
          await reader.dispose()
          await writer.dispose()
        },
      }
    },
  }
}

async function immediate(tx: Transaction): Promise<Transaction> {
  for (const sql of ['COMMIT', 'BEGIN IMMEDIATE']) await tx.executeRaw({ sql, args: [], argTypes: [] })
  return tx
}

function releasing(tx: Transaction, release: () => void): Transaction {
  const commit = tx.commit.bind(tx)
  const rollback = tx.rollback.bind(tx)
  tx.commit = () => commit().finally(release)
  tx.rollback = () => rollback().finally(release)
  return tx
}
