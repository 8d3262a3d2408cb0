import { describe, expect, test } from 'vitest'
import { type Findings, noFindings, propose } from '../../bot/diagnosis.ts'
import type { Facts } from '../../casework/ticket.ts'
import { loadSeedGuides } from '../../prisma/seed/guides.ts'
import { seedOffice } from '../support/desk.ts'

const office = seedOffice()
const guides = loadSeedGuides()
const guideOf = (department: string) => guides.find((guide) => guide.department === department)
const proposal = (facts: Facts, findings: Partial<Findings> = {}, department?: string) =>
  propose({ facts, findings: { ...noFindings, ...findings }, guide: department === undefined ? undefined : guideOf(department), office })

describe('the proposal, which a person confirms', () => {
  test('应办、无障碍: one unit and a plain cause is level 1', () => {
    expect(proposal({ department: '市场监管局' }, { cause: { name: '材料缺失', words: '缺合同' } })).toMatchObject({
      demandClass: 'clear',
      level: 1,
      departments: ['market'],
      cause: '材料缺失',
      causeWords: '缺合同',
    })
  })

  test.each(['政策空白', '历史遗留', '部门推诿'])('应办、有瓶颈: %s is level 2', (name) => {
    expect(proposal({ department: '住建局' }, { cause: { name, words: '说不归他管' } })).toMatchObject({ demandClass: 'bottleneck', level: 2 })
  })

  test('two units are level 2, the named one leads and the competent one supports', () => {
    expect(proposal({ department: '税务局' }, {}, 'natural')).toMatchObject({ level: 2, departments: ['tax', 'natural'] })
  })

  test('the hall is where people go, not a unit that decides', () => {
    expect(proposal({ department: '政务大厅' }, {}, 'natural')).toMatchObject({ level: 1, departments: ['natural'] })
  })

  test('a foreign matter is level 3', () => {
    expect(proposal({}, { flags: [{ name: '涉外', words: '美国股东' }] }, 'market')).toMatchObject({ level: 3, demandClass: 'bottleneck' })
  })

  test('诉求不清: nothing known goes to the window itself, for a helper to ask', () => {
    expect(proposal({ matter: '那个事' })).toMatchObject({ demandClass: 'unclear', level: 1, departments: ['window'] })
  })

  test('吃拿卡要 is never proposed to the unit complained of', () => {
    const found = proposal({ department: '住建局' }, { flags: [{ name: '吃拿卡要', words: '要红包' }] }, 'housing')

    expect(found.departments).toEqual(['window'])
    expect(found.reasons.join()).toContain('保密')
  })

  test('three trips and an oral refusal are flagged with the words that say so', () => {
    expect(proposal({ visits: 3, told: '办不了', written: false }).flags).toEqual([
      { name: '多次未果', words: '3' },
      { name: '无书面依据', words: '办不了' },
    ])
  })

  test('every proposal says why', () => {
    expect(proposal({ department: '社保局' }, { cause: { name: '超时未办', words: '拖了半年' } }, 'hrss').reasons.join()).toMatch(/社保局.*拖了半年/)
  })
})
