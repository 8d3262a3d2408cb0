import { between, numerals } from './data/facts.ts'
import type { Entity } from './understanding.ts'

/** The text with every Chinese numeral as a digit, at the same offset. */
export function digitView(text: string): string {
  let view = ''
  for (const char of text) view += numerals[char] ?? char
  return view
}

const gap = `[${between}]{0,2}`
const mobile = new RegExp(`(?<!\\d${gap})1[3-9](?:${gap}\\d){9}(?!${gap}\\d)`, 'g')
/** Written in figures in one piece: what stands before it (「王五 138…」) is no part of it. */
const plainMobile = /(?<!\d)1[3-9]\d{9}(?!\d)/g
const landline = /(?<!\d)0\d{2,3}[- \u2013\u2014]?\d{7,8}(?!\d)/g
const longNumber = new RegExp(`\\d(?:${gap}[\\dXx]){14,22}(?!\\d)`, 'g')
/** A ticket number with its query code behind it is two numbers. */
const withoutCode = /^((?:\d\D{0,2}){15,20}\d)[^\d]+\d{6}$/
const identity = /^\d{17}[\dX]$/
const factors = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checks = '10X98765432'

/** Phone, identity and ticket numbers, also when read out, spaced or written in characters. */
export function findNumbers(text: string): Entity[] {
  const view = digitView(text)
  const long = [...view.matchAll(longNumber)].flatMap((found) => readLong(withoutCode.exec(found[0])?.[1] ?? found[0], found.index))
  const plain = [...text.matchAll(plainMobile)].map(phone)
  const others = [...view.matchAll(mobile), ...view.matchAll(landline)].map(phone).filter((one) => isFree(plain, one))
  return [...long, ...[...plain, ...others].filter((one) => isFree(long, one))]
}

const phone = (found: RegExpMatchArray): Entity => ({
  kind: 'phone',
  value: bare(found[0]),
  start: found.index ?? 0,
  end: (found.index ?? 0) + found[0].length,
})
const isFree = (taken: readonly Entity[], { start, end }: Entity): boolean => !taken.some((one) => start < one.end && end > one.start)

const bare = (digits: string): string => digits.replace(/[^\dXx]/g, '').toUpperCase()

function readLong(found: string, start: number): Entity[] {
  const value = bare(found)
  const end = start + found.length
  if (identity.test(value) && isIdentity(value)) return [{ kind: 'idNumber', value, start, end }]
  const ticket = readTicket(value)
  if (ticket) return [{ kind: 'ticketNumber', value: ticket, start, end }]
  return isMeantAsIdentity(value) ? [{ kind: 'wrongIdNumber', value, start, end }] : []
}

/** Place and century of an identity number, and 17 to 19 figures: one was left out, doubled or mistaken. */
const isMeantAsIdentity = (value: string): boolean => /^[1-8]\d{5}(?:19|20)\d{8,10}[\dX]$/.test(value)

/** GB 11643-1999: date of birth and check character. */
export function isIdentity(value: string): boolean {
  const sum = factors.reduce((total, factor, at) => total + factor * Number(value[at]), 0)
  return isDate(value.slice(6, 14)) && checks[sum % 11] === value[17]
}

/** Digits of a ticket number with its dashes, whether or not the check digit fits: the case file answers for that. */
function readTicket(digits: string): string | undefined {
  if (!/^\d{15,21}$/.test(digits)) return undefined
  const places = [4, 6, 3, 5, 2].filter((at) => isDate(digits.slice(at, at + 8)) && digits.slice(at, at + 2) === '20' && digits.length - at - 8 >= 5)
  const at = places[0]
  return at === undefined ? undefined : [digits.slice(0, at), digits.slice(at, at + 8), digits.slice(at + 8, -1), digits.slice(-1)].join('-')
}

function isDate(digits: string): boolean {
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
  const at = Date.parse(`${day}T00:00:00Z`)
  return digits >= '19000101' && Number.isFinite(at) && new Date(at).toISOString().startsWith(day)
}
