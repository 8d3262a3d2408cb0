import type { OutboundMessage } from '../channels/contract.ts'
import { plainText } from '../channels/plain.ts'
import type { StoredMessage } from '../prisma/conversations.ts'
import { saidBy } from '../texts/api.ts'

/** Everything that was said in one go as one message; of people the citizen reads who speaks. */
export function spokenAtOnce(messages: readonly StoredMessage[]): OutboundMessage {
  const texts = messages.flatMap(({ author, body }) => {
    if (!('message' in body)) return []
    const text = plainText(body.message)
    return [author === 'staff' && body.name ? saidBy(body.name, text) : text]
  })
  return { text: texts.join('\n\n') }
}
