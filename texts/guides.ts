/** Names of a guide's parts, as clerks see them in the form, in the workbook and in the faults. */
export const parts = {
  id: '编号',
  title: '事项名称',
  field: '领域',
  department: '部门',
  names: '俗称',
  asks: '常见问法',
  who: '谁能办',
  materials: '材料',
  steps: '步骤',
  where: '在哪办',
  legal: '法定时限',
  promised: '承诺时限',
  time: '时限',
  fee: '收费',
  amount: '给多少钱',
  online: '网上办',
  proxy: '能否代办',
  pitfalls: '常见退回',
  basis: '依据',
  confirm: '待单位确认',
  reviewedOn: '复核日期',
} as const

/** Columns of the parts that are lists of several things. */
export const columns = {
  materials: { name: '材料名称', copies: '份数', issuer: '出具单位', note: '说明' },
  pitfalls: { reason: '退回原因', remedy: '怎么办' },
  basis: { title: '依据名称', article: '条款或文号', since: '施行日期' },
} as const

/** What is wrong with what was filled in. */
export const faults = {
  required: '没有填',
  oneLine: '一条里不能换行',
  day: '日期要写成 2026-01-31 这样',
  id: '只能用小写字母、数字和连字符，如 ju-zhu-zheng',
  atLeastOne: '至少要有一条',
  field: (name: string) => `没有“${name}”这个领域，请从已有的领域里选`,
  department: (name: string) => `没有“${name}”这个部门，请从已有的部门里选`,
  surplus: (name: string) => `不认识“${name}”这一项`,
  other: '填得不对',
  at: (place: string, what: string) => `“${place}”${what}`,
  nth: (part: string, at: number) => `${part}第 ${at} 条`,
  nthColumn: (part: string, at: number, column: string) => `${part}第 ${at} 条的${column}`,
  all: (list: readonly string[]) => `有 ${list.length} 处要改：${list.join('；')}。`,
} as const

/** Words of the workbook for editing guides, and what is said when one is read back. */
export const book = {
  file: (on: string) => `办事指南 ${on}.xlsx`,
  sheets: { guides: '指南', materials: '材料', pitfalls: '常见退回', basis: '依据', help: '说明', choices: '选项' },
  guideTitle: '事项名称（只供对照）',
  help: [
    '一行一篇指南。“编号”是指南的身份，已有的不要改；新加的指南自己起一个，只用小写字母、数字和连字符，如 ju-zhu-zheng。',
    '“俗称”“常见问法”“步骤”“待单位确认”一格里可以有多条，一条一行（Alt+Enter 换行）。',
    '材料、常见退回、依据在各自的表里，一行一条，用“编号”对应到指南；同一篇的几行按先后排列。第二列的事项名称只供对照，导入时不看。',
    '“部门”写部门名称，“领域”写已有的领域；日期写成 2026-01-31。',
    '不想改的指南可以整行删掉：导入时没有的指南保持原样，不会被删除。但一篇指南只要在“指南”表里，它的材料、常见退回、依据就以各表为准。',
    '导入后先显示有几篇新增、几篇改动、哪些格有错；没有错才能存成草稿，由另一人批准后生效。',
  ],
  notWorkbook: '这个文件打不开，请用从系统导出的 xlsx 文件修改后再导入。',
  tooLarge: '文件太大，请删掉不改的指南再导入。',
  noGuides: '“指南”表里一篇指南也没有',
  noSheet: (sheet: string) => `缺少“${sheet}”这张表`,
  noColumn: (column: string) => `缺少“${column}”这一列`,
  twice: (row: number) => `编号和第 ${row} 行重复`,
  noGuide: (id: string) => `“指南”表里没有编号“${id}”`,
  cell: (sheet: string, row: number, column: string, what: string) => `《${sheet}》第 ${row} 行“${column}”：${what}`,
  openDraft: '这篇指南已有一份待批准的草稿，请先处理',
  note: '从工作簿导入',
  faulty: (count: number) => `工作簿里有 ${count} 处错误，一篇也没有导入。`,
} as const
