import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas } from '../../casework/areas.ts'
import type { Role } from '../../casework/ticket.ts'
import { allStaff, createStaff, setDisabled, setPassword, setSecondFactor, staffByAccount, staffById, updateStaff } from '../../prisma/staff.ts'
import { problems } from '../../texts/api.ts'
import { roleTitles } from '../../texts/casework.ts'
import { rightsChanged, rightsOf } from '../../texts/keep.ts'
import type { PersonName } from '../contract.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { hashPassword, logIn, logOut, noteAudit, staffOf, staffView } from '../session.ts'
import { newId } from '../shell.ts'
import { newOneTimePassword } from '../tokens.ts'

const text = z.string().trim().min(1).max(100)
const credentials = z.object({ account: text, password: z.string().min(1).max(200), code: z.string().trim().max(10).optional() })
const roles: readonly Role[] = ['clerk', 'chief', 'lead', 'liaison', 'supervisor', 'discipline', 'director', 'mayor', 'admin']
const newcomer = z.object({ account: z.string().regex(/^[\w.-]{2,40}$/), name: text, roles: z.array(z.enum(roles)).min(1), unit: text.optional() })
const editedPerson = newcomer.omit({ account: true })
const idOf = z.object({ id: text })

type Rights = { readonly roles: readonly Role[]; readonly unit?: string | undefined }

/** Logging in and out, and the administrator's list of people. */
export function staffRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server
  const unitName = (id: string | undefined) => shell.knowledge.current().office.departments.find((one) => one.id === id)?.name ?? id
  const rights = ({ roles: given, unit }: Rights) =>
    rightsOf(
      roles.filter((role) => given.includes(role)).map((role) => roleTitles[role]),
      unitName(unit),
    )
  const slow = { config: { rateLimit: { max: 20, timeWindow: '1 minute' } } }

  app.post('/api/staff/login', slow, async (request, reply) => {
    return logIn(server, request, reply, parse(credentials, request.body))
  })
  app.post('/api/staff/logout', async (request, reply) => {
    await logOut(server, request, reply)
    return reply.status(204).send()
  })
  app.get('/api/staff/names', async (request): Promise<{ readonly rows: readonly PersonName[] }> => {
    await staffOf(server, request)
    const people = (await allStaff(shell.db)).filter(({ disabled }) => !disabled)
    return { rows: people.map(({ id, name, roles, unit }) => ({ id, name, roles, ...(unit ? { unit } : {}) })) }
  })
  app.get('/api/staff/people', async (request) => {
    await staffOf(server, request, areas.people)
    const people = await allStaff(shell.db)
    return { rows: people.map((one) => ({ ...staffView(server, one), disabled: one.disabled })) }
  })
  app.post('/api/staff/people', async (request) => {
    const admin = await staffOf(server, request, areas.people)
    const { account, name, roles: given, unit } = parse(newcomer, request.body)
    if (await staffByAccount(shell.db, account)) throw new ProblemError('accountTaken', problems.accountTaken)
    const [id, password] = [newId(), newOneTimePassword()]
    await createStaff(shell.db, { id, account, name, roles: given, unit, passwordHash: await hashPassword(password), now: shell.now() })
    await noteAudit(server, admin.id, 'person created', id)
    await server.refreshNames()
    return { id, password }
  })
  app.post('/api/staff/people/:id', { config: { body: editedPerson } }, async (request, reply) => {
    const admin = await staffOf(server, request, areas.people)
    const { id } = parse(idOf, request.params)
    const person = parse(editedPerson, request.body)
    const was = await staffById(shell.db, id)
    if (!was) throw new ProblemError('notFound', problems.notFound)
    const [before, after] = [rights(was), rights(person)]
    // Nobody gives themselves the sight of cases, and the last administrator locks nobody out.
    if (id === admin.id && before !== after) throw new ProblemError('forbidden', problems.ownRole)
    await updateStaff(shell.db, { id, ...person })
    await noteAudit(server, admin.id, 'person edited', before === after ? id : rightsChanged(`${was.name} ${was.account}`, before, after))
    await server.refreshNames()
    return reply.status(204).send()
  })
  app.post('/api/staff/people/:id/reset', async (request) => {
    const admin = await staffOf(server, request, areas.people)
    const { id } = parse(idOf, request.params)
    const password = newOneTimePassword()
    if (!(await setPassword(shell.db, id, await hashPassword(password), true, shell.now()))) throw new ProblemError('notFound', problems.notFound)
    // Whoever lost the phone as well gets in again with the one-time password.
    await setSecondFactor(shell.db, id, null)
    await noteAudit(server, admin.id, 'password reset', id)
    return { password }
  })
  app.post('/api/staff/people/:id/disable', async (request, reply) => {
    const admin = await staffOf(server, request, areas.people)
    const { id } = parse(idOf, request.params)
    const { disabled } = parse(z.object({ disabled: z.boolean() }), request.body)
    if (id === admin.id) throw new ProblemError('forbidden', problems.forbidden)
    await setDisabled(shell.db, id, disabled ? shell.now() : null)
    await noteAudit(server, admin.id, disabled ? 'person disabled' : 'person enabled', id)
    return reply.status(204).send()
  })
}
