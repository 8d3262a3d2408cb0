import { outcomeTitles, ratingTitles, solvedTitles } from '../../texts/casework.ts'
import { callback, words } from '../../texts/ledgers.ts'
import { isSatisfied } from '../closing.ts'
import { defineLedger, linesOf, reader, when } from '../ledger.ts'

/** 《电话回访登记簿》: one line for every attempt, by whatever channel. */
export const ledger = defineLedger({
  name: 'callback',
  words: callback,
  place: 3,
  event: 'calledBack',
  rows: (file, context) => {
    const { facts, number } = file.ticket
    const read = reader(context)
    const contacted = linesOf(file, 'contacted')
    return linesOf(file, 'calledBack').map(({ event, by, at }, index) => {
      const { answer } = event
      const followUp = answer ? (isSatisfied(answer, context.office.policy) ? words.closed : words.redo) : words.again
      return {
        instant: at,
        number,
        at: when(at),
        by: by.kind === 'staff' ? by.name : words.robot,
        citizen: [facts.anonymous ? words.anonymous : read.name(facts.name), read.phone(facts.phone)].filter(Boolean).join(' '),
        attempt: index + 1,
        outcome: outcomeTitles[event.outcome],
        // As the citizen says; who was not asked, as the journal says.
        contacted: (answer?.contacted ?? contacted.some((line) => line.at <= at)) ? words.yes : words.no,
        solved: answer ? solvedTitles[answer.solved] : '',
        rating: answer?.rating ? ratingTitles[answer.rating] : '',
        reasons: answer?.reasons?.join('、') ?? '',
        comment: read.text(answer?.comment),
        followUp,
        recording: read.text(event.recording),
        note: read.text(event.note),
      }
    })
  },
})
