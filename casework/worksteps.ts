import { askTitles, coordinationWays, helpModes, fieldLabels as label, orderCauses, orderTitles, pauseTitles, tierTitles } from '../texts/casework.ts'
import { choice, type Field, long, named, optional, type Step, same, step, text } from './fields.ts'
import type { Role, Stage } from './ticket.ts'

const working: readonly Stage[] = ['assigned', 'accepted', 'handling']
const unresolved: readonly Stage[] = ['registered', 'triaged', ...working]
const beforeReply: readonly Stage[] = [...unresolved, 'resolved']
const anyOpen: readonly Stage[] = [...beforeReply, 'replied', 'closed']
const ofUnits: readonly Role[] = ['chief', 'liaison', 'clerk', 'lead']
const leaders: readonly Role[] = ['lead', 'supervisor', 'director']

const department = (name: string, title: string): Field => ({ name, label: title, kind: 'department', required: true })
const allowance = (title: string): Field => ({ name: 'allowance', label: title, kind: 'allowance', required: true })
const boolean = (name: string, title: string): Field => ({ name, label: title, kind: 'boolean', required: true, value: true })
const note = long('note', label.note)

/** Rows of the stage table for work that does not move the case: opinions, meetings, help, supervision, accountability. */
export const workSteps: readonly Step[] = [
  step('opine', { from: working, roles: ofUnits, paused: 'also', fields: [optional(department('unit', label.unit)), long('text', label.opinionText)] }),
  step('ask', {
    from: unresolved,
    roles: ['chief', 'liaison', 'clerk'],
    ofUnit: true,
    paused: 'also',
    fields: [
      choice('ask', label.ask, named(askTitles)),
      optional(choice('why', label.why, named(pauseTitles))),
      optional(allowance(label.allowance)),
      optional(long('words', label.citizenWords)),
      long('reason', label.reason),
    ],
  }),
  step('answer', { from: unresolved, roles: leaders, paused: 'also', fields: [boolean('approved', label.approve), note] }),
  step('convene', {
    from: beforeReply,
    roles: ['lead', 'director', 'clerk'],
    paused: 'also',
    fields: [
      long('agenda', label.agenda),
      text('when', label.when),
      text('place', label.place),
      { name: 'units', label: label.units, kind: 'departments', required: true },
    ],
  }),
  step('attend', { from: beforeReply, roles: ofUnits, paused: 'also', fields: [optional(department('unit', label.unit)), text('name', label.attendee)] }),
  step('minute', { from: beforeReply, roles: ['lead', 'director', 'clerk'], paused: 'also', fields: [long('text', label.minutes)] }),
  step('task', {
    from: beforeReply,
    roles: ['lead', 'director', 'clerk'],
    paused: 'also',
    fields: [department('unit', label.unit), long('text', label.taskText), allowance(label.feedbackWithin)],
  }),
  step('finish', { from: anyOpen, roles: ofUnits, paused: 'also', fields: [choice('task', label.task), note] }),
  step('instruct', { from: anyOpen, roles: ['director', 'mayor'], paused: 'also', fields: [long('text', label.instruction)] }),
  step('help', {
    from: beforeReply,
    roles: ['clerk', 'chief', 'liaison', 'lead'],
    ofUnit: true,
    paused: 'also',
    fields: [
      choice('mode', label.mode, named(helpModes)),
      text('helper', label.helper),
      text('phone', label.helperPhone),
      optional(text('mandate', label.mandate)),
      optional(text('partners', label.partners)),
      choice('how', label.coordinated, same(coordinationWays)),
      long('content', label.content),
      optional(long('agreed', label.agreed)),
      optional(long('papers', label.papers)),
      optional(text('result', label.helpResult)),
    ],
  }),
  step('takePapers', {
    from: beforeReply,
    roles: ofUnits,
    ofUnit: true,
    paused: 'also',
    fields: [long('items', label.paperItems), text('from', label.paperFrom)],
  }),
  step('returnPapers', {
    from: anyOpen,
    roles: ofUnits,
    ofUnit: true,
    paused: 'also',
    fields: [choice('taken', label.paperTaken), text('to', label.paperTo), optional(text('note', label.note))],
  }),
  step('order', {
    from: anyOpen,
    roles: leaders,
    paused: 'also',
    fields: [
      choice('kind', label.orderKind, named(orderTitles)),
      department('unit', label.unit),
      optional(text('copyTo', label.copyTo)),
      choice('cause', label.orderCause, same(orderCauses)),
      long('demand', label.demand),
      allowance(label.feedbackWithin),
      optional(text('number', label.orderNumber)),
    ],
  }),
  step('signOrder', { from: anyOpen, roles: ofUnits, paused: 'also', fields: [choice('order', label.order)] }),
  step('answerOrder', { from: anyOpen, roles: ofUnits, paused: 'also', fields: [choice('order', label.order), long('text', label.orderAnswer)] }),
  step('verifyOrder', {
    from: anyOpen,
    roles: leaders,
    paused: 'also',
    fields: [choice('order', label.order), boolean('approved', label.approved), long('note', label.verification)],
  }),
  step('hold', {
    from: anyOpen,
    roles: [...leaders, 'discipline'],
    paused: 'also',
    fields: [
      choice(
        'tier',
        label.tier,
        [1, 2, 3].map((value) => ({ value, label: tierTitles[value as 1 | 2 | 3] })),
      ),
      department('unit', label.unit),
      optional(text('person', label.person)),
      long('evidence', label.evidence),
      long('outcome', label.outcomeText),
    ],
  }),
  step('appeal', { from: anyOpen, roles: ofUnits, paused: 'also', fields: [choice('record', label.record), long('text', label.appealText)] }),
  step('decideAppeal', {
    from: anyOpen,
    roles: ['director', 'discipline'],
    paused: 'also',
    fields: [choice('record', label.record), boolean('upheld', label.upheld), long('reason', label.reason)],
  }),
  step('invite', {
    from: beforeReply,
    roles: ['clerk', ...leaders],
    inside: true,
    paused: 'also',
    fields: [text('unit', label.outsideUnit), long('question', label.question)],
  }),
  step('uninvite', { from: anyOpen, roles: ['clerk', ...leaders], inside: true, paused: 'also', fields: [] }),
  step('state', { from: anyOpen, roles: [], others: ['outside'], inside: true, paused: 'also', fields: [long('text', label.opinionText)] }),
  step('nudge', { from: ['triaged', ...working], roles: [], others: ['clock'], paused: 'only', fields: [] }),
  step('survey', { from: ['replied'], roles: [], others: ['clock'], fields: [] }),
  step('split', {
    from: beforeReply,
    roles: ['clerk', 'lead'],
    paused: 'also',
    fields: [text('matter', label.splitMatter), long('story', label.splitStory), long('reason', label.reason)],
  }),
  step('absorb', { from: [...beforeReply, 'replied'], roles: ['clerk', 'lead'], inside: true, paused: 'also', fields: [] }),
]
