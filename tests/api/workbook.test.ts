import exceljs from 'exceljs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeBook } from '../../api/guides/book.ts'
import { readBook } from '../../api/guides/reading.ts'
import type { Guide } from '../../nlp/guide.ts'
import { loadSeedDepartments, loadSeedFields, loadSeedGuides } from '../../prisma/seed/guides.ts'

const departments = loadSeedDepartments()
const fields = loadSeedFields()
const guides = loadSeedGuides()
const [guide] = guides as [Guide]
const write = (list: readonly Guide[]) => writeBook(list, { departments, fields })

/** The workbook after somebody's edits in Excel. */
async function edited(list: readonly Guide[], edit: (book: exceljs.Workbook) => void): Promise<Buffer> {
  const book = new exceljs.Workbook()
  await book.xlsx.load(new Uint8Array(await write(list)).buffer)
  edit(book)
  return Buffer.from(await book.xlsx.writeBuffer())
}
const sheet = (book: exceljs.Workbook, name: string) => book.getWorksheet(name)!
const column = (book: exceljs.Workbook, name: string, title: string): number => (sheet(book, name).getRow(1).values as string[]).indexOf(title)
const saidOf = async (file: Buffer): Promise<string[]> =>
  (await readBook(file, departments)).faults.map(({ sheet, row, column, text }) => `${sheet} ${row ?? ''} ${column ?? ''} ${text}`)

describe('a workbook of guides', () => {
  test('read back as it was written has every guide unchanged', async () => {
    const { guides: read, faults } = await readBook(await write(guides), departments)
    expect(faults).toEqual([])
    expect(new Map(read.map((one) => [one.guide.id, one.guide]))).toEqual(new Map(guides.map((one) => [one.id, one])))
  })

  test('keeps any text that a guide may have: formulas, dates, numbers, quotes, lines', async () => {
    const char = fc.constantFrom(...'=+-@\'"<>&|,;_x000D_0123456789年 月abc办事\n\t')
    const text = fc
      .string({ unit: char, minLength: 1, maxLength: 20 })
      .map((raw) => raw.trim())
      .filter(Boolean)
    const line = text.map((raw) => raw.replace(/\s+/g, ' '))
    const many = fc.array(line, { maxLength: 3 })
    const some = fc.record(
      {
        title: text,
        names: many,
        asks: many,
        who: text,
        fee: text,
        amount: text,
        where: text,
        proxy: text,
        confirm: many,
        steps: fc.array(line, { minLength: 1, maxLength: 3 }),
        time: fc.record({ legal: text, promised: text }, { requiredKeys: [] }),
        materials: fc.array(fc.record({ name: text, copies: text, issuer: text, note: text }, { requiredKeys: ['name'] }), { maxLength: 2 }),
        pitfalls: fc.array(fc.record({ reason: text, remedy: text }), { maxLength: 2 }),
      },
      { noNullPrototype: true },
    )
    await fc.assert(
      fc.asyncProperty(some, async (change) => {
        const one: Guide = JSON.parse(JSON.stringify({ ...guide, ...change }))
        const { guides: read, faults } = await readBook(await write([one]), departments)
        expect(faults).toEqual([])
        expect(read.map((row) => row.guide)).toEqual([one])
      }),
      { numRuns: 20 },
    )
  })

  test('names every fault by sheet, row and column in the words of the workbook', async () => {
    const file = await edited(guides.slice(0, 3), (book) => {
      const main = sheet(book, '指南')
      main.getCell(2, column(book, '指南', '事项名称')).value = ' '
      main.getCell(2, column(book, '指南', '领域')).value = '不存在'
      main.getCell(3, column(book, '指南', '部门')).value = '某某局'
      main.getCell(3, column(book, '指南', '领域')).value = '不存在'
      main.getCell(4, column(book, '指南', '编号')).value = 'Big Letters'
      sheet(book, '依据').getCell(2, column(book, '依据', '施行日期')).value = '去年'
      sheet(book, '材料').getCell(2, column(book, '材料', '材料名称')).value = null
      sheet(book, '常见退回').addRow(['no-such-guide', '', '原因', '办法'])
    })

    const said = await saidOf(file)
    expect(said).toEqual(
      expect.arrayContaining([
        '指南 2 事项名称 没有填',
        '指南 3 领域 没有“不存在”这个领域，请从已有的领域里选',
        '指南 3 部门 没有“某某局”这个部门，请从已有的部门里选',
        expect.stringMatching(/^指南 4 编号 只能用小写字母/),
        '依据 2 施行日期 日期要写成 2026-01-31 这样',
        '材料 2 材料名称 没有填',
        expect.stringMatching(/^常见退回 \d+ 编号 “指南”表里没有编号“no-such-guide”/),
      ]),
    )
  })

  test('may have its columns in another order, dates and numbers as Excel likes them, and coloured text', async () => {
    const file = await edited([guide], (book) => {
      const main = sheet(book, '指南')
      const reviewed = main.getCell(2, column(book, '指南', '复核日期'))
      reviewed.style = { ...reviewed.style, numFmt: 'yyyy-mm-dd' }
      reviewed.value = new Date('2026-10-01T00:00:00Z')
      sheet(book, '依据').getCell(2, column(book, '依据', '施行日期')).value = '2024年3月1日'
      main.getCell(2, column(book, '指南', '收费')).value = 10
      main.getCell(2, column(book, '指南', '在哪办')).value = { richText: [{ text: '三楼' }, { font: { bold: true }, text: '东厅' }] }
      main.spliceColumns(column(book, '指南', '谁能办'), 1)
      const place = main.columnCount + 1
      main.getCell(1, place).value = '谁能办'
      main.getCell(2, place).value = '所有人\r\n不限户籍'
    })

    const { guides: read, faults } = await readBook(file, departments)
    expect(faults).toEqual([])
    expect(read[0]?.guide).toEqual({
      ...guide,
      reviewedOn: '2026-10-01',
      basis: [{ ...guide.basis[0], since: '2024-03-01' }, ...guide.basis.slice(1)],
      fee: '10',
      where: '三楼东厅',
      who: '所有人\n不限户籍',
    })
  })

  test('is refused in plain words when it is none, lacks a sheet or a column, is empty, or has a guide twice', async () => {
    expect(await saidOf(Buffer.from('no workbook'))).toEqual([expect.stringContaining('这个文件打不开')])
    expect(await saidOf(await edited([guide], (book) => book.removeWorksheet(sheet(book, '材料').id)))).toEqual([expect.stringContaining('缺少“材料”这张表')])
    expect(await saidOf(await edited([guide], (book) => void sheet(book, '指南').spliceColumns(2, 1)))).toEqual([
      expect.stringContaining('缺少“事项名称”这一列'),
    ])
    expect(await saidOf(await edited([], () => undefined))).toEqual([expect.stringContaining('一篇指南也没有')])
    const twice = await edited([guide, guide], () => undefined)
    expect(await saidOf(twice)).toContainEqual('指南 3 编号 编号和第 2 行重复')
  })
})
