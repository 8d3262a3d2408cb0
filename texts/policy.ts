/** The rules page: every switch of the office's rules, by its path, with what it does. */

type Explained = readonly [label: string, hint?: string]
type Section = { readonly title: string; readonly lead?: string; readonly fields: Readonly<Record<string, Explained>> }

export const policySections: readonly Section[] = [
  {
    title: '窗口',
    fields: {
      'centre.name': ['窗口名称', '显示在网页、回执、各类文书上'],
      'centre.city': ['所在城市'],
      'centre.slogan': ['一句话介绍'],
      districts: ['县区', '写全称，用顿号隔开；市民说到哪里，工单就记在哪个县区，看板按它排行'],
      'centre.code': ['工单编号前缀', '2 到 8 位数字；改了只影响以后的编号'],
      hours: ['办公时间', '工作日的各段；所有按工作时间算的时限都以此为准'],
    },
  },
  {
    title: '各步时限',
    lead: '从上一步完成起算。按工作日算的，当天为第 0 天，到最后一天下班为止。',
    fields: {
      'deadlines.triage': ['研判'],
      urgentTriage: ['紧急件研判'],
      'deadlines.assignment': ['交办'],
      'deadlines.acceptance': ['签收', '承办单位收到交办后'],
      'deadlines.firstContact': ['首次联系反映人', '0 个工作日就是当天'],
      'deadlines.arrival': ['科长报到', '一级响应，责任科室科长到窗口'],
      'deadlines.reply': ['回复反映人', '审核通过后'],
      'deadlines.callback': ['完成回访', '回复之后'],
      'deadlines.rectification': ['差评整改'],
      opinion: ['协办单位出意见'],
    },
  },
  {
    title: '办结时限',
    fields: {
      'resolution.1': ['一级响应', '0 个工作日就是当天办结'],
      'resolution.2': ['二级响应'],
      'resolution.3': ['三级响应'],
      'resolution.impossible': ['依法不能办的书面说明'],
      'extension.times': ['最多延期几次'],
      'extension.longest': ['每次最长延多久'],
      returnWithin: ['退单期限', '交办后多久内可以退单，须写理由和依据'],
    },
  },
  {
    title: '亮灯、催办和升级',
    fields: {
      'marks.before': ['到期前提醒', '用掉时限的百分之几时提醒，如 50、80；也是亮黄灯、红灯的界线'],
      'marks.after': ['超期后催办', '到期后第几个工作日催办，如 1、3、5'],
      'raise.overdue': ['超期升级', '超期满几个工作日自动升一级'],
      'orders.circularAfter': ['通报', '到了该发督办单的日子，再满几个工作日建议通报'],
      'raise.returns': ['退单升级', '退单几次自动升一级'],
      'raise.sameComplaints': ['同类扎堆升级：件数', '同一单位同一原因达到几件'],
      'raise.sameWithinDays': ['同类扎堆升级：天数', '在几天之内'],
      'raise.causes': ['一来就升级的原因'],
      disciplineCauses: ['送派驻纪检组的原因', '这些件对被反映的单位保密'],
    },
  },
  {
    title: '督办文号',
    lead: '文号由机关代字、年份和顺序号组成，如“政服督〔2026〕12号”；每年从 1 号起，不重号。',
    fields: {
      'orders.prefixes.urge': ['催办的机关代字'],
      'orders.prefixes.order': ['督办单的机关代字'],
      'orders.prefixes.circular': ['通报的机关代字'],
    },
  },
  {
    title: '等反映人、等上级',
    fields: {
      'waitingCitizen.remindAfter': ['等补件多久提醒一次反映人'],
      'waitingCitizen.closeAfter': ['等补件多久后办结', '办结前会告知，可随时重开'],
      'waitingSuperior.reviewEvery': ['等上级答复，多久复查一次'],
    },
  },
  {
    title: '电话回访',
    fields: {
      'callback.after': ['回复后多久回访'],
      'callback.attempts': ['最多打几次'],
      'callback.retryAfter': ['没接通，隔多久再打'],
      'callback.hours': ['只在这个时段打扰'],
      'callback.quietFor': ['同一个人多久内最多问一次'],
      'delivery.receiptWithin': ['短信发出多久没有回执就改由人打电话'],
      'callback.badRating': ['差评的界线', '满意度打几分及以下算差评（五级，1 最低）'],
      'callback.reopenings': ['“没办成”自动重办几次', '之后由领导决定'],
    },
  },
  {
    title: '综合研判和外单位',
    fields: {
      'review.least': ['同类几件以上列入综合研判'],
      'review.observe': ['改进完成后观察多久看效果'],
      'outsideLink.validFor': ['给外单位的一次性链接多久内有效'],
    },
  },
  {
    title: '叫法',
    lead: '文件里只有数目、没有名称的，可以改成本地的叫法。',
    fields: {
      'levels.1': ['一级响应'],
      'levels.2': ['二级响应'],
      'levels.3': ['三级响应'],
      'demandClasses.clear': ['诉求第一类'],
      'demandClasses.bottleneck': ['诉求第二类'],
      'demandClasses.unclear': ['诉求第三类'],
      'names.triage': ['研判之一'],
      'names.review': ['研判之二'],
    },
  },
  {
    title: '资料保存',
    fields: {
      'keepDays.chatWithoutTicket': ['没有登记成工单的对话保存几天'],
      'keepDays.identityAfterClosure': ['结案后身份信息保存几天', '之后去标识化，工单本身保留'],
    },
  },
]

export const policyPage = {
  title: '规则',
  lead: '窗口怎么办件，由这些开关决定。改了之后，没办完的工单会重新算时限，不用重启。',
  readOnly: '您可以查看；修改由中心主任或系统管理员来做。',
  save: '保存',
  reset: '放弃修改',
  saved: '已保存，在办工单的时限正在重算。',
  changed: (count: number) => `改了 ${count} 处，还没保存`,
  conflict: (by: string) => `您打开之后，${by}已经改过规则。下面标出了对方改的地方；您改的内容还在，核对后再保存就以您的为准。`,
  theirs: (value: string) => `对方改成了：${value}`,
  former: (value: string) => `原来：${value}`,
  history: '历次修改',
  version: (version: number) => `第 ${version} 版`,
  first: '最初的版本',
  unchanged: '没有改动',
  times: (from: string, to: string) => `${from} 到 ${to}`,
  from: '从',
  to: '到',
  add: '加一段',
  remove: '去掉',
  none: '无',
} as const
