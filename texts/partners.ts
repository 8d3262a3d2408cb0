/** What other systems are told, and what staff read about them. */
export const partners = {
  notSigned: '签名不对、时间戳超过 5 分钟，或者没有这个接入方。算法见接入说明。',
  replayed: '这个请求已经收过了。重送请换新的 nonce 和时间戳，并重新签名。',
  notJson: '请求体不是 UTF-8 的 JSON。',
  wrongFields: (fields: readonly string[]) => `这些字段不对或不认识：${fields.join('、')}。`,
  differs: (number: string) => `这个编号已经登记为 ${number}，内容和这次不一样，没有改动。要补充请另编号送来，或致电窗口。`,
  whole: '整个请求体',
} as const

/** The log of what was told to other systems. */
export const webhooks = {
  title: '给外部系统的推送',
  none: '还没有推送过。',
  at: '时间',
  partner: '接入方',
  state: '结果',
  states: { open: '等待发送', done: '对方已收到', dead: '多次失败，已停下' } as Readonly<Record<string, string>>,
  attempts: '试过次数',
  error: '上次失败原因',
  replay: '再推送',
  replayed: '已重新排队',
} as const
