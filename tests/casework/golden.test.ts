import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createCalendar } from '../../casework/calendar.ts'
import { dateOf, instantOf, timeOf } from '../../casework/day.ts'
import type { AllowanceUnit } from '../../casework/deadline.ts'
import { loadSeedCalendar } from '../../prisma/seed/policy.ts'

const hours = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '17:00' },
]
const rows = readFileSync(new URL('../fixtures/deadlines.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t') as [string, string, AllowanceUnit, string])

it('reproduces the golden table of at least 200 deadlines', () => {
  const calendar = createCalendar(loadSeedCalendar(), hours)

  const computed = rows.map(([start, amount, unit]) => {
    const [date = '', time] = start.split(' ')
    const due = calendar.due(instantOf(date, time), { amount: Number(amount), unit })
    return [start, amount, unit, `${dateOf(due)} ${timeOf(due)}`]
  })

  expect(rows.length).toBeGreaterThanOrEqual(200)
  expect(computed).toEqual(rows)
})
