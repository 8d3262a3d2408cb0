import type { Document, Feature, Pooled, SearchHit } from './document.ts'
import { eachGram, isPair, isSound } from './grams.ts'

// bm25, share of the best, then for names and for asks: cosine, within, covers, sounds

type Surfaces = { readonly compare: (hits: readonly Pooled[], grams: readonly number[], query: Float32Array) => readonly SearchHit[] }
type Surface = { readonly grams: Int32Array; readonly norm: number; readonly total: number; readonly sounded: number }

export type { Surface }

const kinds = { characters: 2, sounds: true, edges: false } as const

/** The short texts of every document as gram numbers, ready to be held against a question. */
export function surfacesOf(documents: readonly Document[], vocabulary: ReadonlyMap<number, number>, idf: Float32Array): Surfaces {
  const kind = new Int8Array(idf.length)
  for (const [gram, id] of vocabulary) kind[id] = isPair(gram) ? 1 : isSound(gram) ? 2 : 0
  const all = documents.map(({ names, asks }) => [names, asks].map((texts) => texts.map((text) => surface(text, vocabulary, idf, kind))))
  return {
    compare: (hits, grams, query) => {
      const most = hits[0]?.score ?? 1
      const asked = measure(grams, query, idf, kind)
      return hits.map(({ at, score }) => ({
        at,
        features: [score / (asked.total * 2 + 1), score / most, ...(all[at] ?? []).flatMap((one) => closest(one, asked, query, idf, kind))],
      }))
    },
  }
}

type Asked = { readonly norm: number; readonly total: number; readonly sounded: number }

function measure(grams: readonly number[], query: Float32Array, idf: Float32Array, kind: Int8Array): Asked {
  let [square, total, sounded] = [0, 0, 0]
  for (const gram of grams) {
    const weight = idf[gram]! * query[gram]!
    if (kind[gram] === 2) sounded += weight
    else total += weight
    if (kind[gram] !== 2) square += weight * weight
  }
  return { norm: Math.sqrt(square) || 1, total: total || 1, sounded: sounded || 1 }
}

function surface(text: string, vocabulary: ReadonlyMap<number, number>, idf: Float32Array, kind: Int8Array): Surface {
  const grams = new Set<number>()
  eachGram(text, kinds, (gram) => {
    const id = vocabulary.get(gram)
    if (id !== undefined) grams.add(id)
  })
  const list = Int32Array.from(grams)
  let [square, total, sounded] = [0, 0, 0]
  for (const gram of list) {
    const weight = idf[gram]!
    if (kind[gram] === 2) sounded += weight
    else {
      square += weight * weight
      total += weight
    }
  }
  return { grams: list, norm: Math.sqrt(square) || 1, total: total || 1, sounded: sounded || 1 }
}

/** Best over the surfaces: cosine; how much of the surface the question says; how much of the question the surface says; the same by ear. */
function closest(surfaces: readonly Surface[], asked: Asked, query: Float32Array, idf: Float32Array, kind: Int8Array): Feature[] {
  let [cosine, within, covers, sounds] = [0, 0, 0, 0]
  for (const { grams, norm, total, sounded } of surfaces) {
    let [dot, shared, heard] = [0, 0, 0]
    for (let i = 0; i < grams.length; i++) {
      const gram = grams[i]!
      const weight = query[gram]!
      if (weight === 0) continue
      const value = idf[gram]!
      if (kind[gram] === 2) heard += value * weight
      else {
        dot += value * value * weight
        shared += value * weight
      }
    }
    // A surface of two characters is easily within a long question; a longer one counts for more.
    const firm = total / (total + 6)
    cosine = Math.max(cosine, dot / (norm * asked.norm))
    within = Math.max(within, (shared / total) * firm)
    covers = Math.max(covers, shared / asked.total)
    sounds = Math.max(sounds, (heard / sounded) * (sounded / (sounded + 2)) * Math.min(1, heard / asked.sounded + 0.5))
  }
  return [cosine, Math.min(1, within), Math.min(1, covers), Math.min(1, sounds)]
}
