import { describe, expect, it } from 'vitest'
import { monthReport } from '../../api/report.ts'
import { dashboard } from '../../casework/dashboard.ts'
import { ledger as work } from '../../casework/ledgers/work.ledger.ts'
import { rates } from '../../casework/rates.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { timers } from '../../casework/timer.ts'
import { report } from '../../texts/papers.ts'
import { aTicket, at, citizen, clerk, clock, commands, lead, monday, office, take } from './support.ts'

const later = at('2026-04-20', '10:00')
const paused = take(aTicket({ stage: 'handling' }), commands.pause, lead, monday)
const withdrawn = take(aTicket({ stage: 'handling' }), commands.withdraw, citizen, at('2026-03-10', '10:00'))

const isLateInLedger = (ticket: Ticket): unknown => {
  const [row = []] = work.lines({ ticket, journal: [] }, { now: later, office, viewer: clerk }, 1)
  return row[work.keys.indexOf('late')]
}

describe('a case whose clock stands', () => {
  it('is late in no figure, list, ledger or report, however long it waits', () => {
    const unsigned = take(aTicket({ stage: 'assigned' }), commands.pause, lead, monday)
    const { late, responded } = rates([paused, unsigned], later, office.policy)

    // The one was called in time; whether the other will be, nobody knows yet.
    expect([late.count, late.of, responded.count, responded.of]).toEqual([0, 2, 1, 1])
    expect(isLateInLedger(paused)).toBe('否')
    const period = { from: '2026-03-01', to: '2026-04-30', now: later, untold: '未说' }
    expect(dashboard([paused], period, office).today.late).toBe(0)
    const { sections = [] } = monthReport([paused], { month: '2026-03', on: '2026-04-01', now: later, office })
    expect(sections.at(-1)?.table?.rows.find(([name]) => name === report.drillNames.late)).toEqual([report.drillNames.late, '0', ''])
  })

  it.each([
    ['given up by the clock', [[commands.withdraw, clock]]],
    ['merged', [[commands.merge, clerk]]],
    [
      'withdrawn with the citizen’s words',
      [
        [commands.ask, clerk],
        [commands.answer, lead],
      ],
    ],
  ] as const)('and one that is %s while it waits was not late, unless it was late before', (_, way) => {
    const ended = (ticket: Ticket) => way.reduce((one, [command, by]) => take(one, command, by, later), ticket)
    const pausedLate = take(aTicket({ stage: 'handling' }), commands.pause, lead, at('2026-03-18', '10:00'))

    expect(isLateInLedger(ended(paused))).toBe('否')
    expect(isLateInLedger(ended(pausedLate))).toBe('是')
  })

  it('and one that was put aside in time grows no later in the ledger', () => {
    expect(isLateInLedger(withdrawn)).toBe('否')
  })
})

describe('the dashboard', () => {
  it('counts a case that went into another once, as the other', () => {
    const merged = { ...aTicket({ stage: 'merged' }), id: 'other', number: '1410-20260309-0009-1' }
    const { count, today, days, obstacles } = dashboard([merged, aTicket()], { from: '2026-03-09', to: '2026-03-09', now: monday, untold: '未说' }, office)

    expect([count, today.in, days[0]?.in, obstacles[0]?.count]).toEqual([1, 1, 1, 1])
  })
})

describe('the rule that raises an overdue case', () => {
  it.each([1, 2, 4, 7])('raises it %i working days after the due date, whatever days are reminded of', (overdue) => {
    const inOffice = { ...office, policy: { ...office.policy, raise: { ...office.policy.raise, overdue } } }
    const ticket = aTicket({ stage: 'handling' })
    const marks = timers(undefined, ticket, inOffice).flatMap((timer) => (timer.kind === 'mark' && timer.deadline === 'resolution' ? [timer] : []))
    const reached = marks.reduce(
      (one, { deadline, mark, runAt }) => (mark.startsWith('late') ? take(one, { type: 'remind', deadline, mark }, clock, runAt, inOffice) : one),
      ticket,
    )

    expect(reached.level).toBe(3)
    expect(marks.filter(({ mark }) => mark === `late${overdue}`)).toHaveLength(1)
  })
})
