import { hash, verify } from '@node-rs/argon2'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { areasOf } from '../casework/areas.ts'
import type { Actor, Role } from '../casework/ticket.ts'
import { noteDeed } from '../prisma/audits.ts'
import { endSession, recordFailure, recordLogin, type StaffMember, sessionsOf, staffByAccount, staffOfSession, touchSession } from '../prisma/staff.ts'
import { problems } from '../texts/api.ts'
import type { AuditAction } from '../texts/keep.ts'
import type { SessionView, StaffView } from './contract.ts'
import { ProblemError } from './problems.ts'
import { secondFactorHolds } from './secondfactor.ts'
import type { Server } from './server.ts'
import { hashOf, newSessionToken } from './tokens.ts'

export const cookieName = 'bdc_staff'
const hourMs = 3_600_000
const dayMs = 24 * hourMs
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

/** What is sent to log in; `code` is that of the authenticator app, where the account has one. */
export type Credentials = { readonly account: string; readonly password: string; readonly code?: string | undefined }

/** @throws ProblemError 'login' | 'locked' | 'codeRequired' */
export async function logIn(server: Server, request: FastifyRequest, reply: FastifyReply, { account, password, code }: Credentials): Promise<StaffView> {
  const { db, now, log } = server.shell
  const staff = await staffByAccount(db, account)
  if (staff) refuseLocked(staff, now())
  const right = await verify(staff?.passwordHash ?? (await decoy), password)
  // Who does not know the password does not learn whether there is a second factor.
  if (staff && right && !staff.disabled && staff.secondFactor !== undefined && !code) throw new ProblemError('codeRequired', problems.codeRequired)
  const proven = right && staff && (await secondFactorHolds(server, staff, code))
  if (!staff || staff.disabled || !proven) {
    if (staff) await recordFailure(db, staff.id, lockAfter, now() + lockMs)
    log.warn({ staffId: staff?.id }, 'login failed')
    throw new ProblemError(right ? 'wrongCode' : 'login', right ? problems.wrongCode : problems.login)
  }
  return openSession(server, request, reply, staff)
}

function refuseLocked({ lockedUntil }: StaffMember, at: number): void {
  if (lockedUntil > at) throw new ProblemError('locked', problems.locked(Math.ceil((lockedUntil - at) / 60_000)))
}

/** Asked again before something grave; a wrong answer counts towards the lock. @throws ProblemError 'login' | 'locked' */
export async function provePassword({ shell }: Server, staff: StaffMember, password: string): Promise<void> {
  const at = shell.now()
  refuseLocked(staff, at)
  if (await verify(staff.passwordHash, password)) return
  await recordFailure(shell.db, staff.id, lockAfter, at + lockMs)
  throw new ProblemError('login', problems.login)
}

/** For somebody whose identity is proven. */
export async function openSession(server: Server, request: FastifyRequest, reply: FastifyReply, staff: StaffMember): Promise<StaffView> {
  const { db, cipher, now } = server.shell
  await server.refreshNames()
  const token = newSessionToken()
  const device = String(request.headers['user-agent'] ?? '').slice(0, 200)
  await recordLogin(db, cipher, { staffId: staff.id, tokenHash: hashOf(token), device, now: now() })
  reply.setCookie(cookieName, token, { path: '/', httpOnly: true, sameSite: 'strict', secure: server.secure(request), maxAge: longestMs / 1000 })
  return staffView(server, staff)
}

export async function logOut({ shell }: Server, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = request.cookies[cookieName]
  if (token) await endSession(shell.db, hashOf(token))
  reply.clearCookie(cookieName, { path: '/' })
}

/** Who is asking. @throws ProblemError 'loginRequired' | 'mustChangePassword' | 'mustEnrol' | 'forbidden' */
export async function staffOf(server: Server, request: FastifyRequest, roles?: readonly Role[]): Promise<StaffMember> {
  const staff = await sessionOf(server, request)
  if (!staff) throw new ProblemError('loginRequired', problems.loginRequired)
  const { mustChangePassword, mustEnrol } = staffView(server, staff)
  if (mustChangePassword) throw new ProblemError('mustChangePassword', problems.mustChangePassword)
  if (mustEnrol) throw new ProblemError('mustEnrol', problems.mustEnrol)
  if (roles && !staff.roles.some((role) => roles.includes(role))) throw new ProblemError('forbidden', problems.forbidden)
  return staff
}

/** `touch`: whether the person does something by it, so that the session is not idle. */
export async function sessionOf({ shell }: Server, request: FastifyRequest, touch = true): Promise<StaffMember | undefined> {
  const token = request.cookies[cookieName]
  if (!token) return undefined
  const at = shell.now()
  const session = await staffOfSession(shell.db, hashOf(token), at - idleMs, at - longestMs)
  if (touch && session && at - session.seenAt > touchEveryMs) await touchSession(shell.db, hashOf(token), at)
  return session?.staff
}

export const actorOf = ({ id, name, roles, unit }: StaffMember): Actor => ({ kind: 'staff', id, name, roles, ...(unit ? { unit } : {}) })

export function staffView({ config, shell }: Server, staff: StaffMember): StaffView {
  const { id, account, name, roles, unit } = staff
  const outdated = config.PASSWORD_DAYS > 0 && shell.now() - staff.passwordAt > config.PASSWORD_DAYS * dayMs
  const required = config.TWO_FACTOR === 'everyone' || (config.TWO_FACTOR === 'admins' && roles.includes('admin'))
  return {
    id,
    account,
    name,
    roles,
    areas: areasOf(roles),
    ...(unit ? { unit } : {}),
    mustChangePassword: staff.mustChange || outdated,
    secondFactor: staff.secondFactor !== undefined,
    mustEnrol: required && staff.secondFactor === undefined,
  }
}

/** The sessions of one's own account that are open now. */
export async function openSessions({ shell }: Server, staffId: string, request: FastifyRequest): Promise<SessionView[]> {
  const at = shell.now()
  const current = hashOf(request.cookies[cookieName] ?? '')
  const rows = await sessionsOf(shell.db, staffId, at - idleMs, at - longestMs)
  return rows.map(({ tokenHash, ...row }) => ({ id: tokenHash.slice(0, 16), ...row, current: tokenHash === current }))
}

/** @throws ProblemError 'weakPassword' */
export function checkPassword(password: string, former: string, account: string): void {
  if (account.length >= 4 && password.toLowerCase().includes(account.toLowerCase())) throw new ProblemError('weakPassword', problems.passwordHasAccount)
  if (password === former) throw new ProblemError('weakPassword', problems.samePassword)
  if (password.length < shortestPassword || !/[a-z]/i.test(password) || !/\d/.test(password)) throw new ProblemError('weakPassword', problems.weakPassword)
}

export const noteAudit = ({ shell }: Server, staffId: string, action: AuditAction, subject: string): Promise<void> =>
  noteDeed(shell, { at: shell.now(), staffId, action, subject })
