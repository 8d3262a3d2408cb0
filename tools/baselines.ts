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
export function bayesBaseline(examples: readonly Example[], test: readonly Example[]): { readonly guesses: string[]; readonly asked: readonly Example[] } {
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
  return { asked, guesses: asked.map(({ text }) => model.classify([...text.slice(0, 150), ...grams(text)].filter((gram) => known.has(gram)))) }
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

/** Place of the first right hit of each question, -1 for none. */
export function miniBaseline(texts: readonly string[], questions: readonly Question[]): number[] {
  const mini = new MiniSearch({ fields: ['text'], tokenize: grams })
  mini.addAll(texts.map((text, id) => ({ id, text })))
  return questions.map(({ text, right }) =>
    mini
      .search(text, { combineWith: 'OR' })
      .slice(0, 30)
      .findIndex((hit) => right.has(Number(hit.id))),
  )
}

/** Fuse compares character by character and is slow: a hundred questions tell enough. */
export function fuseBaseline(texts: readonly string[], questions: readonly Question[]): number[] {
  const fuse = new Fuse(
    texts.map((text) => text.slice(0, 200)),
    { ignoreLocation: true, threshold: 0.8, includeScore: true },
  )
  return questions.slice(0, 100).map(({ text, right }) => fuse.search(text.slice(0, 30), { limit: 30 }).findIndex((hit) => right.has(hit.refIndex)))
}
