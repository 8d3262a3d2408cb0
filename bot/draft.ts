import type { Facts } from '../casework/ticket.ts'
import { causes, type Flag } from '../casework/ticket.ts'
import type { Entity, Understanding } from '../nlp/understanding.ts'
import { hears } from '../texts/hears.ts'
import { type Findings, noFindings } from './diagnosis.ts'
import { factsIn, merge, told } from './facts.ts'
import { matterAnswer, matterIn } from './matter.ts'
import { wordsOf } from './reply.ts'
import type { Focus, Lookup, TurnInput } from './turn.ts'

/** A case that is being taken down. */
export type Draft = { readonly facts: Facts; readonly findings: Findings }

/** Takes everything that the message tells, whatever was asked. */
export function gather(input: TurnInput, lookup: Lookup, known: Draft, asking: string | undefined): Draft {
  const { understanding } = input
  const text = wordsOf(input)
  const { correction } = understanding
  const said = factsIn(understanding)
  const match = lookup.match(text)
  const names = match.guides.slice(0, 3).flatMap((hit) => lookup.guide(hit.id)?.names ?? [])
  const matter = matterOf(text, known.facts, names, asking, correction)
  const answered = answerTo(asking, text, said)
  const fresh: Facts = { ...answered, ...said, ...(matter && { matter }) }
  const facts = merge(known.facts, fresh, correction)
  const line = storyLine(input, asking)
  const story = told(facts.story, line)
  const findings = found(known.findings, understanding)
  return placed({ facts: { ...facts, ...(story && { story }) }, findings }, lookup, text, matter)
}

function matterOf(text: string, known: Facts, names: readonly string[], asking: string | undefined, correction: boolean): string | undefined {
  if (asking === 'matter') return matterAnswer(text, names)
  if (known.matter && !correction) return undefined
  return matterIn(text, names)
}

/** A short answer to a question about a single fact is that fact, even if the words are nobody's lexicon's. */
function answerTo(asking: string | undefined, text: string, said: Facts): Facts {
  if (hears.dontKnow.test(text) || hears.refuseWord.test(text) || text.length > 20) return {}
  if (asking === 'department' && !said.department && Object.keys(said).length === 0) return { department: text.replace(hears.particles, '') }
  return {}
}

function found(known: Findings, { flags, cause, urgency }: Understanding): Findings {
  const fresh = flags.filter((flag) => !known.flags.some((one) => one.name === flag.name))
  // The first cause that says something stays; 其他 gives way.
  const better = cause && (!known.cause || known.cause.name === causes.at(-1)) ? cause : known.cause
  return { ...known, flags: [...known.flags, ...fresh], ...(better && { cause: better }), urgent: known.urgent || urgency !== 'routine' }
}

/** Which guide the matter falls under: for the unit and the field, and its title where the citizen gave no name. */
function placed(draft: Draft, lookup: Lookup, text: string, matter: string | undefined): Draft {
  const { facts, findings } = draft
  if (findings.guideId && !matter) return draft
  for (const words of matter ? [matter, text] : [text]) {
    const { decision, guides } = lookup.match(words)
    const first = guides[0]
    if (!first || decision === 'none') continue
    const sure = decision === 'answer'
    const named = facts.matter ?? (sure ? first.title : undefined)
    return {
      facts: { ...facts, ...(named && { matter: named }), ...(sure && { guideId: first.id }) },
      findings: sure || first.score >= likely ? { ...findings, guideId: first.id } : findings,
    }
  }
  return draft
}

/** Good enough to propose a unit by; a person confirms. */
const likely = 0.4

/** What of the message belongs into the story: all but who the citizen is and how to reach them. */
export function storyLine(input: TurnInput, asking: string | undefined): string {
  if (input.content.kind !== 'text') return ''
  const text = wordsOf(input)
  const rest = without(text, input.understanding.entities)
  if (hears.refuseWord.test(text) || rest.replace(hears.contactFiller, '').length < 4) return ''
  if ((asking === 'matter' || asking === 'department') && text.length <= 12) return ''
  return rest
}

const contact = ['name', 'phone', 'idNumber']

/** The text without the citizen's phone and ID number: they stand in their own, protected fields. */
function without(text: string, entities: readonly Entity[]): string {
  const cut = entities.filter((entity) => contact.includes(entity.kind)).sort((a, b) => b.start - a.start)
  const rest = cut.reduce((left, entity) => left.slice(0, entity.start) + left.slice(entity.end), text)
  return cut.length === 0 ? text : rest.replace(hears.danglingComma, '').trim()
}

/** Where it got stuck is known: what was said, what is missing, a cause, or a story long enough to act on. */
export function knowsWhatHappened({ facts, findings }: Draft): boolean {
  const cause = findings.cause && findings.cause.name !== causes.at(-1)
  return !!facts.told || !!facts.missingPapers || !!cause || (facts.story?.length ?? 0) >= 30
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
