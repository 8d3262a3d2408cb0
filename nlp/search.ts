import type { Document, Pooled, SearchHit } from './document.ts'
import { eachGram, isPair, isSound } from './grams.ts'
import { surfacesOf } from './surface.ts'

export type { Document, SearchHit }

export type Search = {
  readonly size: number
  readonly ids: readonly string[]
  /** Best by BM25 first; features for a re-ranking. */
  readonly find: (query: readonly Part[]) => readonly SearchHit[]
}
/** A piece of a question; what was put in its place by a synonym weighs less. */
export type Part = { readonly text: string; readonly weight: number; readonly grams?: readonly number[] }
export type SearchOptions = {
  readonly pool: number
  readonly k1: number
  readonly b: number
  /** what a single character weighs, and a pair of sounds; a pair of characters weighs one */
  readonly single: number
  readonly sounded: number
  /** questions people ask: words that they all have say little */
  readonly questions: readonly string[]
}

const kinds = { characters: 2, sounds: true, edges: false } as const

/** BM25 over single characters, pairs of characters and pairs of sounds, with weighted fields (Robertson et al. 2004). */
export function createSearch(documents: readonly Document[], options: SearchOptions): Search {
  const vocabulary = new Map<number, number>()
  const postings = collect(documents, vocabulary, options)
  const idf = weigh(postings, documents.length, vocabulary, options)
  const surfaces = surfacesOf(documents, vocabulary, idf)
  const scratch = { sums: new Float32Array(documents.length), query: new Float32Array(vocabulary.size), touched: new Int32Array(documents.length) }
  const find = (parts: readonly Part[]) => {
    const grams = readQuery(parts, vocabulary, scratch.query)
    const hits = scan(grams, postings, idf, scratch, options.pool)
    const found = surfaces.compare(hits, grams, scratch.query)
    for (const gram of grams) scratch.query[gram] = 0
    return found
  }
  return { size: documents.length, ids: documents.map((one) => one.id), find }
}

/** Postings in three flat arrays: those of gram g stand from starts[g] to starts[g+1]. */
type Postings = { readonly starts: Int32Array; readonly documents: Int32Array; readonly impacts: Float32Array }

function collect(documents: readonly Document[], vocabulary: Map<number, number>, { k1, b }: SearchOptions): Postings {
  const means = meanLengths(documents)
  const gramOf: number[] = []
  const documentOf: number[] = []
  const impactOf: number[] = []
  const counts = new Map<number, number>()
  for (const [at, document] of documents.entries()) {
    counts.clear()
    for (const [place, { text, weight }] of document.fields.entries()) {
      const share = weight / (1 - b + b * (text.length / (means[place] ?? 1)))
      eachGram(text, kinds, (gram) => {
        const id = vocabulary.get(gram) ?? vocabulary.size
        if (id === vocabulary.size) vocabulary.set(gram, id)
        counts.set(id, (counts.get(id) ?? 0) + share)
      })
    }
    for (const [id, amount] of counts) {
      gramOf.push(id)
      documentOf.push(at)
      impactOf.push(((k1 + 1) * amount) / (k1 + amount))
    }
  }
  return sortByGram(gramOf, documentOf, impactOf, vocabulary.size)
}

function sortByGram(gramOf: readonly number[], documentOf: readonly number[], impactOf: readonly number[], size: number): Postings {
  const starts = new Int32Array(size + 1)
  for (const gram of gramOf) starts[gram + 1]! += 1
  for (let gram = 0; gram < size; gram++) starts[gram + 1]! += starts[gram]!
  const next = starts.slice()
  const documents = new Int32Array(gramOf.length)
  const impacts = new Float32Array(gramOf.length)
  for (let i = 0; i < gramOf.length; i++) {
    const place = next[gramOf[i]!]!++
    documents[place] = documentOf[i]!
    impacts[place] = impactOf[i]!
  }
  return { starts, documents, impacts }
}

function meanLengths(documents: readonly Document[]): number[] {
  const sums: number[] = []
  for (const { fields } of documents) for (const [place, { text }] of fields.entries()) sums[place] = (sums[place] ?? 0) + text.length
  return sums.map((sum) => Math.max(1, sum / documents.length))
}

/** How much a gram tells: rare among documents, and not one that every question has. */
function weigh({ starts }: Postings, documents: number, vocabulary: ReadonlyMap<number, number>, options: SearchOptions): Float32Array {
  const { questions, single, sounded } = options
  const asked = new Map<number, number>()
  for (const question of questions) {
    const once = new Set<number>()
    eachGram(question, kinds, (gram) => once.add(gram))
    for (const gram of once) asked.set(gram, (asked.get(gram) ?? 0) + 1)
  }
  const idf = new Float32Array(vocabulary.size)
  for (const [gram, id] of vocabulary) {
    const count = starts[id + 1]! - starts[id]!
    const common = Math.log(1 + (documents - count + 0.5) / (count + 0.5))
    const share = (asked.get(gram) ?? 0) / Math.max(questions.length, 20)
    const kind = isPair(gram) ? 1 : isSound(gram) ? sounded : single
    idf[id] = kind * common * (1 / (1 + share * 12))
  }
  return idf
}

/** Writes the weight of each gram of the question into `weights`; returns which. A gram counts once, with its best weight. */
function readQuery(parts: readonly Part[], vocabulary: ReadonlyMap<number, number>, weights: Float32Array): number[] {
  const grams: number[] = []
  for (const { text, weight, grams: given } of parts) {
    const take = (gram: number) => {
      const id = vocabulary.get(gram)
      if (id === undefined) return
      if (weights[id] === 0) grams.push(id)
      weights[id] = Math.max(weights[id]!, weight)
    }
    eachGram(text, kinds, take)
    given?.forEach(take)
  }
  return grams
}

type Scratch = { readonly sums: Float32Array; readonly query: Float32Array; readonly touched: Int32Array }

/** A gram that a tenth of a large collection has tells little and costs much: it is left to the re-ranking. */
const commonAbove = 4_000

function scan(
  grams: readonly number[],
  { starts, documents, impacts }: Postings,
  idf: Float32Array,
  { sums, query, touched }: Scratch,
  pool: number,
): Pooled[] {
  let count = 0
  for (const gram of grams) {
    const [from, to] = [starts[gram]!, starts[gram + 1]!]
    if (to - from > Math.max(commonAbove / 2, sums.length / 10) && sums.length > commonAbove) continue
    const weight = idf[gram]! * query[gram]!
    for (let i = from; i < to; i++) {
      const at = documents[i]!
      if (sums[at] === 0) touched[count++] = at
      sums[at]! += weight * impacts[i]!
    }
  }
  const best = top(touched, count, sums, pool)
  for (let i = 0; i < count; i++) sums[touched[i]!] = 0
  return best
}

/** The `pool` best, by a threshold that only rises. */
function top(touched: Int32Array, count: number, sums: Float32Array, pool: number): Pooled[] {
  let kept: Pooled[] = []
  let floor = 0
  for (let i = 0; i < count; i++) {
    const at = touched[i]!
    const score = sums[at]!
    if (score <= floor) continue
    kept.push({ at, score })
    if (kept.length < pool * 3) continue
    kept = best(kept, pool)
    floor = kept.at(-1)?.score ?? 0
  }
  return best(kept, pool)
}

const best = (hits: Pooled[], pool: number): Pooled[] => hits.sort((a, b) => b.score - a.score).slice(0, pool)
