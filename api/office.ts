import { createCalendar } from '../casework/calendar.ts'
import { dateOf } from '../casework/day.ts'
import type { Office } from '../casework/policy.ts'
import { createGuideIndex, createUnderstanding, type GuideIndex, type Understand } from '../nlp/engine.ts'
import type { Guide } from '../nlp/guide.ts'
import type { Database } from '../prisma/database.ts'
import { readOffice } from '../prisma/office.ts'

/** What the process knows of its office, read from the database and built into indexes; replaced as a whole when something is edited. */
export type Knowledge = {
  readonly office: Office
  readonly guides: ReadonlyMap<string, Guide>
  readonly index: GuideIndex
  readonly understand: Understand
}

export type KnowledgeKeeper = { readonly current: () => Knowledge; readonly reload: () => Promise<void> }

export async function keepKnowledge(db: Database, now: () => number): Promise<KnowledgeKeeper> {
  let knowledge = await readKnowledge(db, now())
  return {
    current: () => knowledge,
    reload: async () => {
      knowledge = await readKnowledge(db, now())
    },
  }
}

async function readKnowledge(db: Database, now: number): Promise<Knowledge> {
  const { departments, policy, calendar, guides } = await readOffice(db, dateOf(now))
  return {
    office: { policy, departments, calendar: createCalendar(calendar, policy.hours) },
    guides: new Map(guides.map((guide) => [guide.id, guide])),
    index: createGuideIndex(guides),
    understand: createUnderstanding({ departments, districts: [] }),
  }
}
