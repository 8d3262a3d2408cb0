import { dateOf } from '../../casework/day.ts'
import { mayApprove, mayWrite, seedAuthor } from '../../casework/edition.ts'
import type { Guide } from '../../nlp/guide.ts'
import { addDeed } from '../../prisma/audits.ts'
import { addTexts, type GuideText, guideHeads, guideTexts, replaceDraft } from '../../prisma/guides.ts'
import { assignMissed, pendingFor } from '../../prisma/missed.ts'
import type { Sql } from '../../prisma/sql.ts'
import type { StaffMember } from '../../prisma/staff.ts'
import { problems } from '../../texts/api.ts'
import { edition as words } from '../../texts/edition.ts'
import type { AskedAgain } from '../contract.ts'
import { ProblemError } from '../problems.ts'
import type { Shell } from '../shell.ts'
import { settle } from './drafts.ts'
import { measure, withGuides } from './trial.ts'

/** How citizens call a matter and ask for it, and the missed questions that it shall answer. */
export type Naming = { readonly guideId: string; readonly names: readonly string[]; readonly asks: readonly string[]; readonly missed: readonly number[] }

/**
 * Adds names to a guide. Who may approve puts them in force at once: they lead to the guide and change no fact of it. For the others they become a
 * draft. Then the missed questions are asked again. @throws ProblemError 'notFound' | 'refused' | 'stale'
 */
export async function addNames(shell: Shell, staff: StaffMember, naming: Naming): Promise<AskedAgain> {
  const { guideId, names, asks, missed } = naming
  const served = mayApprove(staff)
  const guide = await shell.db.write(async (sql) => {
    const live = await liveTexts(sql, guideId, dateOf(shell.now()))
    const [shown] = live
    if (!shown) throw new ProblemError('notFound', problems.notFound)
    if (!mayWrite(staff, shown.guide.department)) throw new ProblemError('refused', words.writersOnly, 'guide')
    for (const text of served ? live : [draftOrShown(live) ?? shown]) await addTo(shell, sql, staff, naming, text)
    if (missed.length > 0 && (await assignMissed(sql, missed, guideId, staff.id)) < missed.length) throw new ProblemError('stale', words.moreTaken)
    const subject = `${guideId} ${[...names, ...asks].join('|')}`.slice(0, 300)
    await addDeed(sql, shell.cipher, { at: shell.now(), staffId: staff.id, action: 'guide named', subject })
    return named(shown.guide, naming)
  })
  if (served) {
    await shell.knowledge.reload()
    return { served, ...(await settle(shell, staff.id, [guideId])) }
  }
  const questions = (await pendingFor(shell.db.read, shell.cipher, guideId)).filter(({ id }) => missed.includes(id)).map(({ question }) => question)
  const { each: _, ...result } = await measure(shell, withGuides(shell.knowledge.current(), [guide]), guideId, questions)
  return { served, ...result }
}

/** Into each of these a name must go so that it stays: what is in force, what is approved for later, the open drafts. The shown one first. */
async function liveTexts(sql: Sql, guideId: string, today: string): Promise<GuideText[]> {
  const heads = await guideHeads(sql, today, { guideId })
  const current = heads.find(({ isCurrent }) => isCurrent)?.edition.version
  const live = new Set(heads.map(({ edition }) => edition.version))
  const texts = (await guideTexts(sql, guideId)).filter(({ edition }) => live.has(edition.version))
  return [...texts.filter(({ edition }) => edition.version === current), ...texts.filter(({ edition }) => edition.version !== current)]
}

const draftOrShown = (live: readonly GuideText[]): GuideText | undefined =>
  live.find(({ edition }) => edition.state === 'draft' && !edition.by.includes(seedAuthor))

async function addTo(shell: Shell, sql: Sql, staff: StaffMember, naming: Naming, { edition, guide }: GuideText): Promise<void> {
  const at = shell.now()
  const served = mayApprove(staff)
  const { startsOn, endsOn } = edition
  const text = { guide: named(guide, naming), at, endsOn }
  if (edition.state === 'draft') {
    // Who only names the guide has not written the draft, and may still decide on it.
    const by = served ? edition.by : [...new Set([...edition.by, staff.id])]
    if (!(await replaceDraft(sql, edition, { ...text, by, startsOn, note: edition.note }))) throw new ProblemError('stale', words.moved)
    return
  }
  const [newest] = await guideTexts(sql, guide.id)
  const today = dateOf(at)
  const begins = startsOn !== undefined && startsOn > today ? startsOn : today
  const version = (newest?.edition.version ?? 0) + 1
  const note = words.named([...naming.names, ...naming.asks])
  await addTexts(sql, [{ ...text, by: [staff.id], note, version, ...(served ? { startsOn: begins, approvedBy: staff.id } : {}) }])
}

const named = (guide: Guide, { names, asks }: Naming): Guide => ({
  ...guide,
  names: [...new Set([...guide.names, ...names])],
  asks: [...new Set([...guide.asks, ...asks])],
})
