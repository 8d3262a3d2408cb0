/** Words that the server itself says: error answers, labels of content without text, and tasks for people. */

import { happenedText } from './happened.ts'

export const problems = {
  malformed: '请求的格式不对，请刷新页面再试。',
  tooLong: (most: number) => `一次最多 ${most} 个字，请分几条发。`,
  rate: '您发得太快了，请稍等一会儿再发。',
  busy: '系统正忙，您的话还在本机上，稍后会自动重发。',
  full: '现在来咨询的人太多，请过半分钟再试；急事请打 12345。',
  passOver: '链接过期了。请在原来的对话里再发一次“导出我的信息”，会给您新的。',
  noVisitor: '页面停留太久了，请刷新后继续，前面的内容都还在。',
  notFound: '没有找到。',
  noProgress: '没有查到。请核对工单编号，以及查询码或登记时留的手机号。',
  internal: '系统出了点问题，已经记下来了，请稍后再试。',
  forbiddenOrigin: '这个请求不是从本站页面发出的，已拒绝。',
  login: '账号或密码不对。',
  locked: (minutes: number) => `密码输错次数太多，请 ${minutes} 分钟后再试，或请管理员重置密码。`,
  loginRequired: '请先登录。',
  codeRequired: '请输入手机验证器上的 6 位动态码。',
  wrongCode: '动态码不对或已经用过，请等下一个。',
  boundAlready: '已经绑定了验证器，要换请先解除。',
  mustChangePassword: '请先修改密码。',
  mustEnrol: '您的账号必须先绑定手机验证器。',
  passwordHasAccount: '密码里不能有账号名。',
  forbidden: '您的角色不能做这件事。',
  ownRole: '自己的岗位和单位不能自己改，请由另一位管理员修改。',
  weakPassword: '新密码至少 10 位，并且要有字母和数字。',
  samePassword: '新密码不能和原密码一样。',
  accountTaken: '这个账号已经有了。',
  stale: '这条内容刚刚被别人改过，已为您重新载入，请核对后再提交。',
  taken: (name: string) => `这个对话已经由${name}接着了。`,
  notYours: '这个对话现在不在您手上，请先接管。',
  answered: (seconds: number, name: string, text: string) => `${seconds} 秒前${name}已经答过：“${text}”`,
  elsewhere: '这个会话已经转到您的企业微信里，请在那里回复；在那里说的话这里都看得到。',
  handoverGone: '这次转交已经有人处理了。',
  noSuchColleague: '没有这个人，或他不接待市民。',
  unknownCommand: '没有这个操作。',
  emptyText: '请先写点内容。',
} as const

export const mediaLabels = { image: '［图片］', voice: '［语音］', video: '［视频］', file: '［文件］' } as const
export const locationLabel = (label?: string): string => `［位置${label ? `：${label}` : ''}］`
export const eventLabel = '［事件］'

export const handover = {
  bot: '智能助手',
  taken: (name: string) => `工作人员${name}已接入，由${name}继续为您服务。`,
  returned: (name: string) => `${name}已结束接待，智能助手继续为您服务。需要时随时说“转人工”。`,
} as const

/** What a job of the background does, by its kind. */
export const jobTitles: Readonly<Record<string, string>> = {
  deliver: '向市民发消息',
  pull: '从平台取消息',
  aside: '补办平台推来的消息',
  push: '给工作人员发手机提醒',
  fetch: '从平台取照片、语音、文件',
  session: '平台上的会话转接',
  mark: '时限提醒、催办',
  callback: '到期回访',
  repeats: '查同类反映',
  wait: '等补件、等上级的提醒',
  rules: '规则改动后的重算',
  scan: '查收到的文件',
  webhook: '把办理进展推送给外部系统',
  setup: '在平台上设置菜单',
}

export const tasks = {
  tellCitizen: (number: string, text: string) => `请致电告知工单 ${number} 的反映人：${text}`,
  tellAbsorbed: (number: string, merged: string) => `工单 ${number} 已答复。请把答复同样告知并入的工单 ${merged} 的反映人。`,
  callCitizen: (number: string, attempt: number) => `请电话回访工单 ${number} 的反映人（第 ${attempt} 次）。`,
  undeliverable: (number: string) => `消息没有送达，请用电话联系。${number}`,
  undeliverableChat: '一位市民的消息没有送达，他也没有登记过工单。请在“对话”里查看，等他再来时接着答。',
  leftChat: '一位市民已取消关注，有消息没有送到，他没有登记过工单，已无法联系。',
  barred: (channel: string, reason: string) => `渠道 ${channel} 的平台拒绝了本账号，消息已改走其他方式。请检查平台上的权限、密钥和 IP 白名单（${reason}）。`,
  silent: (channel: string) =>
    `渠道 ${channel} 的平台一直没有推送送达回执，发出的消息到时限都会变成电话任务。请检查平台上“状态报告”的推送地址，和防火墙、设置文件里放行的地址。`,
  restarted: (place: string) =>
    `平台不认上次读到的位置（${place}），已从它保存的三天内的消息重新读起，不会重复登记。请看看这几天的对话有没有缺漏；常出现请联系平台。`,
  calendarGap: (year: number) => `${year} 年的放假安排还没有录入，涉及该年的时限暂时算不出来，请尽快录入国务院办公厅的通知。`,
  clockStuck: (minutes: number) => `有到期的任务已等待 ${minutes} 分钟没有处理，请检查系统运行情况。`,
  deadJob: (kind: string) => `一项后台任务多次失败已停止：${jobTitles[kind] ?? kind}。请到“设置—失败任务”里查看并重试。`,
} as const

/** The list of texts that people send by hand. */
export const textList = {
  title: '待发短信',
  columns: ['序号', '时间', '手机号', '工单编号', '内容'],
  note: (name: string, at: string) => `${name} ${at} 导出。发完请在系统里标记“已发”，发不出去的标记“没发出”，会转为电话任务。`,
  lead: '单位没有短信平台，这些短信由人发出。导出表格，用手机或短信群发软件发完后，回来勾选、标记。标记“没发出”的，转为电话任务。手机号是完整的，看了、导出了都有记录。',
  none: '没有要发的短信。',
  pick: (number: string) => `选 ${number}`,
  all: '全选',
  export: '导出表格',
  sent: '标记：已发',
  notSent: '标记：没发出',
  noted: (count: number, sent: boolean) => (sent ? `${count} 条已标记为发出` : `${count} 条转为电话任务`),
} as const

/** Words around what is sent through the platforms. */
export const delivery = {
  more: '（还有内容，回复任意字接着看。）',
  someMatter: '您反映的事项',
  agent: '工作人员',
} as const

export const startup = {
  ready: (address: string) => `办得成已启动\n  市民入口  ${address}/\n  办件进度  ${address}/progress\n  工作台    ${address}/console`,
  firstAdministrator: (account: string, password: string) => `首次启动：管理员账号 ${account}，一次性密码 ${password}（只显示这一次，登录后必须修改）`,
} as const

export const administratorName = '管理员'
export const saidBy = (name: string, text: string): string => `${name}：${text}`
export const citizenName = '市民'
export const botName = '智能助手'
export const clockName = '系统计时'

/** `p80`: so much of the time is used; `due`; `late3`: so many working days late. */
function markText(mark: string): string {
  const amount = /\d+$/.exec(mark)?.[0] ?? ''
  if (mark === 'due') return '已到期'
  if (mark.startsWith('late')) return `超期 ${amount} 个工作日`
  return mark.startsWith('p') ? `已用 ${amount}%` : mark
}

/** One line of the journal as people read it. */
export const journal = {
  registered: (demand: string) => `受理登记（${demand}）`,
  amended: (labels: string) => `补充更正：${labels}`,
  triaged: (facts: { level: string; lead: string; cause: string; help: string | undefined; plan: string | undefined; reason: string }) =>
    `研判：${facts.level}，主办 ${facts.lead}，原因 ${facts.cause}${facts.help ? `，${facts.help}` : ''}。${facts.reason}${
      facts.plan ? `；一事一策：${facts.plan}` : ''
    }`,
  assigned: (lead: string, note: string) => `交办给${lead}。${note}`,
  reassigned: (reason: string) => `改派。理由：${reason}`,
  accepted: '签收',
  arrived: (note: string) => `科长报到。${note}`,
  returned: (reason: string, basis: string) => `退单。理由：${reason}；依据：${basis}`,
  contacted: (how: string, note: string) => `联系反映人（${how}）：${note}`,
  progressed: (note: string) => `进展：${note}`,
  paused: (why: string, reason: string, by: string) => `暂停计时（${why}）：${reason}，${by}批准`,
  resumed: (reason: string) => `恢复计时：${reason}`,
  extended: (reason: string) => `批准延期：${reason}`,
  resolved: (result: string, text: string) => `办结（${result}）：${text}`,
  checked: (approved: boolean, note: string) => `${approved ? '审核通过' : '审核退回'}：${note}`,
  replied: (text: string, basis: string) => `回复反映人：${text}（依据：${basis}）`,
  calledBack: (outcome: string, answer: string) => `回访：${outcome}${answer}`,
  contactedYes: '单位联系过',
  contactedNo: '单位没有联系过',
  closed: (why: string) => `回访完成：${why}`,
  archived: (cause: string) => `归档，经验：${cause}`,
  declined: (reason: string, door: string) => `不予受理：${reason}；应去：${door}`,
  transferred: (to: string, reason: string) => `转办给${to}：${reason}`,
  merged: (into: string, reason: string) => `并入 ${into}：${reason}`,
  withdrawn: (reason: string) => `撤回：${reason}`,
  reopened: (reason: string) => `重办：${reason}`,
  raised: (level: string, reason: string) => `升级为${level}：${reason}`,
  reminded: (clock: string, mark: string, plannedAt: string | undefined) =>
    `催办：${clock}时限，${markText(mark)}${plannedAt ? `（应于${plannedAt}提醒，现补发）` : ''}`,
  clockStarted: (clock: string, due: string) => `${clock}时限开始，${due}到期`,
  clockMoved: (clock: string, due: string) => `${clock}时限改为${due}到期`,
  clockMet: (clock: string) => `${clock}时限已完成`,
  clockCancelled: (clock: string) => `${clock}时限取消`,
  clockUnset: (clock: string, year: number) => `${clock}时限待录入 ${year} 年放假安排后计算`,
  deidentified: '保存期满，姓名、电话等身份信息已去标识化',
} as const

export const demandTitles = { how: '不知怎么办', where: '不知哪里办', cannot: '办不了怎么办' } as const
export const factLabels: Readonly<Record<string, string>> = {
  name: '姓名',
  phone: '电话',
  idNumber: '证件号',
  matter: '事项',
  story: '经过',
  department: '部门',
  told: '被告知',
  written: '有无书面答复',
  visits: '跑过次数',
  happenedOn: '时间',
  missingPapers: '缺的材料',
  company: '单位',
  address: '地址',
  district: '县区',
  onBehalfOf: '代谁办',
  anonymous: '要求匿名',
  confidential: '要求保密',
  guideId: '对应指南',
}

/** A fact as people read it. */
export function factText(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? '有' : '没有'
  return name === 'happenedOn' ? happenedText(String(value)) : String(value)
}

export const terminal = {
  welcome: '说说您要办的事，或者办不成的事。输入“退出”结束。',
  prompt: '市民：',
  leave: '退出',
  speaker: (name?: string) => `${name ?? '小助'}：`,
} as const
