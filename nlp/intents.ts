import * as front from './data/front.ts'
import { alarming, labelled } from './data/sentences/index.ts'
import { type Classifier, trainClassifier } from './linear.ts'
import type { Shelf } from './shelf.ts'
import { flatten } from './text.ts'
import type { Entity, Intent, IntentName } from './understanding.ts'

/** What was found before. */
export type Ruled = { readonly danger: boolean; readonly door: boolean }
export type ReadIntents = (text: string, entities: readonly Entity[], ruled: Ruled) => readonly Intent[]

const names: readonly IntentName[] = [
  'guide',
  'unresolved',
  'status',
  'human',
  'chitchat',
  'offtopic',
  'emergency',
  'boundary',
  'abuse',
  'affirm',
  'deny',
  'feedback',
]
const isName = (label: string): label is IntentName => names.some((name) => name === label)
/** The beginning and the end of a long message say what it is about. */
const span = 300

/** As many sentences of danger as of another intent keep its words apart from theirs; whether there is danger is not asked here. */
const danger = alarming.filter(({ label }) => label !== 'calm').flatMap(({ text }, at) => (at % 20 === 0 ? [{ text, label: 'emergency' }] : []))

export function createIntents(shelf?: Shelf): ReadIntents {
  const model = trainClassifier(
    [...labelled, ...danger].map(({ text, label }) => ({ text: flatten(text), label })),
    { kinds: { characters: 3, sounds: true, edges: true }, rounds: 12, cost: 1, sharpness: 3 },
    shelf,
  )
  return (text, entities, found) => {
    const flat = flatten(text.length > 2 * span ? `${text.slice(0, span)}\n${text.slice(-span)}` : text)
    const learned = classify(model, flat).filter(({ name }) => name !== 'emergency')
    const ruled = rule(flat, entities, learned, model, found)
    if (!ruled) return learned
    const rest = learned.filter((one) => one.name !== ruled.name).map((one) => ({ ...one, confidence: one.confidence * (1 - ruled.confidence) }))
    return [ruled, ...rest]
  }
}

function classify(model: Classifier, flat: string): Intent[] {
  return model.classify(flat).flatMap(({ label, confidence }) => (isName(label) ? [{ name: label, confidence }] : []))
}

/** What words alone settle. Danger comes before everything, a request before the insult that carries it. */
function rule(flat: string, entities: readonly Entity[], learned: readonly Intent[], model: Classifier, found: Ruled): Intent | undefined {
  const is = (name: IntentName, confidence: number): Intent => ({ name, confidence })
  if (found.danger) return is('emergency', 0.99)
  const isSpelt = /^[a-z?!\uff0c]+$/.test(flat)
  const said = isSpelt ? flat.replaceAll('\uff0c', '') : flat
  if (front.greetings.test(said)) return is('chitchat', 0.97)
  if (front.yesWords.test(said)) return is('affirm', 0.97)
  if (front.noWords.test(said)) return is('deny', 0.97)
  // Of letters the model has seen too few: what is no word of manners is most likely the name of a matter.
  if (isSpelt && flat.length <= 6 && !front.swearing.test(flat)) return is('guide', 0.5)
  if (front.wantsPerson.test(flat) && !front.notPerson.test(flat)) return is('human', 0.97)
  if (found.door) return is('boundary', 0.93)
  if (front.lost.test(flat)) return is('guide', 0.8)
  const failed = front.failure.test(flat)
  if (entities.some((one) => one.kind === 'ticketNumber' || one.kind === 'queryCode') || (front.asksStatus.test(flat) && !failed)) return is('status', 0.93)
  if (failed) return is('unresolved', 0.9)
  const calm = flat
    .replace(front.swearing, '\uff0c')
    .replace(/\uff0c+/g, '\uff0c')
    .replace(/^\uff0c|\uff0c$/g, '')
  if (calm === flat) return learned[0]?.name === 'boundary' ? unless(learned) : undefined
  const request = calm.length >= front.leastRequest ? classify(model, calm).find((one) => one.name !== 'boundary' && one.name !== 'emergency') : undefined
  if (request && ['guide', 'unresolved', 'status', 'human'].includes(request.name)) return is(request.name, Math.max(0.6, request.confidence))
  return is('abuse', 0.9)
}

/** The model alone does not send away: the rules know those words. A strong voice still counts. */
function unless(learned: readonly Intent[]): Intent | undefined {
  const [top, second] = learned
  return top && second && top.confidence < 0.5 ? { name: second.name, confidence: top.confidence } : top
}
