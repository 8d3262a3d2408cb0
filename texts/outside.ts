/** A unit without an account is asked through a link that is good for one answer. */

export const outsideNotes = {
  invited: (unit: string, question: string) => `征询${unit}意见：${question}`,
  uninvited: (unit: string) => `收回给${unit}的征询链接`,
  stated: (unit: string, name: string, text: string) => `${unit}（${name}）答复：${text}`,
} as const

export const outsideRefusals = {
  level: () => '三级响应的工单才向外单位发征询链接；请先升级。',
  none: () => '没有这条征询，或者已经收回。',
  answered: () => '对方已经答复，不能再改。',
  revoked: () => '这条征询已经收回，不用再答复。如有疑问，请与发来链接的同志联系。',
} as const

export const outsideProblems = {
  unknown: '链接不完整或不对，请让对方重新发一次。',
  expired: '链接已过期，请联系发来链接的同志重新发送。',
  closed: '这件事已经办完，不用再答复。',
} as const

/** The page that the unit opens, and its panel in the console. */
export const outsidePage = {
  title: '征询意见',
  lead: (unit: string) => `${unit}：请对下面的事项给出意见。本链接只供贵单位使用，答复一次后即失效，请勿转发。`,
  number: '工单编号',
  question: '请答复',
  matter: '事项',
  story: '情况',
  hidden: '本件按规定不显示反映内容，如需了解请与发来链接的同志联系。',
  until: (at: string) => `请在 ${at} 前答复`,
  name: '答复人姓名、职务',
  text: '答复意见',
  send: '提交答复',
  once: '提交后不能修改。',
  thanks: '已收到贵单位的答复，谢谢。',
  answered: (at: string) => `贵单位已于 ${at} 答复，本链接不能再用。需要补充，请与发来链接的同志联系。`,
  missing: '请写明答复人和答复意见。',
  loading: '正在打开…',
} as const

export const outsidePanel = {
  title: '外单位征询',
  lead: '没有账号的单位用一次性链接答复，意见记入流水。',
  unit: '单位名称',
  question: '请对方答复什么',
  make: '生成链接',
  shown: '链接只显示这一次，请发给对方经办人：',
  copy: '复制',
  copied: '已复制',
  revoke: '收回',
  states: { open: '等待答复', opened: '已打开，未答复', answered: '已答复', revoked: '已收回', expired: '已过期' },
  until: (at: string) => `${at} 前有效`,
} as const
