import type { Example } from '../nlp/linear.ts'

export const round = (x: number): number => Math.round(x * 1000) / 1000

export function scores(ranks: readonly number[]) {
  const share = (good: (rank: number) => boolean) => round(ranks.filter((rank) => rank >= 0 && good(rank)).length / ranks.length)
  return {
    top1: share((rank) => rank === 0),
    top3: share((rank) => rank < 3),
    mrr: round(ranks.reduce((sum, rank) => sum + (rank >= 0 ? 1 / (rank + 1) : 0), 0) / ranks.length),
  }
}

/** Largest share of questions that can be answered, surest first, with nine of ten right. */
export function coverage(answers: readonly { readonly confidence: number; readonly right: boolean }[]): number {
  const order = [...answers].sort((a, b) => b.confidence - a.confidence)
  let [right, best] = [0, 0]
  for (const [at, answer] of order.entries()) {
    if (answer.right) right += 1
    if (right / (at + 1) >= 0.9) best = at + 1
  }
  return round(best / answers.length)
}

export function auroc(positive: readonly number[], negative: readonly number[]): number {
  let wins = 0
  for (const a of positive) for (const b of negative) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / (positive.length * negative.length)
}

export function measure(guesses: readonly string[], test: readonly Example[]) {
  const labels = [...new Set(test.map((one) => one.label))]
  const each = labels.map((label) => {
    const hit = test.filter((one, at) => one.label === label && guesses[at] === label).length
    const said = guesses.filter((guess) => guess === label).length
    const is = test.filter((one) => one.label === label).length
    return hit === 0 ? 0 : (2 * hit) / (said + is)
  })
  return {
    accuracy: round(test.filter((one, at) => guesses[at] === one.label).length / test.length),
    macroF1: round(each.reduce((sum, one) => sum + one, 0) / labels.length),
  }
}
