import type { CalendarYear, Department, Policy } from '../casework/policy.ts'
import type { Database } from './database.ts'
import { laterRules } from './seed/policy.ts'
import { formerSettings, readSetting, type Setting } from './settings.ts'
import type { Sql } from './sql.ts'

/** The office's own data: what the core decides by. */
export type OfficeRecords = {
  readonly departments: readonly Department[]
  readonly policy: Policy
  readonly calendar: readonly CalendarYear[]
}

/** Brings a database the data that it lacks; what the office has edited since is never overwritten. */
export async function seedOffice(db: Database, seed: OfficeRecords, now: number): Promise<void> {
  await db.write(async (sql) => {
    await sql.insert(
      'Department',
      seed.departments.map(({ aliases, ...one }, place) => ({ ...one, aliases: JSON.stringify(aliases), place })),
      'unless exists',
    )
    await sql.insert('Setting', [{ name: 'policy', value: JSON.stringify(seed.policy), version: 1, updatedAt: now, updatedBy: 'seed' }], 'unless exists')
    await sql.insert(
      'CalendarYear',
      seed.calendar.map(({ days, ...year }) => ({ ...year, days: JSON.stringify(days) })),
      'unless exists',
    )
  })
}

const seedSetting = 'seed'

/** The digest of the seed that this database has received last. */
export async function receivedSeed(db: Database): Promise<string | undefined> {
  return (await db.prisma.setting.findUnique({ where: { name: seedSetting } }))?.value
}

export async function noteSeed(db: Database, digest: string, now: number): Promise<void> {
  await db.write(async (sql) => {
    await sql.run('DELETE FROM "Setting" WHERE name = ?', [seedSetting])
    await sql.insert('Setting', [{ name: seedSetting, value: digest, version: 1, updatedAt: now, updatedBy: seedSetting }], 'unless exists')
  })
}

export async function readOffice(db: Database): Promise<OfficeRecords> {
  const [departments, policy, calendar] = await Promise.all([
    db.prisma.department.findMany({ orderBy: { place: 'asc' } }),
    db.prisma.setting.findUniqueOrThrow({ where: { name: 'policy' } }),
    db.prisma.calendarYear.findMany({ orderBy: { year: 'asc' } }),
  ])
  return {
    departments: departments.map(({ id, name, aliases, duties }) => ({ id, name, aliases: JSON.parse(aliases), duties })),
    policy: policyOf(policy.value),
    calendar: calendar.map(({ year, notice, noticeOn, days }) => ({ year, notice, noticeOn, days: JSON.parse(days) })),
  }
}

const policyOf = (value: string): Policy => ({ ...laterRules, ...JSON.parse(value) })

/** The rules in force. @throws Error on a database that was never started */
export async function readPolicy(read: Sql): Promise<Setting<Policy>> {
  const found = await readSetting<Policy>(read, 'policy')
  if (!found) throw new Error('no policy is stored')
  return withLaterRules(found)
}

/** The rules that were in force before, the latest first. */
export const formerPolicies = async (read: Sql, limit: number): Promise<Setting<Policy>[]> =>
  (await formerSettings<Policy>(read, 'policy', limit)).map(withLaterRules)

const withLaterRules = (setting: Setting<Policy>): Setting<Policy> => ({ ...setting, value: { ...laterRules, ...setting.value } })

/** Behind all that there are. */
export async function addDepartment(sql: Sql, { aliases, ...one }: Department): Promise<void> {
  const [last] = await sql.all<{ place: number | null }>('SELECT MAX(place) AS place FROM "Department"')
  await sql.insert('Department', [{ ...one, aliases: JSON.stringify(aliases), place: (last?.place ?? 0) + 1 }])
}

/** False when it has changed since `was` was read. */
export async function replaceDepartment(sql: Sql, was: Department, next: Department): Promise<boolean> {
  const text = 'UPDATE "Department" SET name = ?, aliases = ?, duties = ? WHERE id = ? AND name = ? AND aliases = ? AND duties = ?'
  const values = [next.name, JSON.stringify(next.aliases), next.duties, was.id, was.name, JSON.stringify(was.aliases), was.duties]
  return (await sql.run(text, values)) === 1
}

export async function calendarYears(db: Database): Promise<CalendarYear[]> {
  const rows = await db.prisma.calendarYear.findMany({ orderBy: { year: 'asc' } })
  return rows.map(({ days, ...year }) => ({ ...year, days: JSON.parse(days) }))
}

export async function replaceCalendarYear(sql: Sql, { days, ...year }: CalendarYear): Promise<void> {
  await sql.run('DELETE FROM "CalendarYear" WHERE year = ?', [year.year])
  await sql.insert('CalendarYear', [{ ...year, days: JSON.stringify(days) }])
}

const demoSetting = 'demo'

/** Notes that everything in this database is made up. */
export async function markDemo(db: Database, now: number): Promise<void> {
  await db.write((sql) => sql.insert('Setting', [{ name: demoSetting, value: 'true', version: 1, updatedAt: now, updatedBy: demoSetting }]))
}

export const isDemo = async (db: Database): Promise<boolean> => (await db.prisma.setting.count({ where: { name: demoSetting } })) > 0

/** Whether anybody has worked with this database: has an account, a case or a conversation. */
export async function isUsed({ prisma }: Database): Promise<boolean> {
  const counts = await Promise.all([prisma.staff.count(), prisma.ticket.count(), prisma.conversation.count()])
  return counts.some((count) => count > 0)
}

export type Contents = { readonly tickets: number; readonly conversations: number }

export async function contentsOf({ prisma }: Database): Promise<Contents> {
  const [tickets, conversations] = await Promise.all([prisma.ticket.count(), prisma.conversation.count()])
  return { tickets, conversations }
}
