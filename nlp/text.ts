import { Converter } from 'opencc-js/t2cn'

const toSimplified = Converter({ from: 'tw', to: 'cn' })
const firstHan = 0x4e00
const lastHan = 0x9fa5

/** Characters that a simplified text does not have; most messages have none, and are spared the conversion. */
const traditional = findTraditional()

/** The text as the engine reads it. Offsets of everything found later count in this text. */
export function normalise(raw: string): string {
  const half = raw
    .replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff0d\uff0b\uff20\uff0e\uff0f]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u200b-\u200f\u2028-\u202e\u2060\ufeff]|\ufe0f|(?![\t\n\r])\p{Cc}/gu, '')
    .replace(/[ \t\u00a0\u3000]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .replace(/([!?~\uff01\uff1f\uff0c\u3002\u3001,])\1+/g, '$1')
    .replace(/\.{4,}|\u3002{2,}|\u2026+/g, '\u2026')
    .trim()
  return simplify(joined(half))
}

/** 「我 要 办 居住 证」 of a learner or a keyboard that parts the words; 「王芳 尧都区」 stays two. */
function joined(text: string): string {
  return text.replace(/\p{Script=Han}+(?: \p{Script=Han}+)+/gu, (run) => {
    const pieces = run.split(' ')
    const average = (run.length - pieces.length + 1) / pieces.length
    return average <= (pieces.length > 2 ? 2.2 : 1.5) ? pieces.join('') : run
  })
}

/** What the models see: lower case, no blanks, every number is the same number, every pause the same pause. */
export function flatten(text: string): string {
  return text
    .toLowerCase()
    .replace(/\d+/g, '0')
    .replace(/[\s,;:\uff0c\uff1b\uff1a\u3001\u3002\u2026.~"'\u201c\u201d\u2018\u2019()\uff08\uff09\u300a\u300b\u3010\u3011]+/g, '\uff0c')
    .replace(/[?\uff1f]+/g, '?')
    .replace(/[!\uff01]+/g, '!')
    .replace(/^\uff0c|\uff0c$/g, '')
}

function simplify(text: string): string {
  if (!some(text, traditional)) return text
  const whole = toSimplified(text)
  return whole.length === text.length ? whole : Array.from(text, toSimplified).join('')
}

function some(text: string, set: ReadonlySet<number>): boolean {
  for (let at = 0; at < text.length; at++) if (set.has(text.charCodeAt(at))) return true
  return false
}

function findTraditional(): ReadonlySet<number> {
  const found = new Set<number>()
  for (let code = firstHan; code <= lastHan; code++) {
    const char = String.fromCharCode(code)
    if (toSimplified(char) !== char) found.add(code)
  }
  return found
}

export const isHan = (code: number): boolean => code >= firstHan && code <= lastHan
