import { expect, test } from 'vitest'
import { happenedText } from '../../texts/happened.ts'

test.each([
  ['2026-03-05', '2026年3月5日'],
  ['2026-03', '2026年3月'],
  ['2025-12/2026-02', '2025年12月到2026年2月'],
  ['2026-01-19/2026-02-16', '农历腊月（2026年1月19日到2月16日）'],
  ['2025-07-25/2025-08-22', '农历闰六月（2025年7月25日到8月22日）'],
])('%s is told as %s', (on, words) => {
  expect(happenedText(on)).toBe(words)
})

test('days that are not a whole month of the farmers’ calendar are not called one', () => {
  expect(happenedText('2026-02-17/2026-03-01')).toBe('2026年2月17日到3月1日')
  expect(happenedText('2026-03-02/2026-03-05')).toBe('2026年3月2日到3月5日')
  expect(happenedText('2026-01-19/2027-02-05')).toBe('2026年1月19日到2027年2月5日')
})

test('what is on no calendar is told as it was written', () => {
  for (const on of ['2026-99-99/2026-99-99', '2026-99', '去年']) expect(happenedText(on)).toBe(on)
})
