import { fillers } from './data/talk.ts'
import { asking, thesaurus } from './data/thesaurus.ts'
import type { Guide, GuideHit, GuideMatch } from './guide.ts'
import { createLetters } from './letters.ts'
import { sound } from './pinyin.ts'
import { type Ranking, rankHits } from './rank.ts'
import { createSearch, type Document, type Part, type SearchHit } from './search.ts'
import { flatten, normalise } from './text.ts'

const offered = 5

const longest = 160
/** Offered as a choice from here on. */
const possible = 0.3
/** Answered at once when at least so sure, of what the guide's own words do not say as far as below. */
const sure = 0.58
/**
 * The more of the question's syllables the guide's names, asks and their synonyms do not say, the surer it must be: 「外星人登记」 is no registration of
 * ours. Of 917 questions as many are answered right as with one limit of .62 for all, and fewer from a neighbour where their own guide is taken out.
 */
const sureOfSaid = 0.38
const sureOfUnsaid = 0.9
/** Letters have no sounds to be held against the guide, and too few syllables say nothing. */
const sureOfLetters = 0.62
const leastSyllables = 4

export const ranking: Ranking = {
  weights: [0.75, 5.25, 2.4, 2.7, 0.9, 0.9, 1.65, 1.05, 0.45, 0.45],
  presence: [0.03, 7, 0.67, 1.21, 0.45, 0.81, 0.02, 0.65, 0.07, 1.23, 0.39, -8],
}

export function createMatcher(guides: readonly Guide[]): (text: string) => GuideMatch {
  const find = createGuideSearch(guides)
  const said = createSaid(guides)
  return (text) => decide(guides, find(text), (at) => said(text, at))
}

/** The best hits of a question with what a ranking sees of them. */
export const createGuideSearch = (guides: readonly Guide[]): ((text: string) => readonly SearchHit[]) => createFinder(guides.map(documentOf))

/** Names are short and say it in pairs of characters; in a long text that has no name single characters tell as well. */
const named = { b: 0.4, single: 0.3, sounded: 0.4 }
const unnamed = { b: 0.75, single: 2.5, sounded: 0.15 }

/** Finds documents of any kind: guides here, other collections where the engine is measured. */
export function createFinder(
  documents: readonly Document[],
  questions: readonly string[] = documents.flatMap((document) => document.asks),
  /** what else a question may mean, from knowledge of one's own */
  meant: (text: string) => readonly Part[] = () => [],
  /** what a word weighs that was put beside one of the question's */
  synonym = 0.2,
): (text: string) => readonly SearchHit[] {
  const isNamed = documents.some((document) => document.fields[0]?.text)
  const search = createSearch(documents, { pool: 30, k1: 1.2, ...(isNamed ? named : unnamed), questions: [...questions, ...asking] })
  const expand = createExpansion(documents, synonym)
  return (text) => search.find([...expand(text), ...meant(text)])
}

export function documentOf(guide: Guide): Document {
  const names = [guide.title, ...titleParts(guide.title), ...guide.names].map(prepare)
  const body = [...guide.materials.map((one) => one.name), ...guide.pitfalls.map((one) => one.reason), guide.who, guide.field]
  return {
    id: guide.id,
    fields: [
      { text: prepare(guide.title), weight: 3 },
      { text: names.slice(1).join('\uff0c'), weight: 2.5 },
      { text: guide.asks.map(prepare).join('\uff0c'), weight: 1.5 },
      { text: prepare(body.join('\uff0c')), weight: 0.3 },
    ],
    names: [...new Set(names)],
    asks: [...new Set(guide.asks.map(prepare))],
  }
}

/** 「公积金提取（买房、租房）」 is known by what stands before the brackets and by each thing within. */
function titleParts(title: string): string[] {
  const [before = '', within = ''] = title.split(/[(\uff08]/)
  const inner = within.replace(/[)\uff09].*$/, '')
  return inner ? [before, ...inner.split(/[\u3001,\uff0c]/).filter((part) => part.length > 2)] : []
}

/** What a text is about: without asking, manners and marks. A text that is nothing else stays as it is. */
export function prepare(text: string): string {
  const flat = flatten(normalise(text))
  return core(flat, flat.replace(/[?!]/g, ''))
}

function core(flat: string, otherwise: string): string {
  let rest = flat.replace(/[?!]/g, '\uff0c')
  for (const filler of fillers) rest = rest.replace(filler, '\uff0c')
  rest = rest.replace(/\uff0c+/g, '\uff0c').replace(/^\uff0c|\uff0c$/g, '')
  return rest.length < 2 ? otherwise : rest
}

/** What share of a question's syllables the guide's names, asks and their synonyms say; undefined of a question of letters or of too few. */
function createSaid(guides: readonly Guide[]): (text: string, at: number) => number | undefined {
  const heard = new Map<number, ReadonlySet<number>>()
  const soundsOf = (guide: Guide): ReadonlySet<number> => {
    const own = [guide.title, ...guide.names, ...guide.asks].map(prepare).join('\n')
    const alike = thesaurus.filter((line) => line.some((word) => word.length > 1 && own.includes(word)))
    return new Set(sounds([own, ...alike.flat()].join('\n')))
  }
  return (text, at) => {
    const asked = sounds(clip(prepare(text)))
    const guide = guides[at]
    if (!guide || asked.length < leastSyllables) return undefined
    const known = heard.get(at) ?? soundsOf(guide)
    heard.set(at, known)
    return asked.filter((one) => known.has(one)).length / asked.length
  }
}

const sounds = (text: string): number[] => Array.from(text, (char) => sound(char.charCodeAt(0))).filter((one) => one > 0)

function limit(said: number | undefined): number {
  return said === undefined ? sureOfLetters : Math.max(sure, sureOfSaid + sureOfUnsaid * (1 - said))
}

function decide(guides: readonly Guide[], found: readonly SearchHit[], said: (at: number) => number | undefined): GuideMatch {
  const ranked = rankHits(found, ranking).slice(0, offered)
  const hits = ranked.flatMap(({ at, confidence }): GuideHit[] => {
    const guide = guides[at]
    return guide ? [{ id: guide.id, title: guide.title, score: Math.round(confidence * 1000) / 1000 }] : []
  })
  const [first] = hits
  const together = hits.reduce((sum, hit) => sum + hit.score, 0)
  if (first && ranked[0] && first.score >= sure && first.score >= limit(said(ranked[0].at))) return { decision: 'answer', guides: hits }
  return { decision: first && together >= possible ? 'choose' : 'none', guides: hits }
}

/** The question, and beside it what its words, letters and sounds also may mean. */
function createExpansion(documents: readonly Document[], synonym: number): (text: string) => readonly Part[] {
  const words = new Map<string, readonly string[]>()
  for (const line of thesaurus)
    for (const word of line) {
      // As a question has it once the words of asking are out: 「户口怎么消」.
      const said = core(word, word)
      if (said.length > 1) words.set(said, [...(words.get(said) ?? []), ...line.filter((other) => other !== word)])
    }
  const first = new Set([...words.keys()].map((word) => word.charCodeAt(0)))
  const letters = createLetters(documents)
  return (raw) => {
    const flat = clip(flatten(normalise(raw)))
    const text = core(flat, '')
    const parts: Part[] = [{ text: text.replace(/[a-z]{2,}/g, (word) => (letters.isWord(word) ? word : '')), weight: 1 }]
    for (const other of synonymsIn(text, words, first)) parts.push({ text: other, weight: synonym })
    for (const [run] of flat.matchAll(/[a-z]{2,}(?:[ ,\uff0c][a-z]+)*/g)) parts.push(...letters.read(run))
    return parts
  }
}

const clip = (text: string): string => (text.length <= longest * 2 ? text : text.slice(0, longest) + text.slice(-longest))

function synonymsIn(text: string, words: ReadonlyMap<string, readonly string[]>, first: ReadonlySet<number>): Set<string> {
  const found = new Set<string>()
  const end = Math.min(text.length, longest)
  for (let at = 0; at < end; at++) {
    if (!first.has(text.charCodeAt(at))) continue
    for (let length = Math.min(8, text.length - at); length > 1; length--) {
      const others = words.get(text.slice(at, at + length))
      if (!others) continue
      for (const other of others.slice(0, 6)) found.add(other)
      break
    }
  }
  return found
}
