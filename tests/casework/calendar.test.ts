import chineseDays from 'chinese-days'
import { describe, expect, it } from 'vitest'
import { createCalendar } from '../../casework/calendar.ts'
import { addDays, dateOf, instantOf, timeOf } from '../../casework/day.ts'
import { CalendarGap } from '../../casework/policy.ts'
import { loadSeedCalendar, loadSeedPolicy } from '../../prisma/seed/policy.ts'

const calendar = createCalendar(loadSeedCalendar(), loadSeedPolicy().hours)
const shown = (at: number) => `${dateOf(at)} ${timeOf(at)}`
const workingDays = (amount: number) => ({ amount, unit: 'workingDays' }) as const

describe('the working calendar', () => {
  it('agrees with an independent calendar on every day of 2025 and 2026', () => {
    for (let date = '2025-01-01'; date <= '2026-12-31'; date = addDays(date, 1)) {
      expect([date, calendar.isWorkingDay(date)]).toEqual([date, chineseDays.isWorkday(date)])
    }
  })

  it('names the year that has no notice instead of guessing Monday to Friday', () => {
    expect(() => calendar.isWorkingDay('2027-01-04')).toThrow(CalendarGap)
    expect(() => calendar.due(instantOf('2026-12-30', '10:00'), workingDays(3))).toThrow('2027')
  })

  it('counts from the day after receipt and ends at the close of the last working day', () => {
    expect(shown(calendar.due(instantOf('2026-03-02', '09:00'), workingDays(3)))).toBe('2026-03-05 17:00')
    expect(shown(calendar.due(instantOf('2026-03-02', '23:59'), workingDays(3)))).toBe('2026-03-05 17:00')
  })

  it('skips the Spring Festival and counts its makeup Saturdays', () => {
    expect(shown(calendar.due(instantOf('2026-02-13', '10:00'), workingDays(1)))).toBe('2026-02-14 17:00')
    expect(shown(calendar.due(instantOf('2026-02-13', '10:00'), workingDays(2)))).toBe('2026-02-24 17:00')
    expect(shown(calendar.due(instantOf('2026-02-26', '10:00'), workingDays(2)))).toBe('2026-02-28 17:00')
  })

  it('lets zero working days end today, or on the next working day from a day off', () => {
    expect(shown(calendar.due(instantOf('2026-03-06', '16:30'), workingDays(0)))).toBe('2026-03-06 17:00')
    expect(shown(calendar.due(instantOf('2026-03-07', '10:00'), workingDays(0)))).toBe('2026-03-09 17:00')
  })

  it('spends working hours only while the office is open, lunch left out', () => {
    const twoHours = { amount: 2, unit: 'workingHours' } as const
    expect(shown(calendar.due(instantOf('2026-03-06', '11:00'), twoHours))).toBe('2026-03-06 14:00')
    expect(shown(calendar.due(instantOf('2026-03-06', '16:00'), twoHours))).toBe('2026-03-09 10:00')
    expect(shown(calendar.due(instantOf('2026-03-07', '03:00'), twoHours))).toBe('2026-03-09 11:00')
  })

  it('measures the working time that it has spent', () => {
    const from = instantOf('2026-09-30', '15:20')
    for (const amount of [0.5, 1, 3, 7, 20, 90]) {
      expect(calendar.workingMs(from, calendar.due(from, { amount, unit: 'workingHours' }))).toBe(amount * 3_600_000)
    }
  })

  it('knows when the office is open and when it opens next', () => {
    expect(calendar.isOpen(instantOf('2026-10-10', '09:00'))).toBe(true)
    expect(calendar.isOpen(instantOf('2026-10-10', '12:00'))).toBe(false)
    expect(calendar.isOpen(instantOf('2026-10-07', '10:00'))).toBe(false)
    expect(shown(calendar.nextOpening(instantOf('2026-10-10', '12:30')))).toBe('2026-10-10 13:00')
    expect(shown(calendar.nextOpening(instantOf('2026-09-30', '17:00')))).toBe('2026-10-08 09:00')
  })
})
