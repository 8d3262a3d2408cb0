import { outsideNotes as notes, outsideRefusals as refusals } from '../texts/outside.ts'
import { isRestricted } from './access.ts'
import { type Answer, type Case, nameOf, refusal } from './case.ts'
import type { Command } from './decision.ts'
import { did, newId } from './joint.ts'
import { maskText } from './mask.ts'
import { openFacts } from './part.ts'
import type { Office } from './policy.ts'
import type { Ticket } from './ticket.ts'
import { invitations, isRevoked, statement } from './work.ts'

type Of<T extends Command['type']> = Extract<Command, { type: T }>

/** Only what reaches beyond the centre's own level asks units that have no account here (三级响应). */
export function invite({ ticket }: Case, { unit, question }: Of<'invite'>): Answer {
  if (ticket.level !== 3) return refusal('limit', refusals.level())
  return [did(notes.invited(unit, question), { type: 'invited', id: newId(ticket), unit, question })]
}

export function uninvite({ ticket }: Case, { invitation: id }: Of<'uninvite'>): Answer {
  const found = invitations(ticket).find((one) => one.id === id)
  if (!found || isRevoked(ticket, id)) return refusal('wrongStage', refusals.none())
  if (statement(ticket, id)) return refusal('wrongStage', refusals.answered())
  return [did(notes.uninvited(found.unit), { type: 'uninvited', id })]
}

/** The unit's answer, once. */
export function state({ ticket, by }: Case, { invitation: id, text }: Of<'state'>): Answer {
  const found = invitations(ticket).find((one) => one.id === id)
  if (!found || isRevoked(ticket, id)) return refusal('wrongStage', refusals.revoked())
  if (statement(ticket, id)) return refusal('wrongStage', refusals.answered())
  return [did(notes.stated(found.unit, nameOf(by), text), { type: 'stated', id, unit: found.unit, text })]
}

/** What a unit outside may see of a case: what is asked and what it is about, nobody's name or number; of a confidential case the question alone. */
export type OutsideView = { readonly number: string; readonly unit: string; readonly question: string; readonly matter?: string; readonly story?: string }

export function outsideView(ticket: Ticket, { unit, question }: { readonly unit: string; readonly question: string }, office: Office): OutsideView {
  const { number, facts } = ticket
  const seen = { number, unit, question: maskText(question) }
  if (isRestricted(ticket, office)) return seen
  const { matter = '', story = '' } = openFacts(facts)
  return { ...seen, matter, story }
}
