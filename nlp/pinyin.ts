import { pinyin } from 'pinyin-pro'
import { readings } from './data/thesaurus.ts'
import { isHan } from './text.ts'

/** Sounds that voice input and regional speech mix up, folded into one: zh/z, ch/c, sh/s, n/l, ang/an, eng/en, ing/in. */
function fold(syllable: string): string {
  return syllable
    .replace(/\u00fc/g, 'v')
    .replace(/^([zcs])h/, '$1')
    .replace(/^l(?=[a-z])/, 'n')
    .replace(/([aei])ng$/, '$1n')
}

const sounds = new Map<number, number>()
const ids = new Map<string, number>()
const spelt = new Map<number, string>()

/** Number of a character's folded reading, 0 for what is not a Chinese character. Read once per character. */
export function sound(code: number): number {
  const known = sounds.get(code)
  if (known !== undefined) return known
  const id = isHan(code) ? idOf(fold(spelling(code))) : 0
  sounds.set(code, id)
  return id
}

/** Full reading without tones: zheng. */
export function spelling(code: number): string {
  const known = spelt.get(code)
  if (known !== undefined) return known
  const char = String.fromCharCode(code)
  const read = readings[char] ?? pinyin(char, { toneType: 'none' })
  spelt.set(code, read)
  return read
}

/** First letters of the readings: jzz for a residence permit. Latin letters and digits stay. */
export function initials(text: string): string {
  let letters = ''
  for (const char of text) {
    const code = char.charCodeAt(0)
    if (isHan(code)) letters += spelling(code).charAt(0)
    else if (/[a-z0-9]/i.test(char)) letters += char.toLowerCase()
  }
  return letters
}

/** Readings joined by hyphens: ju-zhu-zheng; names a thing where only plain letters may stand. */
export function romanised(text: string): string {
  const spaced = Array.from(text, (char) => (isHan(char.charCodeAt(0)) ? ` ${spelling(char.charCodeAt(0))} ` : char)).join('')
  return (
    spaced
      .replace(/\u00fc/g, 'v')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  ).join('-')
}

function idOf(syllable: string): number {
  const known = ids.get(syllable)
  if (known !== undefined) return known
  ids.set(syllable, ids.size + 1)
  return ids.size
}

/** Every legal syllable: an initial (or none) with a final, as written. */
const legal =
  /^(?:[bpmf]?(?:a|o|ai|ei|an|en|ang|eng|ao|ou|u)|[bpm]i(?:|e|ao|n|an|ng)|[mdl]iu|f(?:a|o|ei|an|en|ang|eng|ou|u)|[dtnl](?:a|e|ai|ei|an|en|ang|eng|ao|ou|ong|u|uo|uan|un|ui|i|ie|ia|iao|ian|iang|in|ing)|[nl](?:v|ve|ue|iu)|[gkh](?:a|e|ai|ei|an|en|ang|eng|ao|ou|ong|u|ua|uo|uai|ui|uan|un|uang)|[jqx](?:i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ue|uan|un)|[zcs]h?(?:a|e|i|ai|ei|an|en|ang|eng|ao|ou|ong|u|ua|uo|uai|ui|uan|un|uang)|r(?:e|i|an|en|ang|eng|ao|ou|ong|u|ua|uo|ui|uan|un)|y(?:a|o|e|i|ao|ou|an|in|ang|ing|ong|u|ue|uan|un)|w(?:a|o|ai|ei|an|en|ang|eng|u)|er|e)$/

/** Sounds of a message typed as bare pinyin; what is no pinyin in it is left out. Undefined when hardly anything is. */
export function readPinyin(letters: string): readonly number[] | undefined {
  const tokens = letters.toLowerCase().match(/[a-z]+/g) ?? []
  const parts = tokens.flatMap((token) => cut(token) ?? [])
  return parts.length >= 2 && parts.join('').length >= 4 ? parts.map((part) => idOf(fold(part))) : undefined
}

/** Fewest syllables that spell the whole text. */
export function cut(text: string): readonly string[] | undefined {
  const best: (readonly string[] | undefined)[] = [[]]
  for (let end = 1; end <= text.length; end++) {
    for (let from = Math.max(0, end - 6); from < end; from++) {
      const before = best[from]
      const part = text.slice(from, end)
      if (before && legal.test(part) && (!best[end] || before.length + 1 < (best[end]?.length ?? 0))) best[end] = [...before, part]
    }
  }
  return best[text.length]
}
