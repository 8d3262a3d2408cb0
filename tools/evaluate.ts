import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Example, trainClassifier } from '../nlp/linear.ts'
import { createFinder, prepare, ranking } from '../nlp/match.ts'
import { learnRanking, rankHits, type Sample } from '../nlp/rank.ts'
import type { Document, SearchHit } from '../nlp/search.ts'
import { flatten, normalise } from '../nlp/text.ts'
import { bayesBaseline, fuseBaseline, miniBaseline } from './baselines.ts'

/**
 * Measures the engine on a collection of its user's own; ends with one line of JSON.
 *   npm run -s eval -- retrieval --corpus F [--train F] --queries F
 *   npm run -s eval -- classify --train F --test F --label L
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { corpus: { type: 'string' }, train: { type: 'string' }, queries: { type: 'string' }, test: { type: 'string' }, label: { type: 'string' } },
})

type Row = Readonly<Record<string, unknown>>
function retrieve() {
  const corpus = rows(values.corpus)
  const queries = rows(values.queries)
  const train = values.train ? rows(values.train) : []
  const place = new Map(corpus.map((row, at) => [text(row, 'id'), at]))
  const rightOf = (row: Row) => new Set(answers(row).flatMap((id) => place.get(id) ?? []))
  const field = departmentOf(corpus, train)
  // Learning sees the office model of the corpus alone: one that knows the answers by heart would be trusted too much.
  const blind = departmentOf(corpus, [])
  const find = withField(
    createFinder(
      corpus.map((row) => documentOf(row)),
      train.map((row) => prepare(text(row, 'text'))),
    ),
    blind,
  )
  const learned = learnFrom(find, train, rightOf)
  const full = withField(
    createFinder(
      corpus.map((row) => documentOf(row)),
      train.map((row) => prepare(text(row, 'text'))),
    ),
    field,
  )
  const before = performance.now()
  const answered = queries.map((row) => ({ right: rightOf(row), found: full(text(row, 'text')), ranked: rankHits(full(text(row, 'text')), learned) }))
  const msPerQuery = (performance.now() - before) / queries.length / 2
  const ranks = answered.map(({ right, ranked }) => ranked.findIndex((hit) => right.has(hit.at)))
  const sure = answered.map(({ right, ranked }) => ({ confidence: ranked[0]?.confidence ?? 0, right: right.has(ranked[0]?.at ?? -1) }))
  const there = answered.map(({ ranked }) => presence(ranked))
  const gone = answered.map(({ right, found }) => presence(rankHits(removed(found, right), learned)))
  const texts = corpus.map((row) =>
    documentOf(row)
      .fields.map((one) => one.text)
      .join(' '),
  )
  const plain = queries.map((row) => ({ text: text(row, 'text'), right: rightOf(row) }))
  return {
    ...scores(ranks),
    coverageAt90: coverage(sure),
    missingAuroc: round(auroc(there, gone)),
    msPerQuery: round(msPerQuery),
    queries: queries.length,
    baselines: { minisearch: scores(miniBaseline(texts, plain)), fuse: scores(fuseBaseline(texts, plain)) },
  }
}

/** Learns how to weigh from questions whose answers are known, with and without the answer in the pool. */
function learnFrom(find: (text: string) => readonly SearchHit[], train: readonly Row[], rightOf: (row: Row) => ReadonlySet<number>) {
  if (train.length < 50) return { weights: [...ranking.weights, 0], presence: [...ranking.presence.slice(0, -2), 0, ...ranking.presence.slice(-2)] }
  const samples = train.map((row): Sample => {
    const right = rightOf(row)
    return { hits: find(text(row, 'text')), right: (at) => right.has(at) }
  })
  const missing = samples.map(({ hits, right }): Sample => ({ hits: hits.filter((hit) => !right(hit.at)), right: () => false }))
  return learnRanking([...samples, ...missing], { weights: [0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1], presence: [] }, 300)
}

/** Which office a question is for, learned from questions whose office is known: a feature beside the words. */
function departmentOf(corpus: readonly Row[], train: readonly Row[]): (question: string) => (at: number) => number {
  const known = train.filter((row) => typeof row['dept'] === 'string')
  const own = corpus.map((row) => ({ text: flat(row, 'text').slice(0, 120), label: text(row, 'dept') })).filter((one) => one.text && one.label)
  const model =
    own.length > 50
      ? trainClassifier([...known.map((row) => ({ text: flat(row, 'text'), label: text(row, 'dept') })), ...own], {
          kinds: { characters: 2, sounds: false, edges: true },
          rounds: 15,
          cost: 1,
          sharpness: 3,
        })
      : undefined
  return (question) => {
    const chances = new Map(model?.classify(flatten(normalise(question))).map((one) => [one.label, one.confidence]))
    return (at) => chances.get(text(corpus[at] ?? {}, 'dept')) ?? 0
  }
}

const withField =
  (find: (text: string) => readonly SearchHit[], field: ReturnType<typeof departmentOf>) =>
  (question: string): readonly SearchHit[] => {
    const chance = field(question)
    return find(question).map(({ at, features }) => ({ at, features: [...features, chance(at)] }))
  }

const removed = (hits: readonly SearchHit[], right: ReadonlySet<number>) => hits.filter((hit) => !right.has(hit.at))
const presence = (ranked: readonly { readonly confidence: number }[]) => ranked.reduce((sum, hit) => sum + hit.confidence, 0)

function classify() {
  const label = values.label ?? 'label'
  const examples = labelled(rows(values.train), label)
  const test = labelled(rows(values.test), label)
  const before = performance.now()
  const model = trainClassifier(examples, {
    kinds: { characters: 3, sounds: false, edges: true },
    rounds: 15,
    cost: 1,
    sharpness: 3,
    rarest: examples.length > 4000 ? 2 : 1,
    contrast: 0.5,
  })
  const trainMs = performance.now() - before
  const from = performance.now()
  const answers = test.map(({ text }) => model.classify(text)[0])
  const msPerQuery = (performance.now() - from) / test.length
  const guesses = answers.map((answer) => answer?.label ?? '')
  const sure = answers.map((answer, at) => ({ confidence: answer?.confidence ?? 0, right: answer?.label === test[at]?.label }))
  return {
    ...measure(guesses, test),
    coverageAt90: coverage(sure),
    trainMs: Math.round(trainMs),
    msPerQuery: round(msPerQuery),
    queries: test.length,
    baselines: { naturalBayes: measure(bayesBaseline(examples, test.slice(0, bayesTests)), test.slice(0, bayesTests)) },
  }
}

/** natural walks its whole vocabulary for every answer: so many tell enough. */
const bayesTests = 400

function labelled(all: readonly Row[], label: string): Example[] {
  return all.filter((row) => typeof row[label] === 'string' && row[label] !== '').map((row) => ({ text: flat(row, 'text'), label: text(row, label) }))
}

/** A row as a document: what it is called, what else is said of it, questions known to be answered by it. */
function documentOf(row: Row, asks: readonly string[] = []): Document {
  const called = ['name', 'title', 'short', 'daily'].flatMap((key) => text(row, key) || [])
  const pieces = text(row, 'daily')
    .split(/[,\uff0c\u3001;\uff1b\s]+/)
    .filter((piece) => piece.length > 1)
  const sentences = called.length
    ? []
    : text(row, 'text')
        .split(/[\u3002\uff1b\n?\uff1f]/)
        .filter((one) => one.length > 5)
        .slice(0, 16)
        .map((one) => one.slice(0, 100))
  const names = [...called, ...pieces, ...sentences].map(prepare)
  const rest = ['parent', 'theme', 'who', 'accept', 'materials', 'dept'].map((key) => (called.length ? String(row[key] ?? '').slice(0, 300) : ''))
  return {
    id: text(row, 'id'),
    fields: [
      { text: prepare(called.join('\uff0c')), weight: 3 },
      { text: prepare(text(row, 'text')), weight: 1 },
      { text: asks.map(prepare).join('\uff0c'), weight: 1.5 },
      { text: rest.join('\uff0c'), weight: 0.15 },
    ],
    names: [...new Set(names)],
    asks: asks.map(prepare),
  }
}

function answers(row: Row): string[] {
  const ids = row['items'] ?? row['doc'] ?? row['guide'] ?? []
  return (Array.isArray(ids) ? ids : [ids]).map(String)
}

function rows(file: string | undefined): Row[] {
  if (!file) throw new Error('a file is missing: see the head of tools/evaluate.ts')
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Row => JSON.parse(line))
}

function text(row: Row, key: string): string {
  const value = row[key]
  return typeof value === 'string' ? value : ''
}

const flat = (row: Row, key: string): string => flatten(normalise(text(row, key)))
const round = (x: number): number => Math.round(x * 1000) / 1000

function scores(ranks: readonly number[]) {
  const share = (good: (rank: number) => boolean) => round(ranks.filter((rank) => rank >= 0 && good(rank)).length / ranks.length)
  return {
    top1: share((rank) => rank === 0),
    top3: share((rank) => rank < 3),
    mrr: round(ranks.reduce((sum, rank) => sum + (rank >= 0 ? 1 / (rank + 1) : 0), 0) / ranks.length),
  }
}

/** Largest share of questions that can be answered, surest first, with nine of ten right. */
function coverage(answers: readonly { readonly confidence: number; readonly right: boolean }[]): number {
  const order = [...answers].sort((a, b) => b.confidence - a.confidence)
  let [right, best] = [0, 0]
  for (const [at, answer] of order.entries()) {
    if (answer.right) right += 1
    if (right / (at + 1) >= 0.9) best = at + 1
  }
  return round(best / answers.length)
}

function auroc(positive: readonly number[], negative: readonly number[]): number {
  let wins = 0
  for (const a of positive) for (const b of negative) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / (positive.length * negative.length)
}

function measure(guesses: readonly string[], test: readonly Example[]) {
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

const started = performance.now()
const result = positionals[0] === 'classify' ? classify() : retrieve()
process.stdout.write(
  `${JSON.stringify({ ...result, peakMb: Math.round(process.resourceUsage().maxRSS / 1024), seconds: Math.round((performance.now() - started) / 100) / 10 })}\n`,
)
