import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plusWorkingDays, sameOrNextWorkingDay, workingDaysBetween } from '../../casework/calendar.ts'
import { afterPause, isLate, lamp, wasLate } from '../../casework/clocks.ts'
import { addDays, dateOf, hourMs, timeOf } from '../../casework/day.ts'
import type { Allowance, Deadline } from '../../casework/deadline.ts'
import { decide } from '../../casework/decide.ts'
import type { Command } from '../../casework/decision.ts'
import { rates } from '../../casework/rates.ts'
import type { Actor, Instant, Ticket } from '../../casework/ticket.ts'
import { fire, timers } from '../../casework/timer.ts'
import { applied, aTicket, at, bot, chief, clerk, clock, commands, lead, monday, office, registering, supervisor, take } from './support.ts'

const { calendar } = office
const shown = (when: Instant) => `${dateOf(when)} ${timeOf(when)}`
const aClock = (startedAt: Instant, allowance: Allowance): Deadline => ({
  kind: 'resolution',
  round: 1,
  startedAt,
  allowance,
  dueAt: calendar.due(startedAt, allowance),
  pausedMs: 0,
})
const dueOf = (ticket: { deadlines: readonly Deadline[] }, kind: string) => ticket.deadlines.findLast((one) => one.kind === kind)?.dueAt ?? 0

// Whole minutes from 2025 to the autumn of 2026, so that no sum leaves the published years.
const minute = fc.integer({ min: at('2025-01-02', '00:00') / 60_000, max: at('2026-08-31', '00:00') / 60_000 }).map((n) => n * 60_000)
const dayClock = fc.tuple(minute, fc.integer({ min: 0, max: 10 })).map(([from, amount]) => aClock(from, { amount, unit: 'workingDays' }))
const hourClock = fc.tuple(minute, fc.integer({ min: 1, max: 30 })).map(([from, amount]) => aClock(from, { amount, unit: 'workingHours' }))
const gaps = fc.array(fc.integer({ min: 0, max: 4 * 24 * 60 }), { minLength: 2, maxLength: 8 })

/** Stops the clock between every other two of the moments. */
function stopped(clock: Deadline, minutes: readonly number[]): { clock: Deadline; moments: Instant[] } {
  const moments: Instant[] = []
  let one = clock
  let when = clock.startedAt
  for (const [index, gap] of minutes.entries()) {
    const next = when + gap * 60_000
    if (index % 2 === 1) one = { ...one, dueAt: afterPause(one, when, next, calendar) }
    moments.push(next)
    when = next
  }
  return { clock: one, moments }
}

describe('a stopped clock', () => {
  it('has as many working days left when it goes on as it had when it stopped', () => {
    fc.assert(
      fc.property(dayClock, fc.nat({ max: 15 * 1_440 }), fc.nat({ max: 40 * 1_440 }), (clock, until, length) => {
        const since = clock.startedAt + until * 60_000
        const left = (when: Instant, due: Instant) => workingDaysBetween(calendar, sameOrNextWorkingDay(calendar, dateOf(when)), dateOf(due))

        const dueAt = afterPause(clock, since, since + length * 60_000, calendar)

        if (isLate(clock, since)) expect(dueAt).toBe(clock.dueAt)
        else expect(left(since + length * 60_000, dueAt)).toBe(left(since, clock.dueAt))
      }),
      { numRuns: 500 },
    )
  })

  it('has exactly the same working time left, to the millisecond, when it counts hours', () => {
    fc.assert(
      fc.property(hourClock, fc.nat({ max: 5 * 1_440 }), fc.nat({ max: 40 * 1_440 }), (clock, until, length) => {
        const since = clock.startedAt + until * 60_000
        const resumed = since + length * 60_000

        const dueAt = afterPause(clock, since, resumed, calendar)

        if (isLate(clock, since)) expect(dueAt).toBe(clock.dueAt)
        else expect(calendar.workingMs(Math.max(since, clock.startedAt), clock.dueAt)).toBe(calendar.workingMs(resumed, dueAt))
      }),
      { numRuns: 500 },
    )
  })

  it('neither wins nor loses time over any number of stops', () => {
    fc.assert(
      fc.property(fc.oneof(dayClock, hourClock), gaps, (clock, minutes) => {
        const once = stopped(clock, minutes)
        const again = { ...once.clock }

        expect(once.clock.dueAt).toBeGreaterThanOrEqual(clock.dueAt)
        expect(afterPause(again, again.startedAt, again.startedAt, calendar)).toBe(again.dueAt)
        // Cutting one stop into two at any moment inside it changes nothing.
        const [first = 0, second = 0] = once.moments
        const middle = first + Math.floor((second - first) / 120_000) * 60_000
        const cut = { ...clock, dueAt: afterPause(clock, first, middle, calendar) }
        expect(afterPause(cut, middle, second, calendar)).toBe(afterPause(clock, first, second, calendar))
      }),
      { numRuns: 500 },
    )
  })

  it('does not move by a stop within one day', () => {
    const clock = aClock(monday, { amount: 3, unit: 'workingDays' })

    expect(shown(afterPause(clock, at('2026-03-10', '10:00'), at('2026-03-10', '16:00'), calendar))).toBe('2026-03-12 17:00')
    expect(shown(afterPause(clock, at('2026-03-10', '10:00'), at('2026-03-13', '16:00'), calendar))).toBe('2026-03-17 17:00')
  })

  it('moves with the case: what waits for the citizen is not counted', () => {
    const handling = aTicket({ stage: 'handling' })
    const paused = take(handling, commands.pause, lead, at('2026-03-10', '11:00'))
    const resumed = take(paused, commands.resume, clerk, at('2026-03-20', '15:00'))

    expect(shown(dueOf(handling, 'resolution'))).toBe('2026-03-16 17:00')
    expect(shown(dueOf(resumed, 'resolution'))).toBe('2026-03-26 17:00')
    expect(resumed.deadlines.find((one) => one.kind === 'resolution')?.pausedMs).toBe(8 * 7 * hourMs)
    expect(resumed.paused).toBeUndefined()
  })

  it('makes nothing late that is done while it stands, and saves nothing that was late before', () => {
    const accepted = aTicket({ stage: 'accepted' })
    const contacted = (since: Instant) => {
      const called = take(take(accepted, commands.pause, lead, since), commands.contact, chief, at('2026-03-20', '15:00'))
      const clock = called.deadlines.find((one) => one.kind === 'firstContact')
      const { responded } = rates([called], at('2026-04-20', '10:00'), office.policy)
      return [clock && shown(clock.metAt ?? 0), clock && wasLate(clock, called, at('2026-04-20', '10:00')), responded.count]
    }

    expect(shown(dueOf(accepted, 'firstContact'))).toBe('2026-03-09 17:00')
    expect(contacted(at('2026-03-09', '11:00'))).toEqual(['2026-03-20 15:00', false, 1])
    expect(contacted(at('2026-03-10', '11:00'))).toEqual(['2026-03-20 15:00', true, 0])
  })

  it('lets nothing be resolved or extended while it stands', () => {
    const paused = take(aTicket({ stage: 'handling' }), commands.pause, lead, monday)

    for (const command of [commands.resolve, commands.extend, commands.pause]) {
      const by = command.type === 'resolve' ? chief : lead
      expect(decide(paused, command, by, monday, office)).toMatchObject({ ok: false, refusal: { code: 'paused' } })
    }
    expect(decide(aTicket({ stage: 'handling' }), commands.resume, lead, monday, office)).toMatchObject({ ok: false, refusal: { code: 'notPaused' } })
  })
})

/** From a day on and before another, counted one by one. */
function workingDays(from: string, before: string): number {
  let count = 0
  for (let date = from; date < before; date = addDays(date, 1)) if (calendar.isWorkingDay(date)) count += 1
  return count
}

/** Day zero is the day of the start. */
const ran = (startedAt: Instant, dueAt: Instant): number => workingDays(addDays(dateOf(startedAt), 1), addDays(dateOf(dueAt), 1))

it('whatever is stopped, extended and reopened: the time to resolve is what was allowed, what was approved, and exactly the days for which it stood', () => {
  const steps = fc.array(
    fc.record({
      type: fc.constantFrom('pause' as const, 'resume' as const, 'extend' as const, 'again' as const),
      minutes: fc.nat({ max: 4 * 1_440 }),
      days: fc.integer({ min: 1, max: 10 }),
    }),
    { minLength: 4, maxLength: 14 },
  )
  let counted = 0
  fc.assert(
    fc.property(minute, steps, (start, moves) => {
      let now = start
      let ticket = aTicket({ stage: 'handling', when: now })
      let since = now
      const clock = () => ticket.deadlines.findLast((one) => one.kind === 'resolution')
      let expected = ran(now, clock()?.dueAt ?? 0)
      for (const { type, minutes, days } of moves) {
        now += minutes * 60_000
        if (type === 'again') {
          if (ticket.paused) continue
          ticket = handledAgain(ticket, now)
          const { dueAt = 0, allowance } = clock() ?? {}
          expected = ran(now, dueAt)
          expect(dueAt).toBe(allowance && calendar.due(now, allowance))
          continue
        }
        const command = type === 'extend' ? { ...commands.extend, allowance: { amount: days, unit: 'workingDays' as const } } : commands[type]
        const before = clock()
        const decision = decide(ticket, command, lead, now, office)
        if (!decision.ok) continue
        ticket = applied(ticket, decision.events, lead, now)
        counted += 1
        if (type === 'pause') since = now
        if (type === 'extend') expected += days
        // What was late when it was stopped gets nothing for it.
        if (type === 'resume' && dateOf(since) <= dateOf(before?.dueAt ?? 0)) expected += workingDays(dateOf(since), dateOf(now))
        expect([type, ran(clock()?.startedAt ?? 0, clock()?.dueAt ?? 0)]).toEqual([type, expected])
      }
    }),
    { numRuns: 200 },
  )
  expect(counted).toBeGreaterThan(400)
})

/** Resolved, replied to, not done, and in hand again. */
function handledAgain(ticket: Ticket, when: Instant): Ticket {
  const way: [Command, Actor][] = [
    [commands.resolve, chief],
    [commands.check, supervisor],
    [commands.reply, clerk],
    [commands.reopen, lead],
    [commands.assign, clerk],
    [commands.accept, chief],
    [commands.opine, clerk],
    [commands.contact, chief],
  ]
  return way.reduce((one, [command, by]) => take(one, command, by, when), ticket)
}

describe('a case that waits', () => {
  const waiting = (why: 'citizen' | 'superior') => take(aTicket({ stage: 'handling' }), { ...commands.pause, why }, lead, monday)
  const waits = (before: ReturnType<typeof aTicket>, after: ReturnType<typeof aTicket>) => timers(before, after, office).filter((one) => one.kind === 'wait')

  it('for the citizen is reminded of on the fifth day and given up after fifteen', () => {
    const ticket = waiting('citizen')
    const [nudge, close] = waits(aTicket({ stage: 'handling' }), ticket)
    if (!nudge || !close) throw new Error('no timers')

    expect([shown(nudge.runAt), shown(close.runAt)]).toEqual(['2026-03-14 09:00', '2026-03-25 09:00'])
    expect(fire(nudge, ticket, office)).toEqual({ command: { type: 'nudge' } })
    const { command } = fire(close, ticket, office)
    if (!command) throw new Error('no command')
    expect(take(ticket, command, clock, close.runAt).stage).toBe('withdrawn')
    expect(decide(ticket, command, clock, nudge.runAt, office)).toMatchObject({ ok: false, refusal: { code: 'limit' } })
    expect(fire(close, take(ticket, commands.resume, lead, monday), office)).toEqual({})
  })

  it('for a superior is reviewed every thirty days and never given up', () => {
    const ticket = waiting('superior')
    const [review, ...others] = waits(aTicket({ stage: 'handling' }), ticket)
    if (!review) throw new Error('no timer')
    const reviewed = take(ticket, commands.nudge, clock, review.runAt)

    expect(others).toEqual([])
    expect([shown(review.runAt), ...waits(ticket, reviewed).map((one) => shown(one.runAt))]).toEqual(['2026-04-08 09:00', '2026-05-08 09:00'])
    expect(decide(ticket, commands.withdraw, clock, at('2026-12-01', '09:00'), office).ok).toBe(false)
  })
})

describe('an extension', () => {
  it('adds exactly the working days that were approved, counted from the due date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.nat({ max: 300 }), (amount, day) => {
        const when = at(sameOrNextWorkingDay(calendar, addDays('2025-06-01', day)), '10:00')
        const ticket = aTicket({ stage: 'handling', when })
        const extended = take(ticket, { ...commands.extend, allowance: { amount, unit: 'workingDays' } }, lead, when)

        expect(dateOf(dueOf(extended, 'resolution'))).toBe(plusWorkingDays(calendar, dateOf(dueOf(ticket, 'resolution')), amount))
      }),
      { numRuns: 100 },
    )
  })

  it('is given once, for at most ten working days, and not after the due date', () => {
    const handling = aTicket({ stage: 'handling' })
    const extended = take(handling, commands.extend, lead, monday)

    expect(decide(extended, commands.extend, lead, monday, office)).toMatchObject({ ok: false, refusal: { code: 'limit' } })
    expect(decide(handling, { ...commands.extend, allowance: { amount: 11, unit: 'workingDays' } }, lead, monday, office)).toMatchObject({
      ok: false,
      refusal: { code: 'limit', detail: '一次最多延长10个工作日。' },
    })
    expect(decide(handling, commands.extend, lead, at('2026-03-17', '09:00'), office)).toMatchObject({ ok: false, refusal: { code: 'limit' } })
    expect(decide(handling, commands.extend, chief, monday, office)).toMatchObject({ ok: false, refusal: { code: 'wrongRole' } })
  })
})

describe('the lamps', () => {
  it('turn at 50 and 80 percent of the working time and go late by date', () => {
    const clock = aClock(monday, { amount: 5, unit: 'workingDays' })
    const at5 = (date: string, time: string) => lamp(clock, at(date, time), office)

    expect(at5('2026-03-11', '16:00')).toBe('green')
    expect(at5('2026-03-12', '11:00')).toBe('yellow')
    expect(at5('2026-03-16', '09:00')).toBe('red')
    expect(at5('2026-03-16', '23:59')).toBe('red')
    expect(at5('2026-03-17', '00:00')).toBe('late')
  })

  it('keep the colour that the clock had when it was stopped', () => {
    const clock = aClock(monday, { amount: 5, unit: 'workingDays' })

    expect(lamp(clock, at('2026-04-20', '10:00'), office, at('2026-03-12', '11:00'))).toBe('yellow')
  })

  it('show for a met clock whether it was met in time', () => {
    const clock = aClock(monday, { amount: 2, unit: 'workingHours' })

    expect(lamp({ ...clock, metAt: at('2026-03-09', '11:59') }, at('2026-04-01', '10:00'), office)).toBe('green')
    expect(lamp({ ...clock, metAt: at('2026-03-09', '13:01') }, at('2026-04-01', '10:00'), office)).toBe('late')
  })
})

describe('the clocks of a case', () => {
  it('start by what happens and end by what was asked for', () => {
    const ticket = aTicket({ stage: 'archived' })
    const kinds = ticket.deadlines.map((one) => one.kind).sort()

    expect(kinds).toEqual(['acceptance', 'assignment', 'callback', 'firstContact', 'opinion', 'reply', 'resolution', 'triage'])
    expect(ticket.deadlines.every((one) => one.metAt === monday)).toBe(true)
  })

  it('give an urgent case a shorter triage', () => {
    const urgent = take(undefined, { ...registering, urgent: true }, bot, monday)

    expect(shown(dueOf(aTicket(), 'triage'))).toBe('2026-03-09 12:00')
    expect(shown(dueOf(urgent, 'triage'))).toBe('2026-03-09 10:30')
  })

  it('count the resolution from the day it was handed in, however late it is checked', () => {
    const resolved = take(aTicket({ stage: 'handling' }), commands.resolve, chief, at('2026-03-16', '16:00'))
    const checked = take(resolved, commands.check, supervisor, at('2026-03-18', '10:00'))
    const clock = checked.deadlines.find((one) => one.kind === 'resolution')

    expect(clock && lamp(clock, at('2026-03-20', '10:00'), office)).toBe('green')
  })

  it('take a wrong assignment back within two working days only', () => {
    const assigned = aTicket({ stage: 'assigned' })

    expect(take(assigned, commands.return, chief, at('2026-03-11', '17:30')).stage).toBe('triaged')
    expect(decide(assigned, commands.return, chief, at('2026-03-12', '09:00'), office)).toMatchObject({ ok: false, refusal: { code: 'limit' } })
  })

  it('raise the level when a case was returned twice', () => {
    const once = take(take(aTicket({ stage: 'assigned' }), commands.return, chief, monday), commands.assign, clerk, monday)
    const twice = take(once, commands.return, chief, monday)

    expect([once.level, twice.level, twice.returns]).toEqual([2, 3, 2])
  })

  it('go on without a calendar year and are set as soon as it is loaded', () => {
    const late = at('2026-12-31', '16:00')
    const ticket = aTicket({ stage: 'assigned', when: late })

    expect(ticket.stage).toBe('assigned')
    expect(ticket.unset?.map((one) => one.kind)).toContain('resolution')
    expect(decide(ticket, commands.recount, supervisor, late, office)).toMatchObject({ ok: false, refusal: { code: 'wrongStage' } })
    const open = { ...office, calendar: { ...calendar, due: (from: Instant) => from + 1 } }
    const set = take(ticket, commands.recount, supervisor, late, open)
    expect(set.unset).toBeUndefined()
    expect(set.deadlines.find((one) => one.kind === 'resolution')?.startedAt).toBe(late)
  })
})
