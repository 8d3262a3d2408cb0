import type { Allowance, Cause, DeadlineKind, Instant } from './ticket.ts'
import type { OrderKind } from './work.ts'

/**
 * The rules that the office edits; defaults are in prisma/seed/policy.yaml with their sources.
 * Times of day are 'HH:MM' in Asia/Shanghai.
 */
export type Policy = {
  readonly centre: { readonly code: string; readonly name: string; readonly city: string; readonly slogan: string }
  /** counties and districts of the office by their full names, by which citizens' words are understood and cases are counted */
  readonly districts: readonly string[]
  /** intervals of a working day, in order, e.g. 09:00–12:00 and 13:00–17:00 */
  readonly hours: readonly { readonly from: string; readonly to: string }[]
  readonly deadlines: Readonly<Partial<Record<DeadlineKind, Allowance>>>
  /** takes the place of deadlines.triage when the case is urgent */
  readonly urgentTriage: Allowance
  /** time to resolve by response level */
  readonly resolution: Readonly<Record<'1' | '2' | '3' | 'impossible', Allowance>>
  readonly levels: Readonly<Record<'1' | '2' | '3', string>>
  readonly demandClasses: Readonly<Record<'clear' | 'bottleneck' | 'unclear', string>>
  /** for the opinion of a supporting department */
  readonly opinion: Allowance
  /** names of the two kinds of analysis (两类研判), which the source counts but does not name */
  readonly names: { readonly triage: string; readonly review: string }
  /** lamps and reminders, in percent of the allowance; and reminders in working days after the due date */
  readonly marks: { readonly before: readonly number[]; readonly after: readonly number[] }
  readonly extension: { readonly times: number; readonly longest: Allowance }
  /** a wrongly assigned case may be returned within this time after the assignment */
  readonly returnWithin: Allowance
  readonly waitingCitizen: { readonly remindAfter: Allowance; readonly closeAfter: Allowance }
  readonly waitingSuperior: { readonly reviewEvery: Allowance }
  readonly callback: {
    /** after the reply */
    readonly after: Allowance
    readonly attempts: number
    readonly retryAfter: Allowance
    /** nobody is asked outside these hours */
    readonly hours: { readonly from: string; readonly to: string }
    /** at most one survey a person in this time */
    readonly quietFor: Allowance
    /** a rating of this or less is a 差评 */
    readonly badRating: number
    /** how often 「没办成」 reopens by itself; after that a leader decides */
    readonly reopenings: number
  }
  /** causes that raise the level at once */
  readonly raise: {
    readonly returns: number
    readonly sameComplaints: number
    readonly sameWithinDays: number /** working days late */
    readonly overdue: number
    readonly causes: readonly Cause[]
  }
  /** 文号 of what the supervision sends: the office's own words before 〔year〕; a circular follows so many working days after the 督办单 was due to be sent */
  readonly orders: { readonly prefixes: Readonly<Record<OrderKind, string>>; readonly circularAfter: number }
  /** kinds of at least so many cases are reviewed (综合研判); so long after an improvement its effect is counted */
  readonly review: { readonly least: number; readonly observe: Allowance }
  /** how long a link to a unit without an account is good for */
  readonly outsideLink: { readonly validFor: Allowance }
  /** a text message of which the vendor has said nothing in this time is taken as not delivered */
  readonly delivery: { readonly receiptWithin: Allowance }
  /** causes that go to the discipline office and are hidden from the unit complained of */
  readonly disciplineCauses: readonly Cause[]
  readonly keepDays: { readonly chatWithoutTicket: number; readonly identityAfterClosure: number }
}

export type AccountedDay = { readonly on: string; readonly working: boolean; readonly name: string }

/** One calendar year as published: the notice it comes from, and every day that differs from Monday to Friday. */
export type CalendarYear = { readonly year: number; readonly notice: string; readonly noticeOn: string; readonly days: readonly AccountedDay[] }

/** Everything a decision may look at besides the ticket. */
export type Office = { readonly policy: Policy; readonly calendar: WorkingCalendar; readonly departments: readonly Department[] }

export type Department = { readonly id: string; readonly name: string; readonly aliases: readonly string[]; readonly duties: string }

export type WorkingCalendar = {
  /** `date` is YYYY-MM-DD in Asia/Shanghai. @throws CalendarGap for a year without its notice */
  readonly isWorkingDay: (date: string) => boolean
  /** Day zero is the day of the start: a day-allowance ends at the close of its last working day. @throws CalendarGap */
  readonly due: (from: Instant, allowance: Allowance) => Instant
  /** The same instant if the office is open then, else the next opening. @throws CalendarGap */
  readonly nextOpening: (from: Instant) => Instant
  readonly isOpen: (at: Instant) => boolean
  /** Working milliseconds between two instants. @throws CalendarGap */
  readonly workingMs: (from: Instant, to: Instant) => number
}

/** A year whose holiday notice is not loaded: staff must load it; nothing silently becomes Monday to Friday. */
export class CalendarGap extends Error {
  readonly year: number
  constructor(year: number) {
    super(`no calendar notice for ${year}`)
    this.name = 'CalendarGap'
    this.year = year
  }
}

/** What needs a year that is not loaded is undefined. */
export function unlessGap<T>(get: () => T): T | undefined {
  try {
    return get()
  } catch (error) {
    if (error instanceof CalendarGap) return undefined
    throw error
  }
}
