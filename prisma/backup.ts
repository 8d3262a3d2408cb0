import { createHash } from 'node:crypto'
import { cpSync, createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Database } from './database.ts'
import { Prisma } from './generated/sqlite/client/client.ts'
import { markText, newestMark } from './seals.ts'
import type { Row, Snapshot, Sql } from './sql.ts'

// One format for both engines: a folder with one file of JSON lines for each table, all as they stood at one instant. So a backup is also
// the way from SQLite to PostgreSQL. Personal data stays sealed in it; without the data key nobody reads it.

export type Manifest = {
  readonly format: 1
  /** ms */
  readonly at: number
  /** The schema that the rows belong to. */
  readonly migrations: readonly string[]
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly sha256: string }>>
  /** What citizens sent; not there in backups of before 2026-11-29. */
  readonly files?: { readonly count: number; readonly sha256: string }
  /** The newest seal, as text, to compare a database with: whoever has only the database cannot change it here. */
  readonly seal?: string
}

export type BackupFault = 'notABackup' | 'damaged' | 'otherRelease' | 'notEmpty'

/** A backup that cannot be restored; `detail` names the file, the table or the release. */
export class BackupError extends Error {
  readonly code: BackupFault
  readonly detail: string
  constructor(code: BackupFault, detail: string) {
    super(`${code}: ${detail}`)
    this.name = 'BackupError'
    this.code = code
    this.detail = detail
  }
}

const tables = Object.values(Prisma.ModelName)
const manifestName = 'manifest.json'
const fileOf = (folder: string, table: string): string => join(folder, `${table}.jsonl.gz`)

/** What citizens sent lies beside the tables, sealed as it was. Copied after them, so that every file that they name is there. */
const filesIn = (folder: string): string => join(folder, 'files')

/** Writes `folder`, which must not exist, and into it also the files of `files`. It gets its name only when it is complete. Takes what is in memory for one part of a table at a time. */
export async function backup(db: Database, folder: string, at: number, files?: string): Promise<Manifest> {
  const unfinished = `${folder}.unfinished`
  mkdirSync(unfinished, { recursive: true })
  const migrations = await appliedMigrations(db)
  const mark = await newestMark(db.read)
  const written = await db.snapshot(async (rows) => {
    const done: Record<string, { rows: number; sha256: string }> = {}
    for (const table of tables) done[table] = await writeTable(rows, table, fileOf(unfinished, table))
    return done
  })
  if (files !== undefined && existsSync(files)) cpSync(files, filesIn(unfinished), { recursive: true, filter: (file) => !file.endsWith('.unfinished') })
  const manifest: Manifest = { format: 1, at, migrations, tables: written, files: filesUnder(filesIn(unfinished)), ...(mark ? { seal: markText(mark) } : {}) }
  writeFileSync(join(unfinished, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true })
  renameSync(unfinished, folder)
  return manifest
}

function filesUnder(folder: string): NonNullable<Manifest['files']> {
  const digest = createHash('sha256')
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile()) : []
  for (const name of names.sort()) digest.update(`${name}\n`).update(readFileSync(join(folder, name)))
  return { count: names.length, sha256: digest.digest('hex') }
}

async function writeTable(rows: Snapshot, table: string, file: string): Promise<{ rows: number; sha256: string }> {
  const digest = createHash('sha256')
  let count = 0
  async function* lines(): AsyncGenerator<string> {
    for await (const part of rows(table)) {
      const text = part.map((row) => `${JSON.stringify(row)}\n`).join('')
      count += part.length
      digest.update(text)
      yield text
    }
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(file, { flush: true }))
  return { rows: count, sha256: digest.digest('hex') }
}

const appliedMigrations = async (db: Database): Promise<string[]> =>
  (await db.read.all<{ name: string }>('SELECT migration_name AS name FROM "_prisma_migrations" ORDER BY migration_name')).map(({ name }) => name)

/**
 * Fills an empty database, in one transaction: after a fault it is as empty as before.
 * @throws BackupError 'notABackup' | 'damaged' | 'otherRelease' | 'notEmpty'
 */
export async function restore(db: Database, folder: string, files?: string): Promise<Manifest> {
  const manifest = readManifest(folder)
  const here = await appliedMigrations(db)
  if (here.join() !== manifest.migrations.join()) throw new BackupError('otherRelease', manifest.migrations.at(-1) ?? '')
  if (manifest.files && manifest.files.sha256 !== filesUnder(filesIn(folder)).sha256) throw new BackupError('damaged', filesIn(folder))
  await db.write(async (sql) => {
    for (const table of tables) {
      const [first] = await sql.all(`SELECT 1 FROM "${table}" LIMIT 1`)
      if (first) throw new BackupError('notEmpty', table)
    }
    for (const table of tables) await readTable(sql, table, fileOf(folder, table), manifest.tables[table])
  })
  await db.settle()
  if (files !== undefined && existsSync(filesIn(folder))) cpSync(filesIn(folder), files, { recursive: true })
  return manifest
}

/** @throws BackupError 'notABackup' | 'otherRelease' */
export function readManifest(folder: string): Manifest {
  const file = join(folder, manifestName)
  if (!existsSync(file)) throw new BackupError('notABackup', folder)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  if (manifest.format !== 1) throw new BackupError('otherRelease', String(manifest.format))
  return manifest
}

async function readTable(sql: Sql, table: string, file: string, expected: Manifest['tables'][string] | undefined): Promise<void> {
  if (!expected || !existsSync(file)) throw new BackupError('damaged', file)
  const digest = createHash('sha256')
  let [count, part]: [number, Row[]] = [0, []]
  const put = async (): Promise<void> => {
    count += part.length
    await sql.insert(table, part)
    part = []
  }
  try {
    for await (const line of linesOf(file)) {
      digest.update(`${line}\n`)
      part.push(JSON.parse(line) as Row)
      if (part.length === 500) await put()
    }
    await put()
  } catch (fault) {
    throw new BackupError('damaged', `${file}: ${fault instanceof Error ? fault.message : String(fault)}`)
  }
  if (count !== expected.rows || digest.digest('hex') !== expected.sha256) throw new BackupError('damaged', file)
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of createReadStream(file).pipe(createGunzip())) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  // A file that ends in the middle of a line was cut off; its digest says so too.
  if (rest) yield rest
}
