import { hiddenFrom, isHiddenAlike, maySee } from '../casework/access.ts'
import { refusal, unitName } from '../casework/case.ts'
import type { Command, Refusal } from '../casework/decision.ts'
import { parseTicketNumber } from '../casework/number.ts'
import { isOpen, stageTitle } from '../casework/stages.ts'
import type { Actor, Ticket } from '../casework/ticket.ts'
import { standing } from '../prisma/alike.ts'
import { type TicketChange, ticketByNumber } from '../prisma/tickets.ts'
import { refusals } from '../texts/casework.ts'
import { changeBy } from './changes.ts'
import { registration } from './intake.ts'
import type { Shell } from './shell.ts'

type Paired = { readonly ok: true; readonly command: Command; readonly second?: TicketChange } | { readonly ok: false; readonly refusal: Refusal }

/** What a command does to a second case: a merge writes into both, a split registers the part that is split off. */
export async function paired(shell: Shell, before: Ticket | undefined, command: Command, by: Actor): Promise<Paired> {
  if (before && command.type === 'merge') return merged(shell, before, command, by)
  if (before && command.type === 'split') return split(shell, before, command, by)
  return { ok: true, command }
}

async function merged(shell: Shell, before: Ticket, command: Extract<Command, { type: 'merge' }>, by: Actor): Promise<Paired> {
  const { office } = shell.knowledge.current()
  const number = parseTicketNumber(command.into)?.number ?? command.into.trim()
  const found = await ticketByNumber(shell.db.read, shell.cipher, number)
  const target = found && (await standing(shell.db.read, shell.cipher, found))
  if (!target || !maySee(target, by, office)) return no(refusals.mergeUnknown(number))
  if (target.id === before.id) return no(refusals.mergeItself())
  if (!isHiddenAlike(before, target, office)) return no(refusals.mergeSecret())
  if (!isOpen(target.stage) || target.stage === 'closed') return no(refusals.mergeOver(target.number, stageTitle(target.stage)))
  const absorb: Command = { type: 'absorb', ticketId: before.id, number: before.number, story: before.facts.story ?? before.facts.matter ?? '' }
  const changed = changeBy(target, absorb, by, shell.now(), office)
  return changed.ok ? { ok: true, command: { ...command, into: target.number }, second: changed.change } : changed
}

/** The new case is the same citizen's, with the same ways of reaching them, and kept from the same units. */
async function split(shell: Shell, before: Ticket, command: Extract<Command, { type: 'split' }>, by: Actor): Promise<Paired> {
  const { office } = shell.knowledge.current()
  const { name, phone, idNumber, company, anonymous, district } = before.facts
  const units = hiddenFrom(before, office).map((id) => unitName(id, office))
  const secrecy = units.length > 0 ? { confidential: true, department: units.join('、') } : {}
  const who = { name, phone, idNumber, company, anonymous, district, ...secrecy }
  const known = Object.fromEntries(Object.entries(who).filter(([, value]) => value !== undefined))
  const { personId, conversationId, channel, demand, urgent } = before
  const { command: register, code } = await registration(shell, {
    channel,
    demand,
    urgent,
    facts: { ...known, matter: command.matter, story: command.story },
    ...(personId === undefined ? {} : { personId }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(by.kind === 'staff' ? { enteredBy: by.id } : {}),
  })
  const changed = changeBy(undefined, register, by, shell.now(), office)
  return changed.ok ? { ok: true, command: { ...command, into: register.number }, second: { ...changed.change, code } } : changed
}

const no = (detail: string): Paired => ({ ok: false, refusal: refusal('limit', detail) })
