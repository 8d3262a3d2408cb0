import type { Allowance } from './deadline.ts'
import type {
  Actor,
  CallOutcome,
  Cause,
  Deadline,
  DeadlineKind,
  Demand,
  DemandClass,
  Facts,
  Flag,
  Instant,
  Level,
  Proposal,
  Result,
  Role,
  SurveyAnswer,
  Ticket,
  UnsetClock,
} from './ticket.ts'
import type { HelpMode, Work, WorkCommand } from './work.ts'

/** What someone asks of a case. Staff commands are listed with their fields, roles and stages in stages.ts. */
export type Command =
  | {
      readonly type: 'register'
      readonly id: string
      readonly number: string
      readonly channel: string
      readonly personId?: string
      readonly conversationId?: string
      readonly enteredBy?: string
      readonly demand: Demand
      readonly urgent: boolean
      readonly facts: Facts
      readonly proposal: Proposal
    }
  | {
      readonly type: 'amend'
      readonly facts: Facts /** appended to the story */
      readonly note?: string
      /** where the corrected facts would go; counts until a person has decided */
      readonly proposal?: Proposal
    }
  | {
      readonly type: 'triage'
      readonly demandClass: DemandClass
      readonly level: Level
      readonly cause: Cause
      readonly category?: string
      readonly lead: string
      readonly supporting?: readonly string[]
      readonly help?: HelpMode
      /** 一事一策: what is to be done in this one case */
      readonly plan?: string
      readonly reason: string
      readonly flags?: readonly Flag[]
    }
  | { readonly type: 'assign'; readonly lead?: string; readonly note: string }
  /** to another department; without `supporting` the same go on supporting */
  | { readonly type: 'reassign'; readonly lead: string; readonly supporting?: readonly string[]; readonly reason: string }
  | { readonly type: 'accept' }
  | { readonly type: 'return'; readonly reason: string; readonly basis: string; readonly suggested?: string }
  | { readonly type: 'contact'; readonly how: string; readonly note: string } // first contact with the citizen; starts handling
  | { readonly type: 'progress'; readonly note: string }
  | { readonly type: 'pause'; readonly why: 'citizen' | 'superior'; readonly reason: string }
  | { readonly type: 'resume'; readonly reason: string }
  | { readonly type: 'extend'; readonly allowance: Allowance; readonly reason: string }
  | { readonly type: 'resolve'; readonly result: Result; readonly text: string; readonly basis?: string }
  | { readonly type: 'check'; readonly approved: boolean; readonly note: string } // 办/审分离
  | { readonly type: 'reply'; readonly text: string; readonly basis: string; readonly contact: string }
  | {
      readonly type: 'callback'
      readonly outcome: CallOutcome
      readonly answer?: SurveyAnswer
      /** 录音号: under which the office's telephone system keeps the call */
      readonly recording?: string
      readonly note?: string
    }
  | { readonly type: 'archive'; readonly lesson: { readonly cause: string; readonly oneOfAKind: boolean; readonly improvement?: string } }
  | { readonly type: 'decline'; readonly reason: string; readonly door: string }
  | { readonly type: 'transfer'; readonly to: string; readonly contact: string; readonly reason: string }
  | { readonly type: 'merge'; readonly into: string; readonly reason: string }
  | { readonly type: 'withdraw'; readonly reason: string }
  | { readonly type: 'reopen'; readonly reason: string }
  | { readonly type: 'raise'; readonly level: Level; readonly reason: string }
  | { readonly type: 'arrive'; readonly note: string } // 报到: the section chief is there
  | {
      readonly type: 'remind' // by the clock
      readonly deadline: DeadlineKind
      readonly ref?: string
      readonly mark: string
      /** when it should be given */
      readonly plannedAt?: Instant
    }
  | WorkCommand
  | { readonly type: 'recount' } // sets the clocks that waited for a calendar year

export type CommandType = Command['type']

/** What has happened, as the journal keeps it. `evolve` is total over these. */
export type TicketEvent =
  | { readonly type: 'registered'; readonly ticket: Omit<Ticket, 'deadlines' | 'version'> }
  | { readonly type: 'amended'; readonly facts: Facts; readonly proposal?: Proposal }
  | {
      readonly type: 'triaged'
      readonly demandClass: DemandClass
      readonly level: Level
      readonly cause: Cause
      readonly category?: string
      readonly lead: string
      readonly supporting: readonly string[]
      readonly help?: HelpMode
      readonly plan?: string
      readonly reason: string
      readonly flags?: readonly Flag[]
    }
  | { readonly type: 'assigned'; readonly lead: string; readonly note: string }
  /** taken from the department that had it; `assigned` follows */
  | { readonly type: 'reassigned'; readonly supporting: readonly string[]; readonly reason: string }
  | { readonly type: 'accepted'; readonly by: string }
  | { readonly type: 'returned'; readonly reason: string; readonly basis: string; readonly suggested?: string }
  | { readonly type: 'contacted'; readonly how: string; readonly note: string }
  | { readonly type: 'progressed'; readonly note: string /** what kind of work it was, for the ledgers */; readonly did?: Work }
  | { readonly type: 'paused'; readonly why: 'citizen' | 'superior'; readonly reason: string; readonly approvedBy: string }
  | { readonly type: 'resumed'; readonly reason: string }
  | { readonly type: 'extended'; readonly reason: string }
  | { readonly type: 'resolved'; readonly result: Result; readonly text: string; readonly basis?: string; readonly by: string }
  | { readonly type: 'checked'; readonly approved: boolean; readonly note: string; readonly by: string }
  | { readonly type: 'replied'; readonly text: string; readonly basis: string; readonly contact: string; readonly by: string }
  | {
      readonly type: 'calledBack'
      readonly by: string
      readonly outcome: CallOutcome
      readonly answer?: SurveyAnswer
      readonly recording?: string
      readonly note?: string
    }
  | { readonly type: 'closed'; readonly why: string }
  | { readonly type: 'archived'; readonly lesson: { readonly cause: string; readonly oneOfAKind: boolean; readonly improvement?: string }; readonly by: string }
  | { readonly type: 'declined'; readonly reason: string; readonly door: string }
  | { readonly type: 'transferred'; readonly to: string; readonly contact: string; readonly reason: string }
  | { readonly type: 'merged'; readonly into: string; readonly reason: string }
  | { readonly type: 'withdrawn'; readonly reason: string }
  | { readonly type: 'reopened'; readonly reason: string; readonly level: Level }
  | { readonly type: 'raised'; readonly level: Level; readonly reason: string }
  | { readonly type: 'arrived'; readonly by: string; readonly note: string }
  | {
      readonly type: 'reminded'
      readonly deadline: DeadlineKind
      readonly ref?: string
      readonly mark: string
      /** when it should have been given, where it is late */
      readonly plannedAt?: Instant
    }
  | { readonly type: 'clockStarted'; readonly deadline: Deadline }
  /** the calendar year that the due date needs is not loaded; the case goes on, the clock is set by `recount` */
  | { readonly type: 'clockUnset'; readonly clock: UnsetClock }
  | { readonly type: 'clockMoved'; readonly deadline: DeadlineKind; readonly ref?: string; readonly dueAt: Instant; readonly pausedMs: number }
  | {
      readonly type: 'clockMet'
      readonly deadline: DeadlineKind
      readonly ref?: string
      /** when it was met, if that was before it was confirmed */
      readonly metAt?: Instant
    }
  | {
      readonly type: 'clockCancelled'
      readonly deadline: DeadlineKind
      readonly ref?: string
      /** since when it had stood, if the case was given up while it waited */
      readonly cancelledAt?: Instant
    }
  /** the lines before it name nobody any more; `formerHead` is the last hash of the journal as it was */
  | { readonly type: 'deidentified'; readonly formerHead: string }

/** One line of the journal: the event with who and when. */
export type Stamped = { readonly event: TicketEvent; readonly by: Actor; readonly at: Instant }

/** An expected "no". `code` is stable, `detail` is for the person, in Chinese (texts/casework.ts). */
export type Refusal = { readonly code: RefusalCode; readonly detail: string }
export type RefusalCode =
  | 'wrongStage'
  | 'wrongRole'
  | 'wrongUnit'
  | 'sameDoer'
  | 'missingFact'
  | 'paused'
  | 'notPaused'
  | 'limit'
  | 'unknownDepartment'
  | 'alreadyRegistered'
  | 'calendarGap'

export type Decision = { readonly ok: true; readonly events: readonly TicketEvent[] } | { readonly ok: false; readonly refusal: Refusal }

/** A message or task that follows from an event, to be put into the Job table in the same transaction. */
export type Notice =
  | {
      readonly to: 'citizen'
      readonly text: string
      /** the same in fewer and fewer words, for text messages and forms with little room */
      readonly brief: readonly string[]
      /** stable within the ticket */
      readonly key: string
    }
  | { readonly to: 'unit'; readonly unit: string; readonly text: string; readonly key: string; readonly push?: PushKind }
  | { readonly to: 'role'; readonly role: Role; readonly text: string; readonly key: string; readonly push?: PushKind }

/** What staff are told on their phones too: 交办, 报到 (level 1), 吹哨 (level 2), due, overdue, 督办. */
export type PushKind = 'assigned' | 'arrival' | 'whistle' | 'due' | 'late' | 'supervision'

/** Something that the clock must do later. The job carries no state: when it runs, it decides anew on the ticket as it is then. */
export type Timer =
  | {
      readonly kind: 'mark'
      readonly deadline: DeadlineKind
      readonly ref?: string
      readonly round: number
      readonly mark: string
      readonly runAt: Instant /** told again after a stop that began then */
      readonly stoppedAt?: Instant
    }
  | { readonly kind: 'callback'; readonly round: number; readonly attempt: number; readonly runAt: Instant }
  /** looks for the same complaint by others, at the registration and again when the triage has named the unit */
  | { readonly kind: 'repeats'; readonly round: number; readonly step: 'registered' | 'triaged'; readonly runAt: Instant }
  /** while the case waits: reminds, reviews, or gives the case up; `since` tells one wait from the next */
  | { readonly kind: 'wait'; readonly round: number; readonly step: 'nudge' | 'close'; readonly since: Instant; readonly runAt: Instant }
