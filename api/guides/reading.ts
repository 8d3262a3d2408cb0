import exceljs from 'exceljs'
import type { Department } from '../../casework/policy.ts'
import type { Guide } from '../../nlp/guide.ts'
import { columns, parts, book as words } from '../../texts/guides.ts'
import { columnsOf, guideParts, type ListName, lists } from './book.ts'
import { checkGuide, type Fault } from './faults.ts'

/** What is wrong and where: `row` counts from 1 as the workbook shows it; without one the whole sheet is meant. */
export type BookFault = { readonly sheet: string; readonly row?: number; readonly column?: string; readonly text: string }
export type ReadBook = { readonly guides: readonly { readonly guide: Guide; readonly row: number }[]; readonly faults: readonly BookFault[] }

/** More than this, unpacked, is no list of guides: a small file could else fill the memory. */
const mostUnpacked = 64 * 1024 * 1024

type Sheet = { readonly name: string; readonly rows: readonly { readonly row: number; readonly cells: ReadonlyMap<string, string> }[] }
type Entry = { readonly row: number; readonly entry: Readonly<Record<string, string>> }

/** Reads a workbook of guides. Guides with a fault are not among `guides`; every fault is named with its place. */
export async function readBook(file: Buffer, departments: readonly Department[]): Promise<ReadBook> {
  const faults: BookFault[] = []
  const book = await openBook(file)
  if (!book) return { guides: [], faults: [{ sheet: words.sheets.guides, text: words.notWorkbook }] }
  const main = readSheet(
    book,
    words.sheets.guides,
    guideParts.map(({ name }) => parts[name]),
    faults,
  )
  const others = lists.map((list) => ({ list, sheet: readSheet(book, words.sheets[list], [parts.id, ...columnsOf(list).map(([, title]) => title)], faults) }))
  if (faults.length > 0) return { guides: [], faults }
  if (main.rows.length === 0) return { guides: [], faults: [{ sheet: main.name, text: words.noGuides }] }
  const rowOf = new Map<string, number>()
  for (const { row, cells } of main.rows) {
    const id = cells.get(parts.id) ?? ''
    const first = rowOf.get(id)
    if (first === undefined) rowOf.set(id, row)
    else if (id) faults.push({ sheet: main.name, row, column: parts.id, text: words.twice(first) })
  }
  const entries = new Map(others.map(({ list, sheet }) => [list, entriesOf(list, sheet, rowOf, faults)]))
  const ids = new Map(departments.flatMap(({ id, name }) => [[id, id] as const, [name, id] as const]))
  const guides = main.rows.flatMap(({ row, cells }) => {
    const id = cells.get(parts.id) ?? ''
    const own = (list: ListName): readonly Entry[] => entries.get(list)?.get(id) ?? []
    const checked = checkGuide(guideOf(cells, ids, own), departments)
    if (checked.ok) return [{ guide: checked.guide, row }]
    faults.push(...checked.faults.map((fault) => placed(fault, row, own)))
    return []
  })
  return { guides, faults }
}

/** Undefined for what is no workbook, or unpacks to too much. */
export async function openBook(file: Buffer): Promise<exceljs.Workbook | undefined> {
  if (unpackedSize(file) > mostUnpacked) return undefined
  try {
    const book = new exceljs.Workbook()
    // exceljs types its own Buffer; what it reads is an ArrayBuffer.
    await book.xlsx.load(new Uint8Array(file).buffer)
    return book
  } catch {
    return undefined // not a workbook: the caller says so
  }
}

/** By the archive's own list (APPNOTE.TXT 4.3.12): the sum of the sizes that its files will have. */
function unpackedSize(file: Buffer): number {
  let sum = 0
  for (let at = file.indexOf('PK\u0001\u0002', 0, 'latin1'); at >= 0 && at + 46 <= file.length; at = file.indexOf('PK\u0001\u0002', at + 46, 'latin1'))
    sum += file.readUInt32LE(at + 24)
  return sum
}

function readSheet(book: exceljs.Workbook, name: string, titles: readonly string[], faults: BookFault[]): Sheet {
  const sheet = book.getWorksheet(name)
  if (!sheet) {
    faults.push({ sheet: name, text: words.noSheet(name) })
    return { name, rows: [] }
  }
  const places = new Map<string, number>()
  sheet.getRow(1).eachCell((cell, at) => void places.set(textOf(cell.value).trim(), at))
  for (const title of titles) if (!places.has(title)) faults.push({ sheet: name, text: words.noColumn(title) })
  const rows: Sheet['rows'][number][] = []
  sheet.eachRow((row, number) => {
    if (number === 1) return
    const cells = new Map(
      titles.map((title) => [
        title,
        textOf(row.getCell(places.get(title) ?? 1).value)
          .replace(/\r\n?/g, '\n')
          .trim(),
      ]),
    )
    if ([...cells.values()].some(Boolean)) rows.push({ row: number, cells })
  })
  return { name, rows }
}

/** What stands in a cell, whatever Excel made of what was typed. */
export function textOf(value: exceljs.CellValue): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (typeof value !== 'object') return String(value)
  if ('richText' in value) return value.richText.map((part) => part.text).join('')
  if ('text' in value) return textOf(value.text)
  if ('result' in value) return textOf(value.result)
  return ''
}

function entriesOf(list: ListName, { name, rows }: Sheet, rowOf: ReadonlyMap<string, number>, faults: BookFault[]): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>()
  for (const { row, cells } of rows) {
    const id = cells.get(parts.id) ?? ''
    if (!rowOf.has(id)) faults.push({ sheet: name, row, column: parts.id, text: words.noGuide(id) })
    const entry = filled(Object.fromEntries(columnsOf(list).map(([column, title]) => [column, cells.get(title) ?? ''])), list)
    found.set(id, [...(found.get(id) ?? []), { row, entry }])
  }
  return found
}

/** What may be left out is left out when it is empty; the rest stays, so that it is called missing. */
function filled(entry: Readonly<Record<string, string>>, list: ListName): Record<string, string> {
  const optional = list === 'materials' ? ['copies', 'issuer', 'note'] : list === 'basis' ? ['article'] : []
  const kept = Object.entries(entry).filter(([name, text]) => text !== '' || !optional.includes(name))
  return Object.fromEntries(kept.map(([name, text]) => [name, name === 'since' ? dateOf(text) : text]))
}

function guideOf(
  cells: ReadonlyMap<string, string>,
  departments: ReadonlyMap<string, string>,
  own: (list: ListName) => readonly Entry[],
): Record<string, unknown> {
  const text = (name: keyof typeof parts): string => cells.get(parts[name]) ?? ''
  const some = (name: 'legal' | 'promised' | 'online' | 'amount') => (text(name) ? { [name]: text(name) } : {})
  const plain = guideParts.filter(({ name }) => !['legal', 'promised', 'online', 'amount', 'department'].includes(name))
  return {
    ...Object.fromEntries(plain.map(({ name, isList }) => [name, isList ? lines(text(name)) : text(name)])),
    reviewedOn: dateOf(text('reviewedOn')),
    department: departments.get(text('department')) ?? text('department'),
    time: { ...some('legal'), ...some('promised') },
    ...some('online'),
    ...some('amount'),
    ...Object.fromEntries(lists.map((list) => [list, own(list).map(({ entry }) => entry)])),
  }
}

/** 2026/1/5, 2026.1.5 and a date in Chinese are dates too; anything else stays and is called a fault. */
function dateOf(text: string): string {
  const [, year, month = '', day = ''] = /^(\d{4})[-/.\u5e74](\d{1,2})[-/.\u6708](\d{1,2})\u65e5?$/.exec(text) ?? []
  return year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

function placed({ path, text }: Fault, row: number, own: (list: ListName) => readonly Entry[]): BookFault {
  const [part = '', at, column] = path
  const list = lists.find((one) => one === part)
  if (list && typeof at === 'number') {
    const titles: Readonly<Record<string, string>> = columns[list]
    return { sheet: words.sheets[list], row: own(list)[at]?.row ?? 1, column: titles[String(column)] ?? '', text }
  }
  const name = part === 'time' ? String(at) : String(part)
  return { sheet: words.sheets.guides, row, column: Object.hasOwn(parts, name) ? parts[name as keyof typeof parts] : name, text }
}

export const sayFault = ({ sheet, row, column, text }: BookFault): string => (row === undefined ? text : words.cell(sheet, row, column ?? '', text))
