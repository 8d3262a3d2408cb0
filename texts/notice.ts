/** What citizens, units and roles are told when a case moves. */

const forCase = (number: string, matter: string) => `【${number}】${matter}`

export type Told = { readonly number: string; readonly matter: string }

export const citizen = {
  assigned: ({ number, lead, supporting, dueOn }: { number: string; lead: string; supporting: readonly string[]; dueOn: string | undefined }) =>
    `您反映的事（${number}）已交给${lead}办理${supporting.length ? `，${supporting.join('、')}协同` : ''}。${lead}会与您联系。${
      dueOn ? `最迟${dueOn}办结。` : '办结时间确定后马上告诉您。'
    }`,
  waiting: ({ number, reason }: { number: string; reason: string }) =>
    `您反映的事（${number}）还需要您补充：${reason}。补充后继续办理，等待期间不计入办理时间。`,
  suspended: ({ number, reason }: { number: string; reason: string }) =>
    `您反映的事（${number}）正在等上级答复，暂停计时。原因：${reason}。一有结果马上告诉您。`,
  resumed: ({ number, dueOn }: { number: string; dueOn: string | undefined }) => `您反映的事（${number}）已恢复办理${dueOn ? `，最迟${dueOn}办结` : ''}。`,
  extended: ({ number, dueOn, reason }: { number: string; dueOn: string | undefined; reason: string }) =>
    `您反映的事（${number}）需要延长办理时间${dueOn ? `，新的办结时间是${dueOn}` : ''}。原因：${reason}。`,
  replied: ({ number, text, basis, contact }: { number: string; text: string; basis: string; contact: string }) =>
    `您反映的事（${number}）有答复了：${text}\n依据：${basis}\n有疑问请找：${contact}\n下一个工作日我们会回访，问问您办成了没有。`,
  reopened: ({ number, level }: { number: string; level: string }) => `您反映的事（${number}）没有办好，我们已重新办理，并升级为${level}。有进展马上告诉您。`,
  closedUnreached: ({ number }: { number: string }) => `您反映的事（${number}）多次回访没有联系上您，先按已答复结案。还有问题随时告诉我们，可以重新办理。`,
  closedToLeader: ({ number }: { number: string }) => `您反映的事（${number}）几次办理都没让您满意，已报领导决定下一步，有结果会告诉您。`,
  declined: ({ number, reason, door }: { number: string; reason: string; door: string }) => `您反映的事（${number}）本窗口不能受理：${reason}。请找：${door}`,
  transferred: ({ number, to, contact, reason }: { number: string; to: string; contact: string; reason: string }) =>
    `您反映的事（${number}）已转${to}办理，联系方式：${contact}。原因：${reason}。`,
  merged: ({ number, into }: { number: string; into: string }) => `您反映的事（${number}）与${into}是同一件事，已合并办理，今后请查${into}。`,
  split: ({ number, into }: { number: string; into: string }) =>
    `您反映的事（${number}）里有两件事，其中一件另立为${into}，分开办理，凭登记时留的手机号可以查进度。`,
  withdrawn: ({ number }: { number: string }) => `您反映的事（${number}）已撤回。以后还要办，随时再来。`,
}

/**
 * The same in fewer and fewer words, for forms with little room, where the case's number stands beside them and “回复CX查进度” behind. The last ones
 * fit the narrowest form in use (12 characters), except where only a whole answer helps: then a person phones.
 */
export const brief = {
  registered: (number: string, code: string) => [`已登记，编号${number}，查询码${code}`, `已登记，查询码${code}`, `查询码${code}`],
  assigned: (lead: string, dueOn: string | undefined) => [...(dueOn ? [`已交给${lead}办理，最迟${dueOn}办结`] : []), `已交给${lead}办理`, '已交给承办单位办理'],
  waiting: (reason: string) => [`还需要您补充：${reason}`, '还需要您补充材料'],
  suspended: (reason: string) => [`正在等上级答复，暂停计时：${reason}`, '正在等上级答复'],
  resumed: (dueOn: string | undefined) => [...(dueOn ? [`已恢复办理，最迟${dueOn}办结`] : []), '已恢复办理'],
  extended: (dueOn: string | undefined) => [...(dueOn ? [`延长办理时间，改为${dueOn}前办结`] : []), '延长了办理时间'],
  replied: (text: string) => [`有答复了：${text}`, '有答复了'],
  reopened: (level: string) => [`没有办好，已重新办理，升级为${level}`, '已重新办理'],
  closedUnreached: ['回访没有联系上您，先按已答复结案', '已按答复结案'],
  closedToLeader: ['已报领导决定下一步'],
  declined: (door: string) => [`本窗口不能受理，请找：${door}`, `请找${door}`],
  transferred: (to: string) => [`已转${to}办理`, '已转其他单位办理'],
  merged: (into: string) => [`已与${into}合并办理`, '已合并办理'],
  split: (into: string) => [`其中一件另立为${into}`, '其中一件已分开办理'],
  withdrawn: ['已撤回'],
} as const

export const staff = {
  registered: ({ number, matter }: Told, urgent: boolean) => `${urgent ? '【紧急】' : ''}新工单${forCase(number, matter)}，请研判。`,
  discipline: ({ number, matter }: Told) => `${forCase(number, matter)}涉及作风纪律线索，对被反映单位保密，请派驻纪检组处理。`,
  assigned: ({ number, matter }: Told, dueOn: string | undefined, note: string) =>
    `交办${forCase(number, matter)}，请签收并于当日联系反映人${dueOn ? `，${dueOn}前办结` : ''}。要求：${note}`,
  supporting: ({ number, matter }: Told, lead: string) => `协办${forCase(number, matter)}，牵头单位${lead}，请配合办理。`,
  arrival: ({ number, matter }: Told, within: string) => `【科长报到】${forCase(number, matter)}为当场办件，请责任科室科长在${within}内到窗口报到。`,
  whistle: ({ number, matter }: Told) => `【专班吹哨】${forCase(number, matter)}为二级响应，请专班组长召集相关部门会商。`,
  joint: ({ number, matter }: Told) => `${forCase(number, matter)}升为三级响应，请报市领导协调或提请联席会议研究。`,
  reassigned: ({ number, matter }: Told, unit: string, reason: string) => `${forCase(number, matter)}已改派${unit}承办，你单位不再办理。理由：${reason}`,
  returned: ({ number, matter }: Told, unit: string, reason: string) => `${unit}退回${forCase(number, matter)}，理由：${reason}。请重新研判交办。`,
  amended: ({ number, matter }: Told) => `反映人补充了${forCase(number, matter)}的情况，请查看。`,
  mustMove: ({ number, matter }: Told, unit: string) => `${forCase(number, matter)}要求对${unit}保密，请立即改派。`,
  resolved: ({ number, matter }: Told) => `${forCase(number, matter)}已办结，请承办人以外的人审核。`,
  release: ({ number, matter }: Told) => `【否定报备】${forCase(number, matter)}拟答复“依法不能办”，须经核准后才能答复，请审核依据。`,
  checked: ({ number, matter }: Told) => `${forCase(number, matter)}审核通过，请回复反映人。`,
  rejected: ({ number, matter }: Told, note: string) => `${forCase(number, matter)}审核未通过，请继续办理。意见：${note}`,
  reopened: ({ number, matter }: Told, reason: string) => `${forCase(number, matter)}重新办理：${reason}。请重新交办。`,
  raised: ({ number, matter }: Told, level: string, reason: string) => `${forCase(number, matter)}升为${level}：${reason}。`,
  soon: ({ number, matter }: Told, clock: string, dueText: string) => `提醒：${forCase(number, matter)}的${clock}时限是${dueText}，请抓紧。`,
  late: ({ number, matter }: Told, clock: string, dueText: string, days: number | undefined) =>
    `催办：${forCase(number, matter)}的${clock}时限是${dueText}，${days ? `已超期${days}个工作日` : '已到期'}，请马上办理并说明原因。`,
  caughtUp: (reminder: string, plannedAt: string) => `${reminder}（应于${plannedAt}提醒，现补发）`,
  callBack: ({ number, matter }: Told) => `请回访${forCase(number, matter)}的反映人。`,
  closed: ({ number, matter }: Told) => `${forCase(number, matter)}回访完成，请归档并写明经验教训。`,
  toLeader: ({ number, matter }: Told) => `${forCase(number, matter)}多次重办反映人仍不认可，请决定下一步。`,
  worked: ({ number, matter }: Told, note: string) => `${forCase(number, matter)}：${note}`,
  calendarGap: (number: string, year: number) => `${number}的时限要用到${year}年的放假安排，请载入国务院办公厅通知后重算。`,
}

export const untold = '（未写明事项）'

/** 2026-03-05 → 2026年3月5日 */
export function dateText(date: string): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${year}年${month}月${day}日`
}

export const dateTimeText = (date: string, time: string): string => `${dateText(date)}${time}`

export const survey = {
  ask: ({ number, matter }: Told) => `您反映的“${matter}”（${number}）已经答复您。这件事办成了吗？`,
  script: ({ number, matter }: Told, centre: string) => [
    `您好，我是${centre}的工作人员。您反映的“${matter}”（${number}）已经答复您，想用一两分钟问问办得怎么样，现在方便吗？`,
    '（不方便的，另约时间；不愿意的，道谢挂断，记“拒访”。）',
    '承办单位联系过您吗？这件事办成了吗？您对办理满意吗？不满意的话，是因为什么？还有什么要说的？',
    '（照原话记，不劝说、不暗示打高分。）',
    '谢谢您。没办成的，我们升一级重新办；以后有事随时找我们。',
  ],
  /** in the order of the choices, which are answered with their figures */
  brief: ['这事办成了吗？回1办成，2办成一部分，3没办成，4没办成但讲清了', '办成了吗？回1成2部分3没成4讲清了'],
}

export const progress = {
  registered: (by: string | undefined) => `窗口正在看由哪个单位来办${by ? `，预计${by}前定下来` : ''}。`,
  triaged: '由谁办已经定了，正在转给他们。',
  assigned: (unit: string) => `${unit}接下后会与您联系。`,
  accepted: (unit: string) => `${unit}已经接下，接着会与您联系。`,
  handling: (unit: string, dueOn: string | undefined) => `${unit}正在办理${dueOn ? `，最迟${dueOn}办结` : ''}。`,
  waitingCitizen: (reason: string) => `等您补充：${reason}。补充后继续办理。`,
  waitingSuperior: '正在等上级答复，暂停计时，有结果会告诉您。',
  resolved: '办理结果正在审核，通过后马上答复您。',
  replied: '已经答复您，接下来会回访，问您办成了没有。没办成会升级重办。',
  closed: '回访已结束。还没办成可以告诉我们重新办理。',
  archived: '已归档。还有问题可以重新反映。',
  declined: '本窗口不能受理，已告诉您应当去哪里办。',
  transferred: '已转其他单位办理，联系方式已告诉您。',
  merged: (into: string) => `已与${into}合并办理，请查${into}。`,
  mergedInto: (into: string) => `已并入${into}一起办。`,
  withdrawn: '已撤回。以后还要办，随时再来。',
  overdue: (unit: string) => `已超过办理时限，正在催${unit}。`,
  noDate: '办结时间还算不出来，确定后会告诉您。',
  dueOpen: '由哪个单位办定下来以后，这里写明哪天办结',
  dueAfter: (time: string) => `转给承办单位后${time}内办结，到时这里写明是哪一天`,
  duePaused: '现在暂停计时，恢复后写明是哪一天',
  centre: '窗口',
}

/** Where a case stands, as its citizen would say it. */
export const citizenStages = {
  registered: '已收到，正在看该由哪个单位办',
  triaged: '已定好由谁办，正在转过去',
  assigned: '已转给承办单位，等他们接下',
  accepted: '承办单位已接下',
  handling: '正在办',
  resolved: '有结果了，正在核对',
  replied: '已答复您',
  closed: '已答复您，回访结束',
  archived: '已办结归档',
  declined: '本窗口不能受理',
  transferred: '已转到别的单位',
  merged: '和另一件合在一起办',
  withdrawn: '已撤回',
} as const

export const promise = {
  today: (time: string) => `今天${time}前会有工作人员与您联系。`,
  later: (day: string, time: string) => `现在不是上班时间，${day}${time}前会有工作人员与您联系。`,
  nextDay: (day: string, time: string) => `${day}${time}前会有工作人员与您联系。`,
  unknown: '下一个工作日会有工作人员与您联系，具体时间等放假安排公布后告诉您。',
}

/** Lines of the way a case has gone, on the citizen's page; the time stands beside. */
export const trail = {
  registered: '窗口收到并登记',
  amended: '您补充了情况',
  assigned: (unit: string) => `转给${unit}`,
  accepted: '承办单位接下',
  returned: '承办单位退回，窗口重新看由谁办',
  contacted: '承办单位与您联系',
  waiting: (reason: string) => `等您补充：${reason}`,
  suspended: '等上级答复，暂停计时',
  resumed: '恢复办理',
  moved: (dueOn: string) => `办结期限改为${dueOn}`,
  resolved: '承办单位报来办理结果，窗口审核',
  replied: '答复您',
  answered: '您作了评价',
  reopened: '重新办理，升一级',
  reminded: '到期未办，系统催办',
  declined: '不予受理，告诉您应去哪里办',
  transferred: '转其他单位办理',
  merged: '与同一件事合并办理',
  withdrawn: '撤回',
  archived: '归档',
} as const
