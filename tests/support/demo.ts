import { readConfig } from '../../api/config.ts'
import { playDemo } from '../../api/demo/play.ts'
import { ledgerLines, loadLedgers } from '../../api/ledgers.ts'
import { type Opened, openShell } from '../../api/start.ts'
import { dateOf } from '../../casework/day.ts'
import type { Stamped } from '../../casework/decision.ts'
import { messagesAfter } from '../../prisma/conversations.ts'
import { casesWithLines } from '../../prisma/journals.ts'
import { journalPlace, openTicket } from '../../prisma/tickets.ts'
import { createTestDatabase, testKey } from './database.ts'
import { person } from './life.ts'

/** A working Tuesday at 10:30; the month before it has the Dragon Boat Festival. */
export const demoEnd = Date.parse('2026-06-30T10:30:00+08:00')

export type PlayedDemo = Opened & { readonly ms: number }

export async function playedDemo(engine?: 'sqlite'): Promise<PlayedDemo> {
  const database = await createTestDatabase(engine)
  let clock = demoEnd
  const config = readConfig({ DATABASE_URL: database.url, DATA_KEY: testKey, LOG_LEVEL: 'fatal' })
  const opened = await openShell(config, () => clock)
  const from = performance.now()
  const set = (at: number): void => {
    clock = at
  }
  await playDemo(opened, config, { now: () => clock, set }, demoEnd)
  const close = async (): Promise<void> => {
    await opened.close()
    await database.remove()
  }
  return { ...opened, ms: performance.now() - from, close }
}

export type Lived = { readonly number: string; readonly ticket: ReturnType<typeof openTicket>; readonly journal: readonly Stamped[] }

export async function casesOfDemo({ shell: { db, cipher } }: Opened): Promise<Lived[]> {
  const found: Lived[] = []
  for await (const { row, lines } of casesWithLines(db.read, 0, Number.MAX_SAFE_INTEGER)) {
    const journal = lines.map((line) => cipher.open<Stamped>(line.sealed, journalPlace(row.id, line.seq)))
    found.push({ number: row.number, ticket: openTicket(row, cipher), journal })
  }
  return found
}

export async function ledgersOfDemo({ shell }: Opened): Promise<Record<string, unknown[]>> {
  const viewer = person('督办', ['supervisor'])
  const all: Record<string, unknown[]> = {}
  for (const ledger of await loadLedgers()) {
    const asked = { ledger, from: '2026-05-01', to: dateOf(demoEnd), until: demoEnd, viewer, reveal: true }
    const rows: unknown[] = []
    for await (const { cells } of ledgerLines(shell, asked)) rows.push(cells)
    all[ledger.name] = rows
  }
  return all
}

/** Everything that the month has left behind, without what is drawn at random: ids, query codes, hashes. */
export async function contentsOfDemo(opened: Opened): Promise<string> {
  const { db, cipher } = opened.shell
  const cases = await casesOfDemo(opened)
  const conversations = await db.read.all<{ id: string; personId: string; ownerId: string | null; queuedAt: number | null; urgent: number | boolean }>(
    'SELECT id, "personId", "ownerId", "queuedAt", urgent FROM "Conversation" ORDER BY "createdAt", "personId"',
  )
  const talks = await Promise.all(
    conversations.map(async (one) => ({ ...one, urgent: Boolean(one.urgent), messages: await messagesAfter(db.read, cipher, one.id, 0, 1_000) })),
  )
  const notices = await db.read.all('SELECT "uniqueKey", unit, role, "ticketId", text, at, "doneAt", "doneBy" FROM "Notice" ORDER BY id')
  const jobs = await db.read.all('SELECT kind, "uniqueKey", "orderKey", "runAt", state, attempts, payload, "createdAt", "doneAt" FROM "Job" ORDER BY id')
  const missed = await db.read.all('SELECT why, guides, at, state FROM "Missed" ORDER BY id')
  const audit = await db.read.all('SELECT at, "staffId", action, subject FROM "Audit" ORDER BY id')
  const whole = { cases, talks, notices, jobs, missed, audit, ledgers: await ledgersOfDemo(opened) }
  let text = JSON.stringify(whole, null, 1).replace(/(查询码 ?)\d{6}/g, '$1')
  for (const { ticket, number } of cases) text = text.replaceAll(ticket.id, number)
  for (const { id, personId } of conversations) text = text.replaceAll(id, personId)
  return text
}
