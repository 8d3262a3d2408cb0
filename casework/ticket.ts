import { causes } from '../texts/casework.ts'
import type { Allowance, Deadline, DeadlineKind, Instant, UnsetClock } from './deadline.ts'
import type { Done, HelpMode, Level } from './work.ts'

/** Seven stages of the window, cut into the steps at which responsibility changes hands; plus the places aside. */
export type Stage =
  | 'registered' // 受理登记
  | 'triaged' // 分析研判
  | 'assigned' // 交办
  | 'accepted' // 签收
  | 'handling' // 办理
  | 'resolved' // 办结, waits for a check by another than the doer
  | 'replied' // 已回复, callback is due
  | 'closed' // 回访完成, waits to be filed
  | 'archived' // 整理归档
  | 'declined' // 不予受理, with the right door named
  | 'transferred' // 转办
  | 'merged'
  | 'withdrawn'

export type Role = 'clerk' | 'chief' | 'lead' | 'liaison' | 'supervisor' | 'discipline' | 'director' | 'mayor' | 'admin'

/** Who acts. `unit` is the department of a chief or liaison. */
export type Actor =
  | { readonly kind: 'citizen'; readonly id: string }
  | { readonly kind: 'bot' }
  | { readonly kind: 'clock' }
  /** a unit without an account, through its one-time link */
  | { readonly kind: 'outside'; readonly name: string }
  | { readonly kind: 'staff'; readonly id: string; readonly name: string; readonly roles: readonly Role[]; readonly unit?: string }

export type Demand = 'how' | 'where' | 'cannot' // 不知怎么办 / 不知哪里办 / 办不了怎么办

/** What is known of a case, in the citizen's terms. Every field may be corrected at any time. Personal: encrypted at rest, masked in lists. */
export type Facts = {
  readonly name?: string
  readonly phone?: string
  readonly idNumber?: string
  /** the matter that cannot be done: 不动产证, 个体营业执照 … */
  readonly matter?: string
  /** what happened, in the citizen's words; additions are appended as new lines */
  readonly story?: string
  /** department or window that was asked */
  readonly department?: string
  /** what was said there */
  readonly told?: string
  /** whether the refusal was given in writing */
  readonly written?: boolean
  /** how many times the citizen went */
  readonly visits?: number
  /** A day YYYY-MM-DD; where none was told a month YYYY-MM, or the first and last of either with a slash between them. */
  readonly happenedOn?: string
  readonly missingPapers?: string
  readonly company?: string
  readonly address?: string
  readonly district?: string
  /** on whose behalf: 父亲, 公司 … */
  readonly onBehalfOf?: string
  readonly anonymous?: boolean
  /** 保密: hidden from the unit complained of */
  readonly confidential?: boolean
  readonly guideId?: string
}

export { causes }
export type Cause = (typeof causes)[number]

/** 应办无障碍 / 应办有瓶颈 / 诉求不清 */
export type DemandClass = 'clear' | 'bottleneck' | 'unclear'

export type Flag = { readonly name: string; readonly words: string }

/** What the bot or a rule proposes at registration; a person confirms it by triage. */
export type Proposal = {
  readonly demandClass: DemandClass
  readonly cause?: Cause
  readonly causeWords?: string
  readonly category?: string
  readonly level: Level
  /** department ids, lead first */
  readonly departments: readonly string[]
  readonly flags: readonly Flag[]
  /** in words, why */
  readonly reasons: readonly string[]
}

/** 办成 / 替代方案办成 / 部分办成 / 依法不能办 / 转办 / 撤回 */
export type Result = 'done' | 'alternative' | 'partly' | 'lawfullyImpossible' | 'transferred' | 'withdrawn'

/** 接通 / 无人接听 / 关机 / 空号或错号 / 拒访 */
export type CallOutcome = 'answered' | 'noAnswer' | 'off' | 'wrongNumber' | 'refused'

/** First 办成了吗, second five levels, third the cause. `explained`: not done, but well explained. */
export type SurveyAnswer = {
  readonly solved: 'yes' | 'partly' | 'no' | 'explained'
  /** 5 非常满意 … 1 非常不满意; the last two are 差评 (国办发〔2019〕51号) */
  readonly rating?: 1 | 2 | 3 | 4 | 5
  readonly reasons?: readonly string[]
  readonly comment?: string
  /** 单位联系过您吗, which a person asks on the phone */
  readonly contacted?: boolean
}

export type Ticket = {
  readonly id: string
  /** digits and dashes, e.g. 1410-20260315-0007-3 */
  readonly number: string
  readonly channel: string
  /** staff id when entered on behalf of a citizen */
  readonly enteredBy?: string
  readonly personId?: string
  readonly conversationId?: string
  readonly registeredAt: Instant
  readonly stage: Stage
  /** set while the clock is stopped, with approval */
  readonly paused?: { readonly why: 'citizen' | 'superior'; readonly since: Instant; readonly reason: string; readonly approvedBy: string }
  readonly demand: Demand
  readonly urgent: boolean
  readonly facts: Facts
  readonly proposal: Proposal
  readonly level: Level
  readonly demandClass?: DemandClass
  readonly cause?: Cause
  readonly category?: string
  readonly lead?: string
  readonly supporting: readonly string[]
  /** 导办 / 帮办 / 代办, as the triage has it */
  readonly help?: HelpMode
  /** 一事一策 */
  readonly plan?: string
  /** departments that were given the case as lead, in order; those that gave it back among them */
  readonly leads?: readonly string[]
  readonly flags: readonly Flag[]
  /** chief of the lead department who signed */
  readonly acceptedBy?: string
  readonly allowance?: Allowance
  readonly deadlines: readonly Deadline[]
  /** clocks that wait for a calendar year to be loaded */
  readonly unset?: readonly UnsetClock[]
  readonly extensions: number
  readonly returns: number
  readonly resolution?: {
    readonly result: Result
    readonly text: string
    readonly basis?: string
    readonly by: string
    readonly at: Instant
    readonly checkedBy?: string
  }
  readonly reply?: { readonly text: string; readonly basis: string; readonly contact: string; readonly by: string; readonly at: Instant }
  readonly callbacks: readonly {
    readonly at: Instant
    readonly by: string
    readonly outcome: CallOutcome
    readonly answer?: SurveyAnswer
    /** 1 for the first reply; a reopened case asks again after its next reply */
    readonly round?: number
  }[]
  readonly reopened: number
  readonly lesson?: { readonly cause: string; readonly oneOfAKind: boolean; readonly improvement?: string; readonly by: string }
  /** meetings, opinions, orders and whatever else was done, in order */
  readonly work?: readonly Done[]
  readonly mergedInto?: string
  /** since when it names nobody */
  readonly deidentifiedAt?: Instant
  /** grows by one with every event; checked when a command is committed */
  readonly version: number
}

export type { Allowance, Deadline, DeadlineKind, Instant, Level, UnsetClock }
