import type { Role } from '../casework/ticket.ts'
import { addDeed } from './audits.ts'
import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'
import { storableText } from './sql.ts'

export type StaffMember = {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly passwordHash: string
  readonly mustChange: boolean
  readonly roles: readonly Role[]
  readonly unit: string | undefined
  readonly failed: number
  readonly lockedUntil: number
  readonly disabled: boolean
  /** ms; 0 before the first change */
  readonly passwordAt: number
  /** sealed; undefined where the account has no second factor */
  readonly secondFactor: string | undefined
}

type StaffRow = Awaited<ReturnType<Database['prisma']['staff']['findMany']>>[number]

const toMember = (row: StaffRow): StaffMember => ({
  id: row.id,
  account: row.account,
  name: row.name,
  passwordHash: row.passwordHash,
  mustChange: row.mustChange,
  roles: row.roles.split(' ') as Role[],
  unit: row.unit ?? undefined,
  failed: row.failed,
  lockedUntil: Number(row.lockedUntil),
  disabled: row.disabledAt !== null,
  passwordAt: Number(row.passwordAt),
  secondFactor: row.secondFactor ?? undefined,
})

export async function staffByAccount(db: Database, account: string): Promise<StaffMember | undefined> {
  const row = await db.prisma.staff.findUnique({ where: { account: storableText(account) } })
  return row ? toMember(row) : undefined
}

export async function staffById(db: Database, id: string): Promise<StaffMember | undefined> {
  const row = await db.prisma.staff.findUnique({ where: { id } })
  return row ? toMember(row) : undefined
}

export const allStaff = async (db: Database): Promise<StaffMember[]> =>
  (await db.prisma.staff.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(toMember)

export const countStaff = (db: Database): Promise<number> => db.prisma.staff.count()

export type NewStaff = {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly passwordHash: string
  readonly roles: readonly Role[]
  readonly unit?: string | undefined
  readonly now: number
}

/** @throws DuplicateError-like fault P2002 when the account exists */
export async function createStaff(db: Database, { roles, now, unit, ...staff }: NewStaff): Promise<void> {
  await db.prisma.staff.create({ data: { ...staff, unit: unit ?? null, roles: roles.join(' '), mustChange: true, createdAt: now } })
}

/** What somebody may do is asked of this row at every request: open sessions follow at once. */
export async function updateStaff(db: Database, { id, name, roles, unit }: Pick<NewStaff, 'id' | 'name' | 'roles' | 'unit'>): Promise<boolean> {
  const changed = await db.write((sql) => sql.run('UPDATE "Staff" SET name = ?, roles = ?, unit = ? WHERE id = ?', [name, roles.join(' '), unit ?? null, id]))
  return changed === 1
}

/** A new password ends every session of the account. */
export async function setPassword(db: Database, id: string, passwordHash: string, mustChange: boolean, now: number): Promise<boolean> {
  return db.write(async (sql) => {
    const text = 'UPDATE "Staff" SET "passwordHash" = ?, "mustChange" = ?, "passwordAt" = ?, failed = 0, "lockedUntil" = 0 WHERE id = ?'
    const changed = await sql.run(text, [passwordHash, mustChange, now, id])
    await sql.run('DELETE FROM "StaffSession" WHERE "staffId" = ?', [id])
    return changed === 1
  })
}

/** Counts a failed login in the database, so that a restart or a second process does not forget it. */
export async function recordFailure(db: Database, id: string, lockAfter: number, lockedUntil: number): Promise<void> {
  await db.write((sql) =>
    sql.run('UPDATE "Staff" SET failed = failed + 1, "lockedUntil" = CASE WHEN failed + 1 >= ? THEN ? ELSE "lockedUntil" END WHERE id = ?', [
      lockAfter,
      lockedUntil,
      id,
    ]),
  )
}

export type NewSession = { readonly staffId: string; readonly tokenHash: string; readonly device: string; readonly now: number }

export async function recordLogin(db: Database, cipher: Cipher, { staffId, tokenHash, device, now }: NewSession): Promise<void> {
  await db.write(async (sql) => {
    await sql.run('UPDATE "Staff" SET failed = 0, "lockedUntil" = 0 WHERE id = ?', [staffId])
    await sql.insert('StaffSession', [{ tokenHash, staffId, createdAt: now, seenAt: now, device }])
    await addDeed(sql, cipher, { at: now, staffId, action: 'login', subject: staffId })
  })
}

/** `secret` is sealed; null takes the second factor away. */
export async function setSecondFactor(db: Database, id: string, secret: string | null): Promise<boolean> {
  return (await db.write((sql) => sql.run('UPDATE "Staff" SET "secondFactor" = ?, "secondFactorStep" = 0 WHERE id = ?', [secret, id]))) === 1
}

/** False when a code of this half minute or a later one was used already: of two who send the same code at once, one gets in. */
export async function useStep(db: Database, id: string, step: number): Promise<boolean> {
  return (await db.write((sql) => sql.run('UPDATE "Staff" SET "secondFactorStep" = ? WHERE id = ? AND "secondFactorStep" < ?', [step, id, step]))) === 1
}

export type SessionRow = { readonly tokenHash: string; readonly createdAt: number; readonly seenAt: number; readonly device: string }

/** The open sessions of an account, the latest first. */
export const sessionsOf = (db: Database, staffId: string, idleSince: number, openedSince: number): Promise<SessionRow[]> =>
  db.read.all(
    'SELECT "tokenHash", "createdAt", "seenAt", device FROM "StaffSession" WHERE "staffId" = ? AND "seenAt" >= ? AND "createdAt" >= ? ORDER BY "seenAt" DESC',
    [staffId, idleSince, openedSince],
  )

/** Whose session this is, if it was used since `idleSince` and opened since `openedSince`. */
export async function staffOfSession(
  db: Database,
  tokenHash: string,
  idleSince: number,
  openedSince: number,
): Promise<{ readonly staff: StaffMember; readonly seenAt: number } | undefined> {
  const session = await db.prisma.staffSession.findUnique({ where: { tokenHash } })
  if (!session || session.seenAt < idleSince || session.createdAt < openedSince) return undefined
  const row = await db.prisma.staff.findUnique({ where: { id: session.staffId } })
  return row && row.disabledAt === null ? { staff: toMember(row), seenAt: Number(session.seenAt) } : undefined
}

export async function touchSession(db: Database, tokenHash: string, now: number): Promise<void> {
  await db.write((sql) => sql.run('UPDATE "StaffSession" SET "seenAt" = ? WHERE "tokenHash" = ?', [now, tokenHash]))
}

export async function endSession(db: Database, tokenHash: string): Promise<void> {
  await db.write((sql) => sql.run('DELETE FROM "StaffSession" WHERE "tokenHash" = ?', [tokenHash]))
}

export async function setDisabled(db: Database, id: string, disabledAt: number | null): Promise<void> {
  await db.write(async (sql) => {
    await sql.run('UPDATE "Staff" SET "disabledAt" = ? WHERE id = ?', [disabledAt, id])
    await sql.run('DELETE FROM "StaffSession" WHERE "staffId" = ?', [id])
  })
}

export async function staffIdOf(db: Database, account: string): Promise<string | undefined> {
  return (await db.prisma.staff.findUnique({ where: { account }, select: { id: true } }))?.id
}

/** The name that a member of staff logs in with. */
export async function accountOf(db: Database, id: string): Promise<string | undefined> {
  return (await db.prisma.staff.findUnique({ where: { id }, select: { account: true } }))?.account
}

export async function commandAnswer(
  db: Database,
  commandId: string,
  staffId: string,
): Promise<{ readonly subject: string; readonly version: number } | undefined> {
  const row = await db.prisma.commandLog.findUnique({ where: { commandId } })
  return row && row.staffId === staffId ? { subject: row.subject, version: row.version } : undefined
}
