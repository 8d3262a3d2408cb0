import { when } from '../texts/citizen.ts'

// The office's time, wherever the browser is; +08:00 has had no summer time since 1991.
const offsetMs = 8 * 3_600_000
const two = (value: number) => String(value).padStart(2, '0')

function parts(at: number) {
  const date = new Date(at + offsetMs)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  }
}

export const clock = (at: number): string => {
  const { hour, minute } = parts(at)
  return `${two(hour)}:${two(minute)}`
}

export const day = (at: number): string => {
  const { year, month, day: date, weekday } = parts(at)
  return when.day(parts(Date.now()).year === year ? undefined : year, month, date, weekday)
}

/** For paper: with the year. */
export const onPaper = (at: number): string => {
  const { year, month, day: date, weekday } = parts(at)
  return `${when.day(year, month, date, weekday)} ${clock(at)}`
}

export const dayAndClock = (at: number): string => `${day(at)} ${clock(at)}`

/** For lists: the clock today, else the day. */
export const short = (at: number): string => {
  const now = parts(Date.now())
  const then = parts(at)
  return now.year === then.year && now.month === then.month && now.day === then.day ? clock(at) : when.short(then.month, then.day, clock(at))
}

const dayNumber = (at: number): number => Math.floor((at + offsetMs) / 86_400_000)

/** What is left or how late it is: days as the calendar counts them, hours and minutes when it is of today, yesterday or tomorrow. */
export function left(dueAt: number): string {
  const minutes = Math.round(Math.abs(dueAt - Date.now()) / 60_000)
  const days = Math.abs(dayNumber(dueAt) - dayNumber(Date.now()))
  const length = minutes < 60 ? when.lengthMinutes(minutes) : days < 2 ? when.lengthHours(Math.round(minutes / 60)) : when.lengthDays(days)
  return dueAt < Date.now() ? when.late(length) : when.left(length)
}

/** For a field of type date. */
export const dateInput = (at: number): string => {
  const { year, month, day: date } = parts(at)
  return `${year}-${two(month)}-${two(date)}`
}

/** For narrow columns: the clock today, else the day alone. */
export const dayOnly = (at: number): string => short(at).split(' ')[0] ?? ''
