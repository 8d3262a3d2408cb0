import { readdirSync } from 'node:fs'
import { z } from 'zod'
import type { CalendarYear, Policy } from '../../casework/policy.ts'
import { causes } from '../../casework/ticket.ts'
import { readSeed, seedFile } from './files.ts'

const text = z.string().trim().min(1)
const count = z.int().min(0)
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')
const date = z.iso.date()
const allowance = z.strictObject({ amount: z.number().min(0), unit: z.enum(['workingDays', 'calendarDays', 'workingHours', 'minutes']) })
const span = z.strictObject({ from: time, to: time }).refine(({ from, to }) => from < to, 'from must be before to')
const inOrder = (spans: readonly { from: string; to: string }[]) => spans.every((one, at) => at === 0 || (spans[at - 1]?.to ?? '') <= one.from)
const cause = z.enum(causes)
/** Words and nothing that a 文号 has around them. */
const prefix = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}]{1,20}$/u)

/** The border for the office's rules, from the seed file or from the console. */
export const policySchema = z.strictObject({
  centre: z.strictObject({ code: z.string().regex(/^\d{2,8}$/, 'digits'), name: text, city: text, slogan: text }),
  districts: z.array(text.min(2).max(20)).max(60),
  hours: z.array(span).min(1).refine(inOrder, 'intervals must be in order'),
  deadlines: z.strictObject({
    triage: allowance,
    assignment: allowance,
    acceptance: allowance,
    firstContact: allowance,
    reply: allowance,
    callback: allowance,
    rectification: allowance,
    arrival: allowance,
  }),
  urgentTriage: allowance,
  resolution: z.strictObject({ '1': allowance, '2': allowance, '3': allowance, impossible: allowance }),
  opinion: allowance,
  levels: z.strictObject({ '1': text, '2': text, '3': text }),
  demandClasses: z.strictObject({ clear: text, bottleneck: text, unclear: text }),
  names: z.strictObject({ triage: text, review: text }),
  marks: z.strictObject({ before: z.array(z.number().gt(0).lt(100)), after: z.array(z.int().min(1)) }),
  extension: z.strictObject({ times: count, longest: allowance }),
  returnWithin: allowance,
  waitingCitizen: z.strictObject({ remindAfter: allowance, closeAfter: allowance }),
  waitingSuperior: z.strictObject({ reviewEvery: allowance }),
  callback: z.strictObject({
    after: allowance,
    attempts: z.int().min(1),
    retryAfter: allowance,
    hours: span,
    quietFor: allowance,
    badRating: z.int().min(0).max(4),
    reopenings: count,
  }),
  raise: z.strictObject({
    returns: z.int().min(1),
    sameComplaints: z.int().min(2),
    sameWithinDays: z.int().min(1),
    overdue: z.int().min(1),
    causes: z.array(cause),
  }),
  orders: z.strictObject({ prefixes: z.strictObject({ urge: prefix, order: prefix, circular: prefix }), circularAfter: count }),
  review: z.strictObject({ least: z.int().min(2), observe: allowance }),
  outsideLink: z.strictObject({ validFor: allowance }),
  delivery: z.strictObject({ receiptWithin: allowance }),
  disciplineCauses: z.array(cause),
  keepDays: z.strictObject({ chatWithoutTicket: count, identityAfterClosure: count }),
})

/** The border for a calendar year, from the seed files or from the console. */
export const calendarYearSchema = z
  .strictObject({
    year: z.int().min(2000),
    notice: text,
    noticeOn: date,
    days: z.array(z.strictObject({ on: date, working: z.boolean(), name: text })),
  })
  .refine(({ year, days }) => days.every((day) => day.on.startsWith(`${year}-`)), 'a day of another year')
  .refine(({ days }) => new Set(days.map((day) => day.on)).size === days.length, 'a day stands twice')

/** The default rules. @throws Error naming every fault */
export const loadSeedPolicy = (): Policy => readSeed('policy.yaml', policySchema)

/** Rules that came later than the first release, for an office whose stored rules do not have them. */
export const laterRules: Pick<Policy, 'review' | 'outsideLink' | 'orders' | 'delivery' | 'districts'> = {
  review: { least: 2, observe: { amount: 30, unit: 'calendarDays' } },
  outsideLink: { validFor: { amount: 7, unit: 'calendarDays' } },
  orders: loadSeedPolicy().orders,
  delivery: { receiptWithin: { amount: 3, unit: 'calendarDays' } },
  districts: [],
}

/** The calendar years that ship with the product. @throws Error naming every fault */
export function loadSeedCalendar(): CalendarYear[] {
  const files = readdirSync(seedFile('calendar'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
  return files.map((name) => readSeed(`calendar/${name}`, calendarYearSchema))
}
