/** How the bot takes a case down. */

import { happenedText } from './happened.ts'

type Noted = {
  readonly matter: string
  readonly who?: string | undefined
  readonly phone?: string | undefined
  readonly department?: string | undefined
  readonly told?: string | undefined
  readonly missingPapers?: string | undefined
  readonly visits?: number | undefined
  readonly happenedOn?: string | undefined
  readonly onBehalfOf?: string | undefined
  readonly company?: string | undefined
  readonly story?: string | undefined
  readonly confidential?: boolean | undefined
}

/** A telling that is added to a case that is there. */
export const additions = {
  nothing: '请写明这次补充的情况。',
  note: (channel: 'counter' | 'phone', text: string) => `（${channel === 'phone' ? '来电' : '窗口'}再次反映）${text}`,
} as const

export const intake = {
  open: '您说，我来记。',
  tired: (visits: number) => `您跑了${spoken(visits)}趟，辛苦了。`,
  sorry: '让您为难了，这事我来记、来催。',
  calm: '您消消气，这事我来记、来催。',
  quiet: '您放心，这条我按保密件记，被反映的单位看不到您是谁。',
  proxy: (whom: string) => `您替${whom}说也一样。`,
  heard: '明白了。',
  hurried: '好，不多问。',
  questionNoted: '这句我记着，让同事答您。',
  registeredAlready: (number: string) => `已经登记了，编号 ${number}。要补的、要改的直接说；要另登一件，说是哪件事。`,
  care: '管，这就给您记。',
  fixed: '改过来了。',

  askMatter: '您要办的是哪件事？比如“房产证”“营业执照”。',
  askStuck: (matter: string) => `「${matter}」卡在哪一步了，窗口当时怎么说的？`,
  askStuckPlain: '卡在哪一步了，窗口当时怎么说的？',
  askContact: '留个手机号吧，只用来联系您办这件事。怎么称呼您？',
  askPhone: '留个手机号吧，只用来联系您办这件事。',
  askPhoneAnonymous: '可以匿名。留个电话只用来告诉您结果，不给被反映的单位；不想留也行，说一声“不留”。',
  phoneShort: (digits: number) => `这个号是 ${digits} 位，好像不对，手机号是 11 位。麻烦再发一遍。`,
  wrongIdNumber: '身份证号好像有一位不对，我没记下，见了工作人员再核对就行。',
  askName: '怎么称呼您？',
  askDepartment: '是哪个单位或窗口没给办？',
  again: '刚才说到：',

  why: {
    matter: '问这个是好找对单位，省得您再跑。',
    stuck: '知道卡在哪、窗口怎么说的，我们才能替您去问、去催。',
    contact: '电话只用来告诉您进展，办完按规定删除，不给别人。不想留也行，说一声“不留”。',
    name: '知道怎么称呼，同事联系您时不会弄错人。不说也行。',
    department: '知道是哪家，我们好直接找它。不清楚也没关系。',
    told: '窗口怎么说的，是往下追问的依据。记不清也没关系。',
  },

  cancelled: '好，那先不登记。您想说的时候随时来，我接着记。',
  cancelledLast: '好，那先不登记。不留电话也能登记，想登记点一下就行。',
  cancelRegistered: (number: string) => `编号 ${number} 已经登记了。要撤回吗？`,
  withdrawYes: { value: 'withdraw:yes', text: '撤回' },
  withdrawNo: { value: 'withdraw:no', text: '不撤，接着办' },
  withdrawn: (number: string) => `编号 ${number} 已经撤回。以后再要办，随时来说。`,
  kept: '好，接着办。',
  withdrawReason: '市民撤回',

  seeGuide: (title: string) => `先看「${title}」怎么办`,
  registered: (lead: string, number: string, code: string) => `${lead}登记好了，编号 ${number}，查询码 ${code}，截个图存好。`,
  readBack: (noted: Noted) => `我记的是：${notedLine(noted)}。哪儿不对直接说。`,
  anonymous: '您没留电话，只有凭编号和查询码才能查到，千万存好。过来问一声就能看到进展，想留电话随时发。',
  oneMore: (question: string) => `再问一句：${question}`,

  amended: (number: string, what: string) => `记下了，${what}，已经写进编号 ${number}。`,
  reproposed: '该归哪个部门也重新排了，由同事确认。',
  added: (number: string) => `记下了，已经加到编号 ${number} 里。`,
  changed: {
    name: (v: string) => `称呼记成${v}`,
    phone: (v: string) => `电话改成 ${v}`,
    phoneFirst: (v: string) => `电话记成 ${v}`,
    matter: (v: string) => `要办的是「${v}」`,
    department: (v: string) => `单位是${v}`,
    onBehalfOf: (v: string) => `是替${v}办的`,
    visits: (v: number) => `跑了${spoken(v)}趟`,
    happenedOn: (v: string) => `时间是${happenedText(v)}`,
    told: (v: string) => `窗口说的是“${v}”`,
    missingPapers: (v: string) => `缺的是${v}`,
    confidential: '按保密件办',
    other: '您补的话',
  },
  reopened: (number: string) => `记下了，没办成就不算完。编号 ${number} 已经重新办，会升一级来办。`,
  same: (number: string, matter: string | undefined) =>
    `这件事像是您登记过的编号 ${number}${matter ? `（${matter}）` : ''}。是同一件就加进去一起办，不用重复登记；不是就另立一件。`,
  sameYes: '是同一件，加进去',
  sameNo: { value: 'same:no', text: '是另一件' },
  already: (number: string) => `加到编号 ${number} 里了，一起办。还用原来的编号和查询码查进度。`,
  nothingElse: '好。有要补的、要改的，直接说就行。',
  another: '要是另一件事，点下面另开一件。',
} as const

function notedLine(noted: Noted): string {
  const parts: string[] = [`${noted.onBehalfOf ? `替${noted.onBehalfOf}办` : ''}「${noted.matter}」`]
  if (noted.company && noted.company !== noted.onBehalfOf) parts.push(noted.company)
  if (noted.department) parts.push(`找的是${noted.department}`)
  if (noted.told) parts.push(`被告知“${short(noted.told, 24)}”`)
  if (noted.missingPapers && !noted.told?.includes(noted.missingPapers)) parts.push(`说缺${noted.missingPapers}`)
  if (!noted.told && !noted.missingPapers && noted.story) parts.push(`情况是“${short(noted.story, 36)}”`)
  if (noted.happenedOn) parts.push(`时间是${happenedText(noted.happenedOn)}`)
  if (noted.visits) parts.push(`跑了${spoken(noted.visits)}趟`)
  if (noted.who) parts.push(`称呼${noted.who}`)
  if (noted.phone) parts.push(`电话 ${noted.phone}`)
  if (noted.confidential) parts.push('对被反映单位保密')
  return parts.join('，')
}

function short(text: string, length: number): string {
  const line = text.replaceAll('\n', '，').replace(/[。！!？?，,\s]+$/, '')
  return line.length > length ? `${line.slice(0, length)}…` : line
}

function spoken(count: number): string {
  if (count === 2) return '两'
  return count > 0 && count <= 10 ? ['一', '两', '三', '四', '五', '六', '七', '八', '九', '十'][count - 1]! : `${count} `
}

/** Why the proposal is what it is; read by staff. */
export const diagnosis = {
  guide: (title: string) => `事项对应办事指南《${title}》`,
  named: (name: string) => `市民说的单位：${name}`,
  cause: (cause: string, words: string) => `卡点判断为“${cause}”，原话：“${words}”`,
  flag: (name: string, words: string) => `提示“${name}”，原话：“${words}”`,
  noUnit: '单位不明，先由反映窗口兜底',
  integrity: (name: string) => `涉及作风廉洁，不交被反映单位（${name}），由反映窗口保密办理`,
  clear: '条件和单位都清楚，可当场通知责任科室',
  bottleneck: '有瓶颈，需要会同研究',
  unclear: '诉求还不清楚，先由帮办联系问清',
  several: '涉及两个以上单位',
  foreign: '涉外，可能超出本级权限',
  urgent: '可能有人身危险',
  manyTrips: '多次未果',
  noWritten: '无书面依据',
} as const
