import { mobileOf } from '../casework/phone.ts'
import type { Ticket } from '../casework/ticket.ts'
import type { Parcel } from '../prisma/deliveries.ts'
import { holdersOf, preferenceOf, type Reachable } from '../prisma/persons.ts'
import { phoneIndex } from '../prisma/tickets.ts'
import type { Shell } from './shell.ts'

/** One way to reach the citizen. `form`: as that prepared form of the platform's, which is allowed when its window is closed. */
export type Rung = { readonly to: Reachable; readonly form?: string }

/**
 * The ways down which a message goes until one carries it: an answer goes where the question came from and nowhere else. The news of a case
 * go to the channel that the citizen prefers, then to where the case came from, then to their other channels, then to the phone as a text
 * message. Below the last of them is a person who phones.
 */
export async function rungsOf(shell: Shell, { to, messages }: Parcel, ticket: Ticket | undefined): Promise<readonly Rung[]> {
  const isAnswer = messages.every((message) => message.answers !== undefined)
  const persons = isAnswer || !ticket ? [to] : await reachable(shell, to, ticket)
  return persons.flatMap((person): Rung[] => {
    const channel = shell.channels.get(person.channel)
    if (!channel) return person.channel === 'web' ? [] : [{ to: person }]
    return [{ to: person }, ...(ticket && !isAnswer ? channel.forms.map(({ id }) => ({ to: person, form: id })) : [])]
  })
}

async function reachable(shell: Shell, to: Reachable, ticket: Ticket): Promise<readonly Reachable[]> {
  const index = phoneIndex(ticket.facts, shell.cipher)
  if (index === null) return [to]
  const mobile = mobileOf(ticket.facts.phone)
  const holders = await holdersOf(shell.db.read, index)
  const wish = await preferenceOf(shell.db.read, index)
  const texts: Reachable[] =
    mobile !== undefined && shell.channels.has('sms') ? [{ personId: '', channel: 'sms', externalId: mobile, conversationId: null }] : []
  const all = unlike([to, ...holders.filter((one) => one.channel !== 'sms'), ...texts])
  const heard = all.filter((one) => one.channel !== 'sms' || !wish?.stoppedAt)
  return [...heard.filter((one) => one.channel === wish?.channel), ...heard.filter((one) => one.channel !== wish?.channel)]
}

function unlike(persons: readonly Reachable[]): Reachable[] {
  const known = new Map<string, Reachable>()
  for (const person of persons) {
    const key = `${person.channel} ${person.externalId}`
    if (!known.has(key)) known.set(key, person)
  }
  return [...known.values()]
}
