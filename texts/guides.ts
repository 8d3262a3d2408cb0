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
