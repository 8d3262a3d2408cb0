import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import exceljs from 'exceljs'
import type { Cell } from '../casework/ledger.ts'
import { print } from '../texts/print.ts'

/** `month`: the sheet that the line stands on, YYYY-MM. */
export type SheetLine = { readonly month: string; readonly cells: readonly Cell[] }
export type SheetHead = { readonly title: string; readonly columns: readonly string[]; readonly notes: readonly string[]; readonly month: string }

/** The longest text that a cell holds. */
const longestCell = 32_767

/** A workbook with one sheet for each month, written while it is read: slow readers slow the writer down. */
export function workbook(head: SheetHead, lines: AsyncIterable<SheetLine>): Readable {
  const out = new PassThrough()
  write(out, head, lines).catch((fault: unknown) => out.destroy(fault instanceof Error ? fault : new Error(String(fault))))
  return out
}

async function write(out: PassThrough, head: SheetHead, lines: AsyncIterable<SheetLine>): Promise<void> {
  const book = new exceljs.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true })
  let month = head.month
  let sheet = newSheet(book, head, month)
  let isEmpty = true
  for await (const line of lines) {
    if (line.month !== month) {
      // Months follow one another; only the very first sheet may turn out to be needless, and then takes this month's name.
      if (isEmpty) sheet.name = print.sheet(line.month)
      else {
        sheet.commit()
        sheet = newSheet(book, head, line.month)
      }
      month = line.month
    }
    isEmpty = false
    sheet.addRow(line.cells.map(safe)).commit()
    if (out.writableNeedDrain) await Promise.race([once(out, 'drain'), once(out, 'close')])
    if (out.destroyed) return
  }
  sheet.commit()
  await book.commit()
}

function newSheet(book: exceljs.stream.xlsx.WorkbookWriter, { title, columns, notes }: SheetHead, month: string) {
  const sheet = book.addWorksheet(print.sheet(month), {
    views: [{ state: 'frozen', ySplit: 3 }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: '3:3' },
    headerFooter: { oddFooter: `${print.page.before}&P${print.page.between}&N${print.page.after}` },
  })
  // '@' keeps numbers of phones and cases text also when a cell is edited.
  sheet.columns = columns.map((name) => ({ width: widthOf(name), style: { numFmt: '@', alignment: { wrapText: true, vertical: 'top' } } }))
  const first = sheet.addRow([title])
  first.font = { bold: true, size: 16 }
  first.commit()
  sheet.addRow([notes.join('　')]).commit()
  const names = sheet.addRow([...columns])
  names.font = { bold: true }
  names.commit()
  return sheet
}

const widthOf = (column: string): number => (print.wide.includes(column) ? 40 : Math.max(10, column.length * 2 + 6))

/** Citizens' words must not run as a formula on a clerk's computer, nor when the sheet is saved as CSV. */
export const safe = (cell: Cell): Cell => (typeof cell === 'string' ? (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).slice(0, longestCell) : cell)
