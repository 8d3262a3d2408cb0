/** An instant in integer milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export type AllowanceUnit = 'workingDays' | 'calendarDays' | 'workingHours' | 'minutes'
export type Allowance = { readonly amount: number; readonly unit: AllowanceUnit }

export type DeadlineKind =
  | 'triage'
  | 'assignment'
  | 'acceptance'
  | 'firstContact'
  | 'resolution'
  | 'reply'
  | 'callback'
  | 'rectification'
  | 'arrival'
  | 'opinion'
  | 'task'
  | 'order'

/** A running or finished clock of a case. `pausedMs` is the time between `startedAt` and `dueAt` during which the clock stood still, in milliseconds. */
export type Deadline = {
  readonly kind: DeadlineKind
  /** what the clock is for, where a case may have several of a kind: the department, the task, the order */
  readonly ref?: string
  /** 1 for the first run; a reopened case starts the next round */
  readonly round: number
  readonly startedAt: Instant
  /** what was allowed at the start; extensions show in `dueAt` */
  readonly allowance: Allowance
  readonly dueAt: Instant
  readonly pausedMs: number
  readonly metAt?: Instant
  /** marks that have been reminded of since the due date last moved, so that each is told once */
  readonly reminded?: readonly string[]
  /** no longer asked for: the case was withdrawn, merged, declined or reopened; of a clock that stood, when it had stopped */
  readonly cancelledAt?: Instant
}

/** A clock that could not be set because the notice for `year` is not loaded. */
export type UnsetClock = {
  readonly kind: DeadlineKind
  readonly ref?: string
  readonly round: number
  readonly startedAt: Instant
  readonly allowance: Allowance
  readonly year: number
}
