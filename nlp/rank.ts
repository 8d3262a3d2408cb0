import type { SearchHit } from './search.ts'

/** `presence` turns the features of the best hit into the chance that the answer is there at all: a slope for each feature, then the offset. */
export type Ranking = { readonly weights: readonly number[]; readonly presence: readonly number[] }
export type Ranked = { readonly at: number; readonly score: number; readonly confidence: number }
/** A question whose right hits are known. */
export type Sample = { readonly hits: readonly SearchHit[]; readonly right: (at: number) => boolean }

/** Best first by a weighted sum of the features; confidence is the chance that the answer is here at all times the hit's share. */
export function rankHits(hits: readonly SearchHit[], { weights, presence }: Ranking): readonly Ranked[] {
  const scored = hits.map((hit) => ({ at: hit.at, hit, score: dot(hit.features, weights) })).sort((a, b) => b.score - a.score)
  const [first, second] = scored
  if (!first) return []
  const shares = scored.map(({ score }) => Math.exp(score - first.score))
  const sum = shares.reduce((total, share) => total + share, 0)
  const present = logistic(dot(presenceFeatures(first.hit, first.score - (second?.score ?? 0)), presence))
  return scored.map(({ at, score }, place) => ({ at, score, confidence: (present * (shares[place] ?? 0)) / sum }))
}

const presenceFeatures = ({ features }: SearchHit, margin: number): readonly number[] => [...features, Math.min(3, margin), 1]

/**
 * Weights under which the right hits are likeliest (softmax over each question's hits), then the presence: of these
 * answers, right or not. Plain gradient ascent from `start`, pulled back to it so that few samples change little.
 */
export function learnRanking(samples: readonly Sample[], start: Ranking, rounds = 150, presenceRounds = rounds * 3): Ranking {
  const known = samples.map(({ hits, right }) => ({ hits, rights: hits.map((hit) => (right(hit.at) ? 1 : 0)) }))
  const useful = known.filter(({ rights }) => rights.some((one) => one))
  let weights = [...start.weights]
  for (let round = 0; round < rounds; round++) {
    const slope = weights.map((weight, at) => -0.002 * (weight - (start.weights[at] ?? 0)))
    for (const { hits, rights } of useful) {
      const chances = softmax(hits.map((hit) => dot(hit.features, weights)))
      const among = softmaxOf(chances, rights)
      for (const [at, hit] of hits.entries()) {
        const pull = ((among[at] ?? 0) - (chances[at] ?? 0)) / useful.length
        for (let i = 0; i < slope.length; i++) slope[i]! += pull * (hit.features[i] ?? 0)
      }
    }
    weights = weights.map((weight, at) => weight + 8 * (slope[at] ?? 0))
  }
  return { weights, presence: learnPresence(known, weights, presenceRounds) }
}

export function learnPresence(
  known: readonly { hits: readonly SearchHit[]; rights: readonly number[] }[],
  weights: readonly number[],
  rounds: number,
): readonly number[] {
  const rows = known.flatMap(({ hits, rights }) => {
    const order = hits.map((hit, at) => ({ hit, right: rights[at] ?? 0, score: dot(hit.features, weights) })).sort((a, b) => b.score - a.score)
    const [first, second] = order
    return first ? [{ x: presenceFeatures(first.hit, first.score - (second?.score ?? 0)), right: Math.max(...order.slice(0, 3).map((one) => one.right)) }] : []
  })
  let presence = rows[0]?.x.map(() => 0) ?? []
  for (let round = 0; round < rounds; round++) {
    const slope = presence.map((weight) => -0.001 * weight)
    for (const { x, right } of rows) {
      const pull = (right - logistic(dot(x, presence))) / rows.length
      for (let i = 0; i < slope.length; i++) slope[i]! += pull * (x[i] ?? 0)
    }
    presence = presence.map((weight, at) => weight + 2 * (slope[at] ?? 0))
  }
  return presence
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, one, at) => sum + one * (b[at] ?? 0), 0)
const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores)
  const raised = scores.map((score) => Math.exp(score - most))
  const sum = raised.reduce((total, one) => total + one, 0)
  return raised.map((one) => one / sum)
}

function softmaxOf(chances: readonly number[], rights: readonly number[]): number[] {
  const sum = chances.reduce((total, chance, at) => total + chance * (rights[at] ?? 0), 0) || 1
  return chances.map((chance, at) => (chance * (rights[at] ?? 0)) / sum)
}
