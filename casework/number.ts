import { chineseDigits, spokenDigits } from '../texts/casework.ts'

const serialWidth = 4
const dateWidth = 8
const shortWidth = 5

export type TicketNumber = { readonly code: string /** YYYY-MM-DD */; readonly on: string; readonly serial: number }

/** Digits only, so that it can be read out and texted: 1410-20260315-0007-3. The last digit checks the others. */
export function ticketNumber({ code, on, serial }: TicketNumber): string {
  const date = on.replaceAll('-', '')
  const counted = String(serial).padStart(serialWidth, '0')
  return `${code}-${date}-${counted}-${checkDigit(code + date + counted)}`
}

/** Reads a number as people type or say it: without dashes, full width, Chinese numerals. Undefined when it is none or a digit is wrong. */
export function parseTicketNumber(text: string): (TicketNumber & { readonly number: string }) | undefined {
  const all = toDigits(text)
  if (!/^\d+$/.test(all)) return undefined
  // The centre's code and the serial may vary in length; the date in between is found where it is a date and the whole checks.
  for (let at = 2; at <= all.length - dateWidth - serialWidth - 1; at += 1) {
    const date = all.slice(at, at + dateWidth)
    const on = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
    const serial = all.slice(at + dateWidth, -1)
    if (at > 8 || serial.length > 6 || !isDate(on) || checkDigit(all.slice(0, -1)) !== all.at(-1)) continue
    const found = { code: all.slice(0, at), on, serial: Number(serial) }
    if (ticketNumber(found).replaceAll('-', '') === all) return { ...found, number: ticketNumber(found) }
  }
  return undefined
}

/** What is asked for on the phone: the last five digits. */
export const shortNumber = (number: string): string => toDigits(number).slice(-shortWidth)

function toDigits(text: string): string {
  return [...text.normalize('NFKC')]
    .map((letter) => spokenDigits[letter] ?? (chineseDigits.includes(letter) ? String(chineseDigits.indexOf(letter)) : letter))
    .filter((letter) => !/[\s\-–—－_.·、，,]/.test(letter))
    .join('')
}

function isDate(on: string): boolean {
  const at = Date.parse(`${on}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().slice(0, 10) === on && on >= '2000-01-01'
}

/** ISO/IEC 7064 MOD 11,10: finds every single wrong digit and nearly every swap of two neighbours. */
function checkDigit(digits: string): string {
  let product = 10
  for (const digit of digits) {
    const sum = (product + Number(digit)) % 10 || 10
    product = (sum * 2) % 11
  }
  return String((11 - product) % 10)
}
