import QRCode from 'qrcode'
import { isRestricted } from '../casework/access.ts'
import { dateOf, timeOf } from '../casework/day.ts'
import type { CaseFile } from '../casework/ledger.ts'
import type { Office } from '../casework/policy.ts'
import type { Instant } from '../casework/ticket.ts'
import type { Guide } from '../nlp/guide.ts'
import { labels, longDate, paragraphs } from '../texts/papers.ts'
import { print } from '../texts/print.ts'
import { html, type Markup, page, raw, signatures } from './page.ts'

/** What stands on a paper, from top to bottom. */
export type Paper = {
  readonly title: string
  /** the issuing office, in red, over papers that go to departments */
  readonly head?: string
  readonly number?: string
  readonly to?: string
  readonly intro: string
  readonly form?: readonly (readonly [label: string, value: string])[]
  readonly sections?: readonly Section[]
  readonly closing?: readonly string[]
  readonly signs: readonly string[]
  readonly seal?: { readonly office: string; readonly on: string }
  readonly qr?: { readonly address: string; readonly words: string }
  readonly large?: boolean
}

export type Section = {
  readonly title: string
  readonly lines?: readonly string[]
  readonly choices?: readonly string[]
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  readonly room?: boolean
}

/** Of what a paper is made. `origin` is the address that citizens see. */
export type Subject = {
  readonly file: CaseFile
  readonly office: Office
  readonly now: Instant
  readonly origin: string
  readonly guide: Guide | undefined
  readonly headHash: string
  /** the query code, known at the registration alone */
  readonly code?: string
}

export const onDay = (at: Instant): string => longDate(dateOf(at))
export const onMinute = (at: Instant): string => `${onDay(at)} ${timeOf(at)}`
export const seal = ({ office, now }: Subject) => ({ office: `${office.policy.centre.name}${paragraphs.seal}`, on: onDay(now) })
const nameOf = ({ facts }: CaseFile['ticket']): string => (facts.anonymous ? paragraphs.anonymous : (facts.name ?? paragraphs.untold))
export const matterOf = ({ facts }: CaseFile['ticket']): string => facts.matter ?? facts.story?.slice(0, 40) ?? paragraphs.untold

/** The lines that every paper on a case begins with; `toUnit`: it goes to a department, which does not learn who asked for confidence. */
export const about = ({ file: { ticket }, office }: Subject, toUnit = false): [string, string][] => [
  [labels.number, ticket.number],
  [labels.registeredAt, onMinute(ticket.registeredAt)],
  [labels.citizen, toUnit && isRestricted(ticket, office) ? paragraphs.hidden : nameOf(ticket)],
  [labels.matter, matterOf(ticket)],
]

/** A drawing of an address, for a phone's camera. */
export const qrOf = (address: string): Promise<string> => QRCode.toString(address, { type: 'svg', margin: 0, errorCorrectionLevel: 'M' })

/** `name` is what the browser's window and the file that is printed to are called. */
export async function paperPage(paper: Paper, name = paper.title): Promise<string> {
  const { title, head, number, to, intro, form = [], sections = [], closing = [], signs, seal, qr, large } = paper
  // The address is ours and the drawing made here; nothing of it is a citizen's word.
  const code = qr && (await qrOf(qr.address))
  const body = html`${head && html`<p class="red">${head}</p>`}${code && html`<div class="qr">${raw(code)}<br>${qr?.words}</div>`}
<h1>${title}</h1>${number && html`<p class="centre">${number}</p>`}${to && html`<p>${to}：</p>`}<p class="indent">${intro}</p>
${form.length > 0 && html`<table class="form"><tbody>${form.map(([label, value]) => html`<tr><th>${label}</th><td>${value}</td></tr>`)}</tbody></table>`}
${sections.map(sectionOf)}${closing.map((line) => html`<p class="indent">${line}</p>`)}${signatures(signs)}
${seal && html`<p class="right">${seal.office}<br>${seal.on}</p>`}`
  return page({ title: name, ...(large === undefined ? {} : { large }) }, body)
}

function sectionOf({ title, lines = [], choices = [], table, room }: Section): Markup {
  return html`<h2>${title}</h2>${lines.map((line) => html`<p class="indent">${line}</p>`)}
${choices.length > 0 && html`<p>${choices.map((choice) => html`<span class="choice"><span class="box"></span>${choice}</span>　`)}</p>`}
${
  table &&
  html`<table><thead><tr>${table.columns.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>
${table.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>${table.rows.length === 0 && html`<p>${print.empty}</p>`}`
}${room && html`<div class="room"></div>`}`
}
