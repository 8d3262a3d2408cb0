import { readdirSync } from 'node:fs'
import { z } from 'zod'
import type { Department } from '../../casework/policy.ts'
import type { Guide } from '../../nlp/guide.ts'
import { readSeed, seedFile } from './files.ts'

const text = z.string().trim().min(1)
const line = text.regex(/^[^\r\n]*$/, 'one line')
const day = z.iso.date()

const department = z.strictObject({ id: text, name: text, aliases: z.array(text), duties: text })

/** The border for guides from seed files and imports; everything inside trusts the type. */
export const guideSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words and hyphens'),
  title: text,
  field: text,
  department: text,
  names: z.array(line),
  asks: z.array(line),
  who: text,
  materials: z.array(z.strictObject({ name: text, copies: text.exactOptional(), issuer: text.exactOptional(), note: text.exactOptional() })),
  steps: z.array(line).min(1),
  where: text,
  time: z.strictObject({ legal: text.exactOptional(), promised: text.exactOptional() }),
  fee: text,
  amount: text.exactOptional(),
  online: text.exactOptional(),
  proxy: text,
  pitfalls: z.array(z.strictObject({ reason: text, remedy: text })),
  basis: z.array(z.strictObject({ title: text, article: text.exactOptional(), since: day })).min(1),
  confirm: z.array(line),
  reviewedOn: day,
})

export const loadSeedDepartments = (): Department[] => readSeed('departments.yaml', z.array(department))

export const loadSeedFields = (): string[] => readSeed('fields.yaml', z.array(text))

export type Known = { readonly fields: ReadonlySet<string>; readonly departments: ReadonlySet<string> }

/** What a guide names that the office does not have. */
export function unknownIn(guide: Pick<Guide, 'field' | 'department'>, { fields, departments }: Known): ('field' | 'department')[] {
  return [...(fields.has(guide.field) ? [] : (['field'] as const)), ...(departments.has(guide.department) ? [] : (['department'] as const))]
}

/** All guides of the seed. @throws Error for a faulty file, a repeated id, an unknown field or department */
export function loadSeedGuides(): Guide[] {
  const files = readdirSync(seedFile('guides'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
  const guides = files.flatMap((name) => readSeed(`guides/${name}`, z.array(guideSchema)))
  const fields = new Set(loadSeedFields())
  const departments = new Set(loadSeedDepartments().map((one) => one.id))
  const seen = new Set<string>()
  for (const guide of guides) {
    if (seen.has(guide.id)) throw new Error(`guide ${guide.id} stands twice`)
    for (const name of unknownIn(guide, { fields, departments })) throw new Error(`guide ${guide.id}: unknown ${name} ${guide[name]}`)
    seen.add(guide.id)
  }
  return guides
}
