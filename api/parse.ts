import type { z } from 'zod'
import { problems } from '../texts/api.ts'
import { ProblemError } from './problems.ts'

/** The border for request bodies and queries. @throws ProblemError 'malformed' */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (!result.success) throw new ProblemError('malformed', problems.malformed)
  return result.data
}
