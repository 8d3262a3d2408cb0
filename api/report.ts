import { unitName } from '../casework/case.ts'
import type { Office } from '../casework/policy.ts'
import { type Rate, rates } from '../casework/rates.ts'
import { findings } from '../casework/review.ts'
import { isOpen } from '../casework/stages.ts'
import type { Demand, Instant, Ticket } from '../casework/ticket.ts'
import { longDate, report } from '../texts/papers.ts'
import { html, type Markup, page, signatures } from './page.ts'

export type ReportContext = { readonly month: string; readonly on: string; readonly now: Instant; readonly office: Office }

/** 月报: every figure with what it is of and how it is defined; cases that make up a kind are named. */
export function monthReport(tickets: readonly Ticket[], { month, on, now, office }: ReportContext): string {
  const figures = rates(tickets, now, office.policy)
  const of = (demand: Demand): number => tickets.filter((ticket) => ticket.demand === demand).length
  const open = tickets.filter((ticket) => isOpen(ticket.stage)).length
  const counts = { all: tickets.length, how: of('how'), where: of('where'), cannot: of('cannot'), finished: tickets.length - open, open }
  const kinds = findings(tickets, { from: `${month}-01`, to: `${month}-31` }, office.policy.review.least)
  const body = html`<h1>${report.title(month)}</h1><p class="centre">${office.policy.centre.name}　${longDate(on)}</p>
<h2>${report.counts}</h2><p class="indent">${report.countLine(counts)}</p>
<h2>${report.rates}</h2>${tableOf(
    report.columns,
    rateKeys.map((key) => rateRow(report.names[key], figures[key])),
  )}
<h2>${report.kinds}</h2>${
    kinds.length === 0
      ? html`<p>${report.noKinds}</p>`
      : tableOf(
          report.kindColumns,
          kinds.map(({ category, cause, lead, count, numbers, lessons }) => [
            category,
            cause,
            unitName(lead, office),
            count,
            numbers.join('\n'),
            lessons.join('；'),
          ]),
        )
  }
<h2>${report.attempts}</h2><p class="indent">${report.attemptLine(figures.attempts)}</p>${signatures(report.signs)}`
  return page({ title: report.title(month) }, body)
}

const rateKeys = ['responded', 'solved', 'satisfied', 'onTheSpot', 'late', 'reopened', 'reached', 'arrived', 'attended'] as const

const rateRow = ([name, definition]: readonly [string, string], { count, of, percent }: Rate): string[] => [
  name,
  report.rateOf(count, of),
  percent === undefined ? report.nothing : report.percent(percent),
  definition,
]

const tableOf = (columns: readonly string[], rows: readonly (readonly (string | number)[])[]): Markup =>
  html`<table><thead><tr>${columns.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`
