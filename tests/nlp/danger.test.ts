import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { surnames } from '../../nlp/data/facts.ts'
import { alarming, labelled } from '../../nlp/data/sentences/index.ts'
import { loadSeedGuides } from '../../prisma/seed/guides.ts'
import { fixture, read } from './support.ts'

const lines = (name: string): string[] =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
const danger = lines('danger.txt')
const calm = lines('calm.txt')
/** Written once, before the last change of what is learnt, and never looked at for it. */
const veiled = lines('veiled.txt')
/** What people say between question and answer, and what they tell at length before they ask: calm, and never learnt. */
const turns = lines('turns.txt')
const rambles = lines('rambles.txt')
/** What goes wrong with houses, money, neighbours and officials: never learnt. */
const troubles = lines('troubles.txt')

const isAlarm = (text: string) => {
  const { intents, urgency } = read(text)
  return intents[0]?.name === 'emergency' && urgency === 'critical'
}
const isAsked = (text: string) => read(text).worrying

describe('danger to life', () => {
  it('is heard or asked about in 99 of 100 sentences that tell of it and were never learnt, plainly or veiled', () => {
    const missed = danger.filter((text) => !isAlarm(text) && !isAsked(text))

    expect(danger.length).toBeGreaterThanOrEqual(440)
    expect(1 - missed.length / danger.length, missed.join('\n')).toBeGreaterThanOrEqual(0.99)
  })

  it('is heard at once in every one of forty sentences that were held back', () => {
    expect(veiled).toHaveLength(40)
    expect(veiled.filter((text) => !isAlarm(text))).toEqual([])
  })

  it('calls a person at once, without asking first, for 96 of 100 of them', () => {
    const asked = danger.filter((text) => !isAlarm(text))

    expect(1 - asked.length / danger.length, asked.join('\n')).toBeGreaterThanOrEqual(0.96)
  })

  it('is heard in at most 55 of 1000 hard sentences that only sound alike, and asked about in at most 125 more', () => {
    const alarms = calm.filter(isAlarm)
    const asked = calm.filter((text) => !isAlarm(text) && isAsked(text))

    expect(calm.length).toBeGreaterThanOrEqual(400)
    expect(alarms.length / calm.length, alarms.join('\n')).toBeLessThanOrEqual(0.055)
    expect(asked.length / calm.length, asked.join('\n')).toBeLessThanOrEqual(0.125)
  })

  it('is heard in at most 13 of 100 hard turns of ordinary talk and asked about in at most 20 more', () => {
    const alarms = turns.filter(isAlarm)
    const asked = turns.filter(isAsked)
    process.stdout.write(`turns ${turns.length}: heard ${alarms.length}, asked about ${asked.length}\n`)

    expect(turns.length).toBeGreaterThanOrEqual(200)
    expect(alarms.length / turns.length, alarms.join('\n')).toBeLessThanOrEqual(0.13)
    expect(asked.length / turns.length, asked.join('\n')).toBeLessThanOrEqual(0.2)
  })

  it('is heard in at most one of ten troubles with houses, money, neighbours and officials', () => {
    const alarms = troubles.filter(isAlarm)

    expect(troubles.length).toBeGreaterThanOrEqual(60)
    expect(alarms.length / troubles.length, alarms.join('\n')).toBeLessThanOrEqual(0.1)
  })

  it('is heard in at most five of thirty long rambling messages that tell of none, and asked about in at most nine', () => {
    const alarms = rambles.filter(isAlarm)
    const asked = rambles.filter(isAsked)
    process.stdout.write(`rambles ${rambles.length}: heard ${alarms.length}, asked about ${asked.length}\n`)

    expect(rambles).toHaveLength(30)
    expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(5)
    expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(9)
  })

  it('is heard or asked about in 99 of 100 rambling messages with one sentence of danger in them, and heard at once in 87', () => {
    const hidden = danger.map((text, at) => {
      const clauses = (rambles[at % rambles.length] ?? '').split('，')
      const place = 1 + (at % (clauses.length - 1))
      return [...clauses.slice(0, place), text, ...clauses.slice(place)].join('，')
    })
    const alarms = hidden.filter(isAlarm)
    const missed = hidden.filter((text) => !isAlarm(text) && !isAsked(text))
    process.stdout.write(`danger in rambles ${hidden.length}: heard ${alarms.length}, missed ${missed.length}\n`)

    expect(alarms.length / hidden.length).toBeGreaterThanOrEqual(0.87)
    expect(1 - missed.length / hidden.length, missed.join('\n')).toBeGreaterThanOrEqual(0.99)
  })

  it('is heard in at most one of a hundred ordinary questions and asked about in at most two', () => {
    const questions = fixture<{ readonly text: string }>('questions.jsonl').map(({ text }) => text)
    const alarms = questions.filter(isAlarm)
    const asked = questions.filter(isAsked)

    expect(alarms.length / questions.length, alarms.join('\n')).toBeLessThanOrEqual(0.01)
    expect(asked.length / questions.length, asked.join('\n')).toBeLessThanOrEqual(0.02)
  })

  it('is heard in at most five of a thousand requests that are a name of a guide and were never learnt', () => {
    const learnt = new Set(alarming.map(({ text }) => text))
    const asked = loadSeedGuides().flatMap(({ names }) => names.flatMap((name) => [name, `我想${name}`, `我家${name}咋办`]))
    const fresh = asked.filter((text) => !learnt.has(text))
    const alarms = fresh.filter(isAlarm)

    expect(alarms.length / fresh.length, alarms.join('\n')).toBeLessThanOrEqual(0.005)
  })

  it('is heard in at most two of a thousand names that people give, and asked about in at most twenty', () => {
    const given = ['军', '建华', '淑芬', '桂英', '文彬', '小红', '德胜', '爱民', '雪', '兰花', '铁柱', '满仓', '有福', '安宁']
    const names = [...surnames].flatMap((surname) => given.map((name) => surname + name)).flatMap((name) => [name, `我叫${name}`])
    const alarms = names.filter(isAlarm)
    const asked = names.filter(isAsked)

    expect(alarms.length / names.length, alarms.join('\n')).toBeLessThanOrEqual(0.002)
    expect(asked.length / names.length, asked.join('\n')).toBeLessThanOrEqual(0.02)
  })

  it.each(['我爸', '一个人住', '腿断了', '他不在了', '老伴瘫了', '门口路上有个大坑', '我父亲三月份去世了，丧葬费到现在没发下来，找谁'])(
    'is not heard in a plain state of things: %s',
    (text) => {
      expect(isAlarm(text)).toBe(false)
    },
  )

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

    expect([...danger, ...calm, ...turns, ...rambles].filter((text) => learnt.has(text))).toEqual([])
  })
})
