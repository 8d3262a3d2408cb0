// npm run -s audit: verifies the journal of every case of the configured database; names each that was tampered with and ends with 1 if any was.

import { evolve } from '../../casework/evolve.ts'
import { auditJournals } from '../../prisma/audit.ts'
import { createCipher } from '../../prisma/cipher.ts'
import { openDatabase } from '../../prisma/database.ts'
import { audit } from '../../texts/audit.ts'
import { readConfig } from '../config.ts'

const config = readConfig()
const db = await openDatabase(config.DATABASE_URL)
let [cases, lines, faults] = [0, 0, 0]
for await (const audited of auditJournals(db.read, createCipher(config.dataKey), evolve)) {
  cases += 1
  lines += audited.lines
  if (!audited.fault) continue
  faults += 1
  process.stdout.write(`${audit.fault(audited.fault.number, audited.fault.line, audit.whats[audited.fault.kind])}\n`)
}
await db.close()
process.stdout.write(`${faults === 0 ? audit.clean(cases, lines) : audit.found(cases, lines, faults)}\n`)
process.exitCode = faults === 0 ? 0 : 1
