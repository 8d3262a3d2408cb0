import { markText, sealRecords } from '../../prisma/seals.ts'
import type { Shell } from '../shell.ts'

/** Seals what is new. The mark goes into the log as well: whoever has only the database cannot take it back there. */
export async function runSeals({ db, cipher, now, log }: Pick<Shell, 'db' | 'cipher' | 'now' | 'log'>): Promise<number> {
  const { made, unreadable } = await sealRecords(db, cipher, now())
  for (const number of unreadable) log.error({ number }, 'seal was changed')
  for (const mark of made) log.info({ seal: markText(mark) }, 'records sealed')
  return made.length
}
