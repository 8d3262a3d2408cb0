import { helpModes } from '../../texts/casework.ts'
import { help } from '../../texts/ledgers.ts'
import { defineLedger, reader, when } from '../ledger.ts'
import { helps } from '../work.ts'

/** 《协调帮办登记簿》: one line for every act of help or coordination. */
export const ledger = defineLedger({
  name: 'help',
  words: help,
  rows: ({ ticket }, context) => {
    const read = reader(context)
    return helps(ticket).map((one) => ({
      number: ticket.number,
      mode: helpModes[one.mode],
      helper: `${one.helper} ${one.phone}`,
      mandate: one.mandate ?? '',
      partners: one.partners ?? '',
      how: one.how,
      at: when(one.at),
      content: read.text(one.content),
      agreed: read.text(one.agreed),
      papers: read.text(one.papers),
      finishedAt: one.result === undefined ? '' : when(one.at),
      result: read.text(one.result),
      signature: '',
    }))
  },
})
