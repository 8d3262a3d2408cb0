/** Calls to the staff's phones: they lie open on a locked screen, so they name the number, the stage and the time, and nothing else. */

export const call = {
  titles: {
    assigned: '新交办，请签收',
    arrival: '科长报到：请到窗口',
    whistle: '专班吹哨：请会商',
    due: '时限提醒',
    late: '超期催办',
    supervision: '督办',
  } as Readonly<Record<string, string>>,
  number: (number: string) => `工单：${number}`,
  stage: (stage: string) => `环节：${stage}`,
  due: (text: string) => `时限：${text}`,
  open: '在工作台查看',
  sign: '签收',
  signWords: (number: string) => `签收 ${number}`,
} as const

/** What the robot understands, in NFKC. */
export const hears = {
  bind: (text: string): string | undefined => /^绑定\s*(\d{8})$/.exec(text)?.[1],
  sign: (text: string): string | undefined => /^签收\s*(.+)$/.exec(text)?.[1],
} as const

/** What the robot answers to a member of staff. */
export const answer = {
  bound: '已绑定',
  boundLine: (name: string) => `您好，${name}。以后交办、报到、吹哨、时限和督办都会发到这里。`,
  wrongCode: '绑定码不对或已过期',
  wrongCodeLine: '请在工作台“我的账号”里重新领取，十分钟内发来。',
  unknown: '还没有绑定',
  unknownLine: '请在工作台“我的账号”里领取绑定码，把“绑定 8位数字”发到这里。',
  signed: '已签收',
  noted: '已知悉',
  refused: '没有签收',
  notFound: '没有找到这个工单，或不归您办。',
  help: '可以这样说',
  helpLines: ['签收 工单编号', '绑定 8位数字'],
} as const

export const task = (platform: string, name: string, number: string): string =>
  `【${number}】发给${name}的${platformNames[platform] ?? platform}消息没有送达，请打电话通知。`

/** A group has no name of its own here. */
export const groupName = '工作群'

export const platformNames: Readonly<Record<string, string>> = { dingtalk: '钉钉', wecom: '企业微信' }

/** The console's panel of one's own account. */
export const handlePanel = {
  title: '手机提醒',
  lead: '交办、报到、吹哨、时限和督办可以发到手机上，点“签收”就签收了。',
  none: '管理员还没有接通钉钉或企业微信。',
  bound: '已绑定',
  free: '没有绑定',
  deaf: '没有接通接收消息，暂时不能绑定',
  take: '领取绑定码',
  drop: '解除绑定',
  dropped: '已解除',
  how: (code: string) => `请在钉钉或企业微信里打开本单位的办得成机器人（应用），发送：绑定 ${code}`,
  until: '十分钟内有效，只能用一次。发出后稍等几秒，刷新本页。',
} as const
