import type { OutboundMessage } from '../channels/contract.ts'
import { plainText } from '../channels/plain.ts'
import type { StoredMessage } from '../prisma/conversations.ts'
import { saidBy } from '../texts/api.ts'

/** Everything that was said in one go as one message; of people the citizen reads who speaks. `menus`: what is offered last can be tapped. */
export function spokenAtOnce(messages: readonly StoredMessage[], menus = false): OutboundMessage {
  const last = messages.at(-1)?.body
  const choices = menus && last && 'message' in last ? last.message.choices : undefined
  const texts = messages.flatMap(({ author, body }) => {
    if (!('message' in body)) return []
    const { choices: offered, ...rest } = body.message
    const text = plainText(offered && offered !== choices ? body.message : rest)
    return [author === 'staff' && body.name ? saidBy(body.name, text) : text]
  })
  return { text: texts.join('\n\n'), ...(choices ? { choices } : {}) }
}
