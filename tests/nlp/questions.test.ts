import { describe, expect, it } from 'vitest'
import { createGuideIndex } from '../../nlp/engine.ts'
import { loadSeedGuides } from '../../prisma/seed/guides.ts'
import { fixture } from './support.ts'

const questions = fixture<{ text: string; guide: string }>('questions.jsonl')
const guides = loadSeedGuides()
const { match } = createGuideIndex(guides)

describe('the right guide', () => {
  const answered = questions.map(({ text, guide }) => ({ text, guide, found: match(text) }))
  const share = (good: (one: (typeof answered)[number]) => boolean) => answered.filter(good).length / answered.length

  it('stands first for 88 of 100 questions and among three for 96', () => {
    expect(questions.length).toBeGreaterThanOrEqual(800)
    expect(share(({ guide, found }) => found.guides[0]?.id === guide)).toBeGreaterThanOrEqual(0.88)
    expect(share(({ guide, found }) => found.guides.slice(0, 3).some((hit) => hit.id === guide))).toBeGreaterThanOrEqual(0.96)
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
