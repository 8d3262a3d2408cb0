import { dateOf } from '../../casework/day.ts'
import { cannotDecide, datesFault, type Edition, mayWrite, seedAuthor } from '../../casework/edition.ts'
import type { Guide } from '../../nlp/guide.ts'
import { addDeed } from '../../prisma/audits.ts'
import { addTexts, decideDraft, guideHeads, guideTexts, replaceDraft } from '../../prisma/guides.ts'
import { assignMissed, pendingFor, reopenMissed, settleMissed } from '../../prisma/missed.ts'
import { isDuplicate, type Sql } from '../../prisma/sql.ts'
import type { StaffMember } from '../../prisma/staff.ts'
import { edition as words } from '../../texts/edition.ts'
import type { AuditAction } from '../../texts/keep.ts'
import { ProblemError } from '../problems.ts'
import type { Shell } from '../shell.ts'
import { type Answered, measure } from './trial.ts'

export type Draft = {
  readonly guide: Guide
  readonly note: string
  readonly startsOn?: string | undefined
  readonly endsOn?: string | undefined
  /** a guide that is not there yet */
  readonly isNew?: boolean | undefined
  /** the open draft that this is saved over */
  readonly replaces?: { readonly version: number; readonly revision: number } | undefined
  /** missed questions that it shall answer */
  readonly missed?: readonly number[] | undefined
}

export type Key = Pick<Edition, 'guideId' | 'version' | 'revision'>

const refused = (detail: string): ProblemError => new ProblemError('refused', detail, 'guide')

/** In one transaction, with its line in the audit. @throws ProblemError 'refused' | 'stale' */
export async function saveDraft(shell: Shell, staff: StaffMember, draft: Draft): Promise<Key> {
  const [key] = await saveDrafts(shell, staff, [draft])
  if (!key) throw refused(words.moved)
  return key
}

/** All or none. @throws ProblemError as saveDraft */
export async function saveDrafts(shell: Shell, staff: StaffMember, drafts: readonly Draft[]): Promise<Key[]> {
  try {
    return await shell.db.write(async (sql) => {
      const done: Saved[] = []
      for (const draft of drafts) done.push(await saved(shell, sql, staff, draft))
      for (const { action, key } of done) await noted(shell, sql, staff, action, key, shell.now())
      return done.map(({ key }) => key)
    })
  } catch (fault) {
    throw isDuplicate(fault) ? new ProblemError('stale', words.moved) : fault
  }
}

type Saved = { readonly action: AuditAction; readonly key: Key }

async function saved(shell: Shell, sql: Sql, staff: StaffMember, draft: Draft): Promise<Saved> {
  const { guide, replaces, missed = [] } = draft
  const at = shell.now()
  const before = await guideTexts(sql, guide.id)
  const wrong = datesFault({ ...(draft.startsOn && { startsOn: draft.startsOn }), ...(draft.endsOn && { endsOn: draft.endsOn }) }, dateOf(at))
  if (wrong) throw refused(wrong)
  if (draft.isNew && before.length > 0) throw refused(words.taken)
  if (![guide.department, ...before.slice(0, 1).map((one) => one.guide.department)].every((unit) => mayWrite(staff, unit))) throw refused(words.writersOnly)
  if (missed.length > 0) await assignMissed(sql, missed, guide.id, staff.id)
  const open = before.filter(({ edition }) => edition.state === 'draft')
  const text = { guide, note: draft.note, at, startsOn: draft.startsOn, endsOn: draft.endsOn }
  if (replaces) {
    const old = open.find(({ edition }) => edition.version === replaces.version)
    const by = [...new Set([...(old?.edition.by ?? []), staff.id])]
    if (!old || !(await replaceDraft(sql, replaces, { ...text, by }))) throw new ProblemError('stale', words.moved)
    return { action: 'guide draft saved', key: { guideId: guide.id, version: replaces.version, revision: replaces.revision + 1 } }
  }
  const other = open.find(({ edition }) => !edition.by.includes(seedAuthor))?.edition
  if (other) throw refused(words.openDraft(other.version, namesOf(shell, other.by)))
  const version = (before[0]?.edition.version ?? 0) + 1
  await addTexts(sql, [{ ...text, by: [staff.id], version }])
  return { action: 'guide drafted', key: { guideId: guide.id, version, revision: 1 } }
}

async function noted({ cipher }: Shell, sql: Sql, { id: staffId }: StaffMember, action: AuditAction, key: Key, at: number): Promise<void> {
  await addDeed(sql, cipher, { at, staffId, action, subject: `${key.guideId} v${key.version}` })
}

export const namesOf = ({ names }: Pick<Shell, 'names'>, by: readonly string[]): string =>
  by.map((id) => (id === seedAuthor ? words.seedName : (names.get(id) ?? id))).join('、')

export type Decision = { readonly state: 'approved' | 'rejected' | 'withdrawn'; readonly reason: string }

/** Approves, rejects or withdraws drafts, all or none; what is approved is served here at once. @throws ProblemError 'refused' | 'stale' */
export async function decideDrafts(shell: Shell, staff: StaffMember, keys: readonly Key[], { state, reason }: Decision): Promise<Answered> {
  const at = shell.now()
  if (state === 'rejected' && !reason) throw refused(words.reasonNeeded)
  await shell.db.write(async (sql) => {
    for (const key of keys) {
      const found = (await guideTexts(sql, key.guideId)).find(({ edition }) => edition.version === key.version)?.edition
      if (!found) throw new ProblemError('stale', words.moved)
      const no = state === 'withdrawn' ? (found.by.includes(staff.id) ? undefined : words.notYours) : cannotDecide(found, staff)
      if (no) throw refused(no)
      if (!(await decideDraft(sql, key, { state, by: staff.id, at, today: dateOf(at), decision: reason }))) throw new ProblemError('stale', words.moved)
      if (state !== 'approved') await reopenMissed(sql, key.guideId)
    }
    for (const key of keys) await noted(shell, sql, staff, `guide ${state}`, key, at)
  })
  if (state !== 'approved') return { asked: 0, answered: 0, offered: 0 }
  await shell.knowledge.reload()
  return settle(shell, staff.id, [...new Set(keys.map(({ guideId }) => guideId))])
}

/** Asks the questions again that waited for these guides: what is answered now is resolved; the rest waits on for a text that is still to come, else it is open again. */
export async function settle(shell: Shell, by: string, guideIds: readonly string[]): Promise<Answered> {
  const knowledge = shell.knowledge.current()
  const sum = { asked: 0, answered: 0, offered: 0 }
  for (const guideId of guideIds.filter((id) => knowledge.guides.has(id))) {
    const waiting = await pendingFor(shell.db.read, shell.cipher, guideId)
    const { each, ...result } = await measure(
      shell,
      knowledge,
      guideId,
      waiting.map(({ question }) => question),
    )
    const toCome = (await guideHeads(shell.db.read, dateOf(shell.now()), { guideId })).some(({ isCurrent }) => !isCurrent)
    const settled = waiting.map(({ id }, at) => ({ id, answered: each[at] === true })).filter(({ answered }) => answered || !toCome)
    await shell.db.write((sql) => settleMissed(sql, settled, by, shell.now()))
    sum.asked += result.asked
    sum.answered += result.answered
    sum.offered += result.offered
  }
  return sum
}
