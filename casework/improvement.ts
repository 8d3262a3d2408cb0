import { improvementNotes as notes, improvementRefusals as refusals } from '../texts/improvement.ts'
import { nameOf, refusal } from './case.ts'
import { dateOf } from './day.ts'
import type { Refusal } from './decision.ts'
import type { Office } from './policy.ts'
import type { Finding, Period } from './review.ts'
import type { Actor, Instant, Role } from './ticket.ts'

/** From one matter done to one kind of matter done: what a unit changes, until when, and whether it has worked. */
export type Improvement = {
  readonly id: string
  readonly finding: Finding
  readonly period: Period
  readonly title: string
  readonly measure: string
  /** department that does it */
  readonly owner: string
  /** YYYY-MM-DD */
  readonly dueOn: string
  readonly state: 'open' | 'done' | 'effective' | 'ineffective'
  readonly done?: { readonly on: string; readonly evidence: string; readonly by: string; readonly byId: string }
  readonly verdict?: { readonly note: string; readonly by: string; readonly before: number; readonly after: number }
  /** the guide that tells the next citizen */
  readonly guideId?: string
  readonly history: readonly { readonly at: Instant; readonly by: string; readonly text: string }[]
  readonly version: number
}

export type ImprovementCommand =
  | ({ readonly type: 'open'; readonly id: string } & Pick<Improvement, 'finding' | 'period' | 'title' | 'measure' | 'owner' | 'dueOn'>)
  | { readonly type: 'assign'; readonly owner: string; readonly dueOn: string; readonly reason: string }
  | { readonly type: 'finish'; readonly evidence: string }
  | { readonly type: 'verify'; readonly effective: boolean; readonly note: string; readonly before: number; readonly after: number }
  | { readonly type: 'link'; readonly guideId: string }

export type Improved = { readonly ok: true; readonly improvement: Improvement } | { readonly ok: false; readonly refusal: Refusal }

const leaders: readonly Role[] = ['lead', 'supervisor', 'director']
const desk: readonly Role[] = [...leaders, 'clerk']
const has = (by: Actor, roles: readonly Role[]): boolean => by.kind === 'staff' && by.roles.some((role) => roles.includes(role))
const isOwner = (by: Actor, { owner }: Pick<Improvement, 'owner'>): boolean => by.kind === 'staff' && by.unit === owner

export const maySeeImprovement = (by: Actor, improvement: Improvement): boolean => has(by, [...desk, 'mayor', 'discipline']) || isOwner(by, improvement)
export const isOverdue = ({ state, dueOn }: Improvement, now: Instant): boolean => state === 'open' && dateOf(now) > dueOn

/** What a command makes of an improvement; leaders open, assign and judge, the owner finishes, and nobody judges what he has done himself. */
export function improve(before: Improvement | undefined, command: ImprovementCommand, by: Actor, at: Instant, office: Office): Improved {
  const why = whyNot(before, command, by, at, office)
  if (why) return { ok: false, refusal: why }
  const line = { at, by: nameOf(by), text: noteOf(command) }
  if (command.type === 'open') {
    const { type: _, ...given } = command
    return { ok: true, improvement: { ...given, state: 'open', history: [line], version: 1 } }
  }
  if (!before) throw new Error(`${command.type} before open`)
  const after = applied(before, command, by, at)
  return { ok: true, improvement: { ...after, history: [...before.history, line], version: before.version + 1 } }
}

function noteOf(command: ImprovementCommand): string {
  switch (command.type) {
    case 'open':
      return notes.open(command)
    case 'assign':
      return notes.assign(command)
    case 'finish':
      return notes.finish(command)
    case 'verify':
      return notes.verify(command)
    case 'link':
      return notes.link(command)
    default:
      return command satisfies never
  }
}

function applied(before: Improvement, command: Exclude<ImprovementCommand, { type: 'open' }>, by: Actor, at: Instant): Improvement {
  switch (command.type) {
    case 'assign': {
      // What did not work starts anew.
      const { done: _, verdict: __, ...rest } = before
      return { ...rest, state: 'open', owner: command.owner, dueOn: command.dueOn }
    }
    case 'finish':
      return { ...before, state: 'done', done: { on: dateOf(at), evidence: command.evidence, by: nameOf(by), byId: by.kind === 'staff' ? by.id : by.kind } }
    case 'verify': {
      const { effective, note, before: earlier, after } = command
      return { ...before, state: effective ? 'effective' : 'ineffective', verdict: { note, by: nameOf(by), before: earlier, after } }
    }
    case 'link':
      return { ...before, guideId: command.guideId }
    default:
      return command satisfies never
  }
}

function whyNot(before: Improvement | undefined, command: ImprovementCommand, by: Actor, at: Instant, { departments }: Office): Refusal | undefined {
  if (command.type !== 'open' && !before) return refusal('wrongStage', refusals.none())
  if (!has(by, command.type === 'link' ? desk : leaders) && !(command.type === 'finish' && before && (has(by, desk) || isOwner(by, before)))) {
    return refusal('wrongRole', refusals.role())
  }
  if (command.type === 'open' || command.type === 'assign') {
    if (!departments.some((one) => one.id === command.owner)) return refusal('unknownDepartment', refusals.unit())
    if (command.dueOn < dateOf(at)) return refusal('limit', refusals.past())
  }
  if (command.type === 'assign' && before?.state === 'effective') return refusal('wrongStage', refusals.over())
  if (command.type === 'finish' && before?.state !== 'open') return refusal('wrongStage', refusals.notOpen())
  if (command.type !== 'verify') return undefined
  if (before?.state !== 'done') return refusal('wrongStage', refusals.notDone())
  return by.kind === 'staff' && by.id === before.done?.byId ? refusal('sameDoer', refusals.sameDoer()) : undefined
}
