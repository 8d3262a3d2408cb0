import type { SearchHit } from './search.ts'

/** `sharpness` turns scores into shares among the hits; `presence` turns the best score into the chance that the answer is there at all. */
export type Ranking = {
  readonly weights: readonly number[]
  readonly sharpness: number
  readonly presence: { readonly slope: number; readonly offset: number }
}
export type Ranked = { readonly at: number; readonly score: number; readonly confidence: number }

/** Weighted sum of the features, best first, with calibrated confidence. */
export function rankHits(hits: readonly SearchHit[], { weights, sharpness, presence }: Ranking): readonly Ranked[] {
  const scored = hits
    .map(({ at, features }) => ({ at, score: features.reduce((sum, feature, place) => sum + feature * (weights[place] ?? 0), 0) }))
    .sort((a, b) => b.score - a.score)
  const best = scored[0]?.score ?? 0
  const shares = scored.map(({ score }) => Math.exp((score - best) * sharpness))
  const sum = shares.reduce((total, share) => total + share, 0)
  const present = 1 / (1 + Math.exp(-(presence.slope * best + presence.offset)))
  return scored.map(({ at, score }, place) => ({ at, score, confidence: (present * (shares[place] ?? 0)) / sum }))
}
