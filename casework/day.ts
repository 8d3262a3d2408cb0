import type { Instant } from './ticket.ts'

// China has kept one time zone without summer time since 1992, so a fixed offset is exact and needs no Intl.
const shanghaiOffset = 8 * 3_600_000
export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

/** 'YYYY-MM-DD' in Asia/Shanghai. */
export const dateOf = (at: Instant): string => new Date(at + shanghaiOffset).toISOString().slice(0, 10)

/** 'HH:MM' in Asia/Shanghai. */
export const timeOf = (at: Instant): string => new Date(at + shanghaiOffset).toISOString().slice(11, 16)

/** The instant of a Shanghai date and time of day. */
export const instantOf = (date: string, time = '00:00'): Instant => Date.parse(`${date}T${time}:00Z`) - shanghaiOffset

export const addDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** Of 'YYYY-MM-DD' or 'YYYY-MM': there is such a day, such a month. */
export function isOnCalendar(date: string): boolean {
  const at = Date.parse(date)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date)
}

/** 0 Sunday … 6 Saturday */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay()

export const yearOf = (date: string): number => Number(date.slice(0, 4))

/** Calendar days from `from` to `to`, negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs)
