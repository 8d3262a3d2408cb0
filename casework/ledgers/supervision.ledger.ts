import { tierTitles } from '../../texts/casework.ts'
import { supervision, words } from '../../texts/ledgers.ts'
import { unitName } from '../case.ts'
import { day, defineLedger, when } from '../ledger.ts'
import type { Ticket } from '../ticket.ts'
import { answeredOrder, held, isOverturned, orders, signedOrder, verifiedOrder } from '../work.ts'

/** 《督办台账登记簿》: one line for every 催办, 督办单 and 通报 that a person has sent. */
export const ledger = defineLedger({
  name: 'supervision',
  words: supervision,
  place: 6,
  event: 'progressed',
  rows: ({ ticket }, { office }) =>
    orders(ticket).map((one, index) => ({
      instant: one.at,
      order: one.number,
      number: ticket.number,
      times: index + 1,
      cause: one.cause,
      unit: unitName(one.unit, office),
      sentAt: when(one.at),
      signedAt: when(signedOrder(ticket, one.id)?.at),
      answerBy: day(ticket.deadlines.find((clock) => clock.kind === 'order' && clock.ref === one.id)?.dueAt),
      answeredAt: when(answeredOrder(ticket, one.id)?.at),
      result: resultOf(ticket, one.id),
      tier: held(ticket)
        .filter((record) => record.unit === one.unit)
        .map((record) => tierTitles[record.tier] + (isOverturned(ticket, record.id) ? words.overturned : ''))
        .join('、'),
      note: one.copyTo ?? '',
    })),
})

function resultOf(ticket: Ticket, id: string): string {
  const verified = verifiedOrder(ticket, id)
  if (verified) return verified.approved ? words.passed : words.failed
  return answeredOrder(ticket, id) ? words.answered : words.pending
}
