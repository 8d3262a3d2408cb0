import { contactWays, helpModes, fieldLabels as label, outcomeTitles, pauseTitles, resultTitles, sevenStages, stageTitles } from '../texts/casework.ts'
import type { CommandType } from './decision.ts'
import { choice, type Field, long, named, optional, type Step, same, step, text } from './fields.ts'
import { causes, type Stage } from './ticket.ts'
import { workSteps } from './worksteps.ts'

export type { Field, Option, Step } from './fields.ts'

/** A button of the console, as the stage table allows it to this actor now. */
export type CommandOffer = {
  readonly type: CommandType
  readonly title: string
  /** what to say on the phone, in lines */
  readonly script?: readonly string[]
  readonly fields: readonly Field[]
}

const working: readonly Stage[] = ['assigned', 'accepted', 'handling']
const beforeReply: readonly Stage[] = ['registered', 'triaged', ...working]
const open: readonly Stage[] = [...beforeReply, 'resolved', 'replied', 'closed']

const reason = long('reason', label.reason)
/**
 * The stage table. `decide` checks against it, the console's buttons and the printed 流程图 are drawn from it.
 * A command may have several rows; the first whose `from` holds the stage counts.
 */
export const steps: readonly Step[] = [
  step('register', { from: [], to: 'registered', roles: ['clerk', 'lead'], others: ['citizen', 'bot'], fields: [] }),
  step('triage', {
    from: ['registered', 'triaged'],
    to: 'triaged',
    roles: ['clerk', 'lead', 'director', 'discipline'],
    fields: [
      choice('demandClass', label.demandClass),
      choice('level', label.level),
      choice('cause', label.cause, same(causes)),
      optional(text('category', label.category)),
      { name: 'lead', label: label.lead, kind: 'department', required: true },
      { name: 'supporting', label: label.supporting, kind: 'departments', required: false },
      optional(choice('help', label.mode, named(helpModes))),
      optional(long('plan', label.plan)),
      reason,
    ],
  }),
  step('assign', {
    from: ['triaged'],
    to: 'assigned',
    roles: ['clerk', 'lead', 'director', 'discipline'],
    fields: [{ name: 'lead', label: label.lead, kind: 'department', required: false }, long('note', label.request)],
  }),
  step('reassign', {
    from: working,
    to: 'assigned',
    roles: ['clerk', 'lead', 'director', 'discipline'],
    paused: 'also',
    fields: [
      { name: 'lead', label: label.lead, kind: 'department', required: true },
      { name: 'supporting', label: label.supporting, kind: 'departments', required: false },
      reason,
    ],
  }),
  step('accept', { from: ['assigned'], to: 'accepted', roles: ['chief', 'liaison', 'clerk'], ofUnit: true, fields: [] }),
  step('return', {
    from: ['assigned', 'accepted'],
    to: 'triaged',
    roles: ['chief', 'liaison', 'clerk'],
    ofUnit: true,
    fields: [reason, long('basis', label.basis), { name: 'suggested', label: label.suggested, kind: 'department', required: false }],
  }),
  step('arrive', { from: working, roles: ['chief', 'liaison', 'clerk'], ofUnit: true, paused: 'also', fields: [text('note', label.note)] }),
  step('contact', {
    from: ['accepted', 'handling'],
    to: 'handling',
    roles: ['chief', 'liaison', 'clerk'],
    ofUnit: true,
    paused: 'also',
    fields: [choice('how', label.how, same(contactWays)), long('note', label.contactNote)],
  }),
  step('progress', { from: ['handling'], roles: ['chief', 'liaison', 'clerk'], ofUnit: true, paused: 'also', fields: [long('note', label.note)] }),
  step('resolve', {
    from: ['handling'],
    to: 'resolved',
    roles: ['chief', 'liaison', 'clerk'],
    ofUnit: true,
    fields: [choice('result', label.result, named(resultTitles)), long('text', label.resultText), optional(long('basis', label.legalBasis))],
  }),
  step('check', {
    from: ['resolved'],
    to: 'resolved',
    back: 'handling',
    roles: ['clerk', 'chief', 'lead', 'supervisor', 'director'],
    ofUnit: true,
    fields: [{ name: 'approved', label: label.approved, kind: 'boolean', required: true, value: true }, long('note', label.opinion)],
  }),
  step('reply', {
    from: ['resolved'],
    to: 'replied',
    roles: ['clerk', 'chief', 'liaison', 'lead'],
    ofUnit: true,
    fields: [long('text', label.replyText), long('basis', label.basis), text('contact', label.contact)],
  }),
  step('callback', {
    from: ['replied', 'closed'],
    to: 'closed',
    back: 'triaged',
    roles: ['clerk', 'supervisor'],
    others: ['citizen', 'bot', 'clock'],
    fields: [
      choice('outcome', label.outcome, named(outcomeTitles)),
      { name: 'answer', label: label.answer, kind: 'survey', required: false },
      optional(text('recording', label.recording)),
      optional(long('note', label.note)),
    ],
  }),
  step('archive', {
    from: ['closed'],
    to: 'archived',
    roles: ['clerk', 'supervisor', 'director'],
    fields: [{ name: 'lesson', label: label.lesson, kind: 'lesson', required: true }],
  }),
  step('amend', {
    from: open,
    roles: ['clerk', 'lead', 'supervisor', 'director', 'discipline'],
    others: ['citizen', 'bot'],
    paused: 'also',
    fields: [{ name: 'facts', label: label.facts, kind: 'facts', required: true }, optional(long('note', label.addition))],
  }),
  step('pause', {
    from: ['triaged', ...working],
    roles: ['lead', 'supervisor', 'director'],
    fields: [choice('why', label.why, named(pauseTitles)), reason],
  }),
  step('resume', {
    from: ['triaged', ...working],
    roles: ['clerk', 'lead', 'supervisor', 'director'],
    paused: 'only',
    fields: [reason],
  }),
  step('extend', {
    from: working,
    roles: ['lead', 'supervisor', 'director'],
    fields: [{ name: 'allowance', label: label.allowance, kind: 'allowance', required: true }, reason],
  }),
  step('raise', {
    from: [...beforeReply, 'resolved'],
    roles: ['clerk', 'lead', 'supervisor', 'director', 'mayor'],
    others: ['clock'],
    paused: 'also',
    fields: [choice('level', label.level), reason],
  }),
  step('reopen', { from: ['replied', 'closed'], to: 'triaged', roles: ['lead', 'supervisor', 'director'], others: ['citizen', 'bot'], fields: [reason] }),
  step('reopen', { from: ['declined', 'transferred', 'withdrawn'], to: 'registered', roles: ['lead', 'supervisor', 'director'], fields: [reason] }),
  step('decline', {
    from: ['registered', 'triaged'],
    to: 'declined',
    roles: ['clerk', 'lead', 'director'],
    fields: [reason, long('door', label.door)],
  }),
  step('transfer', {
    from: beforeReply,
    to: 'transferred',
    roles: ['clerk', 'lead', 'director', 'discipline'],
    fields: [text('to', label.to), text('contact', label.contact), reason],
  }),
  step('merge', { from: beforeReply, to: 'merged', roles: ['clerk', 'lead'], paused: 'also', fields: [text('into', label.into), reason] }),
  step('withdraw', {
    from: [...beforeReply, 'resolved'],
    to: 'withdrawn',
    // Staff ask for it with the citizen's own words, and another approves: see ask and answer.
    roles: [],
    others: ['citizen', 'bot', 'clock'],
    paused: 'also',
    fields: [reason],
  }),
  step('remind', { from: [...beforeReply, 'resolved', 'replied'], roles: [], others: ['clock'], fields: [] }),
  step('recount', { from: [...beforeReply, 'resolved', 'replied'], roles: ['admin', 'supervisor'], others: ['clock'], fields: [] }),
  ...workSteps,
]

export const stageTitle = (stage: Stage): string => stageTitles[stage]

const sevenOf: Readonly<Record<Stage, number | undefined>> = {
  registered: 1,
  triaged: 2,
  assigned: 3,
  accepted: 3,
  handling: 4,
  resolved: 4,
  replied: 5,
  closed: 6,
  archived: 7,
  declined: undefined,
  transferred: undefined,
  merged: undefined,
  withdrawn: undefined,
}

/** Which of the office's seven stages a case is in; undefined for the places aside. */
export function sevenStage(stage: Stage): { readonly index: number; readonly title: string } | undefined {
  const index = sevenOf[stage]
  const title = index === undefined ? undefined : sevenStages[index - 1]
  return index === undefined || title === undefined ? undefined : { index, title }
}

/** Stages in which nothing more is expected of anybody. */
export const finalStages: readonly Stage[] = ['archived', 'declined', 'transferred', 'merged', 'withdrawn']
/** A case that was put aside and is opened again starts with its triage. */
export const reopensAt = (stage: Stage): Stage => (finalStages.includes(stage) ? 'registered' : 'triaged')

export const isOpen = (stage: Stage): boolean => !finalStages.includes(stage)
