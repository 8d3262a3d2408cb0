import { callbackQuestion } from '../casework/notice.ts'
import type { SurveyAnswer, Ticket } from '../casework/ticket.ts'
import type { OutboundMessage } from '../channels/contract.ts'
import type { Entity } from '../nlp/understanding.ts'
import { survey as words } from '../texts/bot.ts'
import { hears } from '../texts/hears.ts'
import type { Memory } from './turn.ts'

/** The first question of a callback, and the memory by which its answer is known; for the worker that sends it. */
export function startSurvey(ticket: Ticket, memory: Memory): { readonly message: OutboundMessage; readonly memory: Memory } {
  const message = { ...callbackQuestion(ticket), choices: words.solved }
  const callback = { ticketId: ticket.id, number: ticket.number, round: ticket.reopened + 1 }
  return { message, memory: { ...memory, callback, offered: words.solved } }
}

export function solvedIn(text: string): SurveyAnswer['solved'] | undefined {
  if (hears.solvedExplained.test(text)) return 'explained'
  if (hears.solvedPartly.test(text)) return 'partly'
  if (hears.solvedNo.test(text)) return 'no'
  return hears.solvedYes.test(text) ? 'yes' : undefined
}

export function ratingIn(text: string, entities: readonly Entity[]): SurveyAnswer['rating'] {
  const said = words.ratings.findLast((one) => text.includes(one.text))?.value.slice(-1) ?? entities.find((entity) => entity.kind === 'rating')?.value
  return isRating(Number(said)) ? (Number(said) as 1 | 2 | 3 | 4 | 5) : undefined
}

export function reasonsIn(text: string): readonly string[] {
  const found = hears.reasonWords.filter(([, pattern]) => pattern.test(text)).map(([reason]) => reasonText(reason))
  return found.length > 0 ? found : [reasonText('other')]
}

export function reasonText(reason: string): string {
  return words.reasons.find((one) => one.value === `reason:${reason}`)?.text ?? reason
}

function isRating(value: number): boolean {
  return value >= 1 && value <= 5
}
