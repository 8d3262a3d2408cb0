import { type Example, type Training, trainClassifier } from '../nlp/linear.ts'
import { flatten, normalise } from '../nlp/text.ts'
import { bayesBaseline } from './baselines.ts'
import { type Row, text } from './rows.ts'
import { coverage, measure, round } from './scores.ts'

const folds = 3
/** The choice between settings is settled by so many examples; more cost minutes. */
const triedOn = 3_000

/** Learns the label from `train`, with the settings that do best on parts of `train` held back, and answers `test`. */
export function classify(train: readonly Row[], rows: readonly Row[], label: string) {
  const examples = labelled(train, label)
  const test = labelled(rows, label)
  const before = performance.now()
  const model = trainClassifier(examples, choose(examples))
  const trainMs = performance.now() - before
  const from = performance.now()
  const answers = test.map((one) => model.classify(one.text)[0])
  const msPerQuery = (performance.now() - from) / test.length
  const sure = answers.map((answer, at) => ({ confidence: answer?.confidence ?? 0, right: answer?.label === test[at]?.label }))
  const bayes = bayesBaseline(examples, test)
  return {
    ...measure(
      answers.map((answer) => answer?.label ?? ''),
      test,
    ),
    coverageAt90: coverage(sure),
    trainMs: Math.round(trainMs),
    msPerQuery: round(msPerQuery),
    queries: test.length,
    baselines: { naturalBayes: measure(bayes.guesses, bayes.asked) },
  }
}

function labelled(all: readonly Row[], label: string): Example[] {
  return all.filter((row) => text(row, label) !== '').map((row) => ({ text: flatten(normalise(text(row, 'text'))), label: text(row, label) }))
}

function choose(examples: readonly Example[]): Training {
  const step = Math.max(1, examples.length / triedOn)
  const some = Array.from({ length: Math.min(triedOn, examples.length) }, (_, at) => examples[Math.floor(at * step)]!)
  const all = { rounds: 15, cost: 1, sharpness: 3, rarest: examples.length > triedOn ? 2 : 1 }
  const kinds = (characters: 2 | 3) => ({ characters, sounds: false, edges: true })
  const ways: readonly Training[] = [
    { ...all, kinds: kinds(2) },
    { ...all, kinds: kinds(3), once: true, contrast: 0.7 },
    { ...all, kinds: kinds(3), contrast: 0.7 },
  ]
  const right = ways.map((way) => heldBack(some, way))
  return ways[right.indexOf(Math.max(...right))]!
}

/** How many are answered rightly by a model that has not seen them. */
function heldBack(examples: readonly Example[], way: Training): number {
  let right = 0
  for (let fold = 0; fold < folds; fold++) {
    const model = trainClassifier(
      examples.filter((_, at) => at % folds !== fold),
      way,
    )
    right += examples.filter((one, at) => at % folds === fold && model.classify(one.text)[0]?.label === one.label).length
  }
  return right
}
