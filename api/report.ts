import { unitName } from '../casework/case.ts'
import { wasLate } from '../casework/clocks.ts'
import { isSatisfied } from '../casework/closing.ts'
import type { Office } from '../casework/policy.ts'
import { type Rate, rates } from '../casework/rates.ts'
import { findings } from '../casework/review.ts'
import { isOpen } from '../casework/stages.ts'
import type { Demand, Instant, Ticket } from '../casework/ticket.ts'
import { longDate, report } from '../texts/papers.ts'
import type { Paper, Section } from './paper.ts'

export type ReportContext = { readonly month: string; readonly on: string; readonly now: Instant; readonly office: Office }

/** 月报: every figure with what it is of and how it is defined, and the cases behind it; a case that was merged counts once, as the one it went into. */
export function monthReport(all: readonly Ticket[], { month, on, now, office }: ReportContext): Paper {
  const tickets = all.filter((ticket) => ticket.stage !== 'merged')
  const figures = rates(tickets, now, office.policy)
  const of = (demand: Demand): number => tickets.filter((ticket) => ticket.demand === demand).length
  const open = tickets.filter((ticket) => isOpen(ticket.stage)).length
  const counts = { all: tickets.length, how: of('how'), where: of('where'), cannot: of('cannot'), finished: tickets.length - open, open }
  const merged = all.length - tickets.length
  return {
    title: report.title(month),
    number: `${office.policy.centre.name}　${longDate(on)}`,
    intro: '',
    sections: [
      { title: report.counts, lines: [report.countLine(counts), ...(merged > 0 ? [report.merged(merged)] : [])] },
      { title: report.rates, table: { columns: report.columns, rows: rateKeys.map((key) => rateRow(report.names[key], figures[key])) } },
      kindsOf(tickets, month, office),
      { title: report.attempts, lines: [report.surveyLine(figures.surveyed), report.attemptLine(figures.attempts)] },
      { title: report.drill, table: { columns: report.drillColumns, rows: drill(tickets, now, office) } },
    ],
    signs: report.signs,
  }
}

function kindsOf(tickets: readonly Ticket[], month: string, office: Office): Section {
  const kinds = findings(tickets, { from: `${month}-01`, to: `${month}-31` }, office.policy.review.least)
  if (kinds.length === 0) return { title: report.kinds, lines: [report.noKinds] }
  const rows = kinds.map(({ category, cause, lead, count, numbers, lessons }) => [
    category,
    cause,
    unitName(lead, office),
    String(count),
    numbers.join('\n'),
    lessons.join('；'),
  ])
  return { title: report.kinds, table: { columns: report.kindColumns, rows } }
}

/** The cases behind the figures that somebody will ask about. */
function drill(tickets: readonly Ticket[], now: Instant, { policy }: Office): string[][] {
  const isOverdue = (ticket: Ticket) => ticket.deadlines.some((one) => one.kind === 'resolution' && one.cancelledAt === undefined && wasLate(one, ticket, now))
  const isUnsatisfied = ({ callbacks }: Ticket) => callbacks.some((one) => one.answer && !isSatisfied(one.answer, policy))
  const groups: Readonly<Record<keyof typeof report.drillNames, (ticket: Ticket) => boolean>> = {
    open: ({ stage }) => isOpen(stage),
    late: isOverdue,
    reopened: ({ reopened }) => reopened > 0,
    unsatisfied: isUnsatisfied,
  }
  return Object.entries(groups).map(([name, fits]) => {
    const found = tickets.filter(fits)
    return [report.drillNames[name as keyof typeof groups], String(found.length), found.map(({ number }) => number).join('\n')]
  })
}

const rateKeys = ['responded', 'solved', 'satisfied', 'onTheSpot', 'late', 'reopened', 'reached', 'arrived', 'attended'] as const

const rateRow = ([name, definition]: readonly [string, string], { count, of, percent }: Rate): string[] => [
  name,
  report.rateOf(count, of),
  percent === undefined ? report.nothing : report.percent(percent),
  definition,
]
