import { createCalendar } from '../../casework/calendar.ts'
import { instantOf } from '../../casework/day.ts'
import { decide } from '../../casework/decide.ts'
import type { Command, TicketEvent } from '../../casework/decision.ts'
import { evolve } from '../../casework/evolve.ts'
import type { Office } from '../../casework/policy.ts'
import type { Actor, Instant, Role, Stage, Ticket } from '../../casework/ticket.ts'
import { loadSeedDepartments } from '../../prisma/seed/guides.ts'
import { loadSeedCalendar, loadSeedPolicy } from '../../prisma/seed/policy.ts'

const policy = loadSeedPolicy()
export const office: Office = { policy, calendar: createCalendar(loadSeedCalendar(), policy.hours), departments: loadSeedDepartments() }

export const at = (date: string, time: string): Instant => instantOf(date, time)

/** A Monday, 10:00 in Shanghai, with no holiday near. */
export const monday = at('2026-03-09', '10:00')

export const staff = (id: string, roles: readonly Role[], unit?: string): Actor => ({ kind: 'staff', id, name: id, roles, ...(unit !== undefined && { unit }) })
export const clerk = staff('clerk-1', ['clerk'])
export const lead = staff('lead-1', ['lead'])
export const supervisor = staff('supervisor-1', ['supervisor'])
export const director = staff('director-1', ['director'])
export const chief = staff('chief-1', ['chief'], 'natural')
export const liaison = staff('liaison-1', ['liaison'], 'tax')
export const otherChief = staff('chief-2', ['chief'], 'market')
export const citizen: Actor = { kind: 'citizen', id: 'person-1' }
export const bot: Actor = { kind: 'bot' }
export const clock: Actor = { kind: 'clock' }

export const registering: Extract<Command, { type: 'register' }> = {
  type: 'register',
  id: 'ticket-1',
  number: '1410-20260309-0001-4',
  channel: 'web',
  personId: 'person-1',
  demand: 'cannot',
  urgent: false,
  facts: { name: '刘芳', phone: '13800001111', matter: '不动产证', story: '缺部分票据，不给办', department: '不动产登记中心' },
  proposal: { demandClass: 'bottleneck', cause: '材料缺失', level: 2, departments: ['natural', 'tax'], flags: [], reasons: ['缺部分票据'] },
}

export const commands = {
  triage: { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: ['tax'], reason: '缺票据' },
  assign: { type: 'assign', note: '请核实票据' },
  reassign: { type: 'reassign', lead: 'market', reason: '登记在市场监管局' },
  accept: { type: 'accept' },
  return: { type: 'return', reason: '不归我单位', basis: '三定方案' },
  arrive: { type: 'arrive', note: '已到窗口' },
  contact: { type: 'contact', how: '电话', note: '已问清情况' },
  progress: { type: 'progress', note: '调档案' },
  pause: { type: 'pause', why: 'citizen', reason: '等补购房发票' },
  resume: { type: 'resume', reason: '发票已补' },
  extend: { type: 'extend', allowance: { amount: 5, unit: 'workingDays' }, reason: '档案在外地' },
  resolve: { type: 'resolve', result: 'done', text: '已办理' },
  check: { type: 'check', approved: true, note: '属实' },
  reply: { type: 'reply', text: '已办好，请来领证', basis: '《不动产登记暂行条例》', contact: '登记科' },
  callback: { type: 'callback', outcome: 'answered', answer: { solved: 'yes', rating: 5 } },
  archive: { type: 'archive', lesson: { cause: '票据遗失', oneOfAKind: true } },
  amend: { type: 'amend', facts: {}, note: '补充一句' },
  decline: { type: 'decline', reason: '已进入诉讼', door: '人民法院' },
  transfer: { type: 'transfer', to: '某县窗口', contact: '窗口台', reason: '属地办理' },
  merge: { type: 'merge', into: '1410-20260309-0002-2', reason: '同一件事' },
  withdraw: { type: 'withdraw', reason: '不办了' },
  reopen: { type: 'reopen', reason: '没办成' },
  raise: { type: 'raise', level: 3, reason: '需市里协调' },
  remind: { type: 'remind', deadline: 'resolution', mark: 'p80' },
  recount: { type: 'recount' },
  opine: { type: 'opine', text: '税票可补开' },
  ask: { type: 'ask', ask: 'withdraw', words: '3月10日上午来电说不办了', reason: '反映人已经办好' },
  answer: { type: 'answer', approved: true, note: '同意' },
  convene: { type: 'convene', agenda: '票据怎么补', when: '3月10日下午3点', place: '三楼会议室', units: ['natural', 'tax'] },
  attend: { type: 'attend', name: '李科长' },
  minute: { type: 'minute', text: '由税务补开票据' },
  task: { type: 'task', unit: 'tax', text: '补开契税票据', allowance: { amount: 2, unit: 'workingDays' } },
  finish: { type: 'finish', task: 'none', note: '已补开' },
  instruct: { type: 'instruct', text: '抓紧办' },
  help: { type: 'help', mode: 'act', helper: '王助理', phone: '13900002222', how: '现场', content: '陪同补材料' },
  order: {
    type: 'order',
    number: '政服督〔2026〕1号',
    kind: 'order',
    unit: 'natural',
    cause: '超期',
    demand: '三日内办结',
    allowance: { amount: 3, unit: 'workingDays' },
  },
  signOrder: { type: 'signOrder', order: 'none' },
  answerOrder: { type: 'answerOrder', order: 'none', text: '已办' },
  verifyOrder: { type: 'verifyOrder', order: 'none', approved: true, note: '属实' },
  hold: { type: 'hold', tier: 1, unit: 'natural', evidence: '见回访', outcome: '记录在案' },
  appeal: { type: 'appeal', record: 'none', text: '情况不符' },
  decideAppeal: { type: 'decideAppeal', record: 'none', upheld: true, reason: '事实清楚' },
  nudge: { type: 'nudge' },
  survey: { type: 'survey' },
  split: { type: 'split', into: '1410-20260309-0003-0', matter: '医保报销', story: '另一件事', reason: '两件事' },
  takePapers: { type: 'takePapers', items: '购房合同原件1份', from: '刘芳' },
  returnPapers: { type: 'returnPapers', taken: 'none', to: '刘芳' },
  invite: { type: 'invite', unit: '省厅', question: '能否容缺受理' },
  uninvite: { type: 'uninvite', invitation: 'none' },
  state: { type: 'state', invitation: 'none', text: '可以' },
  absorb: { type: 'absorb', ticketId: 'ticket-2', number: '1410-20260309-0002-2', story: '也是不动产证' },
} as const satisfies { readonly [K in Exclude<Command['type'], 'register'>]: Extract<Command, { type: K }> }

/** Applies a command that must be accepted. */
export function take(ticket: Ticket | undefined, command: Command, by: Actor, when: Instant, inOffice = office): Ticket {
  const decision = decide(ticket, command, by, when, inOffice)
  if (!decision.ok) throw new Error(`${command.type} refused: ${decision.refusal.detail}`)
  return applied(ticket, decision.events, by, when)
}

export function applied(ticket: Ticket | undefined, events: readonly TicketEvent[], by: Actor, when: Instant): Ticket {
  const after = events.reduce<Ticket | undefined>((one, event) => evolve(one, { event, by, at: when }), ticket)
  if (!after) throw new Error('no event')
  return after
}

/** The plain way through the stages. */
export const way: readonly (readonly [Stage, Command, Actor])[] = [
  ['registered', registering, citizen],
  ['triaged', commands.triage, clerk],
  ['assigned', commands.assign, clerk],
  ['accepted', commands.accept, chief],
  ['accepted', commands.opine, liaison],
  ['handling', commands.contact, chief],
  ['resolved', commands.resolve, chief],
  ['resolved', commands.check, supervisor],
  ['replied', commands.reply, clerk],
  ['closed', commands.callback, citizen],
  ['archived', commands.archive, clerk],
]

/** A case in that stage, every step taken at the same moment. */
export function aTicket({ stage = 'registered', when = monday, inOffice = office }: { stage?: Stage; when?: Instant; inOffice?: Office } = {}): Ticket {
  const aside = { declined: commands.decline, transferred: commands.transfer, merged: commands.merge, withdrawn: commands.withdraw } as const
  if (stage in aside) return take(aTicket({ when, inOffice }), aside[stage as keyof typeof aside], stage === 'withdrawn' ? citizen : clerk, when, inOffice)
  let ticket: Ticket | undefined
  for (const [, command, by] of way.slice(0, way.findIndex(([reached]) => reached === stage) + 1)) ticket = take(ticket, command, by, when, inOffice)
  if (!ticket) throw new Error(`no way to ${stage}`)
  return ticket
}
