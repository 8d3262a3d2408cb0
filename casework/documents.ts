import { allowanceText } from '../texts/casework.ts'
import { switchLabels as label, switchTexts as text } from '../texts/documents.ts'
import type { Policy } from './policy.ts'

export type Switch = readonly [label: string, value: string]

/** The rules of a 制度 as the office has set them: the text names no number, the policy does. Empty for a document without switches. */
export function switchesOf(document: string, policy: Policy): readonly Switch[] {
  return switches[document]?.(policy) ?? []
}

const limit = (name: string, allowance: Parameters<typeof allowanceText>[0] | undefined): Switch[] => (allowance ? [[name, allowanceText(allowance)]] : [])

const switches: Readonly<Record<string, (policy: Policy) => readonly Switch[]>> = {
  plan: ({ names, demandClasses, levels }) => [
    [label.reviews, [names.triage, names.review].join('、')],
    [label.classes, Object.values(demandClasses).join('、')],
    [label.levels, Object.values(levels).join('、')],
  ],
  window: ({ hours, deadlines, urgentTriage }) => [
    [label.hours, hours.map(({ from, to }) => `${from}—${to}`).join('、')],
    ...limit(label.triage, deadlines.triage),
    ...limit(label.urgentTriage, urgentTriage),
    ...limit(label.assignment, deadlines.assignment),
  ],
  tracking: ({ marks, deadlines, resolution, extension, returnWithin, raise, orders, waitingCitizen, waitingSuperior }) => [
    [label.marks, text.marks(marks.before, marks.after)],
    ...limit(label.acceptance, deadlines.acceptance),
    ...limit(label.firstContact, deadlines.firstContact),
    ...limit(label.level1, resolution['1']),
    ...limit(label.level2, resolution['2']),
    ...limit(label.level3, resolution['3']),
    ...limit(label.impossible, resolution.impossible),
    [label.extension, text.extension(extension.times, allowanceText(extension.longest))],
    ...limit(label.returnWithin, returnWithin),
    [label.order, text.order(raise.overdue)],
    [label.circular, text.order(raise.overdue + orders.circularAfter)],
    ...limit(label.waitingCitizen, waitingCitizen.closeAfter),
    ...limit(label.waitingSuperior, waitingSuperior.reviewEvery),
  ],
  callback: ({ callback, deadlines, delivery }) => [
    ...limit(label.callbackAfter, callback.after),
    [label.callbackHours, `${callback.hours.from}—${callback.hours.to}`],
    [label.attempts, text.times(callback.attempts)],
    ...limit(label.retryAfter, callback.retryAfter),
    ...limit(label.quietFor, callback.quietFor),
    ...limit(label.receiptWithin, delivery.receiptWithin),
    [label.badRating, text.badRating(callback.badRating)],
    ...limit(label.rectification, deadlines.rectification),
    [label.reopenings, text.times(callback.reopenings)],
  ],
  levels: ({ levels, deadlines, raise }) => [
    ...Object.values(levels).map((name, index): Switch => [label.level(index + 1), name]),
    ...limit(label.arrival, deadlines.arrival),
    [label.raiseReturns, text.times(raise.returns)],
    [label.raiseOverdue, text.days(raise.overdue)],
    [label.raiseSame, text.same(raise.sameComplaints, raise.sameWithinDays)],
    [label.raiseCauses, raise.causes.join('、')],
  ],
  meeting: ({ opinion, outsideLink, resolution }) => [
    ...limit(label.opinion, opinion),
    ...limit(label.level3, resolution['3']),
    ...limit(label.outsideLink, outsideLink.validFor),
  ],
}
