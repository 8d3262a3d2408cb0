import type { RouteLocationRaw } from 'vue-router'
import type { TicketRow, TodayView } from '../../api/contract.ts'
import { conversations, tickets, today as words } from '../../texts/console.ts'
import { improvementPage } from '../../texts/improvement.ts'
import { short } from '../time.ts'
import { may } from './session.ts'

export type Kind = TodayView['duties'][number]

/** One thing to do: a citizen to answer, a case to move, questions to see to. */
export type Task = {
  readonly key: string
  /** why it is on the list, the most pressing first */
  readonly kinds: readonly Kind[]
  readonly urgent: boolean
  readonly to: RouteLocationRaw
  readonly name: string
  readonly what: string
  readonly whose: string
  readonly row?: TicketRow
  /** where no clock of a case says it */
  readonly when?: string
}

const ofCases = ['late', 'due', 'toTriage', 'toAssign', 'unsigned', 'toCheck', 'toReply', 'callbacks', 'toArchive'] as const

/** All that one person's roles have to do, as one list, the most pressing first; a case that is there for two reasons stands once. */
export function tasksOf(view: TodayView): Task[] {
  const lists = ofCases.filter((kind) => view.duties.includes(kind)).map((kind) => ({ kind, rows: view[kind] }))
  const cases = new Map<string, Task>()
  for (const { rows } of lists) {
    for (const row of rows) {
      const kinds = lists.filter((list) => list.rows.some(({ id }) => id === row.id)).map(({ kind }) => kind)
      if (!cases.has(row.id)) cases.set(row.id, ofCase(row, kinds))
    }
  }
  const found: Task[] = [...view.waiting.map(ofWaiting), ...cases.values()]
  if (view.duties.includes('missed') && view.missed && may.keep()) found.push(ofMissed(view.missed))
  return [...found, ...view.improvements.map(ofImprovement)]
}

const ofWaiting = ({ id, urgent, person, lastText, channel, queuedAt, lastAt }: TodayView['waiting'][number]): Task => ({
  key: id,
  kinds: ['waiting'],
  urgent,
  to: { name: 'conversations', params: { id } },
  name: person,
  what: lastText,
  whose: conversations.channels[channel] ?? channel,
  when: words.waited(short(queuedAt ?? lastAt)),
})

const ofCase = (row: TicketRow, kinds: readonly Kind[]): Task => ({
  key: row.id,
  kinds,
  urgent: row.urgent,
  to: { name: 'ticket', params: { id: row.id } },
  name: row.number,
  what: row.matter || tickets.untold,
  whose: row.leadName ?? tickets.leadNone,
  row,
})

const ofMissed = (count: number): Task => ({
  key: 'missed',
  kinds: ['missed'],
  urgent: false,
  to: { name: 'missed' },
  name: words.missed,
  what: words.missedCount(count),
  whose: '',
})

const ofImprovement = ({ id, title, dueOn, overdue }: TodayView['improvements'][number]): Task => ({
  key: id,
  kinds: ['improvements'],
  urgent: overdue,
  to: { name: 'improvements', hash: `#${id}` },
  name: improvementPage.title,
  what: title,
  whose: '',
  when: improvementPage.due(dueOn),
})
