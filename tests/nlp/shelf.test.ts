import { expect, test } from 'vitest'
import { createUnderstanding, type Shelf } from '../../nlp/engine.ts'

const office = { departments: [], districts: [] }
const sentences = ['身份证丢了怎么补办', '我不想活了', '转人工', '窗口说不能办，跑了三趟', '你好', '能不能网上办', '楼下煤气味很大']

function aShelf(): Shelf & { readonly kept: Map<string, Uint8Array>; learnt: number } {
  const kept = new Map<string, Uint8Array>()
  const shelf = {
    kept,
    learnt: 0,
    take: (name: string) => kept.get(name),
    put: (name: string, bytes: Uint8Array) => {
      shelf.learnt += 1
      kept.set(name, bytes)
    },
  }
  return shelf
}

test('what was learnt once and kept understands every sentence exactly as what was learnt anew', () => {
  const shelf = aShelf()
  const anew = createUnderstanding(office, shelf)
  const kept = createUnderstanding(office, shelf)

  expect(shelf.learnt).toBe(2)
  expect(shelf.kept.size).toBe(2)
  for (const sentence of sentences) expect(kept(sentence, { today: '2026-06-10' })).toEqual(anew(sentence, { today: '2026-06-10' }))
})

test('a shelf that lies at an odd address in memory is read as well', () => {
  const shelf = aShelf()
  const anew = createUnderstanding(office, shelf)
  for (const [name, bytes] of shelf.kept) shelf.kept.set(name, new Uint8Array([0, ...bytes]).subarray(1))
  const kept = createUnderstanding(office, shelf)

  for (const sentence of sentences) expect(kept(sentence, { today: '2026-06-10' })).toEqual(anew(sentence, { today: '2026-06-10' }))
})
