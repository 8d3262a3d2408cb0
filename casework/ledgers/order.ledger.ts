import { order, words } from '../../texts/ledgers.ts'
import { workingDaysBetween } from '../calendar.ts'
import { unitName } from '../case.ts'
import { dateOf } from '../day.ts'
import { day, defineLedger, type LedgerContext, reader, when } from '../ledger.ts'
import { CalendarGap } from '../policy.ts'
import type { Instant, Ticket } from '../ticket.ts'
import { answeredOrder, orders, signedOrder, verifiedOrder } from '../work.ts'

/** 《督办单》: what stands on each sheet. */
export const ledger = defineLedger({
  name: 'order',
  words: order,
  place: 5,
  event: 'progressed',
  rows: ({ ticket }, context) => {
    const { office } = context
    const read = reader(context)
    return orders(ticket)
      .filter((one) => one.kind === 'order')
      .map((one) => {
        const signed = signedOrder(ticket, one.id)
        const verified = verifiedOrder(ticket, one.id)
        return {
          instant: one.at,
          centre: office.policy.centre.name,
          number: one.number,
          urgency: ticket.urgent ? words.urgent : words.usual,
          unit: unitName(one.unit, office),
          copyTo: one.copyTo ?? '',
          matter: matterOf(ticket, one.at, read.text(ticket.facts.matter), context),
          demand: one.demand,
          answerBy: day(ticket.deadlines.find((clock) => clock.kind === 'order' && clock.ref === one.id)?.dueAt),
          issuer: one.by,
          signed: signed ? `${signed.by} ${when(signed.at)}` : '',
          answer: read.text(answeredOrder(ticket, one.id)?.text),
          seal: '',
          verification: verified ? `${verified.approved ? words.passed : words.failed}：${verified.note}` : '',
          instruction: ticket.work?.findLast((line) => line.type === 'instructed')?.text ?? '',
        }
      })
  },
})

/** How late the case was on the day of the order. */
function matterOf(ticket: Ticket, at: Instant, matter: string, { office }: LedgerContext): string {
  const clock = ticket.deadlines.findLast((one) => one.kind === 'resolution' && one.startedAt <= at)
  const registeredOn = day(ticket.registeredAt)
  const dueOn = day(clock?.dueAt)
  try {
    const lateDays = clock && workingDaysBetween(office.calendar, dateOf(clock.dueAt), dateOf(at))
    return words.matterOf({ number: ticket.number, matter, registeredOn, dueOn, lateDays })
  } catch (error) {
    if (!(error instanceof CalendarGap)) throw error
    return words.matterOf({ number: ticket.number, matter, registeredOn, dueOn, lateDays: undefined })
  }
}
