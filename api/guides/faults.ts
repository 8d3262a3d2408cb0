import type { z } from 'zod'
import type { Department } from '../../casework/policy.ts'
import type { Guide } from '../../nlp/guide.ts'
import { guideSchema, loadSeedFields, unknownIn } from '../../prisma/seed/guides.ts'
import { columns, parts, faults as words } from '../../texts/guides.ts'

/** What is wrong, and in which part of the guide: 'materials', 1, 'name' is the second paper's name. */
export type Fault = { readonly path: readonly (string | number)[]; readonly text: string }
export type Checked = { readonly ok: true; readonly guide: Guide } | { readonly ok: false; readonly faults: readonly Fault[] }

let fields: ReadonlySet<string> | undefined
export function knownFields(): ReadonlySet<string> {
  fields ??= new Set(loadSeedFields())
  return fields
}

/** The border for guides that people write: the same rules as for the seed files, every fault in the clerk's words. */
export function checkGuide(given: unknown, departments: readonly Department[]): Checked {
  const result = guideSchema.safeParse(given)
  if (!result.success)
    return { ok: false, faults: result.error.issues.map(({ path, ...issue }) => ({ path: path.map(plain), text: textOf(issue, path.map(plain)) })) }
  const guide = result.data
  const unknown = unknownIn(guide, { fields: knownFields(), departments: new Set(departments.map(({ id }) => id)) })
  if (unknown.length > 0) return { ok: false, faults: unknown.map((name) => ({ path: [name], text: words[name](guide[name]) })) }
  return { ok: true, guide }
}

const plain = (step: PropertyKey): string | number => (typeof step === 'number' ? step : String(step))

type Issue = Pick<z.core.$ZodIssue, 'code'> & { readonly format?: unknown; readonly keys?: unknown; readonly origin?: unknown }

function textOf({ code, format, keys, origin }: Issue, path: Fault['path']): string {
  if (code === 'unrecognized_keys') return words.surplus(Array.isArray(keys) ? keys.join('、') : '')
  if (code === 'too_small') return origin === 'array' ? words.atLeastOne : words.required
  if (code === 'invalid_type') return words.required
  if (format === 'date') return words.day
  if (path[0] === 'id') return words.id
  return format === 'regex' ? words.oneLine : words.other
}

/** 「材料第 2 条的份数」 */
export function placeOf([part = '', at, column]: Fault['path']): string {
  if (part === 'time') return typeof at === 'string' && at in parts ? parts[at as keyof typeof parts] : parts.time
  const name = Object.hasOwn(parts, part) ? parts[part as keyof typeof parts] : String(part)
  if (typeof at !== 'number') return name
  const list: Readonly<Record<string, string>> = Object.hasOwn(columns, part) ? columns[part as keyof typeof columns] : {}
  const title = typeof column === 'string' ? list[column] : undefined
  return title ? words.nthColumn(name, at + 1, title) : words.nth(name, at + 1)
}

export const sayFaults = (faults: readonly Fault[]): string => words.all(faults.map(({ path, text }) => words.at(placeOf(path), text)))
