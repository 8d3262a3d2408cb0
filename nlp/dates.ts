import * as words from './data/facts.ts'
import type { Entity } from './understanding.ts'

const dayMs = 86_400_000
type Found = { readonly at: number; readonly length: number; readonly value: string | undefined }

/**
 * When it happened, as exactly as it is told: a day (YYYY-MM-DD), a month (YYYY-MM), or the first and last of either with a slash between them.
 * What happened is past: a day and month without a year that is still to come was last year's.
 */
export function findDates(text: string, today: string): Entity[] {
  const now = Date.parse(`${today}T00:00:00Z`)
  const found = [
    ...each(text, words.fullDate, ([, year, month, day]) => civil(Number(year), Number(month), Number(day))),
    ...each(text, words.relativeMonthDay, ([, which, day]) =>
      monthsBack(now, words.twiceBefore.test(which ?? '') ? 2 : words.before.test(which ?? '') ? 1 : 0, count(day)),
    ),
    ...each(text, words.monthDay, ([, year, month, day]) => pastDay(now, year, count(month), count(day))),
    ...each(text, words.weekday, ([, which, day]) => weekday(now, which ?? '', day ?? '')),
    ...each(text, words.ago, ([, amount, unit]) => ago(now, amount ?? '', unit ?? '')),
    ...each(text, words.lunarDay, ([, month, day]) => lunarDay(now, lunarMonth(month ?? ''), lunarDate(day ?? ''))),
    ...each(text, words.feast, (match) => feast(now, match[0], text.slice((match.index ?? 0) + match[0].length))),
    ...each(text, words.dayWords, ([word]) => iso(now + (words.days[word ?? ''] ?? 0) * dayMs)),
    ...spans(text, now),
  ].filter((one) => !isBirth(text, one))
  const taken: Found[] = []
  for (const one of found) {
    if (one.value && !taken.some((other) => one.at < other.at + other.length && other.at < one.at + one.length)) taken.push(one)
  }
  return taken.map((one): Entity => ({ kind: 'date', value: one.value ?? '', start: one.at, end: one.at + one.length }))
}

const isBirth = (text: string, { at, length }: Found): boolean => words.bornAfter.test(text.slice(at + length)) || words.bornBefore.test(text.slice(0, at))

/** Times that name no day; none is made up for them. */
function spans(text: string, now: number): Found[] {
  const past = (match: RegExpMatchArray) => !words.feastAhead.test(text.slice((match.index ?? 0) + match[0].length))
  return [
    ...each(text, words.lunarSpan, (match) => (past(match) ? lunarSpan(now, match) : undefined)),
    ...each(text, words.monthSpan, (match) => (past(match) && !isLength(text, match) ? monthSpan(now, match) : undefined)),
    ...each(text, words.relativeMonth, ([, which = '']) => monthOf(now, words.twiceBefore.test(which) ? -2 : words.before.test(which) ? -1 : 0)),
    ...each(text, words.yearPart, (match) => (past(match) ? yearPart(now, match) : undefined)),
    ...each(text, words.newYear, ([, year]) => newYear(now, year)),
  ].filter(({ value }) => value !== undefined && value.slice(0, 7) <= monthOf(now, 0))
}

/** 「三月」 by itself may be three months or March. */
function isLength(text: string, match: RegExpMatchArray): boolean {
  return words.bareMonth.test(match[0]) && !words.bareMonthAfter.test(text.slice((match.index ?? 0) + match[0].length))
}

/** The month so many months from `now`, as YYYY-MM. */
function monthOf(now: number, months: number): string {
  const date = new Date(now)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)).toISOString().slice(0, 7)
}

const month = (year: number, number: number): string => `${year}-${String(number).padStart(2, '0')}`

const yearsBack = (said: string): number => words.yearsBack[said.charAt(0)] ?? 0

/** The year that is named, or the latest in which the month has begun. */
function yearOf(now: number, full: string | undefined, said: string | undefined, first: number): number {
  const thisYear = new Date(now).getUTCFullYear()
  if (full) return Number(full)
  if (said) return thisYear - yearsBack(said)
  return first > new Date(now).getUTCMonth() + 1 ? thisYear - 1 : thisYear
}

function monthSpan(now: number, [, full, said, from, until]: RegExpMatchArray): string | undefined {
  const [first, last] = [count(from), until ? count(until) : count(from)]
  const year = yearOf(now, full, said, first)
  return first === last ? month(year, first) : `${month(year, first)}/${month(last < first ? year + 1 : year, last)}`
}

function yearPart(now: number, [, full, said, part = '']: RegExpMatchArray): string | undefined {
  const [first, last] = words.yearParts.find(([pattern]) => pattern.test(part))?.[1] ?? []
  if (first === undefined || last === undefined) return undefined
  const year = yearOf(now, full, said, first)
  return `${month(year, first)}/${month(last < first ? year + 1 : year, last)}`
}

/** A month of the farmers' calendar by its first and last day, of the year of that calendar. */
function lunarSpan(now: number, [, full, said, name]: RegExpMatchArray): string | undefined {
  const number = lunarMonth(name ?? '')
  const year = full ? Number(full) : said ? lunarOf(now).year - yearsBack(said) : undefined
  for (let back = 0; back < 800; back++) {
    const at = now - back * dayMs
    const day = lunarOf(at)
    if (day.month !== String(number) || day.day !== 1 || (year !== undefined && day.year !== year)) continue
    const last = lunarOf(at + 29 * dayMs).month === day.month ? 29 : 28
    return `${iso(at)}/${iso(at + last * dayMs)}`
  }
  return undefined
}

function newYear(now: number, said: string | undefined): string | undefined {
  const year = new Date(now).getUTCFullYear() - yearsBack(said ?? '')
  const day = said ? lunarDay(Date.UTC(year, 11, 31), 1, 1) : lunarDay(now, 1, 1)
  if (!day) return undefined
  const at = Date.parse(day)
  const [first, last] = [monthOf(at - 7 * dayMs, 0), monthOf(at + 15 * dayMs, 0)]
  return first === last ? first : `${first}/${last}`
}

function each(text: string, pattern: RegExp, read: (match: RegExpMatchArray) => string | undefined): Found[] {
  return [...text.matchAll(pattern)].map((match) => ({ at: match.index, length: match[0].length, value: read(match) }))
}

/** 十二 → 12, 两 → 2, 二十 → 20, 15 → 15; half counts as nothing here. */
export function count(said: string | undefined): number {
  if (!said) return Number.NaN
  if (/^\d+$/.test(said)) return Number(said)
  const [tens, ones] = said.includes(words.ten) ? said.split(words.ten) : [undefined, said]
  const digit = (char: string | undefined, empty: number) => (char ? Number(words.numerals[char] ?? Number.NaN) : empty)
  return tens === undefined ? digit(ones, Number.NaN) : digit(tens, 1) * 10 + digit(ones, 0)
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, 10)

function civil(year: number, month: number, day: number): string | undefined {
  const at = Date.UTC(year, month - 1, day)
  return new Date(at).getUTCMonth() === month - 1 && new Date(at).getUTCDate() === day ? iso(at) : undefined
}

function pastDay(now: number, year: string | undefined, month: number, day: number): string | undefined {
  const thisYear = new Date(now).getUTCFullYear()
  if (year) return civil(thisYear - yearsBack(year), month, day)
  const value = civil(thisYear, month, day)
  return value && value > iso(now) ? civil(thisYear - 1, month, day) : value
}

function monthsBack(now: number, months: number, day: number): string | undefined {
  const date = new Date(now)
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1))
  return civil(first.getUTCFullYear(), first.getUTCMonth() + 1, day)
}

/** 上周三 is a day of the week before this one; 周三 alone is the last one that has been. Weeks begin on Monday. */
function weekday(now: number, which: string, said: string): string | undefined {
  const day = said === words.sunday || said === words.weekEnd ? 7 : /\d/.test(said) ? Number(said) : words.weekdays.indexOf(said) + 1
  const today = new Date(now).getUTCDay() || 7
  const weeks = words.twiceBefore.test(which) ? 2 : words.before.test(which) ? 1 : 0
  const here = now + (day - today - weeks * 7) * dayMs
  return iso(which === '' && here > now ? here - 7 * dayMs : here)
}

function lunarMonth(said: string): number {
  const named = words.lunarMonths[said]
  return named ?? count(said.replace(words.lunarLead, ''))
}

/** 初三, 十五, 廿三 */
const lunarDate = (said: string): number => count(said.replace(/^\u521d/, '').replace(/^\u5eff/, '\u4e8c\u5341'))

const chinese = new Intl.DateTimeFormat('en-u-ca-chinese', { year: 'numeric', month: 'numeric', day: 'numeric', timeZone: 'UTC' })

/** A leap month has no number. */
function lunarOf(at: number): { readonly year: number; readonly month: string; readonly day: number } {
  const parts = Object.fromEntries(chinese.formatToParts(at).map(({ type, value }) => [type, value]))
  return { year: Number(parts['relatedYear']), month: parts['month'] ?? '', day: Number(parts['day']) }
}

/** The last day before today that the farmers' calendar calls so; a leap month counts as none. */
function lunarDay(now: number, month: number, day: number): string | undefined {
  for (let back = 0; back < 400; back++) {
    const at = now - back * dayMs
    const found = lunarOf(at)
    if (found.month === String(month) && found.day === day) return iso(at)
  }
  return undefined
}

function feast(now: number, name: string, after: string): string | undefined {
  const on = words.feasts[name]
  if (on === undefined || words.feastAhead.test(after)) return undefined
  if (typeof on !== 'string') return lunarDay(now, ...on)
  const [month = 0, day = 0] = on.split('-').map(Number)
  return pastDay(now, undefined, month, day)
}

function ago(now: number, said: string, unit: string): string | undefined {
  const halved = said === words.half
  const amount = halved ? 0.5 : count(said)
  if (!Number.isFinite(amount)) return undefined
  if (unit === words.dayUnit) return halved ? iso(now) : iso(now - amount * dayMs)
  if (words.weekUnits.includes(unit)) return iso(now - Math.round(amount * 7) * dayMs)
  if (halved) return iso(now - (unit === words.monthUnit ? 15 : 182) * dayMs)
  const date = new Date(now)
  const months = unit === words.monthUnit ? amount : amount * 12
  return iso(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, date.getUTCDate()))
}
