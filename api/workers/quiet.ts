import { dayMs } from '../../casework/day.ts'
import type { AllowanceUnit } from '../../casework/deadline.ts'
import type { Timer } from '../../casework/decision.ts'
import type { Instant, Ticket } from '../../casework/ticket.ts'
import { lastAsked } from '../../prisma/callbacks.ts'
import type { Shell } from '../shell.ts'

const unitMs: Readonly<Record<AllowanceUnit, number>> = { workingDays: dayMs, calendarDays: dayMs, workingHours: 3_600_000, minutes: 60_000 }

/**
 * At most one survey a person in the policy's period: until when this one must wait, or undefined when the citizen may be asked now.
 * A case that was done again is always asked about: 差评 are called back without exception (国办发〔2019〕51号).
 */
export async function quietUntil(shell: Shell, timer: Timer, ticket: Ticket): Promise<Instant | undefined> {
  if (timer.kind !== 'callback' || timer.round > 1 || ticket.stage !== 'replied' || ticket.callbacks.length > 0) return undefined
  const { quietFor } = shell.knowledge.current().office.policy.callback
  const quietMs = quietFor.amount * unitMs[quietFor.unit]
  const asked = await lastAsked(shell.db.read, shell.cipher, ticket, shell.now() - quietMs)
  // Later attempts follow at their distance, or the second would book the first as unanswered before it was asked.
  return asked === undefined ? undefined : asked + quietMs + (timer.attempt - 1) * dayMs
}
