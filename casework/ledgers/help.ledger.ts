import { helpModes } from '../../texts/casework.ts'
import { help, words } from '../../texts/ledgers.ts'
import { day, defineLedger, reader, when } from '../ledger.ts'
import type { Ticket } from '../ticket.ts'
import { helps, papersBack, papersTaken } from '../work.ts'

/** 《协调帮办登记簿》: one line for every act of help or coordination. */
export const ledger = defineLedger({
  name: 'help',
  words: help,
  place: 4,
  event: 'progressed',
  rows: ({ ticket }, context) => {
    const read = reader(context)
    return helps(ticket).map((one) => ({
      instant: one.at,
      number: ticket.number,
      mode: helpModes[one.mode],
      helper: `${one.helper} ${one.phone}`,
      mandate: one.mandate ?? '',
      partners: one.partners ?? '',
      how: one.how,
      at: when(one.at),
      content: read.text(one.content),
      agreed: read.text(one.agreed),
      papers: read.text([one.papers, ...papersOf(ticket)].filter(Boolean).join('；')),
      finishedAt: one.result === undefined ? '' : when(one.at),
      result: read.text(one.result),
      signature: '',
    }))
  },
})

const papersOf = (ticket: Ticket): string[] =>
  papersTaken(ticket).map((one) => {
    const back = papersBack(ticket, one.id)
    return words.papers({ items: one.items, takenOn: day(one.at), from: one.from, backOn: day(back?.at), to: back?.to ?? '' })
  })
