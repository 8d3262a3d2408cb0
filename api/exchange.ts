import exceljs from 'exceljs'
import { isHiddenFrom } from '../casework/access.ts'
import type { Office } from '../casework/policy.ts'
import { partnerCases } from '../prisma/partners.ts'
import { resultTitles } from '../texts/casework.ts'
import { exchange as words } from '../texts/exchange.ts'
import type { ImportedOrders } from './contract.ts'
import { openBook, textOf } from './guides/reading.ts'
import { handedCase, handedView, takeCase } from './handed.ts'
import { onMinute } from './paper.ts'
import type { Partner } from './partners.ts'
import { ProblemError } from './problems.ts'
import { safe } from './sheet.ts'
import type { Shell } from './shell.ts'

const mostRows = 500
const mostListed = 5_000

type Line = { readonly row: number; readonly cells: Readonly<Record<string, string>> }

/** Orders come by file and over the wire under the same name, so that none is registered twice; without a partner set up, by file alone. */
const hotline = (shell: Shell): Pick<Partner, 'id' | 'channel'> =>
  [...shell.partners.values()].find(({ channel }) => channel === '12345') ?? { id: '12345', channel: '12345' }

/** Registers the orders of a workbook, each row by itself; a row that cannot be read is named and keeps none of the others out. @throws ProblemError 'malformed' */
export async function importOrders(shell: Shell, file: Buffer): Promise<ImportedOrders> {
  const taken: ImportedOrders['taken'][number][] = []
  const faults: ImportedOrders['faults'][number][] = []
  for (const { row, cells } of await linesIn(file)) {
    try {
      const { externalId, number, repeated, code } = await takeCase(shell, hotline(shell), readLine(cells))
      taken.push({ row, externalId, number, repeated, ...(code === undefined ? {} : { code }) })
    } catch (fault) {
      if (!(fault instanceof ProblemError)) throw fault
      faults.push({ row, text: fault.message })
    }
  }
  return { taken, faults }
}

async function linesIn(file: Buffer): Promise<Line[]> {
  const sheet = (await openBook(file))?.worksheets[0]
  if (!sheet) throw new ProblemError('malformed', words.notBook)
  const places = new Map<string, number>()
  sheet.getRow(1).eachCell((cell, at) => void places.set(textOf(cell.value).trim(), at))
  for (const name of ['externalId', 'story'] as const)
    if (!places.has(words.columns[name])) throw new ProblemError('malformed', words.noColumn(words.columns[name]))
  const lines: Line[] = []
  sheet.eachRow((row, number) => {
    const cellOf = (title: string): string => {
      const at = places.get(title)
      return at === undefined ? '' : textOf(row.getCell(at).value).trim()
    }
    const cells = Object.fromEntries(Object.entries(words.columns).map(([name, title]) => [name, cellOf(title)]))
    if (number > 1 && Object.values(cells).some(Boolean)) lines.push({ row: number, cells })
  })
  if (lines.length === 0) throw new ProblemError('malformed', words.noRows)
  if (lines.length > mostRows) throw new ProblemError('malformed', words.tooMany(mostRows))
  return lines
}

function readLine({ externalId, urgent, confidential, ...facts }: Line['cells']) {
  const filled = Object.fromEntries(Object.entries(facts).filter(([, text]) => text !== ''))
  const parsed = handedCase.safeParse({
    externalId,
    urgent: words.yes.includes(urgent ?? ''),
    facts: { ...filled, ...(words.yes.includes(confidential ?? '') ? { confidential: true } : {}) },
  })
  if (parsed.success) return parsed.data
  const titles: Readonly<Record<string, string>> = words.columns
  throw new ProblemError('malformed', words.wrong([...new Set(parsed.error.issues.map(({ path }) => titles[String(path.at(-1))] ?? ''))]))
}

/** What has become of the orders, to be read in at 12345: of a confidential one number and step alone. */
export async function exportOrders(shell: Shell, office: Office, unit: string | undefined): Promise<Buffer> {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet(words.sheet)
  sheet.columns = words.feedback.map(() => ({ width: 24, style: { numFmt: '@', alignment: { wrapText: true, vertical: 'top' } } }))
  sheet.addRow([...words.feedback]).font = { bold: true }
  for (const { externalId, ticket } of await partnerCases(shell.db.read, shell.cipher, hotline(shell).id, mostListed)) {
    if (isHiddenFrom(ticket, unit, office)) continue
    const { number, stageText, result, reply, basis, repliedAt } = handedView(externalId, ticket, office)
    const cells = [externalId, number, stageText, result && resultTitles[result], reply, basis, repliedAt && onMinute(repliedAt)]
    sheet.addRow(cells.map((cell) => safe(cell ?? '')))
  }
  return Buffer.from(await book.xlsx.writeBuffer())
}
