import { describe, expect, it } from 'vitest'
import { dateOf, timeOf } from '../../casework/day.ts'
import { decide } from '../../casework/decide.ts'
import type { Command, Timer } from '../../casework/decision.ts'
import type { Instant, SurveyAnswer, Ticket } from '../../casework/ticket.ts'
import { allTimers, fire, timerKey, timers } from '../../casework/timer.ts'
import { aTicket, at, bot, chief, citizen, clerk, clock, commands, lead, monday, office, supervisor, take } from './support.ts'

const answered = (answer: SurveyAnswer): Command => ({ type: 'callback', outcome: 'answered', answer })
const noAnswer: Command = { type: 'callback', outcome: 'noAnswer' }
const shown = (when: number) => `${dateOf(when)} ${timeOf(when)}`
const callbackTimers = (list: readonly Timer[]) => list.filter((one) => one.kind === 'callback').map((one) => [one.attempt, shown(one.runAt)])

/** The case answered again after it was reopened. */
const again = (ticket: Ticket): Ticket =>
  [
    [commands.assign, clerk],
    [commands.accept, chief],
    [commands.opine, clerk],
    [commands.contact, chief],
    [commands.resolve, chief],
    [commands.check, supervisor],
    [commands.reply, clerk],
  ].reduce((one, [command, by]) => take(one, command as Command, by as typeof clerk, monday), ticket)

describe('the callback', () => {
  it('closes the case when the citizen says that it was done', () => {
    expect(take(aTicket({ stage: 'replied' }), answered({ solved: 'yes' }), bot, monday).stage).toBe('closed')
  })

  it('reopens the case one level up with new clocks when it was not done', () => {
    const ticket = take(aTicket({ stage: 'replied' }), answered({ solved: 'no' }), citizen, monday)

    expect(ticket).toMatchObject({ stage: 'triaged', level: 3, reopened: 1 })
    expect(ticket.deadlines.filter((one) => one.round === 2).map((one) => one.kind)).toEqual(['assignment', 'rectification'])
    expect(ticket.reply).toBeUndefined()
  })

  it('reopens the case on each of the two lowest ratings, whatever was done', () => {
    for (const rating of [1, 2] as const) expect(take(aTicket({ stage: 'replied' }), answered({ solved: 'yes', rating }), bot, monday).stage).toBe('triaged')
    expect(take(aTicket({ stage: 'replied' }), answered({ solved: 'yes', rating: 3 }), bot, monday).stage).toBe('closed')
  })

  it('counts "not done, but well explained" as its own answer and closes', () => {
    expect(take(aTicket({ stage: 'replied' }), answered({ solved: 'explained', rating: 3 }), bot, monday).stage).toBe('closed')
  })

  it('never raises above the third level and leaves the decision to a leader after three rounds', () => {
    let ticket = aTicket({ stage: 'replied' })
    for (let round = 1; round <= 3; round += 1) {
      ticket = take(ticket, answered({ solved: 'no' }), citizen, monday)
      expect(ticket).toMatchObject({ stage: 'triaged', level: 3, reopened: round })
      ticket = again(ticket)
    }

    expect(take(ticket, answered({ solved: 'no' }), citizen, monday)).toMatchObject({ stage: 'closed', reopened: 3 })
  })

  it('reopens a closed case when the citizen comes back and says no', () => {
    const closed = take(aTicket({ stage: 'replied' }), answered({ solved: 'yes' }), citizen, monday)

    expect(take(closed, answered({ solved: 'no' }), citizen, monday).stage).toBe('triaged')
  })

  it('keeps the reason that comes after the case was reopened', () => {
    const reopened = take(aTicket({ stage: 'replied' }), answered({ solved: 'no' }), citizen, monday)
    const told = take(reopened, answered({ solved: 'no', rating: 1, reasons: ['推诿'] }), bot, monday)

    expect(told.stage).toBe('triaged')
    expect(told.callbacks.map((one) => [one.round, one.answer?.rating])).toEqual([
      [1, undefined],
      [1, 1],
    ])
    expect(decide(reopened, answered({ solved: 'yes' }), supervisor, monday, office).ok).toBe(false)
  })

  it('gives up after as many attempts as the policy says, and closes with that outcome', () => {
    let ticket = aTicket({ stage: 'replied' })
    for (const [day, stage] of [
      ['2026-03-10', 'replied'],
      ['2026-03-11', 'replied'],
      ['2026-03-12', 'closed'],
    ] as const) {
      ticket = take(ticket, noAnswer, supervisor, at(day, '10:00'))
      expect(ticket.stage).toBe(stage)
    }
  })

  it('counts no attempt of staff outside the call hours or right after another', () => {
    const ticket = aTicket({ stage: 'replied' })
    const saturdayNight = at('2026-03-14', '22:00')
    for (const outcome of ['noAnswer', 'off', 'refused', 'wrongNumber'] as const) {
      expect(decide(ticket, { type: 'callback', outcome }, supervisor, saturdayNight, office)).toMatchObject({ ok: false, refusal: { code: 'limit' } })
    }
    const called = take(ticket, noAnswer, supervisor, at('2026-03-10', '10:00'))

    expect(decide(called, noAnswer, supervisor, at('2026-03-10', '17:00'), office)).toMatchObject({ ok: false, refusal: { code: 'limit' } })
    expect(decide(called, noAnswer, supervisor, at('2026-03-11', '09:00'), office).ok).toBe(true)
    expect(decide(called, answered({ solved: 'yes' }), supervisor, saturdayNight, office).ok).toBe(true)
  })

  it('is booked by the clock for a message that it has sent, once, and for no call', () => {
    const ticket = aTicket({ stage: 'replied' })
    expect(decide(ticket, noAnswer, clock, monday, office)).toMatchObject({ ok: false, refusal: { code: 'wrongStage' } })
    const unanswered = take(take(ticket, commands.survey, clock, monday), noAnswer, clock, monday)

    expect(unanswered.callbacks.map((one) => [one.by, one.outcome])).toEqual([['clock', 'noAnswer']])
    expect(decide(unanswered, noAnswer, clock, monday, office)).toMatchObject({ ok: false, refusal: { code: 'wrongStage' } })
  })

  it('leaves a citizen in peace who declines in person', () => {
    expect(take(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'refused' }, citizen, monday).stage).toBe('closed')
    expect(take(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'refused' }, supervisor, monday).stage).toBe('replied')
  })

  it('wants to know whether it was done when someone answered', () => {
    expect(decide(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'answered' }, bot, monday, office)).toMatchObject({
      ok: false,
      refusal: { code: 'missingFact' },
    })
  })
})

describe('the timers of the callback', () => {
  const checked = take(take(aTicket({ stage: 'handling' }), commands.resolve, chief, monday), commands.check, supervisor, monday)
  const replied = (when: number) => ({ ticket: take(checked, commands.reply, clerk, when), when })

  it('ask one working day after the reply, when people may be called', () => {
    const { ticket } = replied(at('2026-03-13', '16:59'))

    expect(callbackTimers(timers(checked, ticket, office))).toEqual([[1, '2026-03-16 09:00']])
  })

  it('skip a festival', () => {
    const { ticket } = replied(at('2026-09-30', '10:00'))

    expect(callbackTimers(timers(checked, ticket, office))[0]).toEqual([1, '2026-10-08 09:00'])
  })

  /** Runs the timers of a case as they come due; `then` says what else happens when a citizen is asked. */
  function run(start: Ticket, then: (ticket: Ticket, asked: number, when: number) => Ticket): { ticket: Ticket; asks: string[] } {
    let ticket = start
    const asks: string[] = []
    const due: Timer[] = timers(checked, start, office).filter((one) => one.kind === 'callback')
    for (let timer = due.shift(); timer; timer = due.shift()) {
      const before = ticket
      const { command, ask } = fire(timer, ticket, office)
      if (command) ticket = take(ticket, command, clock, timer.runAt)
      if (ask && ticket.stage === 'replied') {
        asks.push(shown(timer.runAt))
        ticket = then(ticket, asks.length, timer.runAt)
      }
      const known = new Set([timer, ...due].map(timerKey))
      due.push(...timers(before, ticket, office).filter((one) => one.kind === 'callback' && before !== ticket && !known.has(timerKey(one))))
    }
    return { ticket, asks }
  }

  it('ask by message and then, as long as a person has called in vain, twice more', () => {
    const { ticket: start } = replied(at('2026-03-09', '11:00'))
    const { ticket, asks } = run(start, (one, asked, when) =>
      asked === 1 ? take(one, commands.survey, clock, when) : take(one, noAnswer, supervisor, when + 3_600_000),
    )

    expect(asks).toEqual(['2026-03-10 09:00', '2026-03-11 09:00', '2026-03-12 09:00'])
    expect(ticket.stage).toBe('closed')
    expect(ticket.callbacks.map((one) => [one.by, one.outcome])).toEqual([
      ['clock', 'noAnswer'],
      ['supervisor-1', 'noAnswer'],
      ['supervisor-1', 'noAnswer'],
    ])
  })

  it('leave a call that nobody has made as it is: no attempt is invented, the case stays open and its clock grows late', () => {
    const { ticket: start } = replied(at('2026-03-09', '11:00'))
    const byPhone = run(start, (one) => one)
    const byMessage = run(start, (one, asked, when) => (asked === 1 ? take(one, commands.survey, clock, when) : one))

    expect([byPhone.ticket.stage, byPhone.asks, byPhone.ticket.callbacks]).toEqual(['replied', ['2026-03-10 09:00'], []])
    expect([byMessage.ticket.stage, byMessage.asks, byMessage.ticket.callbacks.map((one) => one.by)]).toEqual([
      'replied',
      ['2026-03-10 09:00', '2026-03-11 09:00'],
      ['clock'],
    ])
    const late = timers(checked, start, office).flatMap((one) => (one.kind === 'mark' && one.deadline === 'callback' && one.mark === 'late1' ? [one] : []))
    expect(late.map((one) => fire(one, byMessage.ticket, office).command?.type)).toEqual(['remind'])
  })

  it('do nothing once the citizen has answered or the case has a new round', () => {
    const { ticket } = replied(monday)
    const [first] = timers(checked, ticket, office).filter((one) => one.kind === 'callback')
    if (!first) throw new Error('no callback timer')

    expect(fire(first, take(ticket, answered({ solved: 'yes' }), bot, monday), office)).toEqual({})
    expect(fire(first, again(take(ticket, answered({ solved: 'no' }), bot, monday)), office)).toEqual({})
  })

  it('ask no second time for an attempt that a person has already made', () => {
    const { ticket } = replied(at('2026-03-09', '11:00'))
    const called = take(take(ticket, commands.survey, clock, at('2026-03-10', '09:00')), noAnswer, supervisor, at('2026-03-10', '10:00'))
    const again = take(called, noAnswer, supervisor, at('2026-03-11', '09:00'))
    const second = timers(ticket, called, office).find((one) => one.kind === 'callback')
    if (!second) throw new Error('no second timer')

    expect(fire(second, called, office)).toEqual({ ask: true })
    expect(fire(second, again, office)).toEqual({})
  })
})

describe('the marks of a deadline', () => {
  const assigned = aTicket({ stage: 'assigned' })
  const marks = timers(aTicket({ stage: 'triaged' }), assigned, office).filter((one) => one.kind === 'mark' && one.deadline === 'resolution')

  it('stand before, at and after the due date', () => {
    expect(marks.map((one) => [one.kind === 'mark' && one.mark, shown(one.runAt)])).toEqual([
      ['p50', '2026-03-12 09:30'],
      ['p80', '2026-03-13 15:48'],
      ['due', '2026-03-16 17:00'],
      ['late1', '2026-03-17 09:00'],
      ['late3', '2026-03-19 09:00'],
      ['late5', '2026-03-23 09:00'],
    ])
  })

  it('are told once, and not when the clock was met, stopped or moved on', () => {
    const [first] = marks
    if (!first) throw new Error('no mark')
    const { command } = fire(first, assigned, office)
    if (!command) throw new Error('no command')
    const told = take(assigned, command, clock, first.runAt)
    const accepted = take(assigned, commands.accept, chief, monday)

    expect(fire(first, told, office)).toEqual({})
    expect(decide(told, command, clock, first.runAt, office)).toMatchObject({ ok: false, refusal: { code: 'limit' } })
    expect(fire(first, take(accepted, commands.pause, lead, monday), office)).toEqual({})
    expect(fire(first, take(accepted, commands.extend, lead, monday), office)).toEqual({})
    expect(fire(first, aTicket({ stage: 'resolved' }), office).command).toBeDefined()
    expect(fire(first, aTicket({ stage: 'replied' }), office)).toEqual({})
  })

  it('say when they should have been given where that is more than five minutes ago', () => {
    const [first] = marks
    if (!first) throw new Error('no mark')
    const plannedAt = (late: number, madeAt?: Instant) => {
      const { command } = fire({ ...first, runAt: first.runAt + late }, assigned, office, madeAt)
      const decision = command && decide(assigned, command, clock, first.runAt + late, office)
      return decision?.ok ? decision.events.flatMap((event) => (event.type === 'reminded' ? [event.plannedAt] : [])) : 'refused'
    }

    expect(plannedAt(5 * 60_000)).toEqual([undefined])
    expect(plannedAt(5 * 60_000 + 1)).toEqual([first.runAt])
    expect(plannedAt(6 * 3_600_000)).toEqual([first.runAt])
    expect(plannedAt(6 * 3_600_000, first.runAt + 6 * 3_600_000)).toEqual([undefined])
  })

  it('are set anew when the clock is moved, each under its own key', () => {
    const extended = take(take(assigned, commands.accept, chief, monday), commands.extend, lead, monday)
    const moved = timers(assigned, extended, office)

    expect(moved.map((one) => one.kind === 'mark' && one.deadline)).toEqual(Array(6).fill('resolution'))
    const keys = [...allTimers(assigned, office), ...moved].map(timerKey)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('that passed while the clock stood still are told when it goes on', () => {
    const accepted = take(assigned, commands.accept, chief, monday)
    const [half] = marks
    if (!half) throw new Error('no mark')
    const paused = take(accepted, commands.pause, lead, at('2026-03-12', '09:10'))
    const resumed = take(paused, commands.resume, lead, at('2026-03-12', '16:00'))
    const again = timers(paused, resumed, office).filter((one) => one.kind === 'mark' && one.deadline === 'resolution' && one.mark === 'p50')

    expect(fire(half, paused, office)).toEqual({})
    expect(again.map((one) => [one.runAt, timerKey(one) === timerKey(half)])).toEqual([[half.runAt, false]])
    expect(again.map((one) => fire(one, resumed, office).command?.type)).toEqual(['remind'])
  })

  it('raise the level three working days after the due date', () => {
    const late = take(assigned, { type: 'remind', deadline: 'resolution', mark: 'late3' }, clock, at('2026-03-19', '09:00'))

    expect([assigned.level, late.level]).toEqual([2, 3])
  })
})
