import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { CalendarYear, Policy } from '../../casework/policy.ts'
import type { Role } from '../../casework/ticket.ts'
import { calendarYears, readPolicy, replaceCalendarYear, replacePolicy } from '../../prisma/office.ts'
import { calendarYearSchema, policySchema } from '../../prisma/seed/policy.ts'
import { problems } from '../../texts/api.ts'
import { rules } from '../../texts/rules.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'
import { newId } from '../shell.ts'
import { askForRules } from '../workers/rules.ts'

const editors: readonly Role[] = ['director', 'admin']
const policyBody = z.object({ version: z.number().int().min(1), policy: z.unknown() })
const yearOf = z.object({ year: z.coerce.number().int() })

/** The office's rules and its calendar: read by all, edited by director and administrator; open cases follow by a job. */
export function ruleRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/policy', async (request) => {
    await staffOf(server, request)
    const { version, value } = await readPolicy(shell.db)
    return { version, policy: value }
  })

  app.post('/api/staff/policy', async (request) => {
    const staff = await staffOf(server, request, editors)
    const { version, policy } = parse(policyBody, request.body)
    const value: Policy = checked(policySchema, policy)
    const isReplaced = await shell.db.write(async (sql) => {
      if (!(await replacePolicy(sql, { version, value }, staff.id, shell.now()))) return false
      await askForRules(sql, `policy.${version + 1}`, shell.now())
      return true
    })
    if (!isReplaced) throw new ProblemError('stale', problems.stale)
    await noteAudit(server, staff.id, 'policy replaced', `version ${version + 1}`)
    await shell.knowledge.reload()
    return { version: version + 1, policy: value }
  })

  app.get('/api/staff/calendar', async (request) => {
    await staffOf(server, request)
    return { rows: await calendarYears(shell.db) }
  })

  app.post('/api/staff/calendar/:year', async (request) => {
    const staff = await staffOf(server, request, editors)
    const { year } = parse(yearOf, request.params)
    const value: CalendarYear = checked(calendarYearSchema, request.body)
    if (value.year !== year) throw new ProblemError('malformed', rules.otherYear)
    await shell.db.write(async (sql) => {
      await replaceCalendarYear(sql, value)
      await askForRules(sql, `calendar.${year}.${newId()}`, shell.now())
    })
    await noteAudit(server, staff.id, 'calendar replaced', String(year))
    await shell.knowledge.reload()
    return value
  })
}

/** @throws ProblemError 'malformed' naming the first field that is wrong */
function checked<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const [fault] = result.error.issues
  throw new ProblemError('malformed', rules.fault(fault?.path.join('.') ?? '', fault?.message ?? ''))
}
