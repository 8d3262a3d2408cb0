import type { Instant } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'

const place = (personId: string): string => `ResumeCode/${personId}`
const indexOf = (cipher: Cipher, code: string): string => cipher.index('resume', code)

/** The newest code of a person is the only one. */
export async function keepResumeCode(sql: Sql, cipher: Cipher, personId: string, visitor: string, code: string, until: Instant): Promise<void> {
  await sql.run('DELETE FROM "ResumeCode" WHERE "personId" = ? OR until < ?', [personId, until - 3_600_000])
  await sql.insert('ResumeCode', [{ personId, codeIndex: indexOf(cipher, code), until, sealed: cipher.seal(visitor, place(personId)) }])
}

/** The visitor whose code it is; the code is used up, in the same statement, so that it works once. */
export async function useResumeCode(sql: Sql, cipher: Cipher, code: string, at: Instant): Promise<string | undefined> {
  const [row] = await sql.all<{ personId: string; until: number; sealed: string }>('DELETE FROM "ResumeCode" WHERE "codeIndex" = ? RETURNING *', [
    indexOf(cipher, code),
  ])
  return row && row.until > at ? cipher.open<string>(row.sealed, place(row.personId)) : undefined
}
