import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'

export type SharedToken = { readonly token: string; readonly staleAt: number }

/** Longer than a platform takes to answer; whoever dies while fetching holds the others up for so long. */
const leaseMs = 15_000

const placeOf = (name: string): string => `PlatformToken/${name}`

/** The token that any process has fetched, as long as it is good and not the one that was just refused. */
export async function sharedToken({ read }: Database, cipher: Cipher, name: string, stale: string | undefined, now: number): Promise<SharedToken | undefined> {
  const [row] = await read.all<{ sealed: string; staleAt: number }>('SELECT sealed, "staleAt" FROM "PlatformToken" WHERE name = ?', [name])
  if (!row || row.sealed === '' || row.staleAt <= now) return undefined
  const token = cipher.open<string>(row.sealed, placeOf(name))
  return token === stale ? undefined : { token, staleAt: row.staleAt }
}

/** Of all processes one may fetch; the others look again until the token is there or the lease is over. */
export async function leaseToken(db: Database, name: string, now: number): Promise<boolean> {
  return db.write(async (sql) => {
    await sql.insert('PlatformToken', [{ name, sealed: '', staleAt: 0, leasedUntil: 0 }], 'unless exists')
    return (await sql.run('UPDATE "PlatformToken" SET "leasedUntil" = ? WHERE name = ? AND "leasedUntil" <= ?', [now + leaseMs, name, now])) === 1
  })
}

export async function keepToken(db: Database, cipher: Cipher, name: string, { token, staleAt }: SharedToken): Promise<void> {
  await db.write((sql) =>
    sql.run('UPDATE "PlatformToken" SET sealed = ?, "staleAt" = ?, "leasedUntil" = 0 WHERE name = ?', [cipher.seal(token, placeOf(name)), staleAt, name]),
  )
}

/** The fetching has failed: the next who asks may try at once. */
export async function dropLease(db: Database, name: string): Promise<void> {
  await db.write((sql) => sql.run('UPDATE "PlatformToken" SET "leasedUntil" = 0 WHERE name = ?', [name]))
}
