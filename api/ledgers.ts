import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { maySee } from '../casework/access.ts'
import { dateOf, instantOf } from '../casework/day.ts'
import { type Cell, caseFile, type Ledger } from '../casework/ledger.ts'
import type { Actor, Instant } from '../casework/ticket.ts'
import { journalsOfEvents, journalsOfPeriod, type Place, type Walked } from '../prisma/journals.ts'
import type { Shell } from './shell.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'casework', 'ledgers')

/** Every ledger in casework/ledgers, in the order in which the office keeps its books. */
export async function loadLedgers(): Promise<readonly Ledger[]> {
  const files = (await readdir(folder)).filter((name) => /^[a-z]+\.ledger\.(ts|js)$/.test(name)).sort()
  const ledgers = await Promise.all(
    files.map(async (file) => {
      const { ledger }: { ledger?: Ledger } = await import(pathToFileURL(join(folder, file)).href)
      if (!ledger || !file.startsWith(`${ledger.name}.`)) throw new Error(`${file} does not export its ledger`)
      return ledger
    }),
  )
  return ledgers.sort((a, b) => a.place - b.place)
}

/** Which lines: of what happened from `from` up to and including `to` (YYYY-MM-DD), the case's registration or the line's own event, as everything stood at `until`. */
export type LedgerRequest = {
  readonly ledger: Ledger
  readonly from: string
  readonly to: string
  readonly until: Instant
  readonly viewer: Actor
  readonly reveal: boolean
  /** only cases that this unit leads or supports */
  readonly unit?: string | undefined
  /** only what comes behind this place */
  readonly after?: LedgerPlace | undefined
}

/** Behind a case of the ledger, and the number of the next line there: going on from it reads nothing of what came before. */
export type LedgerPlace = Place & { readonly serial: number }

/** `place`: behind the whole case that the line is of. */
export type LedgerLine = { readonly month: string; readonly cells: readonly Cell[]; readonly place: LedgerPlace }

const dayMs = 86_400_000

/** One line after the other: a ledger of any length is never held as a whole. */
export async function* ledgerLines(shell: Shell, request: LedgerRequest): AsyncGenerator<LedgerLine> {
  const { ledger, from, to, until, viewer, reveal, unit, after } = request
  const { office } = shell.knowledge.current()
  const end = Math.min(instantOf(to) + dayMs, until + 1)
  let serial = after?.serial ?? 1
  for await (const { at, number, journal } of journals(shell, ledger, instantOf(from), end, after)) {
    // A case that has become confidential since is hidden on past days too.
    const today = caseFile(journal, Number.MAX_SAFE_INTEGER)
    const then = journal.every((line) => line.at <= until) ? today : caseFile(journal, until)
    if (!today || !then || !maySee(today.ticket, viewer, office)) continue
    if (unit !== undefined && then.ticket.lead !== unit && !then.ticket.supporting.includes(unit)) continue
    const lines = ledger.lines(then, { now: until, office, viewer, reveal }, serial, ledger.event && at)
    serial += lines.length
    for (const cells of lines) yield { month: dateOf(at).slice(0, 7), cells, place: { at, number, serial } }
  }
}

function journals({ db, cipher }: Shell, { event }: Ledger, from: Instant, to: Instant, after: LedgerPlace | undefined): AsyncGenerator<Walked> {
  return event ? journalsOfEvents(db.read, cipher, event, from, to, after) : journalsOfPeriod(db.read, cipher, from, to, after)
}
