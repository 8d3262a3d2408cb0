import { dayMs } from '../../casework/day.ts'
import { dropUnsent, knownAttachments } from '../../prisma/attachments.ts'
import type { Shell } from '../shell.ts'

/** So many ids in one statement. */
const part = 200

/** Removes files that nothing names any more: uploads that were never sent, and what went with a talk. What is younger than a day may still be on its way. */
export async function sweepFiles({ db, store, now }: Shell): Promise<number> {
  const before = now() - dayMs
  await db.write((sql) => dropUnsent(sql, before))
  const ids = await store.older(before)
  let removed = 0
  for (let at = 0; at < ids.length; at += part) {
    const some = ids.slice(at, at + part)
    const known = await knownAttachments(db.read, some)
    for (const id of some.filter((one) => !known.has(one))) {
      await store.remove(id)
      removed += 1
    }
  }
  return removed
}
