import { guideApprovers, guideWriters } from './edition.ts'
import type { Role } from './ticket.ts'

const desk = ['clerk', 'lead', 'supervisor', 'discipline', 'director', 'mayor'] as const satisfies readonly Role[]
const keepers = ['admin', 'supervisor', 'director', 'clerk', 'lead'] as const satisfies readonly Role[]

/**
 * Which roles work with what: the server's routes and the console's menu are both drawn from this one table. Who may open a single case is
 * decided besides by access.ts.
 */
export const areas = {
  /** talk with citizens */
  talk: ['clerk', 'lead', 'supervisor', 'director', 'discipline'],
  /** read cases: the system administrator is no caseworker */
  cases: [...desk, 'chief', 'liaison'],
  register: ['clerk'],
  /** send the day's text messages by hand, where the office has no gateway */
  texts: ['clerk', 'lead'],
  /** what went wrong again and again, in all units */
  findings: desk,
  /** what is improved because of it: a unit sees its own */
  review: [...desk, 'chief', 'liaison'],
  /** full names and numbers in a ledger */
  unmask: ['supervisor', 'director'],
  /** guides: who writes them, and who lets them be served */
  write: guideWriters,
  approve: guideApprovers,
  rules: ['director', 'admin'],
  /** the canned phrases that the whole desk uses */
  phrases: ['lead', 'supervisor', 'director'],
  people: ['admin'],
  /** who looked at and changed what; the discipline office watches the watchers */
  audit: ['admin', 'discipline', 'director'],
  /** whether anything is stuck, and what citizens asked in vain */
  keep: keepers,
  lead: ['lead', 'supervisor', 'director'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

export type Area = keyof typeof areas

export const areasOf = (roles: readonly Role[]): Area[] =>
  (Object.keys(areas) as Area[]).filter((area) => (areas[area] as readonly Role[]).some((role) => roles.includes(role)))
