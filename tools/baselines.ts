import Fuse from 'fuse.js'
import MiniSearch from 'minisearch'
import natural from 'natural'
import type { Example } from '../nlp/linear.ts'

type Question = { readonly text: string; readonly right: ReadonlySet<number> }

/** Pairs of characters: none of the libraries can cut Chinese into words. */
const grams = (text: string): string[] => natural.NGramsZH.bigrams(text.slice(0, 150)).map((pair) => pair.join(''))

/** natural compares every document with every gram it knows, and multiplies chances until nothing is left of them: so many documents, the commonest grams. */
const bayes = { documents: 2_400, grams: 4_000, smoothing: 0.001, answers: 400 }

/** What natural's Bayes makes of the first `answers` of the test, on single characters and pairs. */
export function bayesBaseline(
  examples: readonly Example[],
  test: readonly Example[],
): { readonly guesses: readonly { readonly label: string; readonly confidence: number }[]; readonly asked: readonly Example[] } {
  const asked = test.slice(0, bayes.answers)
  const step = Math.ceil(examples.length / bayes.documents)
  const seen = examples.filter((_, at) => at % step === 0).map(({ text, label }) => ({ grams: [...text.slice(0, 150), ...grams(text)], label }))
  const known = commonest(seen.map((one) => one.grams))
  // Small smoothing: with its default of one, the rarest label wins every question.
  const model = new natural.BayesClassifier(undefined, bayes.smoothing)
  for (const one of seen) {
    const left = one.grams.filter((gram) => known.has(gram))
    model.addDocument(left, one.label)
  }
  model.train()
  const guesses = asked.map(({ text }) => {
    const all = model.getClassifications([...text.slice(0, 150), ...grams(text)].filter((gram) => known.has(gram)))
    const sum = all.reduce((total, { value }) => total + value, 0)
    return { label: all[0]?.label ?? '', confidence: sum > 0 ? (all[0]?.value ?? 0) / sum : 0 }
  })
  return { asked, guesses }
}

function commonest(documents: readonly (readonly string[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const document of documents) for (const gram of new Set(document)) counts.set(gram, (counts.get(gram) ?? 0) + 1)
  return new Set(
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, bayes.grams)
      .map(([gram]) => gram),
  )
}

/** Surest first, with what the library calls the score: the higher the surer. */
export type Answered = { readonly hits: readonly { readonly at: number; readonly score: number }[]; readonly right: ReadonlySet<number> }

export function miniBaseline(texts: readonly string[], questions: readonly Question[]): Answered[] {
  const mini = new MiniSearch({ fields: ['text'], tokenize: grams })
  mini.addAll(texts.map((text, id) => ({ id, text })))
  return questions.map(({ text, right }) => ({
    right,
    hits: mini
      .search(text, { combineWith: 'OR' })
      .slice(0, kept)
      .map(({ id, score }) => ({ at: Number(id), score })),
  }))
}

/** Fuse compares character by character and is slow: a hundred questions tell enough. */
export function fuseBaseline(texts: readonly string[], questions: readonly Question[]): Answered[] {
  const fuse = new Fuse(
    texts.map((text) => text.slice(0, 200)),
    { ignoreLocation: true, threshold: 0.8, includeScore: true },
  )
  // Its score is a distance: 0 is the same.
  return questions.slice(0, 100).map(({ text, right }) => ({
    right,
    hits: fuse.search(text.slice(0, 30), { limit: kept }).map(({ refIndex, score }) => ({ at: refIndex, score: -(score ?? 1) })),
  }))
}

const kept = 30
