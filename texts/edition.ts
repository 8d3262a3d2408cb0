/** What is said about the versions of a guide: who may write and decide, and when a text is in force. */
export const edition = {
  states: { draft: '待批准', approved: '已批准', rejected: '已退回', withdrawn: '已撤回' },
  approversOnly: '只有专班组长、督办和中心主任可以批准指南。',
  ownDraft: '自己写的草稿要由别人来批准。',
  decided: (state: string) => `这一版${state}，不用再处理。`,
  startsInPast: '生效日期不能早于今天；留空就是批准当天生效。',
  endsBeforeStart: '失效日期不能早于生效日期。',
  writersOnly: '您不能改这篇指南：窗口人员可以改全部指南，部门的人只能改本部门的。',
  openDraft: (version: number, names: string) => `这篇指南已有一份待批准的草稿（第 ${version} 版，${names}），请先处理它，或者直接改那一份。`,
  taken: '这个编号已经有指南了，请换一个。',
  moved: '这份草稿刚刚被别人改过，请看过最新的内容再操作。',
  notYours: '只有写草稿的人可以撤回。',
  reasonNeeded: '退回要写明理由。',
  seedName: '产品自带',
  seedNewer: '产品新版本里这篇指南的文字有更新，请核对后批准，或者退回。',
} as const
