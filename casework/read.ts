import { refusals } from '../texts/casework.ts'
import { refusal } from './case.ts'
import { isOnCalendar } from './day.ts'
import type { Command, Refusal } from './decision.ts'
import { type Field, steps } from './stages.ts'

/** Commands that people send; the others come from the bot, from the clock, or from inside. */
const byClockOnly = new Set(['register', 'remind', 'nudge', 'survey'])
const longest = 5_000

/**
 * Makes a command of what a client sent, field by field of the stage table; anything else in it is left out.
 * What is wrong or missing is a refusal that names the field.
 */
export function readCommand(
  body: { readonly type: string } & Readonly<Record<string, unknown>>,
): { ok: true; command: Command } | { ok: false; refusal: Refusal } {
  const step = steps.find((one) => one.command === body.type)
  if (!step || step.inside || byClockOnly.has(body.type)) return { ok: false, refusal: refusal('missingFact', refusals.unknownCommand()) }
  const command: Record<string, unknown> = { type: body.type }
  for (const field of step.fields) {
    const given = body[field.name]
    if (isBlank(given)) {
      if (field.required) return { ok: false, refusal: refusal('missingFact', refusals.missing(field.label)) }
      continue
    }
    const value = readField(field, given)
    if (value === undefined) return { ok: false, refusal: refusal('missingFact', refusals.malformed(field.label)) }
    command[field.name] = value
  }
  // The one border where a client's words become a Command: every field above was read by its kind.
  return { ok: true, command: command as Command }
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && !value.trim())

function readField(field: Field, given: unknown): unknown {
  switch (field.kind) {
    case 'text':
    case 'longtext':
    case 'department':
      return readText(given)
    case 'choice':
      return readChoice(field, given)
    case 'departments':
      return readList(given)
    case 'boolean':
      return typeof given === 'boolean' ? given : undefined
    case 'number':
      return readNumber(given)
    case 'allowance':
      return readAllowance(given)
    case 'survey':
      return readSurvey(given)
    case 'lesson':
      return readLesson(given)
    case 'facts':
      return readFacts(given)
    default:
      return field.kind satisfies never
  }
}

const readText = (given: unknown): string | undefined => (typeof given === 'string' && given.length <= longest ? given.trim() : undefined)
const readNumber = (given: unknown): number | undefined => (typeof given === 'number' && Number.isFinite(given) ? given : undefined)
const readBoolean = (given: unknown): boolean | undefined => (typeof given === 'boolean' ? given : undefined)
const readList = (given: unknown): string[] | undefined =>
  Array.isArray(given) && given.length <= 50 && given.every((one): one is string => typeof one === 'string' && one.length <= longest) ? given : undefined

// Options that the office names are filled in later; their values are fixed all the same.
const fixed: Readonly<Record<string, readonly (string | number)[]>> = { demandClass: ['clear', 'bottleneck', 'unclear'], level: [1, 2, 3] }

function readChoice(field: Field, given: unknown): string | number | undefined {
  const allowed = fixed[field.name] ?? (field.options ?? []).map((option) => option.value)
  // What the case itself lists, a task or an order, is looked up by the rule.
  if (allowed.length === 0) return readText(given)
  return allowed.find((value) => value === given || String(value) === given)
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (given: unknown): given is Fields => typeof given === 'object' && given !== null && !Array.isArray(given)

const units = ['workingDays', 'calendarDays', 'workingHours', 'minutes']

function readAllowance(given: unknown): unknown {
  if (!isFields(given)) return undefined
  const { unit } = given
  const amount = readNumber(given['amount'])
  return amount !== undefined && amount >= 0 && amount <= 1_000 && units.includes(String(unit)) ? { amount, unit } : undefined
}

const solved = ['yes', 'partly', 'no', 'explained']

function readSurvey(given: unknown): unknown {
  if (!isFields(given) || !solved.includes(String(given['solved']))) return undefined
  const rating = readNumber(given['rating'])
  if (!isBlank(given['rating']) && !(rating !== undefined && [1, 2, 3, 4, 5].includes(rating))) return undefined
  return defined({
    solved: given['solved'],
    rating,
    reasons: readList(given['reasons']),
    comment: readText(given['comment']),
    contacted: readBoolean(given['contacted']),
  })
}

function readLesson(given: unknown): unknown {
  if (!isFields(given)) return undefined
  const cause = readText(given['cause'])
  return cause ? defined({ cause, oneOfAKind: given['oneOfAKind'] === true, improvement: readText(given['improvement']) || undefined }) : undefined
}

const textFacts = [
  'name',
  'phone',
  'idNumber',
  'matter',
  'story',
  'department',
  'told',
  'missingPapers',
  'company',
  'address',
  'district',
  'onBehalfOf',
  'guideId',
]
const yesNoFacts = ['written', 'anonymous', 'confidential']

/** `Facts.happenedOn` */
const happened = /^\d{4}-\d{2}(?:-\d{2})?(?:\/\d{4}-\d{2}(?:-\d{2})?)?$/

function readFacts(given: unknown): unknown {
  if (!isFields(given)) return undefined
  const visits = readNumber(given['visits'])
  const on = readText(given['happenedOn'])
  return defined({
    ...Object.fromEntries(textFacts.map((name) => [name, readUnmasked(name, given[name])])),
    ...Object.fromEntries(yesNoFacts.map((name) => [name, readBoolean(given[name])])),
    visits: visits !== undefined && Number.isInteger(visits) && visits >= 0 ? visits : undefined,
    happenedOn: on && happened.test(on) && on.split('/').every(isOnCalendar) ? on : undefined,
  })
}

/** A form shows phone and ID number masked: sent back unchanged, the mask must not take the place of the number. */
function readUnmasked(name: string, given: unknown): string | undefined {
  const text = readText(given)
  return (name === 'phone' || name === 'idNumber') && text?.includes('*') ? undefined : text
}

const defined = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
