// npm run restore -- FOLDER: fills the empty database that DATABASE_URL names; ends with 1 and changes nothing when that cannot be.
import { resolve } from 'node:path'
import { dateOf, timeOf } from '../../casework/day.ts'
import { evolve } from '../../casework/evolve.ts'
import { auditJournals } from '../../prisma/audit.ts'
import { BackupError, restore } from '../../prisma/backup.ts'
import { createCipher } from '../../prisma/cipher.ts'
import { openDatabase } from '../../prisma/database.ts'
import { operations } from '../../texts/operations.ts'
import { readConfig } from '../config.ts'

const [source] = process.argv.slice(2)
if (!source) {
  process.stderr.write(`${operations.usage.restore}\n`)
  process.exit(2)
}
const config = readConfig()
const db = await openDatabase(config.DATABASE_URL)
try {
  const { tables, at } = await restore(db, resolve(source), config.FILES_DIR)
  const rows = Object.values(tables).reduce((sum, one) => sum + one.rows, 0)
  process.stdout.write(`${operations.restored(rows, `${dateOf(at)} ${timeOf(at)}`)}\n`)
  if (await keyFits()) process.exitCode = 0
  else {
    process.stderr.write(`${operations.keyDoesNotFit}\n`)
    process.exitCode = 1
  }
} catch (fault) {
  if (!(fault instanceof BackupError)) throw fault
  process.stderr.write(`${operations.faults[fault.code](fault.detail)}\n`)
  process.exitCode = 1
} finally {
  await db.close()
}

/** One case is enough to tell: `npm run audit` reads all. */
async function keyFits(): Promise<boolean> {
  for await (const { fault } of auditJournals(db.read, createCipher(config.dataKey), evolve)) return fault?.kind !== 'unreadable'
  return true
}
