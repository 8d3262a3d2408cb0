import type { Conversation, Lookup } from '../bot/turn.ts'
import { dateOf } from '../casework/day.ts'
import { ticketNumber } from '../casework/number.ts'
import { isSamePerson } from '../casework/repeat.ts'
import type { Ticket } from '../casework/ticket.ts'
import { standing } from '../prisma/alike.ts'
import { mayProve, noteWrongProof } from '../prisma/persons.ts'
import { nextSerial, provenTicket, ticketById, ticketsOfConversation, ticketsOfPhone } from '../prisma/tickets.ts'
import { ownPage } from './ownpage.ts'
import { newId, newQueryCode, type Shell } from './shell.ts'

/** What a skill may read for this conversation's person; `phone`: the index of the one that they have proven to hold. */
export function createLookup(shell: Shell, conversation: Conversation, phone?: string): Lookup {
  const { db, cipher } = shell
  const { guides, index } = shell.knowledge.current()
  // A number that was merged leads to the case it went into; to another person's case it only names it.
  const followed = async (ticket: Ticket | undefined): Promise<Ticket | undefined> => {
    const now = ticket && (await standing(db.read, cipher, ticket))
    return now && ticket && isSamePerson(now, ticket) ? now : ticket
  }
  return {
    guide: (id) => guides.get(id),
    match: index.match,
    ...(shell.choose && { choose: shell.choose }),
    guidesOfField: (field) => [...guides.values()].filter((guide) => guide.field === field),
    ownTickets: async () => {
      const here = await ticketsOfConversation(db.read, cipher, conversation.id)
      const theirs = phone === undefined ? [] : await ticketsOfPhone(db.read, cipher, phone)
      return [...here, ...theirs.filter((one) => here.every((known) => known.id !== one.id))]
    },
    ticket: async (id) => followed(await ticketById(db.read, cipher, id)),
    provenTicket: async (number, proof) => {
      // The same answer as for a wrong proof: whoever guesses learns not even that they are stopped.
      if (!(await mayProve(db.read, conversation.personId, shell.now()))) return undefined
      const ticket = await provenTicket(db.read, cipher, number, proof)
      if (!ticket) await db.write((sql) => noteWrongProof(sql, conversation.personId, shell.now()))
      return followed(ticket)
    },
    ownPage: ownPage(shell, conversation),
    mintTicket: () => mintTicket(shell),
    staffOnline: () => onlineStaff(shell),
  }
}

export async function mintTicket({ db, knowledge, now }: Shell): Promise<{ id: string; number: string; code: string }> {
  const on = dateOf(now())
  const { code } = knowledge.current().office.policy.centre
  const serial = await db.write((sql) => nextSerial(sql, `ticket:${on}`))
  return { id: newId(), number: ticketNumber({ code, on, serial }), code: newQueryCode() }
}

/** Members of staff who have the console open in this process. */
export const onlineStaff = ({ staff }: Shell): number => staff.listeners('staff')
