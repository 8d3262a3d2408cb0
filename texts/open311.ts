export const open311 = {
  closed: '本单位没有开放这个接口。',
  unknown: '没有这个编号，或者不公开。',
  other: '未归类',
} as const
