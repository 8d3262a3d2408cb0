/** Words of the casework: stages, commands, refusals. Notices are in notices.ts. */

/** Why a case got stuck; the values are kept with the case, so a change here needs a migration. */
export const causes = [
  '材料缺失',
  '材料不一致',
  '线上操作',
  '政策空白',
  '历史遗留',
  '部门推诿',
  '系统故障',
  '超时未办',
  '未一次性告知',
  '态度作风',
  '吃拿卡要',
  '涉外',
  '其他',
] as const

/** For what the summary has no better word. */
export const otherCause = '其他'
export const attitudeCause = '态度作风'

export const orderCauses = ['超期', '差评', '退单争议', '领导批示', '吹哨未到'] as const

/** How digits are written and said. */
export const chineseDigits = '零一二三四五六七八九'
export const spokenDigits: Readonly<Record<string, string>> = { 〇: '0', 洞: '0', 幺: '1', 两: '2', 拐: '7', 勾: '9' }

export const stageTitles = {
  registered: '已受理，待研判',
  triaged: '已研判，待交办',
  assigned: '已交办，待签收',
  accepted: '已签收',
  handling: '办理中',
  resolved: '已办结，待审核回复',
  replied: '已回复，待回访',
  closed: '回访完成，待归档',
  archived: '已归档',
  declined: '不予受理',
  transferred: '已转办',
  merged: '已并单',
  withdrawn: '已撤回',
} as const

/** Beside the name of a step that leads back. */
export const stepBack = '未通过'

/** Beside the places aside in the printed flowchart. */
export const drawing = {
  by: (commands: readonly string[]) => `操作：${commands.join('、')}`,
  from: (stages: readonly string[]) => `来自：${stages.join('；')}`,
  onward: (command: string, to: string) => `${command} → ${to}`,
}

export const sevenStages = ['受理登记', '分析研判', '交办解决', '限时办结', '及时回复', '整理归档', '总结提升'] as const

export const commandTitles = {
  register: '受理登记',
  amend: '补充更正',
  triage: '研判',
  assign: '交办',
  reassign: '改派',
  accept: '签收',
  return: '退单',
  arrive: '报到',
  contact: '联系反映人',
  progress: '记录进展',
  pause: '暂停计时',
  resume: '恢复计时',
  extend: '批准延期',
  resolve: '办结',
  check: '审核',
  reply: '回复',
  callback: '登记回访',
  archive: '归档',
  decline: '不予受理',
  transfer: '转办',
  merge: '并单',
  withdraw: '撤回',
  reopen: '重办',
  raise: '升级',
  remind: '催办',
  recount: '重算时限',
  opine: '协办意见',
  ask: '申请暂停、延期或撤回',
  answer: '批复申请',
  convene: '吹哨召集',
  attend: '到会签到',
  minute: '会议纪要',
  task: '议定事项',
  finish: '完成事项',
  instruct: '领导批示',
  help: '帮办代办',
  order: '督办',
  signOrder: '签收督办',
  answerOrder: '反馈督办',
  verifyOrder: '核查督办',
  hold: '追责记录',
  appeal: '申诉',
  decideAppeal: '申诉复核',
  split: '拆分',
  absorb: '并入他件',
  takePapers: '接收材料',
  returnPapers: '退还材料',
  invite: '征询外单位',
  uninvite: '收回征询',
  state: '外单位答复',
  nudge: '提醒补充',
  survey: '发出回访',
} as const

export const clockTitles = {
  triage: '研判',
  assignment: '交办',
  acceptance: '签收',
  firstContact: '首次联系',
  resolution: '办结',
  reply: '回复',
  callback: '回访',
  rectification: '整改',
  arrival: '报到',
  opinion: '协办意见',
  task: '议定事项',
  order: '督办反馈',
} as const

export const fieldLabels = {
  facts: '反映人和事项信息',
  note: '说明',
  addition: '补充内容',
  demandClass: '诉求类别',
  level: '响应级别',
  cause: '堵点原因',
  category: '领域',
  lead: '牵头单位',
  supporting: '协办单位',
  reason: '理由',
  basis: '依据',
  legalBasis: '法律法规依据（依法不能办时必填）',
  suggested: '建议承办单位',
  how: '联系方式',
  contactNote: '联系情况',
  why: '暂停原因',
  allowance: '延长多久',
  result: '办理结果',
  resultText: '办理经过和结论',
  approved: '是否通过',
  opinion: '审核意见',
  replyText: '回复内容',
  contact: '联系人和电话',
  outcome: '接通情况',
  answer: '评价',
  recording: '录音号',
  lesson: '经验和改进',
  door: '应当去哪里办',
  to: '转往单位',
  into: '并入的工单编号',
  request: '交办要求',
  unit: '单位',
  opinionText: '意见',
  ask: '申请什么',
  approve: '是否同意',
  agenda: '议题',
  when: '时间',
  place: '地点',
  units: '参加单位',
  attendee: '到会人',
  minutes: '纪要内容',
  taskText: '议定事项',
  task: '事项',
  instruction: '批示内容',
  mode: '帮办类型',
  plan: '一事一策方案',
  helper: '帮办人',
  helperPhone: '帮办人电话',
  mandate: '委托书号',
  partners: '协调单位及联系人',
  coordinated: '协调方式',
  content: '协调内容',
  agreed: '议定意见',
  papers: '材料交接清单',
  helpResult: '结果（办完时填）',
  orderKind: '督办方式',
  copyTo: '抄送',
  orderCause: '督办原因',
  demand: '督办要求',
  feedbackWithin: '反馈时限',
  orderNumber: '文号（不填则自动编）',
  order: '督办单',
  orderAnswer: '办理情况',
  verification: '核查意见',
  tier: '追责档次',
  person: '责任人',
  evidence: '事实和证据',
  outcomeText: '处理结果',
  record: '追责记录',
  appealText: '申诉理由',
  upheld: '是否维持',
  paperItems: '材料名称、份数、原件或复印件',
  paperFrom: '交件人签名',
  paperTaken: '退还哪一批',
  paperTo: '领回人签名',
  outsideUnit: '外单位名称',
  citizenWords: '反映人怎么说的、什么时候、通过什么方式（申请撤回时必填）',
  question: '请对方答复什么',
  splitMatter: '拆出的事项',
  splitStory: '拆出部分的情况',
} as const

export const resultTitles = {
  done: '办成',
  alternative: '替代方案办成',
  partly: '部分办成',
  lawfullyImpossible: '依法不能办',
  transferred: '转办',
  withdrawn: '撤回',
} as const

export const pauseTitles = { citizen: '等反映人补充材料', superior: '等上级答复或政策' } as const

export const outcomeTitles = { answered: '接通', noAnswer: '无人接听', off: '关机', wrongNumber: '空号或错号', refused: '拒访' } as const

export const solvedTitles = { yes: '办成了', partly: '办成一部分', no: '没办成', explained: '没办成，但解释清楚了' } as const

export const ratingTitles = { 5: '非常满意', 4: '满意', 3: '基本满意', 2: '不满意', 1: '非常不满意' } as const

export const contactWays = ['电话', '微信', '短信', '当面', '网上会话', '联系不上'] as const

export const roleTitles = {
  clerk: '窗口工作人员',
  chief: '责任科室科长',
  lead: '专班组长',
  liaison: '部门联络员',
  supervisor: '督办员',
  discipline: '派驻纪检组',
  director: '中心主任',
  mayor: '市领导',
  admin: '系统管理员',
} as const

const list = (items: readonly string[]) => items.join('、')

export const helpModes = { guide: '导办', assist: '帮办', act: '代办' } as const
export const coordinationWays = ['电话', '现场', '会议'] as const
export const orderTitles = { urge: '催办', order: '督办单', circular: '通报' } as const
export const tierTitles = { 1: '记录在案', 2: '约谈通报', 3: '报送专班和派驻纪检组' } as const
export const askTitles = { pause: '暂停计时', extend: '延期', withdraw: '撤回（反映人要求）' } as const

/** Lines of the journal for work on a case. */
export const workNotes = {
  why: '暂停原因',
  howLong: '延长多久',
  units: '参加单位',
  finish: '完成这项',
  answerOrder: '处理这份督办',
  appeal: '申诉',
  pauseAgain: '再次暂停',
  opinion: (unit: string, text: string) => `${unit}协办意见：${text}`,
  askedPause: (reason: string) => `申请暂停计时：${reason}`,
  askedExtension: (time: string, reason: string) => `申请延期${time}：${reason}`,
  askedWithdrawal: (words: string, reason: string) => `申请撤回，反映人表示：${words}。理由：${reason}`,
  answered: (approved: boolean, note: string) => `${approved ? '同意' : '不同意'}申请：${note}`,
  convened: (when: string, place: string, agenda: string, units: readonly string[]) => `${when}在${place}召集${list(units)}会商：${agenda}`,
  attended: (unit: string, name: string) => `${unit}${name}到会`,
  minuted: (text: string) => `会议纪要：${text}`,
  tasked: (unit: string, text: string) => `议定由${unit}办理：${text}`,
  taskDone: (text: string, note: string) => `议定事项“${text}”已完成：${note}`,
  instructed: (leader: string, text: string) => `${leader}批示：${text}`,
  helped: (helper: string, content: string) => `${helper}帮办：${content}`,
  surveyed: () => '已发消息回访，问办成了没有',
  nudged: (why: string, reason: string) => `提醒：${why}，${reason}`,
  split: (into: string, reason: string) => `拆出${into}：${reason}`,
  papersTaken: (items: string, from: string) => `接收材料：${items}（${from}签字）`,
  papersReturned: (items: string, to: string) => `退还材料：${items}（${to}签收）`,
  absorbed: (number: string) => `工单${number}反映的是同一件事，并入本件`,
  alsoTold: (number: string, story: string) => `（${number}）${story}`,
  ordered: (kind: string, number: string, unit: string, cause: string) => `${kind}${number}发${unit}，原因：${cause}`,
  orderNumber: (prefix: string, year: number, serial: number) => `${prefix}〔${year}〕${serial}号`,
  orderSigned: (number: string) => `${number}已签收`,
  orderAnswered: (number: string, text: string) => `${number}反馈：${text}`,
  orderVerified: (number: string, approved: boolean, note: string) => `${number}核查${approved ? '通过' : '未通过'}：${note}`,
  held: (tier: string, unit: string, outcome: string) => `${unit}${tier}：${outcome}`,
  appealed: (text: string) => `申诉：${text}`,
  appealDecided: (upheld: boolean, reason: string) => `申诉复核${upheld ? '维持' : '撤销'}原决定：${reason}`,
}

export const refusals = {
  noCase: () => '没有这个工单。',
  alreadyRegistered: (number: string) => `工单${number}已经登记过，不能重复登记。`,
  wrongStage: (command: string, stage: string, from: readonly string[]) =>
    from.length ? `当前是“${stage}”，不能${command}；只有“${list(from)}”时才可以。` : `不能${command}。`,
  wrongRole: (command: string, roles: readonly string[]) => (roles.length ? `您的岗位不能${command}，应由${list(roles)}办理。` : `不能由人工${command}。`),
  wrongUnit: (command: string, unit: string) => `这件事由${unit}承办，其他单位不能${command}。`,
  secret: () => '保密件不能交给被反映的单位办理。',
  sameDoer: (command: string) => `${command}要由承办人以外的人来做。`,
  missing: (label: string) => `请填写“${label}”。`,
  malformed: (label: string) => `“${label}”填得不对，请检查。`,
  unknownCommand: () => '没有这项操作。',
  missingStory: () => '请写明什么事没办成、卡在哪里。',
  paused: (command: string) => `计时已暂停，恢复后才能${command}。`,
  notPaused: () => '计时没有暂停，不用恢复。',
  unknownDepartment: (id: string) => `没有这个单位：${id}。`,
  unchecked: () => '办理结果还没有通过审核，不能回复。',
  alreadyChecked: () => '办理结果已经通过审核。',
  release: () => '“不能办”的结论须由专班组长、督办员或中心主任核准后才能答复（否定报备）。',
  extendTimes: (times: number) => `最多延期${times}次，不能再延。`,
  extendLongest: (longest: string) => `一次最多延长${longest}。`,
  extendLate: () => '已经超期，不能再批延期。',
  extendNothing: () => '延长时间要大于零。',
  noResolutionClock: () => '办结时限还没有开始计算，不能延期。',
  returnLate: (within: string) => `退单要在交办后${within}内提出，已过时限。`,
  notHigher: (level: string) => `只能往上升级，现在是${level}。`,
  highest: () => '已经是最高级别。',
  reassignSame: (unit: string) => `已经由${unit}承办，改派要选另一个单位。`,
  mergeItself: () => '不能并入自己。',
  noPapers: () => '没有这批材料，或者已经退还。',
  papersOut: (items: readonly string[]) => `还有材料没有退还：${items.join('；')}。退还并签收后才能归档。`,
  mergeSecret: () => '一件对某个单位保密、另一件不保密的工单不能并单，否则保密的内容会被看到。请先把两件设为对同一单位保密，或者分开办理。',
  mergeUnknown: (number: string) => `没有找到工单${number}，请核对编号。`,
  mergeOver: (number: string, stage: string) => `工单${number}${stage}，不能再并入；可以先重办，或者单独办理。`,
  answerMissing: () => '接通的回访要记下办成没有。',
  replyMissing: () => '还没有回复反映人，不能结案归档。',
  notSurveyed: () => '没有发出过回访消息，或者已有回访结果，不能自动登记无人应答。',
  callHours: (from: string, to: string) => `回访电话在${from}至${to}之间打，这个时间以外没打通的不算一次回访。`,
  callAgain: (from: string) => `离上一次回访太近，${from}以后再打，才算下一次回访。`,
  callbackMissing: () => '还没有回访结果，不能归档。',
  calendarGap: (year: number) => `${year}年的放假安排还没有载入，算不出时限。请管理员载入国务院办公厅通知后再试。`,
  clockMet: () => '这个时限已经完成或取消，不用催办。',
  notWaiting: () => '还没到等待期限，不能自动结束。',
  notSupporting: () => '只有协办单位才填协办意见。',
  silent: (units: readonly string[]) => `协办单位${list(units)}还没有给出意见，不能办结。`,
  alreadyAsked: () => '已有一份申请等待批复。',
  nothingAsked: () => '没有等待批复的申请。',
  meetingOpen: () => '上一次会商还没有纪要，请先补上纪要。',
  noMeeting: () => '没有正在进行的会商。',
  notCalled: () => '这次会商没有通知这个单位。',
  noTask: () => '没有这项议定事项，或已经完成。',
  noOrder: () => '没有这份督办。',
  orderNumberTaken: (number: string) => `文号${number}已经用过，请核对，或者留空由系统编号。`,
  orderDone: () => '这份督办已经签收。',
  orderUnsigned: () => '请先签收督办，再反馈办理情况。',
  noAnswer: () => '这份督办没有等待核查的反馈。',
  orderVerified: () => '这份督办已经核查通过，不用再反馈。',
  ownRequest: () => '自己的申请不能自己批，请由另一位负责人批复。',
  ownDecision: () => '作出这条记录的人不能复核对它的申诉，请由另一位负责人复核。',
  appealedBefore: () => '这条追责记录已经申诉过，以复核决定为准，不能再次申诉。',
  ordersOpen: (numbers: readonly string[]) => `还有督办没有反馈或没有核查通过：${list(numbers)}。处理完才能归档。`,
  tasksOpen: (tasks: readonly string[]) => `还有议定事项没有完成：${tasks.join('；')}。完成后才能归档。`,
  appealsOpen: () => '还有申诉没有复核，复核后才能归档。',
  notYetAssigned: (title: string) => `还没有交给承办单位，不能申请${title}。`,
  orderFirst: () => '先发督办单，仍不办理的才能通报。',
  wrongTier: (tier: string) => `您的岗位不能作出“${tier}”的决定。`,
  noRecord: () => '没有这条追责记录。',
  noAppeal: () => '这条追责记录没有申诉。',
  alreadyReminded: () => '这一次已经催办过了。',
  nothingUnset: () => '没有等待重算的时限。',
}

export const reasons = {
  raisedByReturns: (times: number) => `已退单${times}次，自动升级`,
  raisedByOverdue: (days: number) => `超期${days}个工作日，自动升级`,
  raisedByCause: (cause: string) => `涉及“${cause}”，自动升级`,
  reopenedByAnswer: (solved: string, rating: string | undefined) => `回访结果：${solved}${rating ? `，${rating}` : ''}`,
  waitedInVain: () => '等候补充材料期满，没有收到，先行结束；补充后可以重新办理',
  repeated: (times: number, days: number) => `${days}天内同一单位同一事项有${times}人反映，自动升级`,
  surveyUnanswered: () => '消息回访没有答复',
  lateDays: (days: number) => `办结已超期${days}个工作日`,
  attitude: () => '反映的是态度作风问题',
  noBasis: (told: string, visits: number | undefined) => `被告知“${told}”，没有书面依据${visits ? `，已跑${visits}次` : ''}`,
  discipline: (cause: string) => `涉及“${cause}”`,
  closedByAnswer: (solved: string) => `回访结果：${solved}`,
  closedByAttempts: (outcome: string, attempts: number) => `回访${attempts}次，${outcome}`,
  closedAfterReopenings: (times: number) => `已重办${times}次，反映人仍不认可，报领导决定`,
}

const unitTitles = { workingDays: '个工作日', calendarDays: '天', workingHours: '个工作小时', minutes: '分钟' } as const

export function allowanceText(allowance: { readonly amount: number; readonly unit: keyof typeof unitTitles }): string {
  const { amount, unit } = allowance
  if (unit === 'workingDays' && amount === 0) return '当日'
  if (unit === 'workingHours' && amount < 1) return `${Math.round(amount * 60)}分钟（工作时间）`
  return `${amount}${unitTitles[unit]}`
}
