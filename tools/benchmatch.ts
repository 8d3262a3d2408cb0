import { createGuideIndex, createUnderstanding } from '../nlp/engine.ts'
import type { Guide } from '../nlp/guide.ts'
import { createFinder, prepare } from '../nlp/match.ts'
import type { Document } from '../nlp/search.ts'
import { loadSeedDepartments, loadSeedGuides } from '../prisma/seed/guides.ts'

const today = '2026-03-18'
const rounds = 3_000
/** No more than so many answers of the same question: caches must not answer for the engine. */
const variants = 7

/** How long understanding a message and finding its guide takes among many, in milliseconds; `ready` is from nothing to the first answer. */
export function benchMatch() {
  const seed = loadSeedGuides()
  const questions = seed.flatMap((guide) => guide.asks).filter((_, at) => at % variants === 0)
  const before = performance.now()
  const understand = createUnderstanding({ departments: loadSeedDepartments(), districts: [] })
  const own = createGuideIndex(seed)
  own.match(questions[0] ?? '')
  const ready = performance.now() - before
  const many = createGuideIndex(mixed(seed, 5_000))
  const spent = times(questions, (text) => {
    understand(text, { today })
    many.match(text)
  })
  const heap = memory()
  const find = createFinder(items(seed, 100_000))
  const at100kMb = memory() - heap
  const at100k = times(questions, find)
  return {
    understandP50: quantile(spent, 0.5),
    understandP99: quantile(spent, 0.99),
    at100k: quantile(at100k, 0.99),
    at100kMb: Math.round(at100kMb),
    ready: Math.round(ready),
  }
}

/** As many guides as asked for, each made of two of the seed. */
function mixed(seed: readonly Guide[], count: number): Guide[] {
  return Array.from({ length: count }, (_, at) => {
    const one = seed[at % seed.length]!
    const other = seed[(at * 31 + Math.floor(at / seed.length) * 17) % seed.length]!
    return at < seed.length
      ? one
      : {
          ...one,
          id: `${one.id}-${at}`,
          title: `${one.title}${other.title}`,
          names: [...other.names, ...one.names.slice(1)],
          asks: other.asks,
          materials: other.materials,
        }
  })
}

function items(seed: readonly Guide[], count: number): Document[] {
  const parts = seed.flatMap((guide) => [guide.title, ...guide.names])
  return Array.from({ length: count }, (_, at) => {
    const name = prepare(`${parts[at % parts.length]}${parts[(at * 31 + Math.floor(at / parts.length) * 17) % parts.length]}`)
    return { id: String(at), fields: [{ text: name, weight: 3 }], names: [name], asks: [] }
  })
}

function times(questions: readonly string[], ask: (text: string) => unknown): number[] {
  for (const question of questions) ask(question)
  return Array.from({ length: rounds }, (_, at) => {
    const from = performance.now()
    ask(questions[at % questions.length] ?? '')
    return performance.now() - from
  }).sort((a, b) => a - b)
}

const quantile = (sorted: readonly number[], share: number): number => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 1_000) / 1_000

function memory(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1_048_576
}
