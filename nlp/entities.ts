import * as words from './data/facts.ts'
import { count, findDates } from './dates.ts'
import { digitView, findNumbers } from './digits.ts'
import { findBehalf, findNames } from './people.ts'
import { findAddress, findCompany, type Gazetteer } from './places.ts'
import type { Entity, EntityKind, ReadContext } from './understanding.ts'

/** All facts that a message tells, in the order of the text. */
export function findEntities(text: string, { today, expecting }: ReadContext, gazetteer: Gazetteer): readonly Entity[] {
  const numbers = findNumbers(text)
  const found = [
    ...numbers,
    ...findNames(text, expecting),
    ...findCompany(text),
    ...findAddress(text, expecting),
    ...gazetteer.find(text),
    ...findDates(text, today).filter((date) => !numbers.some((one) => date.start < one.end && one.start < date.end)),
    ...findVisits(text, expecting),
    ...findTold(text),
    ...findWritten(text, expecting),
    ...findMissing(text),
    ...findBehalf(text),
    ...eitherWay(text, 'secrecy', words.secrecyYes, words.secrecyNo),
    ...eitherWay(text, 'anonymity', words.anonymityYes, words.anonymityNo),
    ...findCode(text, expecting, numbers),
    ...findRating(text, expecting),
  ]
  return found.sort((a, b) => a.start - b.start)
}

const entity = (kind: EntityKind, value: string, start: number, length: number): Entity => ({ kind, value, start, end: start + length })

function findVisits(text: string, expecting: string | undefined): Entity[] {
  const bare = expecting === 'visits' ? words.bareVisits.exec(text) : null
  if (bare?.[1] && count(bare[1]) > 0) return [entity('visits', String(count(bare[1])), 0, text.length)]
  const all = [...text.matchAll(words.visits), ...text.matchAll(words.visitsThere), ...text.matchAll(words.visitCount)]
  const most = all
    .map((found) => ({ times: about(found[1]), found }))
    .filter(({ times }) => times > 0 && times < 100)
    .sort((a, b) => b.times - a.times)[0]
  return most ? [entity('visits', String(most.times), most.found.index, most.found[0].length)] : []
}

/** 「七八趟」 is at least the first of the two. */
const about = (said: string | undefined): number => (Number.isNaN(count(said)) ? count(said?.[0]) : count(said))

/** What the citizen was told, up to where he speaks for himself again. */
function findTold(text: string): Entity[] {
  const said = words.toldBy.exec(text) ?? words.toldOrdered.exec(text) ?? words.toldSaid.exec(text)
  if (!said?.[1]) return []
  const start = said.index + said[0].lastIndexOf(said[1])
  const end = words.toldEnd.exec(said[1])
  const value = (end ? said[1].slice(0, end.index) : said[1]).replace(/[,\uff0c\u3001\s\u201d"]+$/, '')
  return value.length >= 2 ? [entity('told', value, start, value.length)] : []
}

function findWritten(text: string, expecting: string | undefined): Entity[] {
  const found = eitherWay(text, 'written', words.writtenYes, words.writtenNo)
  if (found.length > 0 || expecting !== 'written') return found
  if (words.no.test(text)) return [entity('written', 'false', 0, text.length)]
  return words.yes.test(text) ? [entity('written', 'true', 0, text.length)] : []
}

function eitherWay(text: string, kind: EntityKind, yes: RegExp, no: RegExp): Entity[] {
  const not = no.exec(text)
  if (not) return [entity(kind, 'false', not.index, not[0].length)]
  const is = yes.exec(text)
  return is ? [entity(kind, 'true', is.index, is[0].length)] : []
}

function findMissing(text: string): Entity[] {
  const found = [...text.matchAll(words.missing)].map((one) => ({ value: one[1] ?? '', at: one.index + one[0].length - (one[1] ?? '').length }))
  const tail = words.missingTail.exec(text)
  if (found.length === 0 && tail?.[1]) found.push({ value: tail[1], at: tail.index })
  return found.slice(0, 3).flatMap(({ value, at }) => {
    const head = words.missingHead.exec(value)?.[0].length ?? 0
    const paper = value.slice(head)
    return paper.length >= 2 && !words.neverMade.test(paper) ? [entity('missingPapers', paper, at + head, paper.length)] : []
  })
}

/** Six digits are a query code when the text says so, when it was asked for, beside a ticket number, or alone. */
function findCode(text: string, expecting: string | undefined, numbers: readonly Entity[]): Entity[] {
  const view = digitView(text)
  const led = words.codeLead.exec(view)
  if (led?.[1]) return [entity('queryCode', led[1], led.index + led[0].length - 6, 6)]
  const alone = /^\D{0,6}((?:\d[ -]?){5}\d)\D{0,3}$/.exec(view)
  if (alone?.[1]) return [entity('queryCode', alone[1].replace(/\D/g, ''), alone[0].indexOf(alone[1]), alone[1].length)]
  if (expecting !== 'queryCode' && !numbers.some((one) => one.kind === 'ticketNumber')) return []
  for (const six of view.matchAll(/(?<!\d)\d{6}(?!\d)/g)) {
    if (!numbers.some((one) => six.index < one.end && one.start < six.index + 6)) return [entity('queryCode', six[0], six.index, 6)]
  }
  return []
}

function findRating(text: string, expecting: string | undefined): Entity[] {
  const bare = expecting === 'rating' ? /^\D{0,3}([1-5])\D{0,3}$/.exec(digitView(text)) : null
  if (bare?.[1]) return [entity('rating', bare[1], 0, text.length)]
  if (expecting !== 'rating' && !words.ratingWords.test(text)) return []
  for (const [pattern, value] of words.ratings) {
    const found = pattern.exec(text)
    if (found) return [entity('rating', value, found.index, found[0].length)]
  }
  return []
}
