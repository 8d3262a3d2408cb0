import { refusals } from '../texts/casework.ts'
import { type Answer, type Case, refusal } from './case.ts'
import { archive, callback, checkResult, reopen, reply, resolve } from './closing.ts'
import type { Command, Decision, Refusal } from './decision.ts'
import { accept, arrive, contact, extend, pause, progress, raise, recount, remind, resume, returned } from './handling.ts'
import { amend, assign, decline, merge, reassign, register, transfer, triage, withdraw } from './intake.ts'
import { absorb, answer, ask, attend, convene, finish, help, instruct, minute, nudge, opine, returnPapers, split, survey, takePapers, task } from './joint.ts'
import { findStep, isStep, missingField } from './obstacle.ts'
import { invite, state, uninvite } from './outside.ts'
import { CalendarGap, type Office } from './policy.ts'
import { answerOrder, appeal, decideAppeal, hold, order, signOrder, verifyOrder } from './supervision.ts'
import type { Actor, Instant, Ticket } from './ticket.ts'
import type { WorkCommand } from './work.ts'

/** What follows from a command. Reads only its arguments and changes nothing; an expected "no" is a refusal with a reason in Chinese. */
export function decide(ticket: Ticket | undefined, command: Command, by: Actor, at: Instant, office: Office): Decision {
  try {
    const found = answerTo(ticket, command, by, at, office)
    return isRefusal(found) ? { ok: false, refusal: found } : { ok: true, events: found }
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
    case 'reassign':
      return reassign(on, command)
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
      return work(on, command)
  }
}

function work(on: Case, command: WorkCommand): Answer {
  switch (command.type) {
    case 'opine':
      return opine(on, command)
    case 'ask':
      return ask(on, command)
    case 'answer':
      return answer(on, command)
    case 'convene':
      return convene(on, command)
    case 'attend':
      return attend(on, command)
    case 'minute':
      return minute(on, command)
    case 'task':
      return task(on, command)
    case 'finish':
      return finish(on, command)
    case 'instruct':
      return instruct(on, command)
    case 'help':
      return help(on, command)
    case 'takePapers':
      return takePapers(on, command)
    case 'returnPapers':
      return returnPapers(on, command)
    case 'order':
      return order(on, command)
    case 'signOrder':
      return signOrder(on, command)
    case 'answerOrder':
      return answerOrder(on, command)
    case 'verifyOrder':
      return verifyOrder(on, command)
    case 'hold':
      return hold(on, command)
    case 'appeal':
      return appeal(on, command)
    case 'decideAppeal':
      return decideAppeal(on, command)
    case 'split':
      return split(on, command)
    case 'absorb':
      return absorb(on, command)
    case 'invite':
      return invite(on, command)
    case 'uninvite':
      return uninvite(on, command)
    case 'state':
      return state(on, command)
    case 'nudge':
      return nudge(on)
    case 'survey':
      return survey()
    default:
      return command satisfies never
  }
}
