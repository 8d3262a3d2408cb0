import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createCipher } from '../../prisma/cipher.ts'
import { type Database, openDatabase } from '../../prisma/database.ts'

/** Set by tools/postgresql.mjs: the same tests then run on PostgreSQL. */
const server = process.env['TEST_POSTGRESQL_URL']

export const testKey = Buffer.alloc(32, 7).toString('base64')
export const testCipher = createCipher(testKey)

/** `files`: a folder for what citizens send. */
export type TestDatabase = { readonly url: string; readonly files: string; readonly remove: () => Promise<void> }

/** A fresh, empty database of its own; its name says that it is for tests, and nothing else is ever opened or dropped. */
export async function createTestDatabase(engine?: 'sqlite'): Promise<TestDatabase> {
  const name = `bandecheng_test_${randomBytes(6).toString('hex')}`
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  const files = join(folder, 'files')
  const clear = (): void => rmSync(folder, { recursive: true, force: true })
  if (!server || engine === 'sqlite') return { files, url: `file:${join(folder, 'test.db')}`, remove: async () => clear() }
  await onServer(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    files,
    url: url.href,
    remove: async () => {
      clear()
      await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement)
  await client.end()
}

export type OpenTestDatabase = TestDatabase & { readonly db: Database }

export async function openTestDatabase(): Promise<OpenTestDatabase> {
  const test = await createTestDatabase()
  const db = await openDatabase(test.url)
  return {
    ...test,
    db,
    remove: async () => {
      await db.close()
      await test.remove()
    },
  }
}
