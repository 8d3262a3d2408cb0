import { timingSafeEqual } from 'node:crypto'
import type { Conversation } from '../bot/turn.ts'
import type { OutboundMessage } from '../channels/contract.ts'
import { conversationById } from '../prisma/conversations.ts'
import { own } from '../texts/bot.ts'
import type { Shell } from './shell.ts'

/** Long enough to read and to take along on a slow line; whoever is handed the link later finds it over. */
const validMinutes = 30

const signed = ({ cipher }: Pick<Shell, 'cipher'>, conversationId: string, until: string): string => cipher.index('own page', `${conversationId}:${until}`)

/** For how long whoever writes here may have the page of their own data; undefined where no address leads to it, or a number may have changed hands. */
export function ownPage({ origin, channels }: Shell, { channel }: Conversation): { readonly minutes: number } | undefined {
  return origin === undefined || channels.get(channel)?.handedOn !== false ? undefined : { minutes: validMinutes }
}

/**
 * The message with the address of that page, where one is promised. It goes in only when the message is sent, so it is never stored and nobody at the
 * office reads it. The platform vouches for who they are; the pass stands behind the hash, where no log sees it, and ends with the talk.
 */
export function withOwnPage(shell: Shell, conversationId: string, message: OutboundMessage): OutboundMessage {
  if (!message.text.includes(own.place)) return message
  const until = String(shell.now() + validMinutes * 60_000)
  const address = `${shell.origin}/privacy#own=${conversationId}.${until}.${signed(shell, conversationId, until)}`
  return { ...message, text: message.text.replaceAll(own.place, address) }
}

/** Whose pass it is; undefined for one that is over or was made up, or whose talk is gone. */
export async function holderOfPass(shell: Shell, pass: string): Promise<string | undefined> {
  const [conversationId = '', until = '', signature = ''] = pass.split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(signed(shell, conversationId, until))]
  if (given.length !== right.length || !timingSafeEqual(given, right) || Number(until) <= shell.now()) return undefined
  return (await conversationById(shell.db.read, shell.cipher, conversationId))?.personId
}
