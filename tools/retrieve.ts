import { shown, wantsToKnow } from '../nlp/data/thesaurus.ts'
import { createFinder, createGuideSearch, prepare, ranking } from '../nlp/match.ts'
import { learnRanking, type Ranking, rankHits, type Sample } from '../nlp/rank.ts'
import type { Document, Part, SearchHit } from '../nlp/search.ts'
import { loadSeedGuides } from '../prisma/seed/guides.ts'
import { type Answered, fuseBaseline, miniBaseline } from './baselines.ts'
import { type Row, text } from './rows.ts'
import { auroc, coverage, round, scores } from './scores.ts'

type Find = (text: string) => readonly SearchHit[]

export function retrieve(corpus: readonly Row[], train: readonly Row[], queries: readonly Row[]) {
  const place = new Map(corpus.map((row, at) => [text(row, 'id'), at]))
  const rightOf = (row: Row) => new Set(answers(row).flatMap((id) => place.get(id) ?? []))
  const documents = corpus.map(documentOf)
  const find = createFind(
    documents,
    train.map((row) => prepare(text(row, 'text'))),
  )
  const learned = learnFrom(find, train, rightOf)
  const before = performance.now()
  const answered = queries.map((row) => {
    const found = find(text(row, 'text'))
    return { right: rightOf(row), found, ranked: rankHits(found, learned) }
  })
  const msPerQuery = (performance.now() - before) / queries.length
  const gone = answered.map(({ right, found }) => presence(rankHits(without(found, right), learned)))
  const own = judged(
    answered.map(({ right, ranked }) => ({ right, hits: ranked.map(({ at, confidence }) => ({ at, score: confidence })) })),
    answered.map(({ ranked }) => presence(ranked)),
    gone,
  )
  const texts = documents.map(({ fields }) => fields.map((one) => one.text).join(' '))
  const plain = queries.map((row) => ({ text: text(row, 'text'), right: rightOf(row) }))
  const beside = (answer: typeof miniBaseline) => {
    const from = performance.now()
    const all = answer(texts, plain)
    // Its index is in the time.
    const ms = (performance.now() - from) / all.length
    const missing = all.map(({ right, hits }) => hits.find((hit) => !right.has(hit.at))?.score ?? worst)
    return {
      ...judged(
        all,
        all.map(({ hits }) => hits[0]?.score ?? worst),
        missing,
      ),
      msPerQuery: round(ms),
      queries: all.length,
    }
  }
  return { ...own, msPerQuery: round(msPerQuery), queries: queries.length, baselines: { minisearch: beside(miniBaseline), fuse: beside(fuseBaseline) } }
}

/** Nothing was found. */
const worst = -1

/** How good the order is, how much may be answered surely, and whether the surest score tells that the answer is missing. */
function judged(all: readonly Answered[], there: readonly number[], gone: readonly number[]) {
  const places = all.map(({ right, hits }) => hits.findIndex((hit) => right.has(hit.at)))
  const sure = all.map(({ right, hits: [first] }) => ({ confidence: first?.score ?? worst, right: right.has(first?.at ?? -1) }))
  return { ...scores(places), coverageAt90: coverage(sure), missingAuroc: round(auroc(there, gone)) }
}

const without = (hits: readonly SearchHit[], right: ReadonlySet<number>) => hits.filter((hit) => !right.has(hit.at))
const presence = (ranked: readonly { readonly confidence: number }[]) => ranked.reduce((sum, hit) => sum + hit.confidence, 0)

/** Order of BM25 alone. */
const plain = [0, 10, 0, 0, 0, 0, 0, 0, 0, 0]

/**
 * Learns how to weigh from questions whose answers are known, with and without the answer in the pool. A learned order is used only when it
 * beats BM25 alone on questions held back.
 */
function learnFrom(find: Find, train: readonly Row[], rightOf: (row: Row) => ReadonlySet<number>): Ranking {
  if (train.length < 50) return ranking
  const samples = train.map((row): Sample => {
    const right = rightOf(row)
    return { hits: find(text(row, 'text')), right: (at) => right.has(at) }
  })
  const start = { weights: plain, presence: [] }
  const halves = [0, 1].map((half) => samples.filter((_, at) => at % 2 === half))
  const unseen = halves.map((half, at) => quality(half, learnRanking(withMissing(halves[1 - at] ?? []), start, 300, 0).weights))
  const wins = unseen.reduce((sum, one) => sum + one, 0) > quality(samples, plain)
  return learnRanking(withMissing(samples), start, wins ? 300 : 0, 900)
}

const withMissing = (samples: readonly Sample[]): Sample[] => [
  ...samples,
  ...samples.map(({ hits, right }): Sample => ({ hits: hits.filter((hit) => !right(hit.at)), right: () => false })),
]

/** First places count double. */
function quality(samples: readonly Sample[], weights: readonly number[]): number {
  const places = samples.map(({ hits, right }) => rankHits(hits, { weights, presence: [] }).findIndex((hit) => right(hit.at)))
  return places.reduce((sum, place) => sum + (place === 0 ? 2 : place > 0 && place < 3 ? 1 : 0), 0)
}

/** A question that names no document in its own words is asked again with the words of the guides that it seems to mean. */
function createFind(documents: readonly Document[], asked: readonly string[]): Find {
  const find = createFinder(documents, asked)
  if (!documents.some((document) => document.fields[0]?.text)) return find
  const again = createFinder(documents, asked, meantByGuides(), 0.4)
  const isShown = documents.map(({ fields }) => shown.test(fields[0]?.text ?? ''))
  return (question) => {
    const hits = find(question)
    if (hits.some(({ features }) => (features[nameCosine] ?? 0) >= named)) return hits
    if (wantsToKnow.test(question)) return again(question)
    return again(question).map((hit) => (isShown[hit.at] ? { ...hit, features: hit.features.map((one) => one * behind) } : hit))
  }
}

/** What only shows something stands behind what is to be done, unless the question wants to know. */
const behind = 0.9

const nameCosine = 2
const named = 0.6

/** Names of the guides of the seed: they turn citizens' words into official ones. */
function meantByGuides(): (question: string) => Part[] {
  const guides = loadSeedGuides()
  const find = createGuideSearch(guides)
  return (question) =>
    rankHits(find(question), ranking)
      .slice(0, 2)
      .flatMap(({ at, confidence }) =>
        [guides[at]?.title ?? '', ...(guides[at]?.names ?? [])].map((name) => ({ text: prepare(name), weight: 0.3 * confidence })),
      )
}

/** A row as a document: what it is called and what else is said of it. */
function documentOf(row: Row): Document {
  const called = ['name', 'title', 'short', 'daily'].flatMap((key) => text(row, key) || [])
  const pieces = text(row, 'daily')
    .split(/[,\uff0c\u3001;\uff1b\s]+/)
    .filter((piece) => piece.length > 1)
  const body = prepare(text(row, 'text'))
  const names = called.length > 0 ? [...called, ...pieces] : sentencesOf(text(row, 'text'))
  const rest = ['parent', 'theme', 'who', 'accept', 'materials', 'dept'].map((key) => (called.length ? String(row[key] ?? '').slice(0, 300) : ''))
  return {
    id: text(row, 'id'),
    fields: [
      { text: prepare(called.join('\uff0c')), weight: 3 },
      { text: body, weight: 1 },
      // An answer says first what it answers.
      { text: body.slice(0, 60), weight: 0.8 },
      { text: rest.join('\uff0c'), weight: 0.15 },
    ],
    names: [...new Set(names.map(prepare))],
    asks: [],
  }
}

const sentencesOf = (body: string): string[] =>
  body
    .split(/[\u3002\uff1b\n?\uff1f]/)
    .filter((one) => one.length > 5)
    .slice(0, 16)
    .map((one) => one.slice(0, 100))

function answers(row: Row): string[] {
  const ids = row['items'] ?? row['doc'] ?? row['guide'] ?? []
  return (Array.isArray(ids) ? ids : [ids]).map(String)
}
