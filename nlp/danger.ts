import { calming, people, perils } from './data/concepts.ts'
import { misheard, plain, spelt, unmistakable } from './data/danger.ts'
import { asksStatus, deletesOwn, elliptic, greetings, noWords, wantsPerson, yesWords } from './data/front.ts'
import { alarming, labelled } from './data/sentences/index.ts'
import { type Classifier, trainClassifier } from './linear.ts'
import { cut } from './pinyin.ts'
import type { Shelf } from './shelf.ts'
import { flatten } from './text.ts'

export type Danger = {
  readonly kind: 'self' | 'others' | 'accident'
  /** false: too little to call a person, too much to pass over in silence; the citizen is asked */
  readonly sure: boolean
  /** the part of the text that tells of it */
  readonly words: string
}
export type FindDanger = (text: string) => Danger | undefined

/** A miss may cost a life and a false alarm a call: believed below the even chance, beside a plain word sooner still. */
const believed = 0.3
const believedPlain = 0.18
/** Where no word of any peril stands, what people say between question and answer is far likelier. */
const believedBare = 0.45
/** Words of manners, or for a person, say plainly what is wanted. */
const believedManners = 0.8
/** A part of a longer text has lost what calms it: it must be surer by itself, without a plain word more so. */
const believedPart = 0.9
const believedPlainPart = 0.8
/** From here on it is asked whether there is danger: of ordinary questions about one in a hundred lies between this and what is believed. */
const suspected = 0.05
const suspectedPlain = 0.02
const suspectedBare = 0.1
const suspectedManners = 0.3
const suspectedPart = 0.3
const suspectedPlainPart = 0.1
const longText = 30
const wordsKept = 30
const manners = [greetings, yesWords, noWords, wantsPerson, asksStatus, elliptic, deletesOwn]

/** Letters hold none of the characters that the model knows; only whole words of pinyin tell. */
const isLatin = /^[a-z\s,.!?~\uff0c\u3002\uff01\uff1f]+$/i
const concepts = [...people, ...perils, ...calming]
/** Letters that no citizen types stand for the concepts: U+1100 and up. */
const firstSign = 0x1100

/** Danger to a life, in plain or veiled words, also as voice input writes them: by letters, by sounds and by which concepts meet. */
export function createDanger(shelf?: Shelf): FindDanger {
  const model = trainClassifier(
    [...alarming, ...labelled.map(({ text }) => ({ text, label: 'calm' }))].map(({ text, label }) => ({ text: signed(flatten(text)), label })),
    { kinds: { characters: 2, sounds: true, edges: true }, rounds: 12, cost: 3, sharpness: 3 },
    shelf,
  )
  return (text) => {
    if (isLatin.test(text)) return isSpelt(text) ? danger('self', true, text) : undefined
    if (misheard.test(text) || unmistakable.test(text)) return danger('self', true, text)
    const part = text.length >= longText ? worst(model, text) : undefined
    if (part) return part.doubt >= 0 ? danger(part.kind, part.likely >= sureOfPart(part.words), part.words) : undefined
    const { likely, kind } = weigh(model, text)
    const { sure, unsure } = limits(text)
    return likely >= unsure ? danger(kind, likely >= sure, text) : undefined
  }
}

function limits(text: string): { readonly sure: number; readonly unsure: number } {
  if (plain.test(text)) return { sure: believedPlain, unsure: suspectedPlain }
  const flat = flatten(text)
  if (manners.some((pattern) => pattern.test(flat))) return { sure: believedManners, unsure: suspectedManners }
  return perils.some((peril) => peril.test(flat)) ? { sure: believed, unsure: suspected } : { sure: believedBare, unsure: suspectedBare }
}

const sureOfPart = (text: string): number => (plain.test(text) ? believedPlainPart : believedPart)

type Part = Weighed & { readonly words: string /** by how much it is over what is asked about */; readonly doubt: number }

/**
 * The part of a longer text that tells most of danger. A life told at length meets so many words of people and troubles that the whole of it says
 * nothing: of 456 sentences of danger within a calm ramble the whole shows 306, the part 410, and of 30 calm rambles the whole takes five for danger too.
 */
function worst(model: Classifier, text: string): Part | undefined {
  const parts = sentences(text).map((words) => {
    const weighed = weigh(model, words)
    return { ...weighed, words, doubt: weighed.likely - (plain.test(words) ? suspectedPlainPart : suspectedPart) }
  })
  return parts.reduce<Part | undefined>((most, one) => (most && most.doubt >= one.doubt ? most : one), undefined)
}

const danger = (kind: Danger['kind'], sure: boolean, text: string): Danger => ({ kind, sure, words: text.slice(0, wordsKept) })

type Weighed = { readonly likely: number; readonly kind: Danger['kind'] }

/** How likely danger is, 0..1, and to whom. */
function weigh(model: Classifier, text: string): Weighed {
  const scores = model.classify(signed(flatten(text)))
  const likely = 1 - (scores.find(({ label }) => label === 'calm')?.confidence ?? 0)
  const kind = scores.find(({ label }) => label !== 'calm')?.label
  return { likely, kind: kind === 'self' || kind === 'others' ? kind : 'accident' }
}

/** The text, and behind it every concept in it and every pair of concepts that meet there. */
function signed(flat: string): string {
  const signs = concepts.flatMap((concept, at) => (concept.test(flat) ? [String.fromCharCode(firstSign + at)] : []))
  const pairs = signs.flatMap((one, at) => signs.slice(at + 1).map((other) => one + other))
  return [flat, ...signs, ...pairs].join('\n')
}

/** 「wo bu xiang huo le」, with or without blanks. */
function isSpelt(text: string): boolean {
  const syllables = text.toLowerCase().match(/[a-z]+/g) ?? []
  return spelt.test(` ${syllables.flatMap((one) => cut(one) ?? [one]).join(' ')} `)
}

/** Whole sentences, and two clauses at a time of what has no full stops. */
function sentences(text: string): readonly string[] {
  const clauses = text.split(/(?<=[\u3002\uff01\uff1f!?;\uff1b\n\uff0c,\s])/).filter((clause) => clause.trim().length > 1)
  return clauses.flatMap((clause, at) => [clause, ...(clauses[at + 1] ? [clause + clauses[at + 1]] : [])]).filter((one) => one.length < text.length)
}
