/** What is said about edits of the office's rules, calendar and departments. */
export const rules = {
  fault: (path: string, what: string) => `“${path}”不能这样填：${what}`,
  otherYear: '年份和内容对不上。',
  nameTaken: (name: string) => `这个名称或简称已经是“${name}”的了，换一个，免得分派错单位。`,
  seed: '出厂设置',
} as const
