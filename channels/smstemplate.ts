import { createHash } from 'node:crypto'
import { ChannelError, type OutboundMessage } from './contract.ts'
import type { Template } from './smsconfig.ts'

/** The vendors' own key of a message: short, and the same at every try. */
export const shortKey = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)

type Templates = { readonly news: Template; readonly reply?: Template | undefined }

/** @throws ChannelError 'refused' for an answer when the office has no template for answers */
export function templateFor(message: OutboundMessage, { news, reply }: Templates): Template {
  if (message.news) return news
  if (!reply) throw new ChannelError('refused', 'no template for answers')
  return reply
}

/** A variable that is longer than it may be has the whole message refused. */
export function filledParams({ params, longest }: Template, { text, news }: OutboundMessage): Record<string, string> {
  const at = news ? new Date(news.at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ') : ''
  const values: Readonly<Record<string, string>> = { number: news?.number ?? '', matter: news?.matter ?? '', text: news?.text ?? text, time: at }
  const short = (whole: string): string => {
    const characters = [...whole.replace(/\s+/g, ' ')]
    return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest - 1).join('')}…`
  }
  const fill = (pattern: string): string => short(pattern.replace(/\{(number|matter|text|time)\}/g, (_all, name: string) => values[name] ?? ''))
  return Object.fromEntries(Object.entries(params).map(([name, pattern]) => [name, fill(pattern)]))
}
