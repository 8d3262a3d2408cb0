import { createHash } from 'node:crypto'
import { ChannelError, type OutboundMessage } from './contract.ts'
import { filledForm, filledIn } from './form.ts'
import type { Template, Templates } from './smsconfig.ts'

/** The vendors' own key of a message: short, and the same at every try. */
export const shortKey = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)

type Filled = { readonly id: string; readonly params: Readonly<Record<string, string>> }

/**
 * The approved template that carries the message, and its variables. The survey goes in the one whose fixed words ask it, where the office has one.
 * @throws ChannelError 'refused' for an answer when there is no template for answers, and for news that no template has room for
 */
export function filledTemplate({ text, news }: OutboundMessage, { news: newsTemplate, survey, reply }: Templates): Filled {
  if (news) {
    const { id, params, longest } = (news.asks ? survey : undefined) ?? newsTemplate
    return { id, params: filledForm(params, news, () => longest) }
  }
  if (!reply) throw new ChannelError('refused', 'no template for answers')
  return { id: reply.id, params: answered(reply, text) }
}

/** An answer has been divided before: see `parts` of the channel. */
const answered = ({ params }: Template, text: string): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, pattern]) => [name, filledIn(pattern, { text })]))
