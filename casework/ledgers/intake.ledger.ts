import { intake, words } from '../../texts/ledgers.ts'
import { defineLedger, linesOf, reader, when } from '../ledger.ts'
import type { Facts, Ticket } from '../ticket.ts'

/** 《工单受理登记簿》: one line a case, the facts of its intake as corrected since. */
export const ledger = defineLedger({
  name: 'intake',
  words: intake,
  place: 2,
  rows: (file, context) => {
    const { ticket } = file
    const { facts } = ticket
    const read = reader(context)
    const [registered] = linesOf(file, 'registered')
    return [
      {
        number: ticket.number,
        registeredAt: when(ticket.registeredAt),
        channel: words.channels[ticket.channel] ?? ticket.channel,
        clerk: registered?.by.kind === 'staff' ? registered.by.name : words.robot,
        citizen: facts.anonymous ? words.anonymous : read.name(facts.name),
        identity: facts.company ? words.company(facts.company) : words.citizen,
        phone: read.phone(facts.phone),
        idTail: facts.idNumber?.slice(-4) ?? '',
        behalf: facts.onBehalfOf ? words.behalf(facts.onBehalfOf) : words.self,
        district: facts.district ?? '',
        matter: read.text(facts.matter),
        department: facts.department ?? '',
        demand: words.demands[ticket.demand],
        story: read.text(facts.story),
        visits: facts.visits ?? '',
        told: toldOf(facts, read.text),
        papers: read.text(facts.missingPapers),
        secret: facts.confidential ? words.yes : words.no,
        urgency: ticket.urgent ? words.urgent : words.usual,
        signature: '',
        note: noteOf(ticket),
      },
    ]
  },
})

function toldOf({ told, written }: Facts, read: (text: string | undefined) => string): string {
  const basis = written === undefined ? '' : written ? words.written : words.unwritten
  return [read(told), basis].filter(Boolean).join('；')
}

function noteOf({ mergedInto, reopened }: Ticket): string {
  if (mergedInto) return words.merged(mergedInto)
  return reopened ? words.reopened(reopened) : ''
}
