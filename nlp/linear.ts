import { eachGram, type GramKinds } from './grams.ts'
import { type Learnt, nameOf, pack, type Shelf, unpack } from './shelf.ts'

export type Example = { readonly text: string; readonly label: string }
export type Scored = { readonly label: string; readonly score: number /** 0..1 */; readonly confidence: number }
export type Classifier = { readonly labels: readonly string[]; readonly classify: (text: string) => readonly Scored[] }
export type Training = {
  readonly kinds: GramKinds
  readonly rounds: number
  readonly cost: number /** multiplies scores before they become confidences */
  readonly sharpness: number
  readonly rarest?: number
  /** 0..1: how much a second look counts, in which grams weigh by how much more often they stand in one class than in the others */
  readonly contrast?: number
  /** a gram counts once however often it stands there */
  readonly once?: boolean
  /** a common gram weighs as much as a rare one */
  readonly even?: boolean
}

type Row = { readonly at: Int32Array; readonly value: Float32Array }

export function trainClassifier(examples: readonly Example[], training: Training, shelf?: Shelf): Classifier {
  const name = shelf ? nameOf(examples, training) : ''
  const kept = shelf?.take(name)
  const learnt = kept ? unpack(kept) : train(examples, training)
  if (!kept) shelf?.put(name, pack(learnt))
  const ids = new Map(Array.from(learnt.grams, (gram, id) => [gram, id]))
  const { labels, idf, weights } = learnt
  return { labels, classify: (text) => rank(vector(text, ids, idf, training), weights, labels, training.sharpness) }
}

/**
 * Linear support vector machine, one against the rest, squared hinge loss, trained by dual coordinate descent
 * (Hsieh et al. 2008, algorithm 1). The same examples give the same model.
 */
function train(examples: readonly Example[], training: Training): Learnt {
  const labels = [...new Set(examples.map((example) => example.label))].sort()
  const vocabulary = countGrams(examples, training)
  const { ids, idf } = vocabulary
  const rows = examples.map((example) => vector(example.text, ids, idf, training))
  const weights = labels.map((label) => {
    const signs = examples.map((example) => (example.label === label ? 1 : -1))
    const plain = learn(rows, signs, ids.size, training)
    return training.contrast ? mixed(plain, contrasted(rows, signs, ids.size, training), training.contrast) : plain
  })
  return { labels, grams: Float64Array.from(ids.keys()), idf, weights: interleave(weights, ids.size) }
}

function countGrams(examples: readonly Example[], { kinds, rarest = 1, even }: Training): { ids: Map<number, number>; idf: Float32Array } {
  const seen = new Map<number, number>()
  const last = new Map<number, number>()
  for (const [at, { text }] of examples.entries()) {
    eachGram(text, kinds, (gram) => {
      if (last.get(gram) === at) return
      last.set(gram, at)
      seen.set(gram, (seen.get(gram) ?? 0) + 1)
    })
  }
  const ids = new Map<number, number>()
  const weights: number[] = []
  for (const [gram, count] of seen) {
    if (count < rarest) continue
    ids.set(gram, ids.size)
    weights.push(even ? 1 : Math.log((1 + examples.length) / (0.5 + count)) + 1)
  }
  return { ids, idf: Float32Array.from(weights) }
}

/** Grams by 1+log(count) × idf (or as `once` and `even` say), length one, with a constant for the bias. */
function vector(text: string, ids: ReadonlyMap<number, number>, idf: Float32Array, { kinds, once }: Training): Row {
  const counts = new Map<number, number>()
  eachGram(text, kinds, (gram) => {
    const id = ids.get(gram)
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
  })
  const at = new Int32Array(counts.size + 1)
  const value = new Float32Array(counts.size + 1)
  let [index, square] = [0, 0]
  for (const [id, count] of counts) {
    const weight = (once ? 1 : 1 + Math.log(count)) * idf[id]!
    at[index] = id
    value[index] = weight
    square += weight * weight
    index += 1
  }
  const norm = Math.sqrt(square) || 1
  for (let i = 0; i < index; i++) value[i] = value[i]! / norm
  at[index] = ids.size
  value[index] = bias
  return { at, value }
}

const bias = 0.5

function learn(rows: readonly Row[], signs: readonly number[], size: number, { rounds, cost }: Training): Float32Array {
  const weights = new Float32Array(size + 1)
  const alpha = new Float64Array(rows.length)
  const order = Int32Array.from(rows.keys())
  const positives = signs.filter((sign) => sign > 0).length
  // A rare class counts for more, or it is never the answer.
  const weigh = (sign: number) => (sign > 0 ? Math.min(4, Math.sqrt((rows.length - positives) / Math.max(1, positives))) : 1)
  for (let round = 0; round < rounds; round++) {
    let moved = 0
    for (const index of shuffle(order, round)) {
      const { at, value } = rows[index]!
      const sign = signs[index]!
      const diagonal = 1 / (2 * cost * weigh(sign))
      let [dot, square] = [0, 0]
      for (let i = 0; i < at.length; i++) {
        dot += weights[at[i]!]! * value[i]!
        square += value[i]! * value[i]!
      }
      const gradient = sign * dot - 1 + diagonal * alpha[index]!
      const next = Math.max(0, alpha[index]! - gradient / (square + diagonal))
      const change = (next - alpha[index]!) * sign
      if (change === 0) continue
      alpha[index] = next
      moved = Math.max(moved, Math.abs(change))
      for (let i = 0; i < at.length; i++) weights[at[i]!]! += change * value[i]!
    }
    if (moved < 0.01) break
  }
  return weights
}

/**
 * The same machine over grams scaled by their log-count ratio between the class and the rest (Wang and Manning 2012), folded back into
 * weights of the unscaled grams, so that answering costs no more.
 */
function contrasted(rows: readonly Row[], signs: readonly number[], size: number, training: Training): Float32Array {
  const [inside, outside] = [new Float64Array(size).fill(1), new Float64Array(size).fill(1)]
  for (const [index, { at }] of rows.entries()) {
    const counts = signs[index]! > 0 ? inside : outside
    for (const gram of at) if (gram < size) counts[gram]! += 1
  }
  const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0)
  const shift = Math.log(sum(outside) / sum(inside))
  const ratio = Float32Array.from({ length: size + 1 }, (_, gram) => (gram < size ? Math.abs(Math.log(inside[gram]! / outside[gram]!) + shift) : 1))
  const lengths = rows.map(({ at, value }) => Math.sqrt(value.reduce((square, one, index) => square + (one * ratio[at[index]!]!) ** 2, 0)) || 1)
  const scaled = rows.map(({ at, value }, row) => ({ at, value: value.map((one, index) => (one * ratio[at[index]!]!) / lengths[row]!) }))
  const usual = lengths.reduce((total, length) => total + 1 / length, 0) / lengths.length
  return learn(scaled, signs, size, training).map((weight, gram) => weight * ratio[gram]! * usual)
}

const mixed = (plain: Float32Array, second: Float32Array, share: number): Float32Array =>
  plain.map((weight, gram) => (1 - share) * weight + share * second[gram]!)

/** Weights of all classes for one gram lie side by side: one look-up each. */
function interleave(weights: readonly Float32Array[], size: number): Float32Array {
  const flat = new Float32Array((size + 1) * weights.length)
  for (const [label, column] of weights.entries()) for (let i = 0; i <= size; i++) flat[i * weights.length + label] = column[i]!
  return flat
}

function rank({ at, value }: Row, flat: Float32Array, labels: readonly string[], sharpness: number): readonly Scored[] {
  const scores = new Float64Array(labels.length)
  for (let i = 0; i < at.length; i++) {
    const from = at[i]! * labels.length
    for (let label = 0; label < labels.length; label++) scores[label]! += flat[from + label]! * value[i]!
  }
  return rankScores(scores, labels, sharpness)
}

export function rankScores(scores: Float64Array, labels: readonly string[], sharpness: number): readonly Scored[] {
  const top = Math.max(...scores)
  const raised = Array.from(scores, (score) => Math.exp((score - top) * sharpness))
  const sum = raised.reduce((total, one) => total + one, 0)
  return labels.map((label, at) => ({ label, score: scores[at]!, confidence: raised[at]! / sum })).sort((a, b) => b.score - a.score)
}

/** Always the same order in the same round. A fresh one each round: with a fixed order the machine stands still long before it is done. */
function shuffle(order: Int32Array, round: number): Int32Array {
  let state = 777 + round * 7919
  for (let at = order.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = Math.floor((state / 0x100000000) * (at + 1))
    const kept = order[at]!
    order[at] = order[other]!
    order[other] = kept
  }
  return order
}
