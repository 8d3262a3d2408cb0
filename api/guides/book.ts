import exceljs from 'exceljs'
import type { Department } from '../../casework/policy.ts'
import type { Guide } from '../../nlp/guide.ts'
import { columns, parts, book as words } from '../../texts/guides.ts'

/** A text of the guides' sheet; `isList`: one line of the cell is one entry. */
type Part = { readonly name: keyof typeof parts; readonly width: number; readonly isList?: true }

export const guideParts: readonly Part[] = [
  { name: 'id', width: 22 },
  { name: 'title', width: 28 },
  { name: 'field', width: 14 },
  { name: 'department', width: 18 },
  { name: 'names', width: 24, isList: true },
  { name: 'asks', width: 32, isList: true },
  { name: 'who', width: 36 },
  { name: 'steps', width: 50, isList: true },
  { name: 'where', width: 30 },
  { name: 'legal', width: 22 },
  { name: 'promised', width: 22 },
  { name: 'fee', width: 24 },
  { name: 'amount', width: 24 },
  { name: 'online', width: 28 },
  { name: 'proxy', width: 28 },
  { name: 'confirm', width: 24, isList: true },
  { name: 'reviewedOn', width: 13 },
]

/** The sheets with one row for each entry of a guide's list. */
export const lists = ['materials', 'pitfalls', 'basis'] as const
export type ListName = (typeof lists)[number]
export const columnsOf = (list: ListName): [string, string][] => Object.entries(columns[list])

export type BookOffice = { readonly departments: readonly Department[]; readonly fields: Iterable<string> }

/** All guides as a workbook that a clerk can edit and `readBook` reads back. */
export async function writeBook(guides: readonly Guide[], { departments, fields }: BookOffice): Promise<Buffer> {
  const book = new exceljs.Workbook()
  const main = newSheet(
    book,
    words.sheets.guides,
    guideParts.map(({ name, width }) => ({ title: parts[name], width })),
  )
  const names = new Map(departments.map(({ id, name }) => [id, name]))
  const choices = [[...fields], departments.map(({ name }) => name)]
  for (const guide of guides) {
    const row = main.addRow(guideParts.map(({ name }) => cellOf(guide, name, names)))
    for (const [at, { name }] of guideParts.entries()) {
      const list = name === 'field' ? 0 : name === 'department' ? 1 : undefined
      const letter = list === 0 ? 'A' : 'B'
      if (list !== undefined)
        row.getCell(at + 1).dataValidation = { type: 'list', formulae: [`'${words.sheets.choices}'!$${letter}$1:$${letter}$${choices[list]?.length ?? 1}`] }
    }
  }
  for (const list of lists) {
    const titles = columnsOf(list)
    const sheet = newSheet(book, words.sheets[list], [
      { title: parts.id, width: 22 },
      { title: words.guideTitle, width: 28 },
      ...titles.map(([, title]) => ({ title, width: 36 })),
    ])
    for (const guide of guides) {
      const entries: readonly Readonly<Record<string, string>>[] = guide[list]
      for (const entry of entries) sheet.addRow([guide.id, guide.title, ...titles.map(([name]) => entry[name] ?? null)])
    }
  }
  const help = book.addWorksheet(words.sheets.help)
  help.columns = [{ width: 110, style: { alignment: { wrapText: true } } }]
  for (const line of words.help) help.addRow([line])
  const sheet = book.addWorksheet(words.sheets.choices)
  for (let at = 0; at < Math.max(...choices.map((list) => list.length)); at++) sheet.addRow(choices.map((list) => list[at] ?? null))
  return Buffer.from(await book.xlsx.writeBuffer())
}

function newSheet(book: exceljs.Workbook, title: string, heads: readonly { readonly title: string; readonly width: number }[]): exceljs.Worksheet {
  const sheet = book.addWorksheet(title, { views: [{ state: 'frozen', ySplit: 1, xSplit: 2 }] })
  // '@' keeps dates and numbers as they were typed.
  sheet.columns = heads.map(({ width }) => ({ width, style: { numFmt: '@', alignment: { wrapText: true, vertical: 'top' } } }))
  sheet.addRow(heads.map((one) => one.title)).font = { bold: true }
  return sheet
}

function cellOf(guide: Guide, name: Part['name'], departments: ReadonlyMap<string, string>): string | null {
  if (name === 'department') return departments.get(guide.department) ?? guide.department
  if (name === 'legal' || name === 'promised') return guide.time[name] ?? null
  if (name === 'names' || name === 'asks' || name === 'steps' || name === 'confirm') return guide[name].join('\n')
  if (name === 'materials' || name === 'pitfalls' || name === 'basis' || name === 'time') return null
  return guide[name] ?? null
}
