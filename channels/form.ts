import { ChannelError, type News } from './contract.ts'

/**
 * The fields of a prepared form with {number}, {matter}, {text} and {time} filled in. A field that is longer than it may be has the whole message
 * refused, and one that was cut tells half of what has happened: the fullest of the texts that fits is taken, and the matter alone is shortened.
 * `longest`: characters that a field may hold. @throws ChannelError 'refused' when not even the shortest text fits
 */
export function filledForm(fields: Readonly<Record<string, string>>, news: News, longest: (field: string) => number): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([field, pattern]) => [field, filledField(pattern, news, longest(field), field)]))
}

function filledField(pattern: string, { number, matter, texts, at }: News, most: number, field: string): string {
  for (const text of texts) {
    const filled = (shown: string): string => filledIn(pattern, { number, matter: shown, text, time: timeOf(at) })
    const room = most - [...filled('')].length
    if ([...filled(matter)].length <= most) return filled(matter)
    if (pattern.includes('{matter}') && room >= leastMatter) return filled(`${[...matter].slice(0, room - 1).join('')}…`)
  }
  throw new ChannelError('refused', `nothing to be told is short enough for ${field}`)
}

/** Of a matter cut to fewer characters nobody knows what it was. */
const leastMatter = 3

export const filledIn = (pattern: string, values: Readonly<Record<string, string>>): string =>
  pattern.replace(/\{(number|matter|text|time)\}/g, (_all, name: string) => values[name] ?? '').replace(/\s+/g, ' ')

/** Time of the Shanghai day, which has no summer time. */
const timeOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
