import { timingSafeEqual } from 'node:crypto'
import type { Conversation } from '../bot/turn.ts'
import type { Shell } from './shell.ts'

/** Long enough to read and to take along on a slow line; whoever is handed the link later finds it over. */
const validMinutes = 30

const signed = ({ cipher }: Pick<Shell, 'cipher'>, personId: string, until: string): string => cipher.index('own page', `${personId}:${until}`)

/** Where whoever writes through a platform has the page of their own data. The platform vouches for who they are; the pass stands behind the hash, where no log sees it. */
export function ownPage(shell: Shell, { channel, personId }: Conversation): { readonly url: string; readonly minutes: number } | undefined {
  if (shell.origin === undefined || !shell.channels.get(channel)?.links) return undefined
  const until = String(shell.now() + validMinutes * 60_000)
  return { url: `${shell.origin}/privacy#own=${personId}.${until}.${signed(shell, personId, until)}`, minutes: validMinutes }
}

/** Whose pass it is; undefined for one that is over or was made up. */
export function holderOfPass(shell: Pick<Shell, 'cipher' | 'now'>, pass: string): string | undefined {
  const [personId = '', until = '', signature = ''] = pass.split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(signed(shell, personId, until))]
  return given.length === right.length && timingSafeEqual(given, right) && Number(until) > shell.now() ? personId : undefined
}
