/** Words of the demo: what its citizens say beyond their story, and what the command tells. */
export const demo = {
  centre: { name: '“办不成事”反映窗口（演示数据）', city: '演示市', slogan: '演示数据，人名和事情都是编的' },
  who: (name: string, phone: string) => `我叫${name}，电话${phone}`,
  untold: '就说办不了，没说为什么',
  insist: '还是办不了',
  noMore: '没有了',
  reasonOf: (name: string) => `${name}，见受理记录`,
  note: { how: '电话', assign: '请按时限办理', contact: '已问清情况', arrive: '科长已到窗口', check: '属实' },
  contact: '承办单位窗口',
  unreachable: '演示：对方收不到',
} as const

export const demoCommand = {
  used: (url: string) =>
    `这个库里已经有数据，演示只装进全新的库，什么都没有改动：${url}\n要看演示，请另指一个新库，例如：DATABASE_URL=file:data/demo2.db npm run demo`,
  filling: '正在演一个月：受理、研判、交办、办理、督办、回访、归档……大约要半分钟。',
  until: (date: string) => `明年的放假安排还没有录入，演示的最后一天提前到 ${date}。`,
  filled: (tickets: number, conversations: number, from: string, to: string) =>
    `演示数据已装好：${tickets} 件工单、${conversations} 个对话，${from} 至 ${to}。人名和事情都是编的，工单编号以 0000 开头。`,
  again: '这是以前装好的演示库，直接启动。密码在第一次运行时已经显示；忘了就删掉演示库再运行一次。',
  logins: '演示账号（密码只显示这一次）：',
  login: (account: string, password: string, name: string) => `  ${account.padEnd(8)} ${password}  ${name}`,
} as const
