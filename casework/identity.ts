import type { Stamped, TicketEvent } from './decision.ts'
import { maskId, maskName, maskPhone, maskText } from './mask.ts'
import type { Facts } from './ticket.ts'

// De-identification (个人信息保护法 arts. 19 and 73: kept no longer than needed; what is left names nobody without more). What was done stays word
// for word; who it was done for becomes what a masked ledger shows, so that ledgers of past days come out as they did.

type Secret = readonly [words: string, mask: string]

/** Under these keys stand the office's own people. */
const office = new Set(['by', 'checkedBy', 'approvedBy', 'acceptedBy', 'enteredBy'])
/** A number here is the office's, unless it is one that the citizen has left. */
const numbers = new Set(['phone', 'contact'])
const ties = new Set(['personId', 'conversationId'])

/** A journal in which nobody is named: the same lines by the same hands at the same instants. */
export function withoutIdentity(journal: readonly Stamped[]): Stamped[] {
  const secrets = secretsOf(journal)
  return journal.map(({ event, by, at }) => ({ event: cleaned(event, secrets), by: by.kind === 'citizen' ? { ...by, id: '' } : by, at }))
}

/** A text of the case's, as its journal has it after that. */
export const textWithout = (journal: readonly Stamped[], text: string): string => maskText(covered(text, secretsOf(journal)))

function cleaned(event: TicketEvent, secrets: readonly Secret[]): TicketEvent {
  return JSON.parse(JSON.stringify(event), (key, value: unknown) => {
    if (ties.has(key)) return undefined
    if (typeof value !== 'string' || office.has(key)) return value
    return numbers.has(key) ? covered(value, secrets) : maskText(covered(value, secrets))
  })
}

const covered = (text: string, secrets: readonly Secret[]): string => secrets.reduce((rest, [words, mask]) => rest.replaceAll(words, mask), text)

/** Everything that was ever known of the person, the longest first, so that no part of an address is left beside a name in it. */
function secretsOf(journal: readonly Stamped[]): Secret[] {
  const known = journal.flatMap(({ event }) => (event.type === 'registered' ? [event.ticket.facts] : event.type === 'amended' ? [event.facts] : []))
  return known.flatMap(secretsIn).sort(([a], [b]) => b.length - a.length)
}

/** A single character would be found in other words too, and names nobody. */
function secretsIn({ name, phone, idNumber, address }: Facts): Secret[] {
  const found: Secret[] = []
  if (name && [...name].length > 1) found.push([name, maskName(name)])
  if (phone && phone.length > 4) found.push([phone, maskPhone(phone)])
  if (idNumber && idNumber.length > 4) found.push([idNumber, maskId(idNumber)])
  if (address && address.length > 1) found.push([address, '***'])
  return found
}
