const digits = (text: string): string => text.replace(/[^\dXx]/g, '')

/** 张三 → 张*，欧阳小红 → 欧**红 */
export function maskName(name: string): string {
  const letters = [...name.trim()]
  const [first = '', ...rest] = letters
  if (rest.length <= 1) return rest.length ? `${first}*` : first
  return `${first}${'*'.repeat(rest.length - 1)}${rest.at(-1) ?? ''}`
}

/** 13812345678 → 138****5678; a number too short to hide in the middle shows its last two digits only. */
export function maskPhone(phone: string): string {
  const all = digits(phone)
  return all.length >= 7 ? `${all.slice(0, 3)}${'*'.repeat(all.length - 7)}${all.slice(-4)}` : `${'*'.repeat(Math.max(0, all.length - 2))}${all.slice(-2)}`
}

/** Only the last four characters stay, as the registers ask for (证件后四位). */
export function maskId(idNumber: string): string {
  const all = digits(idNumber)
  return `${'*'.repeat(Math.max(0, all.length - 4))}${all.slice(-4)}`
}

const idNumber = /(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])/g
const mobile = /(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)/g

/** Free text with the ID and mobile numbers in it masked. */
export const maskText = (text: string): string => text.replace(idNumber, maskId).replace(mobile, maskPhone)
