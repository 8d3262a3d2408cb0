/** What is said about edits of the office's rules and calendar. */
export const rules = {
  fault: (path: string, what: string) => `“${path}”不能这样填：${what}`,
  otherYear: '年份和内容对不上。',
} as const
