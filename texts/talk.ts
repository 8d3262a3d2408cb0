/** Words around a conversation as the desk works with it: notes, handing on, who is looking, what was understood. */

export const defaultPhrases: readonly string[] = [
  '您好，我是“办不成事”窗口的工作人员，您的情况我看到了，我来帮您。',
  '请您稍等，我马上核实，几分钟内回您。',
  '您跑了这么多趟，辛苦了，这件事我们来跟。',
  '麻烦您说一下，窗口当时要您补的是哪份材料？',
  '已经给您登记并交办，有进展会第一时间告诉您。',
]

const excerpt = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

export const noteNotices = {
  inTalk: (by: string, text: string) => `${by}在会话备注里提到您：${excerpt(text)}`,
  onCase: (by: string, number: string, text: string) => `${by}在工单 ${number} 的备注里提到您：${excerpt(text)}`,
} as const

export const handoverTexts = {
  offered: (by: string, note: string) => `${by}想把一个会话转给您：${excerpt(note)}`,
  accepted: (by: string) => `${by}已接过您转交的会话。`,
  refused: (by: string, reason: string) => `${by}没有接您转交的会话：${excerpt(reason)}`,
  registered: (by: string, number: string, code: string) =>
    `${by}已为您登记，编号 ${number}，查询码 ${code}。请记好，凭编号和查询码（或手机号）随时可以查进度。`,
} as const

/** What a marked part of a citizen's message is. */
export const understoodKinds = {
  name: '姓名',
  phone: '电话',
  idNumber: '证件号',
  wrongIdNumber: '有误的证件号',
  company: '单位',
  address: '地址',
  district: '县区',
  department: '部门',
  date: '日期',
  visits: '跑了几趟',
  told: '窗口怎么说',
  written: '有无书面',
  missingPapers: '缺的材料',
  onBehalfOf: '替谁办',
  secrecy: '要求保密',
  anonymity: '要求匿名',
  ticketNumber: '工单编号',
  queryCode: '查询码',
  rating: '满意度',
} as const

export const talkPage = {
  alone: '只有您在看',
  looking: (names: readonly string[]) => `${names.join('、')}也在看`,
  typing: (names: readonly string[]) => `${names.join('、')}正在输入…`,
  otherWindow: '您在另一个窗口也打开了这个会话',
  seen: '市民已看到',
  citizenTypes: '市民正在输入…',
  held: '您写的话先没有发出。',
  sendAnyway: '仍然发送',
  keepWriting: '我再改改',
  phraseSearch: '搜常用语：打字，或打拼音首字母',
  phraseNone: '没有这样的常用语。',
  phraseEdit: '修改常用语',
  phraseEditLead: '一行一句，全窗口共用。',
  notes: '内部备注',
  notesLead: '只有同事看得到，市民看不到。打 @ 提醒同事。',
  notesNone: '还没有备注。',
  noteAdd: '记一条备注',
  noteSave: '记下',
  mention: '提醒谁',
  transfer: '转给同事',
  transferTo: '转给',
  transferRole: (title: string) => `任何一位${title}`,
  transferNote: '说明情况，让接的人不用再问',
  transferSend: '转出',
  transferWaits: (to: string) => `已请${to}接手，对方接之前仍由您接待。`,
  transferRecall: '收回',
  transferAsked: (from: string) => `${from}想把这个会话转给您：`,
  transferAccept: '我来接',
  transferRefuse: '接不了',
  transferRefuseWhy: '为什么接不了？',
  understood: '听懂了什么',
  draft: '拟登记的工单',
  draftLead: '根据谈话自动拟的，核对后登记。',
  draftRegister: '核对、登记',
  draftConfirm: '确认登记',
  draftDone: (number: string) => `已登记：${number}。编号和查询码已发给市民。`,
  draftKeep: '不改的就按上面记下的登记。',
  level: '响应级别',
  demandClass: '诉求类别',
  cause: '堵点原因',
  category: '领域',
  departments: '建议单位',
  flags: '要留意',
} as const
