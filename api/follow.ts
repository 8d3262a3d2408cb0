import { awaitedGuides } from '../prisma/missed.ts'
import { allStaff } from '../prisma/staff.ts'
import { settle } from './guides/drafts.ts'
import type { Shell } from './shell.ts'

/**
 * What people edit through another process reaches this one here: guides, rules, calendar, departments, names of staff; and what begins or
 * ends with the day. Returns how much was new.
 */
export async function followOffice(shell: Shell & { readonly names: Map<string, string> }): Promise<number> {
  const isNew = await shell.knowledge.reload()
  if (isNew) {
    shell.log.info({ guides: shell.knowledge.current().guides.size }, 'knowledge taken over')
    // A text that was approved for today may be what questions have waited for.
    await settle(shell, 'clock', await awaitedGuides(shell.db.read))
  }
  return Number(isNew) + (await followNames(shell))
}

/** Shown names of staff, by id. */
export async function followNames({ db, names }: Pick<Shell, 'db'> & { readonly names: Map<string, string> }): Promise<number> {
  const changed = (await allStaff(db)).filter(({ id, name }) => names.get(id) !== name)
  for (const { id, name } of changed) names.set(id, name)
  return changed.length
}
