import { type Example, rankScores, type Scored, type Training, trainClassifier } from '../nlp/linear.ts'
import { flatten, normalise } from '../nlp/text.ts'
import { bayesBaseline } from './baselines.ts'
import { type Row, text } from './rows.ts'
import { coverage, measure, round } from './scores.ts'

/** Learns the label from `train` and answers `test`. */
export function classify(train: readonly Row[], rows: readonly Row[], label: string) {
  const examples = labelled(train, label)
  const test = labelled(rows, label)
  const before = performance.now()
  const classifyOne = learn(examples)
  const trainMs = performance.now() - before
  const from = performance.now()
  const answers = test.map((one) => classifyOne(one.text)[0])
  const msPerQuery = (performance.now() - from) / test.length
  const since = performance.now()
  const bayes = bayesBaseline(examples, test)
  const bayesMs = (performance.now() - since) / bayes.asked.length
  return {
    ...judged(answers, test),
    trainMs: Math.round(trainMs),
    msPerQuery: round(msPerQuery),
    queries: test.length,
    // Its training is in the time: the two cannot be told apart in one call.
    baselines: { naturalBayes: { ...judged(bayes.guesses, bayes.asked), msPerQuery: round(bayesMs), queries: bayes.asked.length } },
  }
}

type Guess = { readonly label: string; readonly confidence: number } | undefined

function judged(guesses: readonly Guess[], test: readonly Example[]) {
  const labels = guesses.map((guess) => guess?.label ?? '')
  return {
    ...measure(labels, test),
    coverageAt90: coverage(guesses.map((guess, at) => ({ confidence: guess?.confidence ?? 0, right: guess?.label === test[at]?.label }))),
  }
}

function labelled(all: readonly Row[], label: string): Example[] {
  return all.filter((row) => text(row, label) !== '').map((row) => ({ text: flatten(normalise(text(row, 'text'))), label: text(row, label) }))
}

const settings = { kinds: { characters: 3, sounds: false, edges: true }, rounds: 15, cost: 1, sharpness: 3 } as const

const learn = (examples: readonly Example[]): Classify => (examples.length > 4_000 ? learnMany(examples) : learnFew(examples))

type Classify = (text: string) => readonly Scored[]

/**
 * Two machines added up: one sees which grams there are, the other how often they are there and how they part the labels. On four sets the sum is at
 * least as good as the better one; choosing between them on rows held back was not, for sets of a thousand rows are decided by chance.
 */
function learnFew(examples: readonly Example[]): Classify {
  const models = [trainClassifier(examples, { ...settings, once: true }), trainClassifier(examples, { ...settings, contrast: 1 })]
  const labels = models[0]?.labels ?? []
  return (text) => {
    const sums = new Map<string, number>()
    for (const model of models) for (const { label, score } of model.classify(text)) sums.set(label, (sums.get(label) ?? 0) + score / models.length)
    return rankScores(
      Float64Array.from(labels, (label) => sums.get(label) ?? 0),
      labels,
      settings.sharpness,
    )
  }
}

/** Labels that people disagree about want a machine that believes little, clear ones the contrary: of many rows one half tells, asked by the other. */
function learnMany(examples: readonly Example[]): Classify {
  const many = { ...settings, contrast: 1, rarest: 2 }
  const [believing, doubting] = [many, { ...many, once: true, cost: 0.1 }]
  const [seen, held] = [0, 1].map((half) => examples.filter((_, at) => at % 2 === half))
  const right = (training: Training) => {
    const { classify } = trainClassifier(seen ?? [], training)
    return (held ?? []).filter(({ text, label }) => classify(text)[0]?.label === label).length
  }
  return trainClassifier(examples, right(doubting) > right(believing) ? doubting : believing).classify
}
