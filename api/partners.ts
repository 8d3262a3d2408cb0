import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { ConfigError } from './config.ts'

// The secrets stay in the file: the database never holds them.
const partner = z.strictObject({
  name: z.string().min(1).max(60),
  /** what the cases' channel is called in lists and ledgers */
  channel: z.enum(['platform', '12345']),
  secret: z.string().min(32),
  /** where news of its cases are sent; without it, none are */
  webhook: z.url({ protocol: /^https?$/ }).optional(),
})
const partners = z.record(z.string().regex(/^[a-z0-9]{2,30}$/), partner)

/** A system that hands over cases and hears what became of them. */
export type Partner = z.output<typeof partner> & { readonly id: string }
export type Partners = ReadonlyMap<string, Partner>

/** @throws ConfigError with all faults at once, without the values */
export function openPartners(file: string | undefined): Partners {
  if (file === undefined) return new Map()
  const parsed = partners.safeParse(readSettings(file))
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => `PARTNERS_FILE: ${issue.path.join('.')}: ${issue.message}`))
  return new Map(Object.entries(parsed.data).map(([id, one]) => [id, { ...one, id }]))
}

function readSettings(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch {
    // The parser's message quotes the line, and the line may hold a secret.
    throw new ConfigError([`PARTNERS_FILE: ${file} cannot be read as YAML with one entry for each partner`])
  }
}
