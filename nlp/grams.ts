import { sound } from './pinyin.ts'

// A gram is a small integer, never a string: maps of small integers are several times faster than maps of slices.
// One character is its code; two are 30 bits above that; two sounds and three characters are negative.
const low = 0x7fff
const pairs = 0x10000
const soundStep = 1024
const triples = 0x200000
const edge = 2

export type GramKinds = { readonly characters: 1 | 2 | 3; readonly sounds: boolean /** mark the ends of the text */; readonly edges: boolean }

/** Calls `take` for every gram of the text, repeated ones too. */
export function eachGram(text: string, kinds: GramKinds, take: (gram: number) => void): void {
  let before = kinds.edges ? edge : 0
  let twoBefore = 0
  let heard = 0
  const end = kinds.edges ? text.length + 1 : text.length
  for (let at = 0; at < end; at++) {
    const code = at < text.length ? text.charCodeAt(at) : edge
    if (code !== edge) take(code)
    if (kinds.characters > 1 && before) {
      take(pairGram(before, code))
      if (kinds.characters > 2 && twoBefore) take(tripleGram(twoBefore, before, code))
    }
    if (kinds.sounds) {
      const now = sound(code)
      if (heard && now) take(soundGram(heard, now))
      heard = now
    }
    twoBefore = before
    before = code
  }
}

export const isPair = (gram: number): boolean => gram >= pairs
export const isSound = (gram: number): boolean => gram < 0 && gram > -triples

export const pairGram = (first: number, second: number): number => pairs + (first & low) * (low + 1) + (second & low)
export const soundGram = (first: number, second: number): number => -(first * soundStep + second)

function tripleGram(first: number, second: number, third: number): number {
  const mixed = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35)
  return -(triples + (Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 3))
}
