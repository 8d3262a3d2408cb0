import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import type { CalendarYear, Department, Policy } from '../../casework/policy.ts'
import { addDepartment, calendarYears, formerPolicies, readPolicy, replaceCalendarYear, replaceDepartment } from '../../prisma/office.ts'
import { calendarYearSchema, policySchema } from '../../prisma/seed/policy.ts'
import { replaceSetting } from '../../prisma/settings.ts'
import { problems } from '../../texts/api.ts'
import { rules } from '../../texts/rules.ts'
import type { PolicyVersion } from '../contract.ts'
import { knownFields } from '../guides/faults.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { noteAudit, staffOf } from '../session.ts'
import { newId } from '../shell.ts'
import { askForRules } from '../workers/rules.ts'

const policyBody = z.object({ version: z.number().int().min(1), policy: z.unknown() })
const yearOf = z.object({ year: z.coerce.number().int() })
const idOf = z.object({ id: z.string().max(60) })
const words = z.string().trim().min(1).max(60)
const departmentText = z.object({ name: words, aliases: z.array(words).max(30), duties: z.string().trim().max(500) })
const departmentBody = z.object({ was: departmentText, next: departmentText })
const listed = 50

/** The office's rules, calendar and departments: read by all, edited by director and administrator; open cases follow by a job. */
export function ruleRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server

  app.get('/api/staff/policy', async (request) => {
    await staffOf(server, request)
    const { version, value } = await readPolicy(shell.db.read)
    return { version, policy: value }
  })

  app.get('/api/staff/policy/history', async (request): Promise<{ readonly rows: readonly PolicyVersion[] }> => {
    await staffOf(server, request)
    const versions = [await readPolicy(shell.db.read), ...(await formerPolicies(shell.db.read, listed))]
    return { rows: versions.map(({ version, value, at, by }) => ({ version, policy: value, at, by: shell.names.get(by) ?? rules.seed })) }
  })

  app.post('/api/staff/policy', { config: { body: policyBody } }, async (request) => {
    const staff = await staffOf(server, request, areas.rules)
    const { version, policy } = parse(policyBody, request.body)
    const value: Policy = checked(policySchema, policy)
    const isReplaced = await shell.db.write(async (sql) => {
      if (!(await replaceSetting(sql, 'policy', { version, value, by: staff.id, now: shell.now() }))) return false
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
    const staff = await staffOf(server, request, areas.rules)
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

  app.get('/api/staff/departments', async (request): Promise<{ readonly rows: readonly Department[]; readonly fields: readonly string[] }> => {
    await staffOf(server, request)
    return { rows: shell.knowledge.current().office.departments, fields: [...knownFields()] }
  })

  const refuseTaken = (next: Omit<Department, 'id'>, id?: string): void => {
    const others = shell.knowledge.current().office.departments.filter((one) => one.id !== id)
    const taken = others.find((one) => [one.name, ...one.aliases].some((name) => [next.name, ...next.aliases].includes(name)))
    if (taken) throw new ProblemError('refused', rules.nameTaken(taken.name))
  }
  app.post('/api/staff/departments', { config: { body: departmentText } }, async (request): Promise<Department> => {
    const staff = await staffOf(server, request, areas.rules)
    const next = parse(departmentText, request.body)
    refuseTaken(next)
    const id = newId()
    await shell.db.write((sql) => addDepartment(sql, { id, ...next }))
    await noteAudit(server, staff.id, 'department added', id)
    await shell.knowledge.reload()
    return { id, ...next }
  })
  app.post('/api/staff/departments/:id', { config: { body: departmentBody } }, async (request): Promise<Department> => {
    const staff = await staffOf(server, request, areas.rules)
    const { id } = parse(idOf, request.params)
    const { was, next } = parse(departmentBody, request.body)
    if (!shell.knowledge.current().office.departments.some((one) => one.id === id)) throw new ProblemError('notFound', problems.notFound)
    refuseTaken(next, id)
    const isReplaced = await shell.db.write((sql) => replaceDepartment(sql, { id, ...was }, { id, ...next }))
    if (!isReplaced) throw new ProblemError('stale', problems.stale)
    await noteAudit(server, staff.id, 'department edited', id)
    await shell.knowledge.reload()
    return { id, ...next }
  })
}

/** @throws ProblemError 'malformed' naming the first field that is wrong */
function checked<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const [fault] = result.error.issues
  throw new ProblemError('malformed', rules.fault(fault?.path.join('.') ?? '', fault?.message ?? ''))
}
