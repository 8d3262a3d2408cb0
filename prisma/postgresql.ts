import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from './generated/postgresql/client/client.ts'
import { columnsOf, conflictClause, type Row, type Snapshot, type Sql, snapshotPart, storable, type Value } from './sql.ts'

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
  // One that breaks while it is in use, between two statements of a transaction, would end it as well: the next statement fails and tells.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    engine: 'postgresql' as const,
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
    snapshot: async <T>(work: (rows: Snapshot) => Promise<T>): Promise<T> => {
      const client = await pool.connect()
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        // The first read, not BEGIN, fixes the instant.
        await client.query('SELECT 1')
        return await work((table) => parts(client, table))
      } finally {
        await client.query('ROLLBACK')
        client.release()
      }
    },
    /** After rows came with numbers of their own: the next number of every counting column is above them. */
    settle: async () => {
      const counting = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND column_default LIKE 'nextval%'`
      const { rows } = await pool.query<{ table_name: string; column_name: string }>(counting)
      for (const { table_name: table, column_name: column } of rows) {
        await pool.query(`SELECT setval(pg_get_serial_sequence('"${table}"', '${column}'), COALESCE((SELECT MAX("${column}") FROM "${table}"), 0) + 1, false)`)
      }
    },
    close: async () => {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

async function* parts(client: pg.PoolClient, table: string): AsyncGenerator<readonly Row[]> {
  await client.query(`DECLARE part NO SCROLL CURSOR FOR SELECT * FROM "${table}"`)
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${snapshotPart} FROM part`)
    if (rows.length > 0) yield rows
    if (rows.length < snapshotPart) break
  }
  await client.query('CLOSE part')
}

function statements(on: Pick<pg.Pool | pg.PoolClient, 'query'>): Sql {
  const query = (text: string, values: readonly Value[]) => on.query({ text: numbered(text), values: values.map(storable) })
  return {
    all: async <T>(text: string, values: readonly Value[] = []) => (await query(text, values)).rows as T[],
    run: async (text, values = []) => (await query(text, values)).rowCount ?? 0,
    update: async (table, rows, were) => {
      const [first] = rows
      if (!first) return undefined
      const set = Object.keys(first).map((name) => `"${name}" = n."${name}"`)
      // The table's own row type gives the columns their types; the two lists go side by side, for a join of them would compare each with each.
      // The order of the ids keeps two processes from waiting for each other in a circle.
      const text = `UPDATE "${table}" AS t SET ${set.join(', ')}
        FROM ROWS FROM (jsonb_populate_recordset(NULL::"${table}", ?::jsonb), unnest(?::int[])) AS n
        WHERE t.id = n.id AND t.version = n.unnest RETURNING t.id`
      const inOrder = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))
      if (rows.length > 1)
        await on.query({ text: `SELECT 1 FROM "${table}" WHERE id = ANY($1) ORDER BY id FOR UPDATE`, values: [inOrder.map((row) => row.id)] })
      const { rows: changed } = await on.query<{ id: string }>({
        text: numbered(text),
        values: [JSON.stringify(rows, (_, value: Value) => storable(value)), [...were]],
      })
      const done = new Set(changed.map((row) => row.id))
      return rows.find((row) => !done.has(row.id))?.id
    },
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
