import { describe, expect, it } from 'vitest'
import { rates } from '../../casework/rates.ts'
import { duplicates, raiseForRepeats } from '../../casework/repeat.ts'
import { effect, findings } from '../../casework/review.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { aTicket, at, bot, chief, citizen, clerk, clock, commands, lead, monday, office, supervisor, take } from './support.ts'

const named = (id: string, change: Partial<Ticket> = {}): Ticket => ({ ...aTicket({ stage: 'assigned' }), id, number: id, ...change })

describe('the rates', () => {
  const solved = aTicket({ stage: 'archived' })
  const unsolved = take(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'answered', answer: { solved: 'no', rating: 1 } }, citizen, monday)
  const explained = take(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'answered', answer: { solved: 'explained' } }, citizen, monday)
  const unreached = take(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'noAnswer' }, supervisor, monday)
  const late = aTicket({ stage: 'accepted' })
  const figures = rates([solved, unsolved, explained, unreached, late], at('2026-03-20', '10:00'), office.policy)

  it('come with what they are of', () => {
    expect(figures.solved).toEqual({ of: 3, count: 2, percent: 66.7 })
    expect(figures.satisfied).toEqual({ of: 2, count: 1, percent: 50 })
    expect(figures.reached).toEqual({ of: 4, count: 3, percent: 75 })
    expect(figures.reopened).toEqual({ of: 4, count: 1, percent: 25 })
    expect(figures.surveyed).toEqual({ sent: 4, reached: 3, answered: 3, refused: 0 })
    expect(figures.attempts).toEqual({ answered: 3, noAnswer: 1, off: 0, wrongNumber: 0, refused: 0 })
  })

  it('count whom a message was sent, and whoever declines as reached', () => {
    const asked = take(aTicket({ stage: 'replied' }), commands.survey, clock, monday)
    const declined = take(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'refused' }, supervisor, monday)

    expect(rates([asked, declined, late], monday, office.policy).surveyed).toEqual({ sent: 2, reached: 1, answered: 0, refused: 1 })
  })

  it('count what is not done by now as late', () => {
    expect(figures.late).toEqual({ of: 5, count: 1, percent: 20 })
    expect(figures.responded).toEqual({ of: 5, count: 4, percent: 80 })
  })

  it('show who came when called', () => {
    const called = take(aTicket({ stage: 'handling' }), commands.convene, lead, monday)
    const held = take(take(called, commands.attend, chief, monday), commands.minute, lead, monday)
    const onTheSpot = take(take(aTicket(), { ...commands.triage, level: 1 }, clerk, monday), commands.assign, clerk, monday)
    const arrived = take(onTheSpot, commands.arrive, chief, at('2026-03-09', '10:10'))
    const figures = rates([called, held, onTheSpot, arrived], at('2026-03-09', '11:00'), office.policy)

    expect(figures.attended).toEqual({ of: 2, count: 1, percent: 50 })
    expect(figures.arrived).toEqual({ of: 2, count: 1, percent: 50 })
  })

  it('have no percentage of nothing', () => {
    expect(rates([], monday, office.policy).solved).toEqual({ of: 0, count: 0 })
  })
})

describe('the review of a period', () => {
  const march = { from: '2026-03-01', to: '2026-03-31' }

  it('gathers cases of one kind, the most frequent first, and merged ones once', () => {
    const other = { cause: '系统故障' } as const
    const found = findings(
      [named('1'), named('2'), named('3'), named('4', other), named('5', other), named('6', { stage: 'merged' }), named('7', { cause: '涉外' })],
      march,
    )

    expect(found.map((one) => [one.cause, one.count, one.numbers])).toEqual([
      ['材料缺失', 3, ['1', '2', '3']],
      ['系统故障', 2, ['4', '5']],
    ])
    expect(findings([named('1'), named('2')], { from: '2026-04-01', to: '2026-04-30' })).toEqual([])
  })

  it('shows whether an improvement has worked', () => {
    const on = (id: string, date: string) => named(id, { registeredAt: at(date, '10:00') })
    const cases = [on('1', '2026-03-02'), on('2', '2026-03-09'), on('3', '2026-03-12'), on('4', '2026-03-20')]
    const [finding] = findings(cases, march)
    if (!finding) throw new Error('no finding')

    expect(effect(cases, finding, '2026-03-15', 14)).toEqual({ before: 3, after: 1 })
  })
})

describe('repeated complaints', () => {
  const named = (id: string, change: Partial<Ticket> = {}): Ticket => ({
    ...aTicket({ stage: 'assigned' }),
    id,
    number: id,
    personId: `person-${id}`,
    facts: { matter: '不动产证', phone: `1380000000${id}` },
    ...change,
  })

  it('raise the newest when there are three of one matter within seven days', () => {
    const others = [named('2'), named('3', { registeredAt: at('2026-03-05', '10:00') })]

    expect(raiseForRepeats(named('1'), others, monday, office)).toMatchObject({ type: 'raise', level: 3, reason: expect.stringContaining('3人') })
    expect(raiseForRepeats(named('1'), others.slice(1), monday, office)).toBeUndefined()
    expect(raiseForRepeats(named('1'), [named('2'), named('3', { registeredAt: at('2026-03-01', '10:00') })], monday, office)).toBeUndefined()
  })

  it('count who complains three times once', () => {
    const again = (id: string) => named(id, { personId: 'person-1' })

    expect(raiseForRepeats(again('1'), [again('2'), again('3')], monday, office)).toBeUndefined()
    expect(raiseForRepeats(again('1'), [again('2'), named('3'), named('4')], monday, office)).toBeDefined()
  })

  it('that are kept from the unit are not counted in a case that it sees, and are in one that is kept from it as well', () => {
    const kept = (id: string) => named(id, { facts: { matter: '不动产证', phone: `1380000000${id}`, confidential: true } })

    expect(raiseForRepeats(named('1'), [named('2'), kept('3')], monday, office)).toBeUndefined()
    expect(raiseForRepeats(kept('1'), [named('2'), kept('3')], monday, office)).toMatchObject({ reason: expect.stringContaining('3人') })
  })

  it('are none when nothing is known of the matter', () => {
    const vague = (id: string) =>
      named(id, { facts: { story: id }, cause: '其他', proposal: { demandClass: 'unclear', level: 1, departments: ['natural'], flags: [], reasons: [] } })

    expect(raiseForRepeats(vague('1'), [vague('2'), vague('3')], monday, office)).toBeUndefined()
  })

  it('is a command that the clock may give', () => {
    const command = raiseForRepeats(named('1'), [named('2'), named('3')], monday, office)
    if (!command) throw new Error('not raised')

    expect(take(named('1'), command, clock, monday).level).toBe(3)
  })
})

describe('duplicates', () => {
  const telling = (id: string, personId: string, story: string, change: Partial<Ticket> = {}) => named(id, { personId, facts: { story }, ...change })
  const first = telling('1', 'p1', '我去不动产中心办房产证，说缺契税票据，跑了三趟还是不给办')

  it('are offered to the same person who tells the same again', () => {
    const again = telling('2', 'p1', '还是那个房产证的事，不动产中心说缺契税票据')

    expect(duplicates(again, [first], monday).map((one) => one.ticket.number)).toEqual(['1'])
    expect(duplicates(telling('3', 'p1', '社保卡丢了怎么补'), [first], monday)).toEqual([])
  })

  it('need nearly the same words from somebody else, and not too long ago', () => {
    expect(duplicates(telling('2', 'p2', '房产证的事，说缺票据'), [first], monday)).toEqual([])
    expect(duplicates(telling('2', 'p2', first.facts.story ?? ''), [first], monday)).toHaveLength(1)
    expect(duplicates(telling('2', 'p1', first.facts.story ?? ''), [first], at('2026-05-01', '10:00'))).toEqual([])
  })
})

it('lets a leader raise a case and nobody lower it by that', () => {
  const ticket = take(aTicket({ stage: 'handling' }), commands.raise, lead, monday)

  expect(ticket.level).toBe(3)
  expect(() => take(ticket, { type: 'raise', level: 2, reason: '降级' }, supervisor, monday)).toThrow('最高级别')
  expect(() => take(ticket, commands.raise, bot, monday)).toThrow()
})
