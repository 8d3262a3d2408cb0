import { runCommand } from '../../api/cases.ts'
import type { Command } from '../../casework/decision.ts'
import type { Actor, Role, Ticket } from '../../casework/ticket.ts'
import type { TestOffice } from './office.ts'

export const person = (id: string, roles: readonly Role[], unit?: string): Actor => ({
  kind: 'staff',
  id,
  name: id,
  roles,
  ...(unit === undefined ? {} : { unit }),
})
const [clerk, supervisor, lead, director] = [
  person('王窗口', ['clerk']),
  person('赵督办', ['supervisor']),
  person('周组长', ['lead']),
  person('马主任', ['director']),
]
const [chief, liaison] = [person('李科长', ['chief'], 'natural'), person('孙联络', ['liaison'], 'tax')]

/** Runs a command that must be accepted, at a moment of its own. */
export async function act(office: TestOffice, ticketId: string, at: string, command: Command, by: Actor, code = '123456'): Promise<Ticket> {
  office.sleepTo(`${at.replace(' ', 'T')}:00+08:00`)
  const answer = await runCommand(office.shell, { ticketId, command, by, ...(command.type === 'register' ? { code } : {}) })
  if (!answer.ok) throw new Error(`${command.type} refused: ${answer.refusal.detail}`)
  return answer.ticket
}

/** Withdrawn as staff may: asked for with the citizen's words, approved by another. */
export async function withdrawn(office: TestOffice, ticketId: string, at: string): Promise<Ticket> {
  await act(office, ticketId, at, { type: 'ask', ask: 'withdraw', words: '来电说不办了', reason: '反映人要求' }, clerk)
  return act(office, ticketId, at, { type: 'answer', approved: true, note: '已回拨核实' }, lead)
}

/** A case that met with everything: a meeting, an extension, help, an order, an interview, and its answer. */
export async function aFullLife(office: TestOffice): Promise<Ticket> {
  const id = 'full-life'
  const go = (at: string, command: Command, by: Actor) => act(office, id, at, command, by)
  const facts = {
    name: '刘芳',
    phone: '13800001111',
    matter: '不动产证',
    story: '缺部分票据，不给办',
    told: '不能办',
    written: false,
    visits: 3,
    guideId: 'estate-new-home',
  }
  const proposal = { demandClass: 'bottleneck', cause: '材料缺失', level: 2, departments: ['natural', 'tax'], flags: [], reasons: [] } as const
  await go(
    '2026-06-10 10:00',
    { type: 'register', id, number: '1410-20260610-0001-4', channel: 'counter', demand: 'cannot', urgent: false, facts, proposal },
    clerk,
  )
  await go(
    '2026-06-10 10:30',
    { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: ['tax'], reason: '缺票据' },
    clerk,
  )
  await go('2026-06-10 11:00', { type: 'assign', note: '请核实票据' }, clerk)
  await go('2026-06-10 14:00', { type: 'accept' }, chief)
  await go('2026-06-10 15:00', { type: 'contact', how: '电话', note: '已问清' }, chief)
  await go('2026-06-11 09:00', { type: 'convene', agenda: '票据怎么补', when: '6月11日下午3点', place: '三楼会议室', units: ['natural', 'tax'] }, lead)
  await go('2026-06-11 15:00', { type: 'attend', unit: 'tax', name: '孙科长' }, lead)
  await go('2026-06-11 15:30', { type: 'task', unit: 'tax', text: '补开契税票据', allowance: { amount: 2, unit: 'workingDays' } }, lead)
  const met = await go('2026-06-11 16:00', { type: 'minute', text: '由税务补开票据，登记中心容缺受理' }, lead)
  await go(
    '2026-06-12 09:00',
    {
      type: 'help',
      mode: 'act',
      helper: '王助理',
      phone: '13900002222',
      mandate: '委〔2026〕1号',
      how: '现场',
      content: '陪同补材料',
      papers: '购房合同、身份证复印件',
    },
    clerk,
  )
  await go('2026-06-12 10:00', { type: 'opine', text: '税票可补开' }, liaison)
  await go('2026-06-12 11:00', { type: 'finish', task: met.work?.find((one) => one.type === 'tasked')?.id ?? '', note: '已补开' }, liaison)
  await go('2026-06-15 09:00', { type: 'ask', ask: 'extend', allowance: { amount: 3, unit: 'workingDays' }, reason: '档案在外地' }, chief)
  await go('2026-06-15 10:00', { type: 'answer', approved: true, note: '同意' }, lead)
  const ordered = await go(
    '2026-06-16 09:00',
    { type: 'order', kind: 'order', unit: 'natural', cause: '领导批示', demand: '三日内办结', allowance: { amount: 3, unit: 'workingDays' } },
    supervisor,
  )
  const order = ordered.work?.findLast((one) => one.type === 'ordered')?.id ?? ''
  await go('2026-06-16 09:10', { type: 'signOrder', order }, chief)
  await go('2026-06-16 09:40', { type: 'answerOrder', order, text: '票据今天补齐，当天办结' }, chief)
  await go('2026-06-16 09:50', { type: 'verifyOrder', order, approved: true, note: '已核实' }, supervisor)
  await go(
    '2026-06-16 10:00',
    { type: 'hold', tier: 2, unit: 'natural', person: '登记科负责人', evidence: '三次到窗口未给书面依据', outcome: '约谈并通报' },
    lead,
  )
  await go('2026-06-16 11:00', { type: 'resolve', result: 'alternative', text: '凭补开票据办理' }, chief)
  await go('2026-06-16 14:00', { type: 'check', approved: true, note: '属实' }, lead)
  await go('2026-06-16 15:00', { type: 'reply', text: '已办好，请来领证', basis: '《不动产登记暂行条例》', contact: '登记科' }, clerk)
  await go('2026-06-17 15:00', { type: 'callback', outcome: 'answered', answer: { solved: 'yes', rating: 5 } }, supervisor)
  await go('2026-06-17 16:00', { type: 'hold', tier: 3, unit: 'natural', evidence: '索要好处线索', outcome: '移送' }, director)
  return go('2026-06-18 10:00', { type: 'archive', lesson: { cause: '票据遗失', oneOfAKind: false, improvement: '票据可线上补开' } }, clerk)
}
