import { expect, test } from 'vitest'
import { aspectAnswer } from '../../bot/aspects.ts'
import type { Guide } from '../../nlp/guide.ts'
import { guidance as words } from '../../texts/guidance.ts'
import { read } from '../nlp/support.ts'
import { seedOffice, workingMorning } from '../support/desk.ts'

const office = seedOffice()

const benefit: Guide = {
  id: 'allowance',
  title: '高龄津贴',
  field: '社会救助',
  department: 'civil',
  names: ['老年补贴'],
  asks: [],
  who: '年满80周岁的本地户籍老人。',
  materials: [{ name: '身份证' }],
  steps: ['满80周岁前一个月内可以申请'],
  where: '社区',
  time: {},
  fee: '不收费',
  proxy: '子女可以代办',
  pitfalls: [],
  basis: [{ title: '老年人权益保障法', since: '2018-12-29' }],
  confirm: [],
  reviewedOn: '2026-01-01',
  amount: '每月100元，由本县定',
}
const { amount: _, ...untold } = benefit

/** The guide's answer to a question, by the part that the words ask for. */
function answerTo(text: string, guide: Guide = benefit): string {
  const { aspect } = read(text)
  if (!aspect) throw new Error(`${text} asks for no part`)
  return aspectAnswer(aspect, { guide, text, now: workingMorning, office })
}

test.each(['给多少钱', '一个月发多少', '能领多少', '高龄津贴多少钱', '每月补贴多少', '老年补贴标准是多少'])('what is given is the answer to 「%s」', (text) => {
  expect(answerTo(text)).toContain('每月100元')
  expect(answerTo(text)).not.toContain('不收费')
})

test('what is not known to be given is not answered with the fee', () => {
  expect(answerTo('一个月能领多少', untold)).toBe(words.amountOpen)
  expect(answerTo('低保一个月多少钱', { ...untold, title: '低保' })).toBe(words.amountOpen)
})

test.each(['收费吗', '办这个要交多少钱', '手续费多少', '免费吗', '要花钱不'])('what is to be paid is the answer to 「%s」', (text) => {
  expect(answerTo(text)).toContain('不收费')
})

test('how old and until when are answered with what the guide says of it', () => {
  expect(answerTo('几岁能领')).toContain('80周岁')
  expect(answerTo('最晚什么时候申请')).toContain('一个月内')
  expect(answerTo('最晚什么时候申请', { ...benefit, steps: ['到社区申请'] })).toBe(words.deadlineOpen)
})
