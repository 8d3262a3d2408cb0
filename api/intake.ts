import { propose } from '../bot/diagnosis.ts'
import { dateOf } from '../casework/day.ts'
import type { Command } from '../casework/decision.ts'
import { mintTicket } from './lookup.ts'
import type { Shell } from './shell.ts'

type Register = Extract<Command, { type: 'register' }>
type Given = Omit<Register, 'type' | 'id' | 'number' | 'proposal'>

/** The command that registers what a person has entered, with a number, a query code, and a proposal from the same words as in the chat. */
export async function registration(shell: Shell, given: Given): Promise<{ readonly command: Register; readonly code: string }> {
  const { id, number, code } = await mintTicket(shell)
  return { command: { type: 'register', id, number, ...given, proposal: proposed(shell, given) }, code }
}

/** What the words of a case point to: cause, field, level, units. */
export function proposed(shell: Shell, { facts, urgent }: Pick<Given, 'facts' | 'urgent'>): Register['proposal'] {
  const { understand, index, guides, office } = shell.knowledge.current()
  const words = [facts.matter, facts.story, facts.told].filter(Boolean).join('，')
  const guide = guides.get(index.match(words).guides[0]?.id ?? '')
  const { flags, cause, urgency } = understand(words, { today: dateOf(shell.now()) })
  const findings = { flags, urgent: urgent || urgency !== 'routine', ...(cause ? { cause } : {}) }
  return propose({ facts, findings, guide, office })
}
