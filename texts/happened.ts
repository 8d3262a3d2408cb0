const dayMs = 86_400_000
const lunar = new Intl.DateTimeFormat('zh-u-ca-chinese', { month: 'long', day: 'numeric', timeZone: 'UTC' })

/** `Facts.happenedOn` in plain words; a whole month of the farmers' calendar by its name too. What is on no calendar stays as it is. */
export function happenedText(on: string): string {
  const [from = '', to] = on.split('/')
  if (Number.isNaN(Date.parse(from)) || (to && Number.isNaN(Date.parse(to)))) return on
  if (!to) return spoken(from)
  const isSameYear = from.slice(0, 4) === to.slice(0, 4)
  const span = `${spoken(from)}到${isSameYear ? spoken(to).replace(/^\d{4}年/, '') : spoken(to)}`
  const month = from.length > 'YYYY-MM'.length ? lunarMonth(Date.parse(from), Date.parse(to)) : undefined
  return month ? `农历${month}（${span}）` : span
}

/** Of 29 or 30 days that begin with the first of a month and end before the first of the next. */
function lunarMonth(from: number, to: number): string | undefined {
  const [first, next] = [lunarDay(from), lunarDay(to + dayMs)]
  return first.day === '1' && next.day === '1' && to - from < 30 * dayMs ? first.month : undefined
}

function lunarDay(at: number): { readonly month?: string; readonly day?: string } {
  return Object.fromEntries(lunar.formatToParts(at).map(({ type, value }) => [type, value]))
}

function spoken(on: string): string {
  const [year, month, day] = on.split('-').map(Number)
  return `${year}年${month}月${day ? `${day}日` : ''}`
}
