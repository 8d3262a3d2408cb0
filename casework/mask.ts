import type { Facts } from './ticket.ts'

const digits = (text: string): string => text.replace(/[^\dXx]/g, '')

/** 张三 → 张*，欧阳小红 → 欧**红 */
export function maskName(name: string): string {
  const letters = [...name.trim()]
  const [first = '', ...rest] = letters
  if (rest.length <= 1) return rest.length ? `${first}*` : first
  return `${first}${'*'.repeat(rest.length - 1)}${rest.at(-1) ?? ''}`
}

/** 13812345678 → 138****5678, which stays as it is; a number too short to hide in the middle shows its last two digits only. */
export function maskPhone(phone: string): string {
  if (phone.includes('*')) return phone
  const all = digits(phone)
  return all.length >= 7 ? `${all.slice(0, 3)}${'*'.repeat(all.length - 7)}${all.slice(-4)}` : `${'*'.repeat(Math.max(0, all.length - 2))}${all.slice(-2)}`
}

/** Only the last four characters stay, as the registers ask for (证件后四位). */
export function maskId(idNumber: string): string {
  if (idNumber.includes('*')) return idNumber
  const all = digits(idNumber)
  return `${'*'.repeat(Math.max(0, all.length - 4))}${all.slice(-4)}`
}

const idNumber = /(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])/g
const mobile = /(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)/g

/** As `maskPhone`, with its blanks and dashes left where they are: places in the text stay the same. */
function maskMobile(phone: string): string {
  let at = 0
  return phone.replace(/\d/g, (digit) => (++at > 3 && at <= 7 ? '*' : digit))
}

/** Free text with the ID and mobile numbers in it masked; it is as long as before. */
export const maskText = (text: string): string => text.replace(idNumber, maskId).replace(mobile, maskMobile)

/** What names things and people for programs: an id may hold eleven digits by chance. */
const names = /(?:^|[a-z])(?:[iI]d|[hH]ash|[bB]y|[kK]ey)$|^(?:number|into)$/

/** A thing with all of its texts masked, phone and ID number besides. */
export function maskAll<T>(value: T, name?: string): T
export function maskAll(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return name === 'phone' ? maskPhone(value) : name === 'idNumber' ? maskId(value) : names.test(name) ? value : maskText(value)
  if (Array.isArray(value)) return value.map((one) => maskAll(one, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskAll(one, key)]))
}

/** Texts that were shown masked and come back changed: a mask in them stands for the number that `known` has there. */
export function unmasked(given: Facts, known: Facts): Facts {
  const originals = Object.values(known).flatMap((text) => (typeof text === 'string' ? [...text.matchAll(idNumber), ...text.matchAll(mobile)] : []))
  const restored = (text: string): string => originals.reduce((found, [number]) => found.replaceAll(maskText(number), number), text)
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? restored(value) : value]))
}
