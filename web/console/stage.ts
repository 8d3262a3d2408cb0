import type { TicketRow, TicketView } from '../../api/contract.ts'

type CommandType = TicketView['offers'][number]['type']

/** Commands that carry a case forward; the others stand under "more". */
export const nextSteps: readonly CommandType[] = [
  'triage',
  'assign',
  'accept',
  'contact',
  'resolve',
  'check',
  'reply',
  'callback',
  'archive',
  'resume',
  'progress',
  'arrive',
  'recount',
]

const seven: Readonly<Partial<Record<TicketRow['stage'], number>>> = {
  registered: 1,
  triaged: 2,
  assigned: 3,
  accepted: 3,
  handling: 4,
  resolved: 4,
  replied: 5,
  closed: 6,
  archived: 7,
}

/** Which of the office's seven stages; undefined for the places aside. */
export const sevenOf = (stage: TicketRow['stage']): number | undefined => seven[stage]
