import type { Role } from './ticket.ts'

/** What can stand on somebody's list of today, the most pressing first. */
export const duties = [
  'waiting',
  'late',
  'due',
  'toTriage',
  'toAssign',
  'unsigned',
  'toCheck',
  'toReply',
  'callbacks',
  'toArchive',
  'missed',
  'improvements',
] as const
export type Duty = (typeof duties)[number]

/** One list for each role: what is on it is theirs to do, or to see to that it is done. */
const ofRole: Readonly<Record<Role, readonly Duty[]>> = {
  clerk: ['waiting', 'late', 'due', 'toTriage', 'toAssign', 'unsigned', 'toReply', 'callbacks', 'toArchive', 'missed'],
  chief: ['late', 'due', 'unsigned', 'toReply', 'improvements'],
  liaison: ['late', 'due', 'unsigned', 'toReply', 'improvements'],
  lead: ['waiting', 'late', 'due', 'toTriage', 'toAssign', 'toCheck', 'missed', 'improvements'],
  supervisor: ['late', 'due', 'unsigned', 'toCheck', 'callbacks', 'toArchive', 'improvements'],
  discipline: ['late', 'toTriage'],
  director: ['waiting', 'late', 'due', 'toCheck', 'missed', 'improvements'],
  mayor: ['late', 'improvements'],
  admin: ['missed'],
}

/** In the order in which they press. */
export const dutiesOf = (roles: readonly Role[]): Duty[] => duties.filter((duty) => roles.some((role) => ofRole[role].includes(duty)))
