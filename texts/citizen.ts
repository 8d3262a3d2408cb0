/** Words of the citizen's pages. */

export const pageTitles = {
  citizen: '办得成 · “办不成事”反映窗口',
  progress: '查办件进度 · 办得成',
  outside: '征询意见 · 办得成',
  privacy: '我的信息 · 办得成',
  public: '公示 · 办得成',
  console: '办得成 · 工作台',
  opening: '正在打开…… 一直打不开的话，请换一个浏览器，或者到政务服务大厅“办不成事”反映窗口，也可以拨打 12345。',
  noscript: '本页需要浏览器开启脚本（JavaScript）。您也可以直接到政务服务大厅“办不成事”反映窗口，或拨打 12345。',
} as const

export const network = {
  slow: '网络太慢，没等到回音，请再试一次。',
  down: '网络连不上，请检查网络后再试。',
  broken: '服务暂时出了问题，请稍后再试。',
} as const

const weekdays = ['日', '一', '二', '三', '四', '五', '六'] as const

export const when = {
  day: (year: number | undefined, month: number, date: number, weekday: number) =>
    `${year === undefined ? '' : `${year}年`}${month}月${date}日（周${weekdays[weekday] ?? ''}）`,
  short: (month: number, date: number, time: string) => `${month}月${date}日 ${time}`,
  lengthMinutes: (count: number) => `${count} 分钟`,
  lengthHours: (count: number) => `${count} 小时`,
  lengthDays: (count: number) => `${count} 天`,
  left: (length: string) => `还剩 ${length}`,
  late: (length: string) => `已超 ${length}`,
} as const

export const brand = { name: '办得成', window: '“办不成事”反映窗口' } as const

export const office = {
  open: '窗口上班中',
  closed: '窗口已下班',
  closedNote: (next: string) => `现在不是上班时间。智能助手照常在，事情照常登记；工作人员 ${next} 上班。`,
  closedPlain: '现在不是上班时间。智能助手照常在，事情照常登记，上班后有人看。',
} as const

export const welcome = {
  title: '您好，遇到什么难处了？',
  lead: '点一个，或者直接在下面用大白话说。',
  doors: [
    { value: 'door:how', text: '不知怎么办', hint: '要什么材料、几步、几天、多少钱' },
    { value: 'door:where', text: '不知哪里办', hint: '哪个单位、哪个窗口、网上能不能办' },
    { value: 'door:cannot', text: '办不了怎么办', hint: '没办成的事，我们登记、去催、回话' },
  ],
  progress: '查办件进度',
  progressHint: '有编号就能查',
  human: '找工作人员',
  humanHint: '随时可以转人工',
  examples: '大家常这么问',
  exampleList: ['我想开个小吃店，执照在哪儿办？', '老人医保卡丢了怎么补？', '跑了三趟了还是不给办'],
} as const

export const chat = {
  log: '对话记录',
  input: '把事情说给我听',
  placeholder: '在这里打字，比如：孩子上户口要啥',
  placeholderShort: '说说您的事',
  placeholderTiny: '请说',
  greeting: '想办什么、卡在哪儿了，在下面说一句就行，错别字、方言话都不要紧。说不清也没关系，随时可以转人工。',
  send: '发送',
  sending: '发送中…',
  delivered: '已送达',
  read: '已送达，工作人员已读',
  unsent: '没发出，连上网会自动重发',
  failed: '没发出',
  resend: '重发',
  drop: '不发了',
  you: '您',
  bot: '智能助手',
  staff: (name: string) => `工作人员${name}`,
  system: '提示',
  botTyping: '智能助手正在想…',
  staffTyping: '工作人员正在输入…',
  connecting: '正在连接…',
  down: '网络断了，正在重新连。您说的话都留着，不会丢。',
  queued: '已为您转人工，正在请工作人员。等的时候可以接着说，都会记下来。',
  served: (name: string) => `工作人员${name}正在为您服务`,
  newBelow: '有新消息 ↓',
  tab: (count: number, title: string) => (count > 0 ? `（${count} 条新消息）${title}` : title),
  human: '转人工',
  progress: '查进度',
  seeCase: '看这件事的进度',
  choices: '可以点选',
  mark: '智能助手自动回复，仅供参考，以窗口答复为准',
} as const

/** The button in other sites' pages. */
export const widget = {
  button: '办不成事？点这里',
  frame: '“办不成事”反映窗口 智能助手',
  unread: (label: string, unread: number) => (unread > 0 ? `${label}，${unread} 条新消息` : label),
  bar: '小窗',
  popOut: '新窗口',
  close: '收起',
} as const

export const footer = { label: '更多', mine: '我的信息', resume: '换个手机接着聊', board: '公示' } as const

export const display = {
  elder: '长辈版',
  normal: '标准版',
  toElder: '换成长辈版，字大、按钮大',
  toNormal: '换回标准版',
  larger: '字大',
  smaller: '字小',
  read: '读给我听',
  stop: '别读了',
  speak: '按一下，说话',
  listening: '正在听，请说…',
  unheard: '没听到。可能是浏览器不让用话筒，请打字说，或者用输入法上的话筒。',
  skip: '跳到输入框',
} as const

export const privacy = {
  line: '只有登记办件才会问您的称呼和电话，只用来联系您、告诉您结果。',
  more: '您的信息怎么用',
  points: [
    '谁在用：本“办不成事”反映窗口和承办您这件事的单位。',
    '用什么：您说的事情、称呼、电话。不要求身份证号，请不要在这里发。',
    '怎么存：加密保存，只为办这件事使用，不作别的用处；留多久，“我的信息”页写得清楚。',
    '您可以：在对话里随时更正；在“我的信息”页查看、下载、更正、删除。',
    '语音输入用的是您手机或浏览器自带的功能，本站不保存录音。',
    '智能助手的回答由程序生成，仅供参考，以窗口答复为准。',
  ],
} as const

export const progressPage = {
  title: '查办件进度',
  lead: '填编号，再填查询码或登记时留的手机号。',
  number: '工单编号',
  numberHint: '如 1410-20260315-0007-3，不打横线也行',
  proof: '查询码或手机号',
  proofHint: '登记时给您的查询码，或您留的手机号',
  ask: '查进度',
  asking: '正在查…',
  again: '查另一件',
  back: '回到首页',
  missing: '编号和查询码（或手机号）都要填。',
  stage: '办到哪一步',
  matter: '反映的事',
  registered: '登记时间',
  department: '现在由谁办',
  departmentNone: '正在确定承办单位',
  due: '办结期限',
  late: '已过期限，系统已自动催办',
  next: '接下来',
  reply: '办理答复',
  basis: '依据',
  replied: '答复时间',
  lost: '编号或查询码找不到了？带上登记时的手机号到窗口，或在对话里点“转人工”。',
  updated: (time: string) => `${time} 查询的结果`,
  refresh: '刷新',
  own: '您在这里登记过的',
  ownHint: '点一下就能看，不用填编号和查询码',
  prove: '看别的办件',
} as const
