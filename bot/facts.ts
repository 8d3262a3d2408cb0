import type { Facts } from '../casework/ticket.ts'
import type { Entity, EntityKind, Understanding } from '../nlp/understanding.ts'
import { hears } from '../texts/hears.ts'

type Changes = { -readonly [K in keyof Facts]?: Facts[K] }

/** Entities that are facts under their own name, as text. */
const named = ['name', 'phone', 'idNumber', 'company', 'address', 'district', 'department', 'told', 'missingPapers', 'onBehalfOf'] as const

/**
 * The facts of a case that a message tells. Of two values of a kind the later counts: people correct themselves within a sentence.
 * Of several departments the first is the one complained of; the others come into the proposal.
 */
export function factsIn(understanding: Understanding): Facts {
  const facts: Changes = {}
  for (const entity of understanding.entities) take(facts, entity, understanding.correction)
  const [department] = departmentsIn(understanding)
  if (facts.told && facts.phone) facts.told = facts.told.replace(facts.phone, '').replace(hears.trailing, '')
  return { ...facts, ...(department !== undefined && { department }) }
}

export function departmentsIn({ entities, correction }: Understanding): readonly string[] {
  const named = entities.filter((entity) => entity.kind === 'department').map((entity) => entity.value)
  return correction ? named.slice(-1) : named
}

function take(facts: Changes, { kind, value }: Entity, correction: boolean): void {
  if (kind === 'missingPapers' && !correction) facts[kind] = papers(facts[kind], value)
  else if (isNamed(kind)) facts[kind] = value
  else if (kind === 'date') facts.happenedOn = isDay(facts.happenedOn) && !isDay(value) ? facts.happenedOn : value
  else if (kind === 'visits' && Number(value) > 0) facts.visits = Number(value)
  else if (kind === 'written') facts.written = value === 'true'
  else if (kind === 'secrecy') facts.confidential = value === 'true'
  else if (kind === 'anonymity') facts.anonymous = value === 'true'
}

/** A further paper comes to those named before; told more exactly it takes the place of the shorter name, unless it is somebody else's. */
function papers(known: string | undefined, fresh: string): string {
  const all = [...(known?.split(hears.listed) ?? []), ...fresh.split(hears.listed)]
  const isSame = (one: string, other: string) => other.length > one.length && other.includes(one) && !hears.whose.test(other.slice(0, other.indexOf(one)))
  const exact = all.map((one) => all.findLast((other) => isSame(one, other)) ?? one)
  return [...new Set(exact)].join(hears.listed)
}

const isDay = (on: string | undefined): on is string => on?.length === 'YYYY-MM-DD'.length

function isNamed(kind: EntityKind): kind is (typeof named)[number] {
  return named.some((name) => name === kind)
}

/** What of `fresh` says something new: the facts to write into a case. */
export function changes(known: Facts, fresh: Facts): Facts {
  const entries = Object.entries(fresh).filter(([key, value]) => value !== undefined && value !== known[key as keyof Facts])
  return Object.fromEntries(entries)
}

/** New values win, but a further missing paper is one more. A value that is taken back goes everywhere: the story that was told with it is mended too. */
export function merge(known: Facts, fresh: Facts, correction: boolean): Facts {
  const merged: Changes = { ...known, ...fresh }
  if (fresh.missingPapers && !correction) merged.missingPapers = papers(known.missingPapers, fresh.missingPapers)
  // A phone that is given after all ends the anonymity that was only about being reached.
  if (fresh.phone && known.anonymous && fresh.anonymous === undefined && known.phone === undefined) merged.anonymous = false
  if (correction && known.story && fresh.story === undefined) merged.story = mended(known, fresh)
  return merged
}

function mended(known: Facts, fresh: Facts): string {
  let story = known.story ?? ''
  for (const kind of named) {
    const [was, is] = [known[kind], fresh[kind]]
    if (was && is && was !== is && was.length >= 2) story = story.replaceAll(was, is)
  }
  return story
}

/** Adds a line to the story, once. */
export function told(story: string | undefined, line: string): string {
  if (!line || story?.includes(line)) return story ?? ''
  return story ? `${story}\n${line}` : line
}
