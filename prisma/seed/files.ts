import { readFileSync } from 'node:fs'
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
