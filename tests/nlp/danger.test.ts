import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { labelled } from '../../nlp/data/sentences/index.ts'
import { read } from './support.ts'

const lines = (name: string): string[] =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
const danger = lines('danger.txt')
const calm = lines('calm.txt')

const isAlarm = (text: string) => {
  const { intents, urgency } = read(text)
  return intents[0]?.name === 'emergency' && urgency === 'critical'
}

describe('danger to life', () => {
  it('is heard in every sentence that tells of it, plainly or veiled', () => {
    expect(danger.length).toBeGreaterThanOrEqual(200)
    expect(danger.filter((text) => !isAlarm(text))).toEqual([])
  })

  it('is heard in at most five of a hundred sentences that only sound alike', () => {
    const alarms = calm.filter(isAlarm)

    expect(calm.length).toBeGreaterThanOrEqual(200)
    expect(alarms.length / calm.length, alarms.join('\n')).toBeLessThanOrEqual(0.05)
  })

  it('is not tested with what was learnt from', () => {
    const learnt = new Set(labelled.map(({ text }) => text))

    expect([...danger, ...calm].filter((text) => learnt.has(text))).toEqual([])
  })
})
