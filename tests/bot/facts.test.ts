import { describe, expect, test } from 'vitest'
import { changes, factsIn, merge, told } from '../../bot/facts.ts'
import { matterAnswer, matterIn } from '../../bot/matter.ts'
import type { Entity, EntityKind, Understanding } from '../../nlp/understanding.ts'

const entity = (kind: EntityKind, value: string): Entity => ({ kind, value, start: 0, end: 1 })
const understood = (...entities: Entity[]): Understanding => ({
  text: '',
  intents: [{ name: 'unresolved', confidence: 1 }],
  entities,
  worrying: false,
  urgency: 'routine',
  flags: [],
  correction: false,
  cancel: false,
  bereaved: false,
  asksWhy: false,
  declines: false,
})

describe('facts', () => {
  test('every kind of entity becomes the fact of its name', () => {
    const facts = factsIn(
      understood(
        entity('name', '王芳'),
        entity('visits', '3'),
        entity('written', 'false'),
        entity('secrecy', 'true'),
        entity('date', '2026-03-01'),
        entity('onBehalfOf', '父亲'),
      ),
    )

    expect(facts).toEqual({ name: '王芳', visits: 3, written: false, confidential: true, happenedOn: '2026-03-01', onBehalfOf: '父亲' })
  })

  test('of two values in one message the later one counts', () => {
    expect(factsIn(understood(entity('phone', '13800000000'), entity('phone', '13900000000')))).toEqual({ phone: '13900000000' })
  })

  test('a day is worth more than the month that is told beside it', () => {
    expect(factsIn(understood(entity('date', '2026-03-11'), entity('date', '2026-02')))).toEqual({ happenedOn: '2026-03-11' })
    expect(factsIn(understood(entity('date', '2026-01'), entity('date', '2026-02')))).toEqual({ happenedOn: '2026-02' })
  })

  test('a further missing paper comes to those named before, and takes their place only as a correction', () => {
    expect(factsIn(understood(entity('missingPapers', '身份证'), entity('missingPapers', '照片')))).toEqual({ missingPapers: '身份证、照片' })
    expect(merge({ missingPapers: '发票' }, { missingPapers: '身份证' }, false)).toEqual({ missingPapers: '发票、身份证' })
    expect(merge({ missingPapers: '发票、身份证' }, { missingPapers: '购房发票' }, false)).toEqual({ missingPapers: '购房发票、身份证' })
    expect(merge({ missingPapers: '发票' }, { missingPapers: '身份证' }, true)).toEqual({ missingPapers: '身份证' })
  })

  test('a paper told more exactly takes the place of the shorter name, the paper of somebody else does not', () => {
    expect(merge({ missingPapers: '身份证' }, { missingPapers: '身份证复印件' }, false)).toEqual({ missingPapers: '身份证复印件' })
    expect(merge({ missingPapers: '身份证' }, { missingPapers: '身份证原件' }, false)).toEqual({ missingPapers: '身份证原件' })
    expect(merge({ missingPapers: '身份证' }, { missingPapers: '父亲身份证' }, false)).toEqual({ missingPapers: '身份证、父亲身份证' })
    expect(factsIn(understood(entity('missingPapers', '户口本'), entity('missingPapers', '孩子户口本')))).toEqual({ missingPapers: '户口本、孩子户口本' })
  })

  test('a corrected value replaces the old one in the story too', () => {
    const known = { department: '人社局', story: '人社局说材料不全\n人社局让我回去' }

    expect(merge(known, { department: '医保局' }, true)).toEqual({ department: '医保局', story: '医保局说材料不全\n医保局让我回去' })
  })

  test('a phone that is given after all ends the anonymity of one who could not be reached', () => {
    expect(merge({ anonymous: true }, { phone: '13800000000' }, false)).toEqual({ phone: '13800000000', anonymous: false })
  })

  test('only what is new is a change', () => {
    expect(changes({ name: '王芳', visits: 3 }, { name: '王芳', visits: 4 })).toEqual({ visits: 4 })
  })

  test('a line is told once', () => {
    expect(told(told('跑了三趟', '窗口说不行'), '窗口说不行')).toBe('跑了三趟\n窗口说不行')
  })
})

describe('the matter in the citizen’s own words', () => {
  test.each([
    ['我的房产证一直办不下来', '房产证'],
    ['跑了三趟了还是不给办', undefined],
    ['不对，是我爸的户口', '户口'],
    ['医保报销不给报，窗口说票据不合格', '医保报销'],
    ['公积金提取办不了，说我单位没给我封存', '公积金提取'],
    ['退休手续办不下来，社保局说我档案年龄对不上', '退休手续'],
    ['教育局给孩子转学一直拖着不办，说没学位', '转学'],
    ['办消防验收的人暗示要红包', '消防验收'],
    ['我妈的养老金停发了', '养老金'],
    ['我们公司晋城鹏达商贸有限公司注销一直过不了', '注销'],
    ['居住证签注不给办，说没有房东合同', '居住证签注'],
    ['去办理不动产登记，缺少部分票据', '不动产登记'],
    ['网上办个体营业执照老是提交失败', '个体营业执照'],
    ['窗口的人态度特别差', undefined],
  ])('%s → %s', (text, matter) => {
    expect(matterIn(text)).toBe(matter)
  })

  test('a name that citizens give the guide is found where no general noun is', () => {
    expect(matterIn('宽带老装不上，说没端口', ['宽带'])).toBe('宽带')
  })

  test.each([
    ['低保', '低保'],
    ['就是我要办残疾人证', '残疾人证'],
    ['营业执照啊', '营业执照'],
    ['不知道', undefined],
  ])('the answer %s is %s', (text, matter) => {
    expect(matterAnswer(text)).toBe(matter)
  })
})
