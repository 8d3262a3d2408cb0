import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { alarming, labelled } from '../../nlp/data/sentences/index.ts'
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
  it('is heard in 985 of 1000 sentences that tell of it and were never learnt, plainly or veiled', () => {
    const missed = danger.filter((text) => !isAlarm(text))

    expect(danger.length).toBeGreaterThanOrEqual(180)
    expect(1 - missed.length / danger.length, missed.join('\n')).toBeGreaterThanOrEqual(0.985)
  })

  it('is heard in at most five of a hundred hard sentences that only sound alike', () => {
    const alarms = calm.filter(isAlarm)

    expect(calm.length).toBeGreaterThanOrEqual(200)
    expect(alarms.length / calm.length, alarms.join('\n')).toBeLessThanOrEqual(0.05)
  })

  it('is heard in every sentence that it was learnt from', () => {
    const told = alarming.filter(({ label }) => label !== 'calm').map(({ text }) => text)

    expect(told.filter((text) => !isAlarm(text))).toEqual([])
  })

  it('is heard inside a long message about something else', () => {
    const before = '您好，我是尧都区的居民，去年三月申请的低保，材料交了好几次，社区说要等街道，街道说要等民政，家里就我和我妈两个人，'

    expect(isAlarm(`${before}现在钱花光了，我真的不想活了，就想问问到底什么时候能批下来，窗口每次都说再等等。`)).toBe(true)
    expect(isAlarm(`${before}跑了五趟，急死我了，就想问问到底什么时候能批下来，窗口每次都说再等等。`)).toBe(false)
  })

  it.each(['wo bu xiang huo le', 'woyaotiaolou', '不想火了，没意思', '我卜想活了', '想4了'])('is heard as voice and letters write it: %s', (text) => {
    expect(isAlarm(text)).toBe(true)
  })

  it('is not tested with what was learnt from', () => {
    const learnt = new Set([...alarming, ...labelled].map(({ text }) => text))

    expect([...danger, ...calm].filter((text) => learnt.has(text))).toEqual([])
  })
})
