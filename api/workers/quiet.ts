import { wallMs } from '../../casework/calendar.ts'
import { nextCallTime } from '../../casework/callhours.ts'
import type { Timer } from '../../casework/decision.ts'
import type { Instant, Ticket } from '../../casework/ticket.ts'
import { lastAsked } from '../../prisma/callbacks.ts'
import type { Shell } from '../shell.ts'

/** Until when a timer that speaks to the citizen must wait: made for the call hours, it may run outside them after an outage. */
export async function quietUntil(shell: Shell, timer: Timer, ticket: Ticket): Promise<Instant | undefined> {
  if (timer.kind !== 'callback' && timer.kind !== 'wait') return undefined
  const now = shell.now()
  const opens = nextCallTime(now, shell.knowledge.current().office)
  if (opens > now) return opens
  return timer.kind === 'callback' ? otherSurvey(shell, timer, ticket) : undefined
}

/**
 * At most one survey a person in the policy's period: until when this one must wait, or undefined when the citizen may be asked now.
 * A case that was done again is always asked about: 差评 are called back without exception (国办发〔2019〕51号).
 */
async function otherSurvey(shell: Shell, timer: Extract<Timer, { kind: 'callback' }>, ticket: Ticket): Promise<Instant | undefined> {
  if (timer.attempt > 1 || timer.round > 1 || ticket.stage !== 'replied' || ticket.callbacks.length > 0) return undefined
  const { quietFor } = shell.knowledge.current().office.policy.callback
  const quietMs = wallMs(quietFor)
  const asked = await lastAsked(shell.db.read, shell.cipher, ticket, shell.now() - quietMs)
  return asked === undefined ? undefined : asked + quietMs
}
