import { markText, sealRecords } from '../../prisma/seals.ts'
import type { Shell } from '../shell.ts'

/** Seals what is new. The mark goes into the log as well: whoever has only the database cannot take it back there. */
export async function runSeals({ db, cipher, now, log }: Pick<Shell, 'db' | 'cipher' | 'now' | 'log'>): Promise<number> {
  const marks = await sealRecords(db, cipher, now())
  for (const mark of marks) log.info({ seal: markText(mark) }, 'records sealed')
  return marks.length
}
