import * as danger from './data/danger.ts'
import { doors, notDoors, windowBribes } from './data/doors.ts'
import { causeSigns, flagSigns } from './data/findings.ts'
import { spelling } from './pinyin.ts'
import { isHan } from './text.ts'
import type { BoundaryDoor, Flag } from './understanding.ts'

export type Danger = { readonly kind: 'self' | 'others' | 'accident'; readonly words: string }

/** The text without what is said every day although it has the words of danger in it. */
export const withoutEveryday = (text: string): string => strip(text, danger.harmless).replace(/\u3000/g, '')

/** Danger to a life, in plain or veiled words, also as voice input or bare pinyin writes them. */
export function findDanger(text: string): Danger | undefined {
  const told = strip(text, danger.harmless)
  const self = first(told, danger.selfHarm)
  if (self) return { kind: 'self', words: self }
  const others = first(told, danger.otherHarm)
  if (others) return { kind: 'others', words: others }
  const accident = first(told, danger.accident)
  if (accident) return { kind: 'accident', words: accident }
  const sounded = ` ${syllables(strip(told, danger.heardHarmless))} `
  const heard = danger.heard.find((one) => sounded.includes(` ${one} `))
  return heard ? { kind: 'self', words: text.slice(0, 20) } : undefined
}

export const isUrgent = (text: string): boolean => danger.urgent.some((pattern) => pattern.test(text))

/** The door that the law opens for this matter, where it is not ours. */
export function findDoor(text: string): BoundaryDoor | undefined {
  const told = strip(text, notDoors)
  for (const [door, patterns] of doors) {
    if (door === 'discipline' && windowBribes.test(text)) continue
    if (patterns.some((pattern) => pattern.test(told))) return door
  }
  return undefined
}

export function findCause(text: string): { readonly name: string; readonly words: string } | undefined {
  for (const [name, pattern] of causeSigns) {
    const words = pattern.exec(text)?.[0]
    if (words) return { name, words }
  }
  return undefined
}

export function findFlags(text: string): Flag[] {
  return flagSigns.flatMap(([name, pattern]) => {
    const words = pattern.exec(text)?.[0]
    return words ? [{ name, words }] : []
  })
}

function first(text: string, patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[0]
    if (found) return found
  }
  return undefined
}

const strip = (text: string, patterns: readonly RegExp[]): string =>
  patterns.reduce((rest, pattern) => rest.replace(new RegExp(pattern.source, 'g'), '\u3000'), text)

function syllables(text: string): string {
  let spelt = ''
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    spelt += isHan(code) ? ` ${spelling(code)} ` : text[at]
  }
  return spelt.toLowerCase().replace(/[^a-z]+/g, ' ')
}
