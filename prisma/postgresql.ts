import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/postgresql/client/client.ts'
import { columnsOf, conflictClause, type Sql, type Value } from './sql.ts'

/** PostgreSQL takes at most 65,535 parameters in a statement. */
const mostParameters = 60_000

export function openPostgresql(url: string) {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 5 }) })
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types: { getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  // An idle connection that breaks (server restart) is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  return {
    prisma,
    read: statements(pool),
    write: async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
      const client = await pool.connect()
      let broken: unknown
      try {
        await client.query('BEGIN')
        const result = await work(statements(client))
        await client.query('COMMIT')
        return result
      } catch (fault) {
        await client.query('ROLLBACK').catch((second: unknown) => {
          broken = second
        })
        throw fault
      } finally {
        client.release(broken !== undefined)
      }
    },
    close: async () => {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

function statements(on: Pick<pg.Pool | pg.PoolClient, 'query'>): Sql {
  const query = (text: string, values: readonly Value[]) => on.query({ text: numbered(text), values: [...values] })
  return {
    all: async <T>(text: string, values: readonly Value[] = []) => (await query(text, values)).rows as T[],
    run: async (text, values = []) => (await query(text, values)).rowCount ?? 0,
    insert: async (table, rows, when) => {
      const first = rows[0]
      if (!first) return
      const names = Object.keys(first)
      const step = Math.max(1, Math.floor(mostParameters / names.length))
      for (let start = 0; start < rows.length; start += step) {
        const part = rows.slice(start, start + step)
        const tuple = `(${names.map(() => '?').join(', ')})`
        const values = part.flatMap((row) => names.map((name) => row[name] ?? null))
        await query(`INSERT INTO "${table}" (${columnsOf(first)}) VALUES ${part.map(() => tuple).join(', ')}${conflictClause(when)}`, values)
      }
    },
  }
}

const known = new Map<string, string>()

function numbered(text: string): string {
  const seen = known.get(text)
  if (seen) return seen
  let place = 0
  const result = text.replace(/\?/g, () => `$${++place}`)
  if (known.size < 1_000) known.set(text, result)
  return result
}
