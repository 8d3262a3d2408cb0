import type { orderCauses } from '../texts/casework.ts'
import type { Allowance, Instant } from './deadline.ts'

export type Level = 1 | 2 | 3

/** What was done on a case besides moving it through its stages. `id` is stable within the case. */
export type Work =
  | { readonly type: 'opinion'; readonly unit: string; readonly text: string }
  | {
      readonly type: 'asked'
      readonly id: string
      readonly ask: Asked
      readonly why?: 'citizen' | 'superior'
      readonly allowance?: Allowance
      /** how the citizen put it, when and by what way, where a withdrawal is asked for */
      readonly words?: string
      readonly reason: string
      /** staff id, against approving one's own; lines from before it have none */
      readonly byId?: string
    }
  | { readonly type: 'answered'; readonly id: string; readonly approved: boolean; readonly note: string }
  | {
      readonly type: 'convened'
      readonly id: string
      readonly agenda: string
      readonly when: string
      readonly place: string
      readonly units: readonly string[]
    }
  | { readonly type: 'attended'; readonly meeting: string; readonly unit: string; readonly name: string }
  | { readonly type: 'minuted'; readonly meeting: string; readonly text: string }
  | { readonly type: 'tasked'; readonly id: string; readonly meeting?: string; readonly unit: string; readonly text: string }
  | { readonly type: 'taskDone'; readonly id: string; readonly note: string }
  | { readonly type: 'instructed'; readonly text: string }
  | {
      readonly type: 'helped'
      readonly mode: HelpMode
      readonly helper: string
      readonly phone: string
      readonly mandate?: string
      readonly partners?: string
      readonly how: string
      readonly content: string
      readonly agreed?: string
      readonly papers?: string
      readonly result?: string
    }
  /** the citizen's papers, in and out, each with who signed for them */
  | { readonly type: 'papersTaken'; readonly id: string; readonly items: string; readonly from: string }
  | { readonly type: 'papersReturned'; readonly id: string; readonly to: string; readonly note?: string }
  | {
      readonly type: 'ordered'
      readonly id: string
      readonly kind: OrderKind
      readonly number: string
      readonly unit: string
      readonly copyTo?: string
      readonly cause: OrderCause
      readonly demand: string
    }
  | { readonly type: 'orderSigned'; readonly id: string }
  | { readonly type: 'orderAnswered'; readonly id: string; readonly text: string }
  | { readonly type: 'orderVerified'; readonly id: string; readonly approved: boolean; readonly note: string }
  | {
      readonly type: 'held'
      readonly id: string
      readonly tier: Level
      readonly unit: string
      readonly person?: string
      readonly evidence: string
      readonly outcome: string
      /** staff id, against judging one's own; lines from before it have none */
      readonly byId?: string
    }
  | { readonly type: 'appealed'; readonly id: string; readonly text: string }
  | { readonly type: 'appealDecided'; readonly id: string; readonly upheld: boolean; readonly reason: string }
  | { readonly type: 'split'; readonly into: string; readonly reason: string }
  /** another case, told of the same matter, went into this one */
  | { readonly type: 'absorbed'; readonly ticketId: string; readonly number: string }
  | { readonly type: 'invited'; readonly id: string; readonly unit: string; readonly question: string }
  | { readonly type: 'uninvited'; readonly id: string }
  | { readonly type: 'stated'; readonly id: string; readonly unit: string; readonly text: string }
  | { readonly type: 'nudged'; readonly why: 'citizen' | 'superior' }
  /** the callback's question went out as a message */
  | { readonly type: 'surveyed' }

export type Asked = 'pause' | 'extend' | 'withdraw' // 暂停 / 延期 / 撤回
export type HelpMode = 'guide' | 'assist' | 'act' // 导办 / 帮办 / 代办
export type OrderKind = 'urge' | 'order' | 'circular' // 催办 / 督办单 / 通报
export type OrderCause = (typeof orderCauses)[number]

/** Work as the case remembers it: who did it and when. */
export type Done = Work & { readonly at: Instant; readonly by: string; readonly round: number }

export type WorkCommand =
  | { readonly type: 'opine'; readonly unit?: string; readonly text: string }
  | {
      readonly type: 'ask'
      readonly ask: Asked
      readonly why?: 'citizen' | 'superior'
      readonly allowance?: Allowance
      readonly words?: string
      readonly reason: string
    }
  | { readonly type: 'answer'; readonly approved: boolean; readonly note: string }
  | { readonly type: 'convene'; readonly agenda: string; readonly when: string; readonly place: string; readonly units: readonly string[] }
  | { readonly type: 'attend'; readonly unit?: string; readonly name: string }
  | { readonly type: 'minute'; readonly text: string }
  | { readonly type: 'task'; readonly unit: string; readonly text: string; readonly allowance: Allowance }
  | { readonly type: 'finish'; readonly task: string; readonly note: string }
  | { readonly type: 'instruct'; readonly text: string }
  | { readonly type: 'takePapers'; readonly items: string; readonly from: string }
  | { readonly type: 'returnPapers'; readonly taken: string; readonly to: string; readonly note?: string }
  | ({ readonly type: 'help' } & Omit<Extract<Work, { type: 'helped' }>, 'type'>)
  | {
      readonly type: 'order'
      readonly kind: OrderKind
      readonly unit: string
      readonly copyTo?: string
      readonly cause: OrderCause
      readonly demand: string
      readonly allowance: Allowance
      /** 文号: the office's own, else the next of the year, which the shell draws before this is decided */
      readonly number?: string
    }
  | { readonly type: 'signOrder'; readonly order: string }
  | { readonly type: 'answerOrder'; readonly order: string; readonly text: string }
  | { readonly type: 'verifyOrder'; readonly order: string; readonly approved: boolean; readonly note: string }
  | {
      readonly type: 'hold'
      readonly tier: Level
      readonly unit: string
      readonly person?: string
      readonly evidence: string
      readonly outcome: string
    }
  | { readonly type: 'appeal'; readonly record: string; readonly text: string }
  | { readonly type: 'decideAppeal'; readonly record: string; readonly upheld: boolean; readonly reason: string }
  /** `into` is the number under which the part that is split off is registered */
  | { readonly type: 'split'; readonly into: string; readonly matter: string; readonly story: string; readonly reason: string }
  /** the other side of a merge, decided with it */
  | { readonly type: 'absorb'; readonly ticketId: string; readonly number: string; readonly story: string }
  /** asks a unit without an account; its link is kept by the shell */
  | { readonly type: 'invite'; readonly unit: string; readonly question: string }
  | { readonly type: 'uninvite'; readonly invitation: string }
  | { readonly type: 'state'; readonly invitation: string; readonly text: string }
  | { readonly type: 'nudge' } // by the clock, while the case waits
  | { readonly type: 'survey' } // by the clock, with the message that asks

type Of<T extends Work['type']> = Extract<Done, { type: T }>

const all = <T extends Work['type']>(work: readonly Done[] | undefined, type: T): readonly Of<T>[] =>
  (work ?? []).filter((one): one is Of<T> => one.type === type)

type Worked = { readonly work?: readonly Done[] | undefined; readonly reopened: number }

/** When the callback's question of this round went out as a message. */
export const sentSurvey = ({ work, reopened }: Worked): Of<'surveyed'> | undefined => all(work, 'surveyed').findLast((one) => one.round === reopened + 1)

/** The request that waits for an answer. */
export const openRequest = ({ work }: Worked): Of<'asked'> | undefined =>
  all(work, 'asked').findLast((one) => !all(work, 'answered').some((answer) => answer.id === one.id))

/** Meetings with their minutes. */
export const meetings = ({ work }: Worked): readonly { readonly called: Of<'convened'>; readonly minuted: Of<'minuted'> }[] =>
  all(work, 'convened').flatMap((called) => all(work, 'minuted').flatMap((minuted) => (minuted.meeting === called.id ? [{ called, minuted }] : [])))

/** The meeting that has no minutes yet. */
export const openMeeting = ({ work }: Worked): Of<'convened'> | undefined =>
  all(work, 'convened').findLast((one) => !all(work, 'minuted').some((minutes) => minutes.meeting === one.id))

export const openTasks = ({ work }: Worked): readonly Of<'tasked'>[] =>
  all(work, 'tasked').filter((one) => !all(work, 'taskDone').some((done) => done.id === one.id))

/** Supporting departments that have not answered in this round. */
export const silentUnits = ({ work, reopened, supporting }: Worked & { readonly supporting: readonly string[] }): readonly string[] =>
  supporting.filter((unit) => !all(work, 'opinion').some((one) => one.unit === unit && one.round === reopened + 1))

export const orders = ({ work }: Worked): readonly Of<'ordered'>[] => all(work, 'ordered')
export const signedOrder = ({ work }: Worked, id: string): Of<'orderSigned'> | undefined => all(work, 'orderSigned').findLast((one) => one.id === id)
export const answeredOrder = ({ work }: Worked, id: string): Of<'orderAnswered'> | undefined => all(work, 'orderAnswered').findLast((one) => one.id === id)
export const verifiedOrder = ({ work }: Worked, id: string): Of<'orderVerified'> | undefined => all(work, 'orderVerified').findLast((one) => one.id === id)

/** Whether the latest answer still waits to be verified. */
export function isAnswerOpen({ work = [] }: Worked, id: string): boolean {
  const last = (type: 'orderAnswered' | 'orderVerified') => work.findLastIndex((one) => one.type === type && one.id === id)
  return last('orderAnswered') > last('orderVerified')
}
/** 督办单 and 通报 that are not answered to the satisfaction of whoever verifies; 催办 ends with what it urged to, a 督办单 with the 通报 that followed it. */
export function openOrders(ticket: Worked): readonly Of<'ordered'>[] {
  const all = orders(ticket)
  const isFollowed = ({ kind, unit }: Of<'ordered'>, index: number) =>
    kind === 'order' && all.slice(index + 1).some((later) => later.kind === 'circular' && later.unit === unit)
  return all.filter((one, index) => one.kind !== 'urge' && !isFollowed(one, index) && !verifiedOrder(ticket, one.id)?.approved)
}

export const held = ({ work }: Worked): readonly Of<'held'>[] => all(work, 'held')
export const openAppeals = ({ work }: Worked): readonly Of<'appealed'>[] =>
  all(work, 'appealed').filter((one) => !all(work, 'appealDecided').some((decided) => decided.id === one.id && decided.at >= one.at))
/** Whether this record was appealed against, once for all. */
export const isAppealed = ({ work }: Worked, id: string): boolean => all(work, 'appealed').some((one) => one.id === id)
export const helps = ({ work }: Worked): readonly Of<'helped'>[] => all(work, 'helped')
/** Cases that went into this one. */
export const absorbed = ({ work }: Worked): readonly Of<'absorbed'>[] => all(work, 'absorbed')

export const invitations = ({ work }: Worked): readonly Of<'invited'>[] => all(work, 'invited')
export const statement = ({ work }: Worked, id: string): Of<'stated'> | undefined => all(work, 'stated').find((one) => one.id === id)
export const isRevoked = ({ work }: Worked, id: string): boolean => all(work, 'uninvited').some((one) => one.id === id)

export const papersTaken = ({ work }: Worked): readonly Of<'papersTaken'>[] => all(work, 'papersTaken')
export const papersBack = ({ work }: Worked, id: string): Of<'papersReturned'> | undefined => all(work, 'papersReturned').find((one) => one.id === id)
export const papersOut = (ticket: Worked): readonly Of<'papersTaken'>[] => papersTaken(ticket).filter((one) => !papersBack(ticket, one.id))
/** Whether an appeal has undone the decision. */
export const isOverturned = ({ work }: Worked, id: string): boolean => all(work, 'appealDecided').findLast((one) => one.id === id)?.upheld === false
