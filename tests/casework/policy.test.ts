import { describe, expect, it } from 'vitest'
import { calendarYearSchema, loadSeedCalendar, loadSeedPolicy, policySchema } from '../../prisma/seed/policy.ts'

const policy = loadSeedPolicy()
const [year] = loadSeedCalendar()

describe("the office's rules", () => {
  it('have a time limit for every clock', () => {
    expect(Object.keys(policy.deadlines).sort()).toEqual([
      'acceptance',
      'arrival',
      'assignment',
      'callback',
      'firstContact',
      'rectification',
      'reply',
      'triage',
    ])
    expect(policy.resolution).toEqual({
      '1': { amount: 0, unit: 'workingDays' },
      '2': { amount: 5, unit: 'workingDays' },
      '3': { amount: 10, unit: 'workingDays' },
      impossible: { amount: 3, unit: 'workingDays' },
    })
  })

  it('are refused with the place of the fault', () => {
    const wrong = policySchema.safeParse({
      ...policy,
      hours: [
        { from: '13:00', to: '17:00' },
        { from: '09:00', to: '12:00' },
      ],
      keepDays: {},
    })

    expect(wrong.error?.issues.map((issue) => issue.path.join('.'))).toEqual(['hours', 'keepDays.chatWithoutTicket', 'keepDays.identityAfterClosure'])
    expect(policySchema.safeParse({ ...policy, hours: [{ from: '17:00', to: '09:00' }] }).success).toBe(false)
    expect(policySchema.safeParse({ ...policy, extra: 1 }).success).toBe(false)
  })
})

describe('a calendar year', () => {
  it('names the notice that it comes from', () => {
    expect(loadSeedCalendar().map((one) => [one.year, one.notice, one.noticeOn])).toEqual([
      [2025, '国办发明电〔2024〕12号', '2024-11-12'],
      [2026, '国办发明电〔2025〕7号', '2025-11-04'],
    ])
  })

  it('holds days of its own year, each once', () => {
    const [day] = year?.days ?? []

    expect(calendarYearSchema.safeParse(year).success).toBe(true)
    expect(calendarYearSchema.safeParse({ ...year, year: 2031 }).success).toBe(false)
    expect(calendarYearSchema.safeParse({ ...year, days: [day, day] }).success).toBe(false)
    expect(calendarYearSchema.safeParse({ ...year, days: [{ ...day, on: '2025-02-30' }] }).success).toBe(false)
  })
})
