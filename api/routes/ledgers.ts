import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { areas, areasOf } from '../../casework/areas.ts'
import { addDays, dateOf, instantOf, timeOf } from '../../casework/day.ts'
import { problems } from '../../texts/api.ts'
import { print } from '../../texts/print.ts'
import { type LedgerLine, type LedgerPlace, type LedgerRequest, ledgerLines, loadLedgers } from '../ledgers.ts'
import { html, pageFoot, pageHead, pagePolicy, signatures } from '../page.ts'
import { parse } from '../parse.ts'
import { ProblemError } from '../problems.ts'
import type { Server } from '../server.ts'
import { actorOf, noteAudit, staffOf } from '../session.ts'

const date = z.iso.date()
const placeOf = ({ at, number, serial }: LedgerPlace): string => [at, number, serial].join('~')
function placeIn(text: string): LedgerPlace {
  const [at, number = '', serial] = text.split('~')
  return { at: Number(at), number, serial: Number(serial) }
}
const query = z.object({
  from: date.optional(),
  to: date.optional(),
  /** as it stood at the end of that day; without it as it stands now */
  on: date.optional(),
  /** only what this department leads or supports */
  unit: z.string().max(60).optional(),
  /** why names and numbers are shown in full; kept in the audit */
  unmask: z.string().trim().min(2).max(200).optional(),
  /** the `next` of the page before */
  after: z
    .string()
    .regex(/^\d{1,15}~[\d-]{1,40}~\d{1,9}$/)
    .transform(placeIn)
    .optional(),
})
const fileOf = z.object({ file: z.string().max(60) })
const pageSize = 100

/** The six ledgers as rows, as a workbook and for print. */
export function ledgerRoutes(app: FastifyInstance, server: Server): void {
  const { shell } = server
  const ledgers = loadLedgers()

  app.get('/api/staff/ledgers', async (request) => {
    await staffOf(server, request, areas.cases)
    return { rows: (await ledgers).map(({ name, title, columns }) => ({ name, title, columns })) }
  })

  app.get('/api/staff/ledgers/:file', async (request, reply) => {
    const staff = await staffOf(server, request, areas.cases)
    const [name, kind = 'json'] = parse(fileOf, request.params).file.split('.')
    const ledger = (await ledgers).find((one) => one.name === name)
    if (!ledger || !['json', 'jsonl', 'xlsx', 'html'].includes(kind)) throw new ProblemError('notFound', problems.notFound)
    const given = parse(query, request.query)
    const today = dateOf(shell.now())
    const { from = `${today.slice(0, 7)}-01`, to = today, on = today, unit, unmask } = given
    const reveal = unmask !== undefined
    if (from > to) throw new ProblemError('malformed', problems.malformed)
    if (reveal && !areasOf(staff.roles).includes('unmask')) throw new ProblemError('forbidden', problems.forbidden)
    const until = Math.min(instantOf(addDays(on, 1)) - 1, shell.now())
    const asked: LedgerRequest = { ledger, from, to, until, viewer: actorOf(staff), reveal, unit, after: kind === 'json' ? given.after : undefined }
    const subject = `${ledger.name}.${kind} ${from}..${to} on ${on}${unit ? ` of ${unit}` : ''}`
    if (reveal) await noteAudit(server, staff.id, 'ledger unmasked', `${subject}: ${unmask}`)
    else if (kind !== 'json') await noteAudit(server, staff.id, 'ledger exported', subject)
    const lines = ledgerLines(shell, asked)
    reply.header('cache-control', 'no-store')
    if (kind === 'json') return { ...ledger, from, to, on, ...(await pageOf(lines)) }
    if (kind === 'jsonl') return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(jsonLines(ledger.columns, lines)))
    const notes = notesOf(asked, on, staff.name, shell.now())
    if (kind === 'html')
      return reply
        .header('content-security-policy', pagePolicy)
        .type('text/html; charset=utf-8')
        .send(Readable.from(printed(asked, notes, lines)))
    // Loaded when first needed: the library behind it would otherwise be in the memory of every idle process.
    const { workbook } = await import('../sheet.ts')
    return reply
      .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(`${ledger.title} ${from} ${to}.xlsx`)}`)
      .send(workbook({ title: ledger.title, columns: ledger.columns, notes, month: from.slice(0, 7) }, lines))
  })
}

/** A page ends with the last line of a case, so that the next one begins with a case. */
async function pageOf(lines: AsyncIterable<LedgerLine>) {
  const rows: LedgerLine['cells'][] = []
  let last: LedgerPlace | undefined
  for await (const { cells, place } of lines) {
    if (last && rows.length >= pageSize && place.serial !== last.serial) return { rows, next: placeOf(last) }
    rows.push(cells)
    last = place
  }
  return { rows }
}

/** The columns, then one line for each row: of any length, for other programs. */
async function* jsonLines(columns: readonly string[], lines: AsyncIterable<LedgerLine>): AsyncGenerator<string> {
  yield `${JSON.stringify(columns)}\n`
  for await (const { cells } of lines) yield `${JSON.stringify(cells)}\n`
}

const notesOf = ({ ledger, from, to, reveal }: LedgerRequest, on: string, by: string, at: number): string[] => [
  print.period(from, to, ledger.event !== undefined),
  print.asOf(on),
  print.exported(by, `${dateOf(at)} ${timeOf(at)}`),
  reveal ? print.revealed : print.masked,
]

async function* printed({ ledger: { title, columns } }: LedgerRequest, notes: readonly string[], lines: AsyncIterable<LedgerLine>): AsyncGenerator<string> {
  yield pageHead({ title, landscape: true })
  yield html`<h1>${title}</h1><p class="notes">${notes.join('　')}</p><table><thead><tr>${columns.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>`
    .markup
  let count = 0
  for await (const { cells } of lines) {
    count += 1
    yield html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`.markup
  }
  yield '</tbody></table>'
  if (count === 0) yield html`<p>${print.empty}</p>`.markup
  yield `${signatures(print.signatures).markup}${pageFoot}`
}
