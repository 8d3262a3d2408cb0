import { urgent } from './data/danger.ts'
import { doors, notDoors, windowBribes } from './data/doors.ts'
import { causeSigns, flagSigns } from './data/findings.ts'
import type { BoundaryDoor, Flag } from './understanding.ts'

export const isUrgent = (text: string): boolean => urgent.some((pattern) => pattern.test(text))

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

const strip = (text: string, patterns: readonly RegExp[]): string =>
  patterns.reduce((rest, pattern) => rest.replace(new RegExp(pattern.source, 'g'), '\u3000'), text)
