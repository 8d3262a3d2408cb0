import { maySee } from './access.ts'
import { dateOf, timeOf } from './day.ts'
import type { Stamped, TicketEvent } from './decision.ts'
import { evolve } from './evolve.ts'
import { maskName, maskPhone, maskText } from './mask.ts'
import type { Office } from './policy.ts'
import type { Actor, Instant, Ticket } from './ticket.ts'

/** A case as it stood at a moment: the journal up to then, and the state that follows from it. */
export type CaseFile = { readonly ticket: Ticket; readonly journal: readonly Stamped[] }

/** `reveal` shows names and numbers in full; whoever sets it keeps a record of who looked. */
export type LedgerContext = { readonly now: Instant; readonly office: Office; readonly viewer: Actor; readonly reveal?: boolean }

export type Cell = string | number

export type Ledger = {
  readonly name: string
  readonly title: string
  /** among the office's books, from 1 */
  readonly place: number
  readonly columns: readonly string[]
  /** stable names of the columns, in the same order */
  readonly keys: readonly string[]
  /** the event that a line is of, and whose date puts it into a period; without it a line is of a case, by its registration */
  readonly event?: TicketEvent['type']
  /** The lines of one case, of the events at `at` alone if it is given, without those that the viewer must not see; numbered on from `serial`. */
  readonly lines: (file: CaseFile, context: LedgerContext, serial: number, at?: Instant) => Cell[][]
}

type Words<K extends string> = { readonly title: string; readonly columns: Readonly<Record<K | 'serial', string>> }

/** A ledger is never stored: it is derived from the journal, for today or for any day past. */
export function defineLedger<K extends string>(ledger: {
  readonly name: string
  readonly words: Words<K>
  readonly place: number
  readonly event?: TicketEvent['type']
  readonly rows: (file: CaseFile, context: LedgerContext) => readonly (Readonly<Record<Exclude<K, 'serial'>, Cell>> & { readonly instant?: Instant })[]
}): Ledger {
  const { name, words, place, rows, event } = ledger
  const keys = Object.keys(words.columns)
  return {
    name,
    title: words.title,
    place,
    columns: Object.values(words.columns),
    keys,
    ...(event && { event }),
    lines: (file, context, serial, at) => {
      if (!maySee(file.ticket, context.viewer, context.office)) return []
      const found = rows(file, context).filter(({ instant }) => at === undefined || instant === at)
      return found.map(({ instant: _, ...row }, index) => {
        const cells: Readonly<Record<string, Cell | undefined>> = { ...row, serial: serial + index }
        return keys.map((key) => cells[key] ?? '')
      })
    },
  }
}

/** The case as it stood at `until`; undefined when it was not yet registered. */
export function caseFile(journal: readonly Stamped[], until: Instant): CaseFile | undefined {
  const known = journal.filter((line) => line.at <= until)
  const ticket = known.reduce<Ticket | undefined>(evolve, undefined)
  return ticket && { ticket, journal: known }
}

/** A line of the journal with an event of that type. */
export type Line<T extends TicketEvent['type']> = Stamped & { readonly event: Extract<TicketEvent, { type: T }> }

export const linesOf = <T extends TicketEvent['type']>({ journal }: CaseFile, type: T): readonly Line<T>[] =>
  journal.filter((line): line is Line<T> => line.event.type === type)

export const when = (at: Instant | undefined): string => (at === undefined ? '' : `${dateOf(at)} ${timeOf(at)}`)
export const day = (at: Instant | undefined): string => (at === undefined ? '' : dateOf(at))

/** How this viewer reads personal words: masked unless revealed. */
export const reader = ({ reveal }: LedgerContext) => ({
  name: (name: string | undefined): string => (name ? (reveal ? name : maskName(name)) : ''),
  phone: (phone: string | undefined): string => (phone ? (reveal ? phone : maskPhone(phone)) : ''),
  text: (text: string | undefined): string => (text ? (reveal ? text : maskText(text)) : ''),
})
