import { refusals } from '../texts/casework.ts'
import { type Answer, type Case, refusal } from './case.ts'
import { archive, callback, checkResult, reopen, reply, resolve } from './closing.ts'
import type { Command, Decision, Refusal } from './decision.ts'
import { accept, arrive, contact, extend, pause, progress, raise, recount, remind, resume, returned } from './handling.ts'
import { amend, assign, decline, merge, register, transfer, triage, withdraw } from './intake.ts'
import { findStep, isStep, missingField } from './obstacle.ts'
import { CalendarGap, type Office } from './policy.ts'
import type { Actor, Instant, Ticket } from './ticket.ts'

/** What follows from a command. Reads only its arguments and changes nothing; an expected "no" is a refusal with a reason in Chinese. */
export function decide(ticket: Ticket | undefined, command: Command, by: Actor, at: Instant, office: Office): Decision {
  try {
    const answer = answerTo(ticket, command, by, at, office)
    return isRefusal(answer) ? { ok: false, refusal: answer } : { ok: true, events: answer }
  } catch (error) {
    // Only rules that move an existing clock come here; registering and replying never wait for a calendar.
    if (error instanceof CalendarGap) return { ok: false, refusal: refusal('calendarGap', refusals.calendarGap(error.year)) }
    throw error
  }
}

const isRefusal = (answer: Answer): answer is Refusal => 'code' in answer

function answerTo(ticket: Ticket | undefined, command: Command, by: Actor, at: Instant, office: Office): Answer {
  if (command.type === 'register') return register(ticket, command, by, at, office)
  if (!ticket) return refusal('wrongStage', refusals.noCase())
  // A survey comes in pieces: what the citizen adds after 「没办成」 has reopened the case is still kept.
  const step = findStep(ticket, command.type, by, office)
  if (!isStep(step)) return command.type === 'callback' ? callback.late(ticket, command, by, step) : step
  return missingField(step, command) ?? dispatch({ ticket, by, at, office }, command)
}

function dispatch(on: Case, command: Exclude<Command, { type: 'register' }>): Answer {
  switch (command.type) {
    case 'amend':
      return amend(on, command)
    case 'triage':
      return triage(on, command)
    case 'assign':
      return assign(on, command)
    case 'accept':
      return accept(on)
    case 'return':
      return returned(on, command)
    case 'arrive':
      return arrive(on, command)
    case 'contact':
      return contact(on, command)
    case 'progress':
      return progress(command)
    case 'pause':
      return pause(on, command)
    case 'resume':
      return resume(on, command)
    case 'extend':
      return extend(on, command)
    case 'resolve':
      return resolve(on, command)
    case 'check':
      return checkResult(on, command)
    case 'reply':
      return reply(on, command)
    case 'callback':
      return callback.now(on, command)
    case 'archive':
      return archive(on, command)
    case 'decline':
      return decline(on, command)
    case 'transfer':
      return transfer(on, command)
    case 'merge':
      return merge(on, command)
    case 'withdraw':
      return withdraw(on, command)
    case 'reopen':
      return reopen(on, command)
    case 'raise':
      return raise(on, command)
    case 'remind':
      return remind(on, command)
    case 'recount':
      return recount(on)
    default:
      return command satisfies never
  }
}
