import type { Sql } from './sql.ts'

/** Consents given where the platform tells nobody are found by trying again after so long. */
const refusalMs = 30 * 86_400_000

/** Whether a person wants to be told by a form of a platform. */
export async function noteConsent(
  sql: Sql,
  { personId, form, given }: { readonly personId: string; readonly form: string; readonly given: boolean },
  at: number,
): Promise<void> {
  await sql.insert('Consent', [{ personId, form, given, at }], 'unless exists')
  await sql.run('UPDATE "Consent" SET given = ?, at = ? WHERE "personId" = ? AND form = ?', [given, at, personId, form])
}

export const isUnwanted = async (read: Sql, personId: string, form: string, now: number): Promise<boolean> =>
  (await read.all('SELECT form FROM "Consent" WHERE "personId" = ? AND form = ? AND given = ? AND at > ?', [personId, form, false, now - refusalMs])).length > 0
