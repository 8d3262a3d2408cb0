import { setTimeout as pause } from 'node:timers/promises'
import { ChannelError, type FreshToken, type Instant, type Tokens } from '../channels/contract.ts'
import type { Cipher } from '../prisma/cipher.ts'
import type { Database } from '../prisma/database.ts'
import { dropLease, keepToken, leaseToken, sharedToken } from '../prisma/platformtokens.ts'
import { usedLife } from './channels.ts'

/** How often, and how many times, a process looks for the token that another one is fetching: together as long as the lease. */
const lookMs = 250
const mostLooks = 60

/**
 * Tokens that all processes of the office share: of all who need one, one fetches, and its token is kept sealed in the database. Behind the
 * process's own keeper, which spares the database while the token is good.
 */
export function shareTokens(db: Database, cipher: Cipher, now: () => Instant, own: Tokens): Tokens {
  return (key, renew, stale) => own(key, () => shared(db, cipher, now, key, renew, stale), stale)
}

async function shared(
  db: Database,
  cipher: Cipher,
  now: () => Instant,
  key: string,
  renew: () => Promise<FreshToken>,
  stale: string | undefined,
): Promise<FreshToken> {
  for (let looks = 0; looks < mostLooks; looks++) {
    const known = await sharedToken(db, cipher, key, stale, now())
    // The keeper renews at a fraction of the life that it is told; it is told so much that this comes to the moment kept here.
    if (known) return { token: known.token, livesMs: (known.staleAt - now()) / usedLife }
    if (await leaseToken(db, key, now())) return fetched(db, cipher, now, key, renew)
    await pause(lookMs)
  }
  throw new ChannelError('busy', 'another process is fetching the token')
}

async function fetched(db: Database, cipher: Cipher, now: () => Instant, key: string, renew: () => Promise<FreshToken>): Promise<FreshToken> {
  try {
    const fresh = await renew()
    await keepToken(db, cipher, key, { token: fresh.token, staleAt: Math.floor(now() + fresh.livesMs * usedLife) })
    return fresh
  } catch (fault) {
    await dropLease(db, key)
    throw fault
  }
}
