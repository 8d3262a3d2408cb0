import type { Facts } from '../casework/ticket.ts'
import { causes, type Flag } from '../casework/ticket.ts'
import type { Guide, GuideHit, GuideMatch } from '../nlp/guide.ts'
import type { Entity, Understanding } from '../nlp/understanding.ts'
import { hears } from '../texts/hears.ts'
import { type Findings, noFindings } from './diagnosis.ts'
import { departmentsIn, factsIn, merge, told } from './facts.ts'
import { matterAnswer, matterIn, speaksOf, spokenTitle, swapped } from './matter.ts'
import { wordsOf } from './reply.ts'
import type { Focus, Lookup, TurnInput } from './turn.ts'

/** A case that is being taken down. */
export type Draft = { readonly facts: Facts; readonly findings: Findings }

const nothing: GuideMatch = { decision: 'none', guides: [] }

/** Takes everything that the message tells, whatever was asked. */
export function gather(input: TurnInput, lookup: Lookup, known: Draft, asking: string | undefined): Draft {
  const { understanding } = input
  if (hears.wantsToRegister.test(wordsOf(input))) return known
  const text = calmWords(input)
  const { correction } = understanding
  const said = factsIn(understanding)
  const line = storyLine(input, asking)
  // A phone number or a bare name names no guide.
  const match = line || asking === 'matter' ? lookup.match(text.replace(hears.troubles, hears.comma) || text) : nothing
  const names = namesOf(match, lookup)
  const about = said.company ? text.replace(said.company, '') : text
  const matterFrom = (words: string) => matterOf(words, known.facts, names, asking, understanding)
  // What the window said names papers; the matter is what the citizen says himself.
  const named = matterFrom(said.told && asking !== 'matter' ? about.replace(said.told, '') : about)
  const talked = named ? undefined : talkedAbout(input, lookup, known)
  const matter = named ?? (talked ? spokenTitle(talked) : (matterFrom(about) ?? askedBefore(input, lookup, known)))
  const answered = answerTo(asking, text, said)
  const { department, ...others } = said
  // The department that was named first stays, unless it is taken back.
  const isNew = department !== undefined && (!known.facts.department || correction || asking === 'department')
  const fresh: Facts = { ...answered, ...others, ...(isNew && { department }), ...(matter && { matter }) }
  const facts = merge(known.facts, fresh, correction)
  const story = told(facts.story, line)
  const findings = found(known.findings, understanding)
  return placed(
    { facts: { ...facts, ...(story && { story }) }, findings },
    talked ? [{ guideId: talked.id, title: spokenTitle(talked), sure: true }] : nearest(text, matter, match, lookup),
    matter,
  )
}

/** 「派出所不给补」 after a question on lost identity cards is about that guide. */
function talkedAbout({ conversation, understanding }: TurnInput, lookup: Lookup, known: Draft): Guide | undefined {
  const isTrouble = understanding.intents[0]?.name === 'unresolved'
  const { guideId } = conversation.memory
  return known.facts.matter || !isTrouble || guideId === undefined ? undefined : lookup.guide(guideId)
}

/** 「我跑了四趟了」 after a question that was not settled yet is about what was asked there. */
function askedBefore({ conversation, understanding }: TurnInput, lookup: Lookup, known: Draft): string | undefined {
  const { lastQuestion, misses } = conversation.memory
  const isTrouble = understanding.intents[0]?.name === 'unresolved'
  if (known.facts.matter || !isTrouble || !lastQuestion || misses === 0) return undefined
  return matterIn(lastQuestion, namesOf(lookup.match(lastQuestion), lookup))
}

/** What citizens call the guides that are nearest. */
const namesOf = (match: GuideMatch, lookup: Lookup): string[] => match.guides.slice(0, 3).flatMap((hit) => lookup.guide(hit.id)?.names ?? [])

function matterOf(text: string, known: Facts, names: readonly string[], asking: string | undefined, { correction, aspect }: Understanding): string | undefined {
  // 「一个月给多少」 names no matter.
  const isAsking = aspect !== undefined && hears.question.test(text)
  const other = swapped(text, known.matter)
  if (other) return other
  if (asking === 'matter' && !isAsking) return matterAnswer(text, names)
  if (known.matter && !correction) return undefined
  return matterIn(text, names)
}

/** A short answer to a question about a single fact is that fact, even if the words are nobody's lexicon's. */
function answerTo(asking: string | undefined, text: string, said: Facts): Facts {
  const surname = said.name ? undefined : hears.surname.exec(text)?.[1]
  if (surname) return { name: surname }
  if (hears.dontKnow.test(text) || hears.refuseWord.test(text) || text.length > 20) return {}
  if (asking === 'department' && !said.department && hears.office.test(text)) return { department: text.replace(hears.particles, '') }
  return {}
}

function found(known: Findings, understanding: Understanding): Findings {
  const { flags, cause, urgency } = understanding
  const fresh = flags.filter((flag) => !known.flags.some((one) => one.name === flag.name))
  // The first cause that says something stays; 其他 gives way.
  const better = cause && (!known.cause || known.cause.name === causes.at(-1)) ? cause : known.cause
  const units = [...new Set([...(understanding.correction ? [] : (known.units ?? [])), ...departmentsIn(understanding)])]
  return { ...known, flags: [...known.flags, ...fresh], units, ...(better && { cause: better }), urgent: known.urgent || urgency !== 'routine' }
}

/** The guides that the words name, by the matter before the whole message. */
function nearest(text: string, matter: string | undefined, match: GuideMatch, lookup: Lookup): readonly Near[] {
  const matches = matter ? [lookup.match(matter), match] : [match]
  const found = matches.flatMap(({ decision, guides }) => {
    const hit = decision === 'none' ? undefined : guides.find((one) => isNamed(`${matter ?? ''} ${text}`, one, lookup.guide(one.id)))
    const guide = hit && lookup.guide(hit.id)
    return hit && guide ? [{ guideId: hit.id, title: spokenTitle(guide), sure: decision === 'answer' && hit === guides[0] }] : []
  })
  return found.toSorted((a, b) => Number(b.sure) - Number(a.sure))
}

type Near = { readonly guideId: string; readonly title: string; readonly sure: boolean }

/** Named in so many words, or a long story that is near enough to propose by. */
const isNamed = (text: string, hit: GuideHit, guide: Guide | undefined) =>
  guide !== undefined && (speaksOf(text, guide) || (text.length >= longStory && hit.score >= nearEnough))
const longStory = 25
const nearEnough = 0.3

/** Which guide the matter falls under: for the unit and the field, and its title where the citizen gave no name. */
function placed({ facts, findings }: Draft, [near]: readonly Near[], matter: string | undefined): Draft {
  if (!near || ((facts.guideId || findings.guideId) && !matter)) return { facts, findings }
  const { guideId, title, sure } = near
  const named = facts.matter ?? (sure ? title : undefined)
  // Another matter has another guide, even if only the nearest: the old one would be wrong for certain.
  const isOther = facts.guideId !== undefined && matter !== undefined
  return { facts: { ...facts, ...(named && { matter: named }), ...((sure || isOther) && { guideId }) }, findings: { ...findings, guideId } }
}

/** The words without those that refuse to be asked, at the same places. */
const calmWords = (input: TurnInput): string => wordsOf(input).replace(hears.impatient, (words) => hears.comma.repeat(words.length))

/** Refuses to be asked any more: 「你别问那么多」. */
export const isImpatient = (input: TurnInput): boolean => input.content.kind === 'text' && calmWords(input) !== wordsOf(input)

/** What of the message belongs into the story: all but who the citizen is and how to reach them. */
export function storyLine(input: TurnInput, asking: string | undefined): string {
  if (input.content.kind !== 'text') return ''
  const text = calmWords(input)
  if (asking === 'name' && hears.noPhone.test(text)) return ''
  if (hears.refuseWord.test(text) || isShortAnswer(input.understanding, asking)) return ''
  const rest = withoutContact(text, input.understanding.entities)
  return rest.length < 4 ? '' : rest
}

function isShortAnswer({ text, cause, flags }: Understanding, asking: string | undefined): boolean {
  if (asking === 'matter') return text.length <= 12 && !cause && flags.length === 0
  return asking === 'department' && hears.office.test(text)
}

const secret = ['phone', 'idNumber', 'wrongIdNumber']

/** The clauses without those that only say who speaks and how to reach them; phone and ID number stand in their own, protected fields. */
function withoutContact(text: string, entities: readonly Entity[]): string {
  const kept: string[] = []
  let start = 0
  // A number with blanks in it is still one number.
  const open = entities.filter((one) => secret.includes(one.kind)).reduce(blotted, text)
  for (const clause of open.split(hears.clauseEnd)) {
    const end = start + clause.length
    const inside = entities.filter((one) => one.start >= start && one.end <= end)
    if (hears.care.test(clause) && inside.length === 0) {
      start = end + 1
      continue
    }
    const bare = cut(
      clause,
      start,
      inside.filter((one) => one.kind === 'name' || one.kind === 'company' || one.kind === 'address' || secret.includes(one.kind)),
    )
    if (bare.replace(hears.contactFiller, '').length >= 2)
      kept.push(
        cut(
          clause,
          start,
          inside.filter((one) => secret.includes(one.kind)),
        ).trim(),
      )
    start = end + 1
  }
  return kept.filter(Boolean).join(hears.comma)
}

const blotted = (text: string, { start, end }: Entity): string => text.slice(0, start) + hears.comma.repeat(end - start) + text.slice(end)

function cut(clause: string, from: number, entities: readonly Entity[]): string {
  const last = entities.toSorted((a, b) => b.start - a.start)
  return last.reduce((left, one) => left.slice(0, one.start - from) + left.slice(one.end - from), clause)
}

/** Where it got stuck is known: what was said, what is missing, a cause, or a story with a reason in it. */
export function knowsWhatHappened({ facts, findings }: Draft): boolean {
  const cause = findings.cause && findings.cause.name !== causes.at(-1)
  const story = facts.story ?? ''
  return !!facts.told || !!facts.missingPapers || !!cause || story.length >= 30 || (story.length >= 10 && hears.gaveReason.test(story))
}

export function draftOf(input: TurnInput): Draft {
  const { focus, memory } = input.conversation
  return { facts: memory.facts, findings: findingsIn(focus) }
}

function findingsIn(focus: Focus | undefined): Findings {
  const kept = focus?.slots['findings']
  return isFindings(kept) ? kept : noFindings
}

function isFindings(value: unknown): value is Findings {
  return typeof value === 'object' && value !== null && 'flags' in value && Array.isArray(value.flags) && value.flags.every(isFlag)
}

function isFlag(value: unknown): value is Flag {
  return typeof value === 'object' && value !== null && 'name' in value && 'words' in value
}
