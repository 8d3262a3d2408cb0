import { hash, verify } from '@node-rs/argon2'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor, Role } from '../casework/ticket.ts'
import { audit, endSession, recordFailure, recordLogin, type StaffMember, staffByAccount, staffOfSession, touchSession } from '../prisma/staff.ts'
import { problems } from '../texts/api.ts'
import type { StaffView } from './contract.ts'
import { ProblemError } from './problems.ts'
import type { Server } from './server.ts'
import { hashOf, newSessionToken } from './tokens.ts'

const cookieName = 'bdc_staff'
const hourMs = 3_600_000
/** Idle log-out (GB/T 22239, access control); long enough for a clerk who is at the counter with a citizen. */
const idleMs = 2 * hourMs
const longestMs = 12 * hourMs
/** Writing on every request would cost more than the answer. */
const touchEveryMs = 60_000
const lockAfter = 5
const lockMs = 15 * 60_000
export const shortestPassword = 10

export const hashPassword = (password: string): Promise<string> => hash(password)

// Verified when the account does not exist, so that the time tells nothing.
const decoy = hashPassword('no such account')

/** @throws ProblemError 'login' | 'locked' */
export async function logIn(server: Server, request: FastifyRequest, reply: FastifyReply, account: string, password: string): Promise<StaffView> {
  const { db, now, log } = server.shell
  const staff = await staffByAccount(db, account)
  if (staff && staff.lockedUntil > now()) throw new ProblemError('locked', problems.locked(Math.ceil((staff.lockedUntil - now()) / 60_000)))
  const right = await verify(staff?.passwordHash ?? (await decoy), password)
  if (!staff || !right || staff.disabled) {
    if (staff) await recordFailure(db, staff.id, lockAfter, now() + lockMs)
    log.warn({ staffId: staff?.id }, 'login failed')
    throw new ProblemError('login', problems.login)
  }
  await server.refreshNames()
  const token = newSessionToken()
  await recordLogin(db, staff.id, hashOf(token), now())
  reply.setCookie(cookieName, token, { path: '/', httpOnly: true, sameSite: 'strict', secure: server.secure(request), maxAge: longestMs / 1000 })
  return staffView(staff)
}

export async function logOut({ shell }: Server, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = request.cookies[cookieName]
  if (token) await endSession(shell.db, hashOf(token))
  reply.clearCookie(cookieName, { path: '/' })
}

/** Who is asking. @throws ProblemError 'loginRequired' | 'mustChangePassword' | 'forbidden' */
export async function staffOf(server: Server, request: FastifyRequest, roles?: readonly Role[]): Promise<StaffMember> {
  const staff = await sessionOf(server, request)
  if (!staff) throw new ProblemError('loginRequired', problems.loginRequired)
  if (staff.mustChange) throw new ProblemError('mustChangePassword', problems.mustChangePassword)
  if (roles && !staff.roles.some((role) => roles.includes(role))) throw new ProblemError('forbidden', problems.forbidden)
  return staff
}

export async function sessionOf({ shell }: Server, request: FastifyRequest): Promise<StaffMember | undefined> {
  const token = request.cookies[cookieName]
  if (!token) return undefined
  const at = shell.now()
  const session = await staffOfSession(shell.db, hashOf(token), at - idleMs, at - longestMs)
  if (session && at - session.seenAt > touchEveryMs) await touchSession(shell.db, hashOf(token), at)
  return session?.staff
}

export const actorOf = ({ id, name, roles, unit }: StaffMember): Actor => ({ kind: 'staff', id, name, roles, ...(unit ? { unit } : {}) })

export const staffView = ({ id, account, name, roles, unit, mustChange }: StaffMember): StaffView => ({
  id,
  account,
  name,
  roles,
  ...(unit ? { unit } : {}),
  mustChangePassword: mustChange,
})

/** @throws ProblemError 'weakPassword' */
export function checkPassword(password: string, former: string): void {
  if (password === former) throw new ProblemError('weakPassword', problems.samePassword)
  if (password.length < shortestPassword || !/[a-z]/i.test(password) || !/\d/.test(password)) throw new ProblemError('weakPassword', problems.weakPassword)
}

export const noteAudit = ({ shell }: Server, staffId: string, action: string, subject: string): Promise<void> =>
  audit(shell.db, shell.now(), staffId, action, subject)
