import { edition as words } from '../texts/edition.ts'
import type { Instant, Role } from './ticket.ts'

export type EditionState = 'draft' | 'approved' | 'rejected' | 'withdrawn'

/** One version of a guide, without its text. Dates are YYYY-MM-DD in Asia/Shanghai. */
export type Edition = {
  readonly guideId: string
  readonly version: number
  /** counts how often the draft was saved */
  readonly revision: number
  readonly state: EditionState
  readonly title: string
  readonly field: string
  readonly department: string
  readonly reviewedOn: string
  /** first day; a draft without one begins on the day of its approval */
  readonly startsOn?: string
  /** last day */
  readonly endsOn?: string
  /** ids of all who wrote on it; `seedAuthor` for what comes with the product */
  readonly by: readonly string[]
  readonly note: string
  readonly at: Instant
  readonly decidedBy?: string
  readonly decidedAt?: Instant
  readonly decision?: string
}

/** Who has written the guides that come with the product, and approves those that nobody has touched. */
export const seedAuthor = 'seed'

/** Who may write on any guide, and so turns what was asked in vain into one. */
export const deskWriters: readonly Role[] = ['clerk', 'lead', 'supervisor', 'director']
const unitWriters: readonly Role[] = ['chief', 'liaison']
/** Who may open what is for those who write guides. */
export const guideWriters: readonly Role[] = [...deskWriters, ...unitWriters]
export const guideApprovers: readonly Role[] = ['lead', 'supervisor', 'director']

type StaffActor = { readonly id: string; readonly roles: readonly Role[]; readonly unit: string | undefined }

/** The window's people write all guides, a department's people those of their department. */
export const mayWrite = ({ roles, unit }: StaffActor, department: string): boolean =>
  roles.some((role) => deskWriters.includes(role)) || (unit === department && roles.some((role) => unitWriters.includes(role)))

export const mayApprove = ({ roles }: StaffActor): boolean => roles.some((role) => guideApprovers.includes(role))

/** Why a draft cannot be decided on by this person; undefined: it can. What one has written another must have read. */
export function cannotDecide({ state, by }: Pick<Edition, 'state' | 'by'>, actor: StaffActor): string | undefined {
  if (!mayApprove(actor)) return words.approversOnly
  if (state !== 'draft') return words.decided(words.states[state])
  return by.includes(actor.id) ? words.ownDraft : undefined
}

/** What is wrong with the days from which and to which a version shall be served; undefined: nothing. */
export function datesFault({ startsOn, endsOn }: Pick<Edition, 'startsOn' | 'endsOn'>, today: string): string | undefined {
  if (startsOn !== undefined && startsOn < today) return words.startsInPast
  if (endsOn !== undefined && endsOn < (startsOn ?? today)) return words.endsBeforeStart
  return undefined
}

/** No review for a year, up to and including the day of the anniversary. */
export function isOld(reviewedOn: string, today: string): boolean {
  return `${Number(reviewedOn.slice(0, 4)) + 1}${reviewedOn.slice(4)}` <= today
}
