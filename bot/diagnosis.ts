import { isDiscipline } from '../casework/access.ts'
import type { Department, Office } from '../casework/policy.ts'
import { type Cause, causes, type DemandClass, type Facts, type Flag, type Level, type Proposal } from '../casework/ticket.ts'
import type { Guide } from '../nlp/guide.ts'
import { diagnosis as words } from '../texts/intake.ts'

/** What the messages of a case have shown so far. Plain JSON: it waits in the focus until the case is registered. */
export type Findings = {
  readonly flags: readonly Flag[]
  readonly cause?: { readonly name: string; readonly words: string }
  readonly urgent: boolean
  /** the guide that the matter seems to fall under */
  readonly guideId?: string
  /** every department that was named */
  readonly units?: readonly string[]
}

export const noFindings: Findings = { flags: [], urgent: false }

type Known = { readonly facts: Facts; readonly findings: Findings; readonly guide: Guide | undefined; readonly office: Office }

/** Causes that no single window can remove (应办、有瓶颈). */
const bottlenecks: readonly Cause[] = ['政策空白', '历史遗留', '部门推诿', '涉外']
const manyTrips = 3

/** The office that stands in when nobody else is named. */
const windowId = 'window'
const hallId = 'approval'

/** Proposes class, level, units and flags with the words that led to them. A person confirms; nothing is refused by machine. */
export function propose(known: Known): Proposal {
  const { facts, findings, guide, office } = known
  const cause = causes.find((one) => one === findings.cause?.name)
  const flags = flagsOf(facts, findings)
  const secret =
    facts.confidential === true ||
    isDiscipline({ proposal: { flags, departments: [], demandClass: 'clear', level: 1, reasons: [], ...(cause && { cause }) }, flags }, office.policy)
  const units = unitsOf(known)
  const departments = secret && facts.department ? [windowId] : units.length > 0 ? units : [windowId]
  const foreign = cause === '涉外' || flags.some((flag) => flag.name === '涉外')
  const demandClass = classOf(known, cause, units, foreign)
  const level = levelOf(demandClass, units, foreign)
  return {
    demandClass,
    level,
    ...(cause && { cause }),
    ...(findings.cause && { causeWords: findings.cause.words }),
    ...(guide && { category: guide.field }),
    departments,
    flags,
    reasons: reasonsOf(known, { cause, units, secret, demandClass, foreign, flags }),
  }
}

/** Units that the citizen named, and the one that the guide says is competent; the named one leads. */
function unitsOf({ facts, findings, guide, office }: Known): readonly string[] {
  const said = [...(facts.department ? [facts.department] : []), ...(findings.units ?? [])]
  const named = said.flatMap((one) => unitsCalled(one, office))
  // The hall is where people go, not who decides.
  const deciding = named.map((one) => one.id).filter((id) => id !== hallId || !guide)
  const all = [...deciding, ...(guide ? [guide.department] : [])]
  return [...new Set(all)].slice(0, 4)
}

/** By the very name or id; else by what the words contain. */
function unitsCalled(said: string, { departments }: Office): readonly Department[] {
  const exact = departments.filter((one) => one.id === said || one.name === said)
  return exact.length > 0 ? exact : departments.filter((one) => said.includes(one.name) || one.aliases.some((alias) => said.includes(alias)))
}

function flagsOf(facts: Facts, findings: Findings): readonly Flag[] {
  const flags = [...findings.flags]
  const add = (name: string, said: string) => {
    if (!flags.some((flag) => flag.name === name)) flags.push({ name, words: said })
  }
  if ((facts.visits ?? 0) >= manyTrips) add(words.manyTrips, String(facts.visits))
  if (facts.told && facts.written === false) add(words.noWritten, facts.told)
  return flags
}

function classOf({ facts, guide }: Known, cause: Cause | undefined, units: readonly string[], foreign: boolean): DemandClass {
  if (foreign || units.length > 1 || (cause && bottlenecks.includes(cause))) return 'bottleneck'
  return guide || facts.department || (cause && cause !== '其他') ? 'clear' : 'unclear'
}

/** 一级: the section chief settles it on the spot; 二级: several units meet; 三级: beyond the city's own powers. */
function levelOf(demandClass: DemandClass, units: readonly string[], foreign: boolean): Level {
  if (foreign) return 3
  return demandClass === 'bottleneck' || units.length > 1 ? 2 : 1
}

type Found = { cause: Cause | undefined; units: readonly string[]; secret: boolean; demandClass: DemandClass; foreign: boolean; flags: readonly Flag[] }

function reasonsOf({ facts, findings, guide, office }: Known, found: Found): readonly string[] {
  const reasons: string[] = []
  if (guide) reasons.push(words.guide(guide.title))
  if (facts.department) reasons.push(words.named(facts.department))
  if (found.cause && findings.cause) reasons.push(words.cause(found.cause, findings.cause.words))
  for (const flag of found.flags) reasons.push(words.flag(flag.name, flag.words))
  const first = office.departments.find((one) => one.id === found.units[0])
  if (found.secret && facts.department) reasons.push(words.integrity(first?.name ?? facts.department))
  else if (found.units.length === 0) reasons.push(words.noUnit)
  if (found.units.length > 1) reasons.push(words.several)
  if (found.foreign) reasons.push(words.foreign)
  if (findings.urgent) reasons.push(words.urgent)
  reasons.push(words[found.demandClass])
  return reasons
}
