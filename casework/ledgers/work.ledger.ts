import { outcomeTitles, ratingTitles, resultTitles, solvedTitles } from '../../texts/casework.ts'
import { words, work } from '../../texts/ledgers.ts'
import { workingDaysBetween } from '../calendar.ts'
import { unitName } from '../case.ts'
import { wasLate } from '../clocks.ts'
import { dateOf } from '../day.ts'
import { type CaseFile, day, defineLedger, type LedgerContext, linesOf, reader, when } from '../ledger.ts'
import { CalendarGap } from '../policy.ts'
import { stageTitle } from '../stages.ts'

/** 《工作台账登记簿》: the whole life of a case in one line. */
export const ledger = defineLedger({
  name: 'work',
  words: work,
  place: 1,
  rows: (file, context) => {
    const { ticket } = file
    const { office } = context
    const { policy } = office
    const read = reader(context)
    const clock = ticket.deadlines.findLast((one) => one.kind === 'resolution')
    const last = ticket.callbacks.at(-1)
    const answer = ticket.callbacks.findLast((one) => one.answer)?.answer
    return [
      {
        number: ticket.number,
        registeredOn: day(ticket.registeredAt),
        citizen: ticket.facts.anonymous ? words.anonymous : read.name(ticket.facts.name),
        matter: read.text(ticket.facts.matter),
        triage: ticket.demandClass ? policy.demandClasses[ticket.demandClass] : '',
        level: policy.levels[ticket.level],
        lead: unitName(ticket.lead, office),
        supporting: ticket.supporting.map((id) => unitName(id, office)).join('、'),
        assignedAt: when(linesOf(file, 'assigned').at(-1)?.at),
        acceptedAt: when(linesOf(file, 'accepted').at(-1)?.at),
        dueOn: day(clock?.dueAt),
        extension: ticket.extensions ? words.extended(ticket.extensions) : '',
        state: stageTitle(ticket.stage),
        resolvedAt: when(ticket.resolution?.at),
        days: daysTaken(file, context),
        late: clock ? (wasLate(clock, ticket, context.now) ? words.yes : words.no) : '',
        result: ticket.resolution ? resultTitles[ticket.resolution.result] : '',
        replied: ticket.reply ? `${when(ticket.reply.at)} ${words.replyWay}` : '',
        callback: answer ? solvedTitles[answer.solved] : last ? outcomeTitles[last.outcome] : '',
        rating: answer?.rating ? ratingTitles[answer.rating] : '',
        file: ticket.stage === 'archived' ? ticket.number : '',
        lesson: ticket.lesson ? [ticket.lesson.cause, ticket.lesson.improvement].filter(Boolean).join('；') : '',
      },
    ]
  },
})

/** Working days from the day after registration to the day of the resolution; empty where a calendar year is missing. */
function daysTaken({ ticket }: CaseFile, { office }: LedgerContext): number | '' {
  if (!ticket.resolution) return ''
  try {
    return workingDaysBetween(office.calendar, dateOf(ticket.registeredAt), dateOf(ticket.resolution.at))
  } catch (error) {
    if (error instanceof CalendarGap) return ''
    throw error
  }
}
