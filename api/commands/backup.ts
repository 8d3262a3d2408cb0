// npm run backup -- FOLDER: a copy of the running office's database in a folder named by the moment, on either engine.
import { join, resolve } from 'node:path'
import { dateOf, timeOf } from '../../casework/day.ts'
import { backup } from '../../prisma/backup.ts'
import { openDatabase } from '../../prisma/database.ts'
import { operations } from '../../texts/operations.ts'
import { readConfig } from '../config.ts'

const [target] = process.argv.slice(2)
if (!target) {
  process.stderr.write(`${operations.usage.backup}\n`)
  process.exit(2)
}
const now = Date.now()
const seconds = String(Math.floor(now / 1_000) % 60).padStart(2, '0')
const folder = join(resolve(target), `bandecheng-${dateOf(now)}-${timeOf(now).replace(':', '')}${seconds}`)
const config = readConfig()
const db = await openDatabase(config.DATABASE_URL)
const { tables, files } = await backup(db, folder, now, config.FILES_DIR)
await db.close()
const counts = Object.values(tables).map(({ rows }) => rows)
const rows = counts.reduce((sum, one) => sum + one, 0)
// A mistyped address makes a new, empty database: that is no backup of anything.
if (rows === 0) {
  process.stderr.write(`${operations.nothingToBackUp}\n`)
  process.exitCode = 1
} else process.stdout.write(`${operations.backedUp(folder, rows, counts.length, files?.count ?? 0)}\n`)
