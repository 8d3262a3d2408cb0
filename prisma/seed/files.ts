import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { z } from 'zod'
import { projectFile } from '../root.ts'

export const seedFile = (name: string): string => projectFile('prisma', 'seed', name)

/** Reads one YAML seed file. @throws Error naming the file and every fault in it */
export function readSeed<T>(name: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parse(readFileSync(seedFile(name), 'utf8')))
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`${name}: ${faults.join('; ')}`)
}

/** Changes when any file of the seed does: reading them all takes a second, which a start should not spend for nothing. */
export function seedDigest(): string {
  const digest = createHash('sha256')
  const names = readdirSync(seedFile(''), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'))
  for (const name of names.sort()) digest.update(`${name}\n`).update(readFileSync(seedFile(name)))
  return digest.digest('hex')
}
