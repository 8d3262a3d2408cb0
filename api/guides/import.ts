import { isDeepStrictEqual } from 'node:util'
import { dateOf } from '../../casework/day.ts'
import { currentGuides, guideHeads } from '../../prisma/guides.ts'
import { parts, book as words } from '../../texts/guides.ts'
import type { BookPreview } from '../contract.ts'
import type { Shell } from '../shell.ts'
import { differences } from './differences.ts'
import type { Draft } from './drafts.ts'
import type { BookFault } from './reading.ts'

/** What a workbook would change, and the drafts that would do it; nothing is stored. */
export async function previewBook(shell: Shell, file: Buffer): Promise<{ readonly preview: BookPreview; readonly drafts: readonly Draft[] }> {
  const today = dateOf(shell.now())
  const { readBook, sayFault } = await import('./reading.ts')
  const { guides, faults } = await readBook(file, shell.knowledge.current().office.departments)
  const current = new Map((await currentGuides(shell.db.read, today)).map((guide) => [guide.id, guide]))
  const heads = await guideHeads(shell.db.read, today)
  const known = new Set(heads.map(({ edition }) => edition.guideId))
  const open = new Set(heads.flatMap(({ edition }) => (edition.state === 'draft' ? [edition.guideId] : [])))
  const changed = guides.filter(({ guide }) => !isDeepStrictEqual(current.get(guide.id), guide))
  const busy = changed
    .filter(({ guide }) => open.has(guide.id))
    .map(({ row }): BookFault => ({ sheet: words.sheets.guides, row, column: parts.id, text: words.openDraft }))
  return {
    preview: {
      same: guides.length - changed.length,
      rows: changed.map(({ guide: { id, title }, guide }) => ({
        id,
        title,
        isNew: !known.has(id),
        parts: known.has(id) ? differences(current.get(id), guide).map(({ part }) => part) : [],
      })),
      faults: [...faults, ...busy].map((fault) => ({ ...fault, said: sayFault(fault) })),
    },
    drafts: changed.map(({ guide }) => ({ guide, note: words.note, isNew: !known.has(guide.id) })),
  }
}
