import { createDanger } from './danger.ts'
import * as talk from './data/talk.ts'
import { findEntities } from './entities.ts'
import type { Guide, GuideMatch } from './guide.ts'
import { createIntents } from './intents.ts'
import { createMatcher } from './match.ts'
import { createGazetteer } from './places.ts'
import { findCause, findDoor, findFlags, isUrgent } from './rules.ts'
import type { Shelf } from './shelf.ts'
import { normalise } from './text.ts'
import type { Aspect, OfficeWords, ReadContext, Understanding } from './understanding.ts'

export type { OfficeWords, ReadContext, Shelf }

export type Understand = (text: string, context: ReadContext) => Understanding

/** An immutable index over guides; build a new one when guides change. */
export type GuideIndex = { readonly match: (text: string) => GuideMatch; readonly size: number }

/** The longest text that asks for a part of a guide and nothing else (「几天能下来」): no ground for worry. */
const bareQuestion = 16

/** Trains the front door and the model of danger (about half a second), or takes them from the shelf; keep the result. */
export function createUnderstanding(words: OfficeWords, shelf?: Shelf): Understand {
  const gazetteer = createGazetteer(words)
  const readIntents = createIntents(shelf)
  const findDanger = createDanger(shelf)
  return (raw, context) => {
    const text = normalise(raw)
    const entities = findEntities(text, context, gazetteer)
    const bereaved = talk.bereaved.test(text)
    const found = bereaved ? undefined : findDanger(text)
    const danger = found?.sure ? found : undefined
    const door = danger ? undefined : findDoor(text)
    const cause = findCause(text)
    const aspect = findAspect(text)
    const flags = findFlags(text)
    const intents = readIntents(text, entities, { danger: danger !== undefined, door: door !== undefined })
    return {
      text,
      intents,
      ...(aspect && { aspect }),
      entities,
      worrying: found?.sure === false && !(aspect !== undefined && text.length <= bareQuestion),
      urgency: danger ? 'critical' : isUrgent(text) ? 'urgent' : 'routine',
      ...(door && { door }),
      ...(cause && { cause }),
      flags: danger ? [{ name: dangerFlags[danger.kind], words: danger.words }, ...flags] : flags,
      correction: talk.correction.test(text),
      cancel: talk.cancel.test(text),
      bereaved,
      asksWhy: talk.asksWhy.test(text),
      declines: talk.declines.test(text),
    }
  }
}

const { dangerFlags } = talk

function findAspect(text: string): Aspect | undefined {
  const letters = /^[a-z\s?？!]+$/i.test(text) ? text.toLowerCase().replace(/[^a-z]/g, '') : undefined
  const aspects = letters === undefined ? talk.aspects : talk.speltAspects
  return aspects.find(([, pattern]) => pattern.test(letters ?? text))?.[0]
}

export function createGuideIndex(guides: readonly Guide[]): GuideIndex {
  return { match: createMatcher(guides), size: guides.length }
}
