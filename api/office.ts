import { createCalendar } from '../casework/calendar.ts'
import { dateOf } from '../casework/day.ts'
import type { Office } from '../casework/policy.ts'
import { createGuideIndex, createUnderstanding, type GuideIndex, type Shelf, type Understand } from '../nlp/engine.ts'
import type { Guide } from '../nlp/guide.ts'
import type { Database } from '../prisma/database.ts'
import { countApproved, servedGuides } from '../prisma/guides.ts'
import { type OfficeRecords, readOffice } from '../prisma/office.ts'

/** What the process knows of its office, read from the database and built into indexes; replaced as a whole when something is edited. */
export type Knowledge = {
  readonly office: Office
  readonly guides: ReadonlyMap<string, Guide>
  readonly index: GuideIndex
  readonly understand: Understand
}

export type KnowledgeKeeper = {
  readonly current: () => Knowledge
  /** Takes over what has been edited here or elsewhere, and what begins or ends with the day; true when anything has changed. Cheap when nothing has. */
  readonly reload: () => Promise<boolean>
}

export async function keepKnowledge(db: Database, now: () => number, shelf?: Shelf): Promise<KnowledgeKeeper> {
  let loaded = await load(db, dateOf(now()), shelf)
  let reading: Promise<unknown> = Promise.resolve()
  const reload = async (): Promise<boolean> => {
    const next = await load(db, dateOf(now()), shelf, loaded)
    const isNew = next.knowledge !== loaded.knowledge
    loaded = next
    return isNew
  }
  return {
    current: () => loaded.knowledge,
    // One after the other: a slow reading must not put older knowledge over newer.
    reload: () => {
      const result = reading.then(reload, reload)
      reading = result
      return result
    },
  }
}

/** The knowledge, and by what each of its parts is known to be up to date. */
type Loaded = { readonly knowledge: Knowledge; readonly office: string; readonly words: string; readonly approved: string; readonly served: string }

/** Each part is built anew only if what it depends on has changed: the front door takes longest and depends on the names of departments and districts alone. */
async function load(db: Database, today: string, shelf: Shelf | undefined, before?: Loaded): Promise<Loaded> {
  const records = await readOffice(db)
  const { departments, policy } = records
  const [office, words] = [JSON.stringify(records), JSON.stringify([departments, policy.districts])]
  // Counted before the texts are read: an approval in between is then read twice rather than not at all.
  const approved = `${today} ${await countApproved(db.read)}`
  const guides = before?.approved === approved ? before : await loadGuides(db, today, before)
  if (before && before.office === office && guides.served === before.served) return { ...before, approved }
  const knowledge: Knowledge = {
    office: before?.office === office ? before.knowledge.office : officeOf(records),
    guides: guides.knowledge.guides,
    index: guides.knowledge.index,
    understand: before?.words === words ? before.knowledge.understand : createUnderstanding({ departments, districts: policy.districts }, shelf),
  }
  return { knowledge, office, words, approved, served: guides.served }
}

type Served = { readonly served: string; readonly knowledge: Pick<Knowledge, 'guides' | 'index'> }

async function loadGuides(db: Database, today: string, before: Served | undefined): Promise<Served> {
  const rows = await servedGuides(db.read, today)
  const served = rows.map(({ key }) => key).join(' ')
  return before?.served === served ? before : { served, knowledge: indexed(rows.map(({ guide }) => guide)) }
}

/** Guides by id, and the index that finds them. */
export const indexed = (guides: readonly Guide[]): Pick<Knowledge, 'guides' | 'index'> => ({
  guides: new Map(guides.map((guide) => [guide.id, guide])),
  index: createGuideIndex(guides),
})

const officeOf = ({ departments, policy, calendar }: OfficeRecords): Office => ({ policy, departments, calendar: createCalendar(calendar, policy.hours) })
