import * as words from './data/facts.ts'
import type { Entity } from './understanding.ts'

const han = /^\p{Script=Han}+$/u
const bareName = /^[\p{Script=Han}\u00b7]{2,8}$/u
const kin = Object.keys(words.relatives)
  .sort((a, b) => b.length - a.length)
  .join('|')
/** A mobile number and a name and nothing else: 「13512341234 李强」 */
const besidePhone =
  /^\s*1\d{2}[ -]?\d{4}[ -]?\d{4}[ ,\uff0c\u3001]*(\p{Script=Han}{2,4})\s*$|^\s*(\p{Script=Han}{2,4})[ ,\uff0c\u3001]*1\d{2}[ -]?\d{4}[ -]?\d{4}\s*$/u
const behalf = new RegExp(words.behalf.source.replace('REL', kin), 'g')
const behalfOwn = new RegExp(words.behalfOwn.source.replaceAll('REL', kin), 'g')

export function findNames(text: string, expecting: string | undefined): Entity[] {
  const led = [...text.matchAll(words.nameLead)].flatMap((lead) => nameAt(text, lead.index + lead[0].length, false))
  if (led.length > 0) return led
  const beside = besidePhone.exec(text)
  if (beside) return nameAt(text, text.indexOf(beside[1] ?? beside[2] ?? ''), false)
  if (expecting !== 'name') return []
  for (const piece of text.matchAll(/[\p{Script=Han}\u00b7]+/gu)) {
    const lead = words.askedLead.exec(piece[0])?.[0].length ?? 0
    const found = nameAt(text, piece.index + lead, true)
    if (found.length > 0) return found
  }
  return []
}

/** A surname with one or two characters (or three with a double surname), as far as what follows shows its end. */
function nameAt(text: string, start: number, asked: boolean): Entity[] {
  const rest = text.slice(start, start + 8)
  const surname = words.doubleSurnames.find((one) => rest.startsWith(one)) ?? (rest[0] && words.surnames.includes(rest[0]) ? rest[0] : undefined)
  const until = /^[\p{Script=Han}\u00b7]+/u.exec(rest)?.[0] ?? ''
  const entity = (length: number): Entity[] => [{ kind: 'name', value: text.slice(start, start + length), start, end: start + length }]
  // A long name with a dot is a minority people's; no surname list knows it.
  if (until.includes('\u00b7') && bareName.test(until)) return entity(until.length)
  if (!surname || words.notNames.test(rest)) return []
  const lengths = [surname.length + 1, surname.length + 2].filter((length) => length <= rest.length)
  for (const length of lengths) {
    const given = rest.slice(surname.length, length)
    if (han.test(given) && words.titleTail.test(rest.slice(surname.length)))
      return entity(surname.length + (words.titleTail.exec(rest.slice(surname.length))?.[0].length ?? 0))
    if (han.test(given) && words.nameTail.test(text.slice(start + length)))
      return length === 3 || !continues(text, start, surname.length) ? entity(length) : entity(surname.length + 2)
  }
  return asked && until.length >= 2 && until.length <= 4 ? entity(until.length) : []
}

/** 「王来福」: 来 may begin what follows or be the middle of the name; a name that then ends says the latter. */
function continues(text: string, start: number, surname: number): boolean {
  const third = text.slice(start + surname + 1, start + surname + 2)
  const after = text.slice(start + surname + 2)
  return han.test(third) && /^(?:$|[\s,\uff0c\u3002.;\uff1b\d\u3001])/.test(after)
}

/** On whose behalf, in the file's words. */
export function findBehalf(text: string): Entity[] {
  for (const mandate of words.mandates) {
    const [whole, body] = mandate.exec(text) ?? []
    if (!whole || !body) continue
    const start = text.indexOf(body, text.indexOf(whole))
    return [{ kind: 'onBehalfOf', value: body, start, end: start + body.length }]
  }
  return [...text.matchAll(behalf), ...text.matchAll(behalfOwn)].slice(0, 2).flatMap((found): Entity[] => {
    const said = found[1] ?? found[2] ?? found[3] ?? ''
    const value = words.relatives[said]
    const start = found.index + found[0].lastIndexOf(said)
    return value ? [{ kind: 'onBehalfOf', value, start, end: start + said.length }] : []
  })
}
