const lunar = new Intl.DateTimeFormat('zh-u-ca-chinese', { month: 'long', timeZone: 'UTC' })

/** `Facts.happenedOn` in plain words; a span of days is a month of the farmers' calendar. */
export function happenedText(on: string): string {
  const [from = '', to] = on.split('/')
  if (!to) return spoken(from)
  const isSameYear = from.slice(0, 4) === to.slice(0, 4)
  const span = `${spoken(from)}到${isSameYear ? spoken(to).replace(/^\d{4}年/, '') : spoken(to)}`
  return from.length > 'YYYY-MM'.length ? `农历${lunar.format(Date.parse(from))}（${span}）` : span
}

function spoken(on: string): string {
  const [year, month, day] = on.split('-').map(Number)
  return `${year}年${month}月${day ? `${day}日` : ''}`
}
