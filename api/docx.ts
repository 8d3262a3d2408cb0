import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip,
  Document,
  Footer,
  HeightRule,
  ImageRun,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx'
import QRCode from 'qrcode'
import { print } from '../texts/print.ts'
import type { Paper, Section } from './paper.ts'

// 《党政机关公文格式》GB/T 9704-2012: margins of 37, 26, 35 and 28 mm, body in 三号 (16 pt), lines of 28 pt. Sizes are half points.
const margins = { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26) }
const sizes = { title: 44, head: 52, text: 32, form: 24, foot: 28, large: 36 }
const red = 'C00000'
const bodyLine = { line: 560, lineRule: LineRuleType.EXACT }

function mm(millimetres: number): number {
  return convertMillimetersToTwip(millimetres)
}
const font = (name: string) => ({ ascii: 'Times New Roman', hAnsi: 'Times New Roman', cs: 'Times New Roman', eastAsia: name })

type Look = { readonly size?: number; readonly face?: string; readonly color?: string; readonly bold?: boolean }

/** Line breaks of a text stay line breaks. */
function runs(text: string, { size = sizes.text, face = print.office.text, ...look }: Look = {}): TextRun[] {
  return text.split('\n').map((line, index) => new TextRun({ text: line, size, font: font(face), ...look, ...(index > 0 ? { break: 1 } : {}) }))
}

const line = (text: string, look: Look = {}, more: object = {}): Paragraph => new Paragraph({ spacing: bodyLine, children: runs(text, look), ...more })
const indented = (text: string): Paragraph => line(text, {}, { indent: { firstLine: 640 }, alignment: AlignmentType.BOTH })
const centred = (text: string, look: Look = {}): Paragraph =>
  new Paragraph({ alignment: AlignmentType.CENTER, spacing: { after: 120 }, children: runs(text, look) })

/** The same paper as for print, as a document that an office goes on writing in. */
export async function paperDocument(paper: Paper): Promise<Buffer> {
  const { title, head, number, to, intro, form = [], sections = [], closing = [], signs, seal, qr } = paper
  const image = qr && (await QRCode.toBuffer(qr.address, { margin: 0, errorCorrectionLevel: 'M', width: 300 }))
  const children = [
    ...(head ? [redHead(head)] : []),
    ...(image && qr ? [picture(image), new Paragraph({ alignment: AlignmentType.RIGHT, children: runs(qr.words, { size: 18 }) })] : []),
    centred(title, { size: sizes.title, face: print.office.title }),
    ...(number ? [centred(number, { size: sizes.foot })] : []),
    ...(to ? [line(`${to}：`)] : []),
    ...(intro ? [indented(intro)] : []),
    ...(form.length > 0 ? [formTable(form)] : []),
    ...sections.flatMap(sectionOf),
    ...closing.map(indented),
    line(''),
    signTable(signs),
    ...(seal ? [seal.office, seal.on].map((text) => line(text, {}, { alignment: AlignmentType.RIGHT })) : []),
  ]
  const document = new Document({
    title,
    creator: seal?.office ?? head ?? '',
    styles: { default: { document: { run: { font: font(print.office.text), size: sizes.text } } } },
    sections: [{ properties: { page: { size: { width: mm(210), height: mm(297) }, margin: margins } }, footers: { default: footer() }, children }],
  })
  return Packer.toBuffer(document)
}

const redHead = (text: string): Paragraph =>
  new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { after: 360 },
    border: { bottom: { style: BorderStyle.SINGLE, size: 18, color: red, space: 8 } },
    children: runs(text, { size: sizes.head, face: print.office.title, color: red }),
  })

const picture = (data: Buffer): Paragraph =>
  new Paragraph({ alignment: AlignmentType.RIGHT, children: [new ImageRun({ type: 'png', data, transformation: { width: 90, height: 90 } })] })

function footer(): Footer {
  const { before, between, after } = print.page
  const children = [before, PageNumber.CURRENT, between, PageNumber.TOTAL_PAGES, after]
  return new Footer({
    children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ children, size: 18, font: font(print.office.text) })] })],
  })
}

const full = { size: 100, type: WidthType.PERCENTAGE } as const
const cell = (text: string, percent: number, look: Look = {}): TableCell =>
  new TableCell({
    width: { size: percent, type: WidthType.PERCENTAGE },
    verticalAlign: VerticalAlign.CENTER,
    margins: { top: 60, bottom: 60, left: 100, right: 100 },
    children: [new Paragraph({ children: runs(text, { size: sizes.form, ...look }) })],
  })

const formTable = (form: NonNullable<Paper['form']>): Table =>
  new Table({
    width: full,
    rows: form.map(([label, value]) => new TableRow({ cantSplit: true, children: [cell(label, 28, { face: print.office.heading }), cell(value, 72)] })),
  })

function sectionOf({ title, lines = [], choices = [], table, room }: Section): (Paragraph | Table)[] {
  return [
    ...(title ? [line(title, { face: print.office.heading }, { keepNext: true, spacing: { ...bodyLine, before: 200 } })] : []),
    ...lines.map(indented),
    ...(choices.length > 0 ? [line(choices.map((choice) => `□${choice}`).join('　'))] : []),
    ...(table ? [rowsTable(table)] : []),
    ...(table?.rows.length === 0 ? [line(print.empty)] : []),
    ...(room ? [roomTable()] : []),
  ]
}

function rowsTable({ columns, rows }: NonNullable<Section['table']>): Table {
  const shares = sharesOf([columns, ...rows])
  const cells = (row: readonly string[], look: Look = {}) => row.map((text, index) => cell(text, shares[index] ?? 0, look))
  const head = new TableRow({ tableHeader: true, children: cells(columns, { face: print.office.heading }) })
  return new Table({ width: full, rows: [head, ...rows.map((row) => new TableRow({ cantSplit: true, children: cells(row) }))] })
}

/** Columns with long texts get more room, in percent; none is narrower than a few characters. */
function sharesOf(rows: readonly (readonly string[])[]): number[] {
  const lengths = (rows[0] ?? []).map((_, index) =>
    Math.max(...rows.map((row) => Math.min(24, Math.max(6, ...(row[index] ?? '').split('\n').map((one) => one.length))))),
  )
  const all = lengths.reduce((sum, one) => sum + one, 0)
  return lengths.map((one) => (one * 100) / all)
}

/** Where a leader writes the 批示. */
const roomTable = (): Table =>
  new Table({ width: full, rows: [new TableRow({ height: { value: mm(45), rule: HeightRule.ATLEAST }, children: [cell('', 100)] })] })

const none = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const
const signTable = (names: readonly string[]): Table =>
  new Table({
    width: full,
    borders: { top: none, bottom: none, left: none, right: none, insideHorizontal: none, insideVertical: none },
    rows: [new TableRow({ cantSplit: true, children: names.map((name) => cell(`${name}：`, 100 / names.length, { size: sizes.foot })) })],
  })
