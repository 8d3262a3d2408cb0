import Fuse from 'fuse.js'
import MiniSearch from 'minisearch'
import natural from 'natural'
import type { Example } from '../nlp/linear.ts'

type Question = { readonly text: string; readonly right: ReadonlySet<number> }

/** Pairs of characters: none of the libraries can cut Chinese into words. */
const grams = (text: string): string[] => natural.NGramsZH.bigrams(text.slice(0, 150)).map((pair) => pair.join(''))

/** Its training compares every document with every word: beyond this it takes minutes. */
const bayesAtMost = 1_200

export function bayesBaseline(examples: readonly Example[], test: readonly Example[]): string[] {
  const bayes = new natural.BayesClassifier()
  const step = Math.ceil(examples.length / bayesAtMost)
  for (const { text, label } of examples.filter((_, at) => at % step === 0)) bayes.addDocument(grams(text), label)
  bayes.train()
  return test.map(({ text }) => bayes.classify(grams(text)))
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
