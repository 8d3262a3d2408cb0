import { addDays, dateOf, timeOf, weekdayOf } from '../casework/day.ts'
import type { Instant } from '../casework/ticket.ts'
import { when as words } from '../texts/bot.ts'

/** 「今天下午5点」, 「明天（11月24日 周二）上午9点」: an instant as people say it in Asia/Shanghai. */
export function spokenTime(at: Instant, today: string): string {
  const [hour = 0, minute = 0] = timeOf(at).split(':').map(Number)
  return spokenDay(dateOf(at), today) + words.time(hour, minute)
}

export function spokenDay(date: string, today: string): string {
  const [, month = 0, day = 0] = date.split('-').map(Number)
  const full = words.date(month, day, weekdayOf(date))
  if (date === today) return words.today
  return date === addDays(today, 1) ? words.tomorrow(full) : full
}
