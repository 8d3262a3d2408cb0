/** What the office keeps of a citizen, and what the citizen may do about it. */

export const resume = {
  title: '换个手机接着聊',
  nothing: '还没有聊过，不用换过去，在新设备上直接说就行。',
  wrong: '码不对、用过了或者过期了。请在原来的设备上重新取一个。',
  busy: '现在试的人太多，请过一分钟再试。',
  get: '取一个码',
  lead: '取一个八位数字的码，在新手机或电脑上打开“我的信息”，填进下面这一格。十分钟内有效，只能用一次。',
  enterLabel: '原来设备上的八位数字',
  go: '接着聊',
  note: '接过来以后，这台设备上现在的对话就看不到了。',
} as const

export const mineProblems = {
  empty: '还没有留下什么，不用删。',
  phone: '电话号码要 11 位手机号，或者带区号的座机。',
  nothingToCorrect: '请填要改的称呼或电话。',
} as const

export const mineNotes = {
  corrected: '您已更正称呼或电话，登记中的件也一起改了。',
  deleted: 'own talk deleted',
  exported: 'own data exported',
  exportName: '我的信息',
  who: { citizen: '我', bot: '智能助手', staff: '工作人员', system: '提示' },
} as const

/** Whole years read better than their days. */
const span = (days: number): string => (days >= 365 && days % 365 === 0 ? ` ${days / 365} 年` : ` ${days} 天`)

export const minePage = {
  title: '我的信息',
  lead: '这里是您在这台设备上留下的全部信息。',
  leadElsewhere: '这里是您在微信或短信的对话里留下的全部信息。',
  who: '谁在保管',
  whoText: (centre: string, city: string) => `${city}${centre}。只为办您反映的事使用，只给承办单位看，存在本地服务器上，加密保存。`,
  what: '留下了什么',
  empty: '还没有留下什么。',
  talk: (messages: number) => `对话 ${messages} 条`,
  facts: '称呼、电话等',
  tickets: '登记过的件',
  files: '发过的照片和文件',
  keep: '留多久',
  keepChat: (days: number) => `没有登记成件的对话：最后一次说话满${span(days)}自动删除。`,
  keepCase: (days: number) => `登记过的件：依法留存备查；按规定，办完满${span(days)}后抹去姓名、电话等身份信息，只留办理记录。`,
  correct: '改称呼或电话',
  name: '称呼',
  phone: '电话',
  save: '改好了，保存',
  saved: '已更正。',
  export: '下载一份',
  exportHint: '一个文件，里面是您的对话、件和文件清单',
  delete: '删除我的对话',
  deleteSure: '确定删除吗？对话和没有交到件里的照片、文件马上删掉，找不回来。',
  deleteDuty: (numbers: string) =>
    `登记过的件（${numbers}）依法要留存备查（个人信息保护法第四十七条：法律规定的保存期限未到的，停止除存储和安全保护之外的处理），不会一起删，办理照常；到期后抹去身份信息。不想办了请到进度页撤回。`,
  deleteYes: '确定删除',
  deleteNo: '不删',
  deleted: '已经删掉了。',
  rights: '在微信、短信里留下的信息，请在那边的对话里发“导出我的信息”或“删除我的信息”。还有别的要求，请在对话里点“转人工”，或到窗口核对身份后办理。',
  back: '回到对话',
} as const
