import { describe, expect, it } from 'vitest'
import { createGuideIndex } from '../../nlp/engine.ts'
import { loadSeedGuides } from '../../prisma/seed/guides.ts'
import { fixture } from './support.ts'

/** What voice input, fingers, habit and hurry make of a question. */
const distorted = fixture<{ text: string; guide: string; kind: string }>('distorted.jsonl')
const questions = [...fixture<{ text: string; guide: string }>('questions.jsonl'), ...distorted]
const guides = loadSeedGuides()
const { match } = createGuideIndex(guides)

describe('the right guide', () => {
  const answered = questions.map(({ text, guide }) => ({ text, guide, found: match(text) }))
  const share = (good: (one: (typeof answered)[number]) => boolean) => answered.filter(good).length / answered.length

  it('stands first for 88 of 100 questions and among three for 96', () => {
    const [first, three] = [
      share(({ guide, found }) => found.guides[0]?.id === guide),
      share(({ guide, found }) => found.guides.slice(0, 3).some((hit) => hit.id === guide)),
    ]
    process.stdout.write(`questions ${questions.length}: first ${first.toFixed(3)}, among three ${three.toFixed(3)}\n`)
    expect(questions.length).toBeGreaterThanOrEqual(800)
    expect(first).toBeGreaterThanOrEqual(0.88)
    expect(three).toBeGreaterThanOrEqual(0.96)
  })

  it.each([...new Set(distorted.map((one) => one.kind))])('is among three for most questions of the kind: %s', (kind) => {
    const some = distorted.filter((one) => one.kind === kind)
    const found = some.filter(({ text, guide }) =>
      match(text)
        .guides.slice(0, 3)
        .some((hit) => hit.id === guide),
    )

    expect(some.length).toBeGreaterThanOrEqual(8)
    expect(
      found.length / some.length,
      some
        .filter((one) => !found.includes(one))
        .map((one) => one.text)
        .join('\n'),
    ).toBeGreaterThanOrEqual(0.75)
  })

  it('is right nine times of ten when it is given without asking back', () => {
    const sure = answered.filter(({ found }) => found.decision === 'answer')

    expect(sure.length / answered.length).toBeGreaterThan(0.7)
    expect(sure.filter(({ guide, found }) => found.guides[0]?.id === guide).length / sure.length).toBeGreaterThanOrEqual(0.92)
  })

  it('asks only for guides that there are', () => {
    const ids = new Set(guides.map((guide) => guide.id))

    expect(questions.filter(({ guide }) => !ids.has(guide))).toEqual([])
  })

  it('copies no question from the guides', () => {
    const written = new Set(guides.flatMap((guide) => guide.asks))

    expect(questions.filter(({ text }) => written.has(text)).length).toBeLessThan(questions.length / 100)
  })

  it.each(['你好', '谢谢', '网上能办不', '要带啥', '几天能下来', '怎么种玉米', '收费站怎么走'])('is not pretended for %s', (text) => {
    expect(match(text).decision).toBe('none')
  })

  it('is found by what voice input and bare pinyin write', () => {
    for (const text of ['聚住证怎么办', 'juzhuzheng zenme ban', '居住證']) expect(match(text).guides[0]?.id).toBe('residence-permit')
  })

  it('is not there when there are no guides', () => {
    expect(createGuideIndex([]).match('身份证')).toEqual({ decision: 'none', guides: [] })
  })
})

describe('letters', () => {
  it.each([
    ['sfz diu le', 'id-card-lost'],
    ['shen fen zheng bu ban', 'id-card-lost'],
    ['ju zhu zheng', 'residence-permit'],
    ['yyzz zx', 'individual-business-cancel'],
    ['hukouben diu le', 'household-book-lost'],
    ['jia zhao dao qi le', 'driving-licence-renew'],
    ['jie hun deng ji', 'marriage-register'],
    ['sbk bb', 'social-security-card'],
    ['hu zhao', 'passport-new'],
  ])('of a name or its sounds find its guide: %s', (text, id) => {
    const { decision, guides: hits } = match(text)

    expect(decision).not.toBe('none')
    expect(hits[0]?.id).toBe(id)
  })

  it.each(['asdf', 'sdf jk', 'qwer', 'ni hao', 'hhh', 'aaa bbb', 'fjdk', 'ok la'])('that mean nothing find none: %s', (text) => {
    expect(match(text).decision).toBe('none')
  })
})
