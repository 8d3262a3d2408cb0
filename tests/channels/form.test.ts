import { describe, expect, test } from 'vitest'
import { ChannelError, type News } from '../../channels/contract.ts'
import { filledForm } from '../../channels/form.ts'

const news: News = {
  number: '1410-20260610-0001-4',
  matter: '不动产证办理',
  texts: ['您反映的事已交给市自然资源和规划局办理，最迟2026年6月24日办结。', '已交市自然资源和规划局办理', '已交承办单位办理'],
  at: Date.parse('2026-06-10T10:00:00+08:00'),
  asks: false,
}
const filled = (pattern: string, most: number): string | undefined => filledForm({ field: pattern }, news, () => most)['field']

describe('a field of a form', () => {
  test.each([
    ['{text}', 40, news.texts[0]],
    ['{text}', 20, '已交市自然资源和规划局办理'],
    ['{text}', 12, '已交承办单位办理'],
    ['{matter}：{text}', 15, '不动产证办理：已交承办单位办理'],
    ['{matter}：{text}', 13, '不动产…：已交承办单位办理'],
    ['{time}', 20, '2026-06-10 10:00'],
  ])('%s of %i characters says whole what has happened', (pattern, most, expected) => {
    expect(filled(pattern, most)).toBe(expected)
  })

  test.each([
    ['{text}', 7],
    ['{number}', 12],
    ['{matter}', 2],
  ])('%s of %i characters that holds nothing whole refuses the message instead of cutting it', (pattern, most) => {
    expect(() => filled(pattern, most)).toThrow(ChannelError)
  })
})
