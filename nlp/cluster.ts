import { prepare } from './match.ts'

/** Two questions with so much in common ask for the same thing; below it 「办护照」 would stand with 「办居住证」. */
const alike = 0.42

/** Groups questions that ask for the same thing; each group lists places in `questions`. Largest first, in a group the earliest first. */
export function clusterQuestions(questions: readonly string[]): number[][] {
  const grams = questions.map(gramsOf)
  const weights = weigh(grams)
  const groups: number[][] = []
  for (const [at, own] of grams.entries()) {
    let [best, most] = [-1, alike]
    for (const [place, group] of groups.entries()) {
      // Against the first few: a group must not wander from question to question.
      const likeness = Math.max(...group.slice(0, 3).map((other) => likenessOf(own, grams[other] ?? own, weights)))
      if (likeness >= most) [best, most] = [place, likeness]
    }
    if (best >= 0) groups[best]?.push(at)
    else groups.push([at])
  }
  return groups.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
}

/** Characters and pairs of what the question is about; manners and words of asking are left out. */
function gramsOf(question: string): ReadonlySet<string> {
  const chars = [...prepare(question)].filter((char) => /[\p{L}\p{N}]/u.test(char))
  return new Set([...chars, ...chars.slice(1).map((char, at) => `${chars[at]}${char}`)])
}

function weigh(all: readonly ReadonlySet<string>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const grams of all) for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1)
  // A pair says more than a character, a rare gram more than one that every other question has.
  return new Map([...counts].map(([gram, count]) => [gram, gram.length * Math.log(1 + (all.length + 1) / count)]))
}

/** Dice's coefficient with weights: 1 for the same grams, 0 for none in common. */
function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>, weights: ReadonlyMap<string, number>): number {
  const sum = (grams: Iterable<string>): number => [...grams].reduce((total, gram) => total + (weights.get(gram) ?? 0), 0)
  const whole = sum(one) + sum(other)
  return whole === 0 ? 0 : (2 * sum([...one].filter((gram) => other.has(gram)))) / whole
}
