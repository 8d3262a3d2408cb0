/** 综合研判: what a kind of case teaches, who changes what, and whether it has worked. */

type Allowed = { readonly owner: string; readonly dueOn: string }

/** Lines of an improvement's history. */
export const improvementNotes = {
  open: ({ title, dueOn }: { title: string; dueOn: string }) => `立项：${title}，${dueOn}前完成`,
  assign: ({ dueOn, reason }: Allowed & { reason: string }) => `改派或调整时限，${dueOn}前完成：${reason}`,
  finish: ({ evidence }: { evidence: string }) => `完成：${evidence}`,
  verify: ({ effective, note }: { effective: boolean; note: string }) => `评估：${effective ? '有效' : '效果不明显'}。${note}`,
  link: ({ guideId }: { guideId: string }) => `写进办事指南：${guideId}`,
} as const

export const improvementRefusals = {
  none: () => '没有这项改进。',
  role: () => '您的岗位不能这样做：立项、改派、评估由专班组长、督办员或中心主任办理，完成由责任单位或窗口登记。',
  unit: () => '请选择责任单位。',
  past: () => '完成期限不能早于今天。',
  over: () => '这项改进已经评估有效，不用再改派。',
  notOpen: () => '这项改进已经登记完成。',
  notDone: () => '登记完成以后才能评估效果。',
  sameDoer: () => '评估要由登记完成的人以外的人来做。',
  unknownFinding: () => '没有选中的同类问题，请重新选择时间范围。',
  unknownGuide: () => '没有这份办事指南。',
} as const

export const improvementNotices = {
  assigned: (title: string, dueOn: string) => `【综合研判】请落实改进“${title}”，${dueOn}前完成并登记证明。`,
  done: (title: string) => `【综合研判】改进“${title}”已登记完成，到观察期后请评估效果。`,
  guide: (title: string, guide: string) => `【综合研判】请把改进“${title}”写进办事指南《${guide}》，智能助手和一次性告知单会一起用上。`,
} as const

/** The console's page. */
export const improvementPage = {
  title: '综合研判',
  lead: '把一段时间里的同类工单归到一起，定一项改进：谁来改、几时改完、改了有没有用，最后写进办事指南。',
  from: '从',
  to: '到',
  look: '查同类问题',
  findings: '同类问题',
  noFindings: '这段时间没有够得上研判的同类问题。',
  columns: { category: '领域', cause: '堵点原因', lead: '责任单位', count: '件数', lessons: '归档时的经验' },
  open: '立项改进',
  list: '改进清单',
  none: '还没有改进项目。',
  states: { open: '办理中', done: '已完成，待评估', effective: '有效', ineffective: '效果不明显' },
  overdue: '已超期',
  due: (on: string) => `${on} 前完成`,
  owner: '责任单位',
  dueOn: '完成期限',
  name: '改进名称',
  measure: '改什么、怎么改',
  evidence: '完成情况和证明',
  reason: '理由',
  note: '评估意见',
  effective: '有效',
  ineffective: '效果不明显',
  guide: '办事指南编号',
  linked: (guide: string) => `已写进指南：${guide}`,
  cases: '涉及工单',
  effect: (before: number, after: number, days: number) => `同类工单：完成前 ${days} 天 ${before} 件，完成后 ${after} 件`,
  observing: (until: string) => `观察期到 ${until}，数字还会变`,
  commands: { assign: '改派或调整期限', finish: '登记完成', verify: '评估效果', link: '写进指南' },
  submit: '提交',
  today: '综合研判改进',
} as const
