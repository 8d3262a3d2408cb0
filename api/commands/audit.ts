// npm run -s audit [-- FOLDER | SEAL …]: verifies the journal of every case, the trail of who did what, and that nothing is gone that was ever sealed;
// compares the seals with those of a backup or of the log. Names each fault and ends with 1 if there was any.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { evolve } from '../../casework/evolve.ts'
import { auditJournals } from '../../prisma/audit.ts'
import { auditTrail } from '../../prisma/audits.ts'
import { readManifest } from '../../prisma/backup.ts'
import { createCipher } from '../../prisma/cipher.ts'
import { openDatabase } from '../../prisma/database.ts'
import { auditSeals, type Mark, markText, parseMark, type SealFault } from '../../prisma/seals.ts'
import { audit as words } from '../../texts/audit.ts'
import { readConfig } from '../config.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const marks = process.argv.slice(2).map(markOf)
const config = readConfig()
const cipher = createCipher(config.dataKey)
const db = await openDatabase(config.DATABASE_URL)
let [cases, lines, deeds, faults] = [0, 0, 0, 0]
const fault = (line: string): void => {
  faults += 1
  say(line)
}
for await (const audited of auditJournals(db.read, cipher, evolve)) {
  cases += 1
  lines += audited.lines
  if (audited.fault) fault(words.fault(audited.fault.number, audited.fault.line, words.whats[audited.fault.kind]))
}
for await (const { id, whole } of auditTrail(db.read, cipher)) {
  deeds += 1
  if (!whole) fault(words.trail(id))
}
const seals = await auditSeals(db.read, cipher, marks)
for (const found of seals.faults) fault(sealFault(found))
await db.close()
if (seals.newest) say(words.newest(markText(seals.newest)))
say(words.done(cases, lines, deeds, faults))
process.exitCode = faults === 0 ? 0 : 1

function markOf(text: string): Mark {
  const folder = resolve(text)
  const mark = parseMark(existsSync(join(folder, 'manifest.json')) ? (readManifest(folder).seal ?? '') : text)
  if (mark) return mark
  process.stderr.write(`${words.noMark(text)}\n${words.usage}\n`)
  process.exit(2)
}

function sealFault(found: SealFault): string {
  return 'ticket' in found ? words.seals[found.kind](found.ticket) : words.seals[found.kind](found.number)
}
