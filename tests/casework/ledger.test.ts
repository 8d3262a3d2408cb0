import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decide } from '../../casework/decide.ts'
import type { Command, Stamped } from '../../casework/decision.ts'
import { evolve } from '../../casework/evolve.ts'
import { caseFile, type Ledger } from '../../casework/ledger.ts'
import type { Actor, Ticket } from '../../casework/ticket.ts'
import { at, bot, chief, citizen, clerk, commands, director, lead, liaison, office, registering, supervisor } from './support.ts'

const folder = new URL('../../casework/ledgers/', import.meta.url)
const ledgers: Ledger[] = await Promise.all(readdirSync(folder).map(async (file) => ((await import(new URL(file, folder).href)) as { ledger: Ledger }).ledger))
const named = (name: string): Ledger => {
  const found = ledgers.find((one) => one.name === name)
  if (!found) throw new Error(`no ledger ${name}`)
  return found
}

/** A case that was late, ordered, helped, answered, not solved, done again, and filed. */
function aLife(): Stamped[] {
  let ticket: Ticket | undefined
  const journal: Stamped[] = []
  const go = (when: string, command: Command, by: Actor) => {
    const [date = '', time = ''] = when.split(' ')
    const decision = decide(ticket, command, by, at(date, time), office)
    if (!decision.ok) throw new Error(`${command.type}: ${decision.refusal.detail}`)
    for (const event of decision.events) {
      const stamped = { event, by, at: at(date, time) }
      journal.push(stamped)
      ticket = evolve(ticket, stamped)
    }
  }
  go('2026-03-09 10:00', { ...registering, facts: { ...registering.facts, idNumber: '14100119900101123X', told: '不能办', written: false, visits: 3 } }, bot)
  go('2026-03-09 10:30', commands.triage, clerk)
  go('2026-03-09 11:00', commands.assign, clerk)
  go('2026-03-09 14:00', commands.accept, chief)
  go('2026-03-09 15:00', commands.contact, chief)
  go('2026-03-10 09:00', commands.help, chief)
  go('2026-03-10 10:00', commands.opine, liaison)
  go('2026-03-18 09:00', commands.order, supervisor)
  const id = ticket?.work?.findLast((one) => one.type === 'ordered')?.id ?? ''
  go('2026-03-18 10:00', { ...commands.signOrder, order: id }, chief)
  go('2026-03-19 10:00', { ...commands.answerOrder, order: id, text: '本周内办结' }, chief)
  go('2026-03-19 11:00', { ...commands.verifyOrder, order: id }, supervisor)
  go('2026-03-20 10:00', commands.resolve, chief)
  go('2026-03-20 11:00', commands.check, lead)
  go('2026-03-20 12:00', commands.reply, clerk)
  go('2026-03-23 09:30', { type: 'callback', outcome: 'off', recording: '13800001111-031' }, supervisor)
  go(
    '2026-03-24 09:30',
    { type: 'callback', outcome: 'answered', answer: { solved: 'no', rating: 1, reasons: ['推诿'], comment: '打我13800001111', contacted: false } },
    supervisor,
  )
  go('2026-03-24 10:00', commands.hold, supervisor)
  go('2026-03-24 10:30', commands.assign, director)
  go('2026-03-24 11:00', commands.accept, chief)
  go('2026-03-24 11:30', commands.contact, chief)
  go('2026-03-25 10:00', commands.opine, liaison)
  go('2026-03-26 10:00', { ...commands.resolve, result: 'alternative' }, chief)
  go('2026-03-26 11:00', commands.check, lead)
  go('2026-03-26 12:00', commands.reply, clerk)
  go('2026-03-27 09:30', commands.callback, citizen)
  go('2026-03-30 09:30', commands.archive, clerk)
  return journal
}

const journal = aLife()
const table = (name: string, date: string, viewer: Actor = supervisor, reveal = false) => {
  const now = at(date, '18:00')
  const file = caseFile(journal, now)
  return file ? named(name).lines(file, { now, office, viewer, reveal }, 1) : []
}
const column = (name: string, title: string, date = '2026-03-31') => table(name, date).map((line) => line[named(name).columns.indexOf(title)])

describe('the six ledgers', () => {
  it('have the columns of the printed forms, in their order', () => {
    const titles = Object.fromEntries(ledgers.map((one) => [one.title, one.columns.join(' ')]))

    expect(titles).toEqual({
      工单受理登记簿:
        '序号 工单编号 受理时间 渠道 受理人 反映人 单位/身份 联系电话 证件后四位 是否代办/本人姓名 所属县区 事项名称 办理窗口/部门 诉求类别 反映内容 已跑次数 被告知理由及有无书面依据 材料清单 是否保密 紧急程度 反映人签字 备注',
      工作台账登记簿:
        '序号 编号 受理日期 反映人 事项 研判结论 响应级别 责任单位 协办单位 交办时间 签收时间 承诺时限 延期 办理情况 办结时间 用时（工作日） 是否超期 结果类型 回复时间/方式 回访结果 满意度 归档号 经验/整改措施',
      电话回访登记簿: '序号 编号 回访时间 回访人 被访人/电话 第几次 接通情况 单位是否联系过 是否解决 满意度（五级） 不满意原因 意见建议 处理 录音号 备注',
      协调帮办登记簿: '序号 编号 帮办类型 帮办人/电话 委托书号 协调单位及联系人 协调方式 协调时间 协调内容 议定意见 材料交接 完成时间 结果 反映人签字',
      督办单: '序号 发文单位 文号 紧急程度 主送单位 抄送 督办事由 督办要求 反馈时限 签发人 承办单位签收 办理情况 承办负责人签字盖章 督办人核查意见 领导批示',
      督办台账登记簿: '序号 督办单号 工单编号 督办次数 督办原因 主送单位 发出时间 签收时间 反馈时限 反馈时间 结果 追责档次 备注',
    })
  })

  it('tell the life of a case', () => {
    expect(column('intake', '被告知理由及有无书面依据')).toEqual(['不能办；无书面依据'])
    expect(column('work', '用时（工作日）')).toEqual([13])
    expect(column('work', '结果类型')).toEqual(['替代方案办成'])
    expect(column('work', '归档号')).toEqual([registering.number])
    expect(column('callback', '接通情况')).toEqual(['关机', '接通', '接通'])
    expect(column('callback', '录音号')).toEqual(['138****1111-031', '', ''])
    expect(column('callback', '单位是否联系过')).toEqual(['是', '否', '是'])
    expect(column('callback', '处理')).toEqual(['再次回访', '重办', '办结'])
    expect(column('help', '帮办类型')).toEqual(['代办'])
    expect(column('order', '督办事由')).toEqual([`${registering.number} 不动产证；受理2026-03-09；应办结2026-03-16；超期2个工作日`])
    expect(column('supervision', '结果')).toEqual(['核查通过'])
    expect(column('supervision', '追责档次')).toEqual(['记录在案'])
  })

  it('show any past day as it was then', () => {
    expect(table('intake', '2026-03-08')).toEqual([])
    expect(column('work', '是否超期', '2026-03-16')).toEqual(['否'])
    expect(column('work', '是否超期', '2026-03-17')).toEqual(['是'])
    expect(column('work', '办理情况', '2026-03-23')).toEqual(['已回复，待回访'])
    expect(column('supervision', '结果', '2026-03-18')).toEqual(['未反馈'])
    expect(column('callback', '第几次', '2026-03-23')).toEqual([1])
  })

  it('are rebuilt exactly as they were exported on the day', () => {
    for (const date of ['2026-03-09', '2026-03-18', '2026-03-24', '2026-03-31']) {
      const then = journal.filter((line) => line.at <= at(date, '18:00'))
      for (const { name } of ledgers) {
        const now = at(date, '18:00')
        const file = caseFile(then, now)
        if (!file) throw new Error('no case')
        expect(named(name).lines(file, { now, office, viewer: supervisor }, 1)).toEqual(table(name, date))
      }
    }
  })

  it('are masked unless they are revealed', () => {
    for (const { name } of ledgers) {
      const masked = JSON.stringify(table(name, '2026-03-31'))
      for (const secret of ['刘芳', '13800001111', '14100119900101123X']) expect(masked).not.toContain(secret)
    }
    expect(JSON.stringify(table('intake', '2026-03-31', supervisor, true))).toContain('13800001111')
    expect(column('intake', '证件后四位')).toEqual(['123X'])
  })

  it('leave out what the viewer must not see', () => {
    expect(table('work', '2026-03-31', { kind: 'staff', id: 'x', name: 'x', roles: ['chief'], unit: 'market' })).toEqual([])
    expect(table('work', '2026-03-31', chief)).toHaveLength(1)
  })

  it('number their lines on from the case before', () => {
    const now = at('2026-03-31', '18:00')
    const file = caseFile(journal, now)
    if (!file) throw new Error('no case')

    expect(
      named('callback')
        .lines(file, { now, office, viewer: supervisor }, 41)
        .map((line) => line[0]),
    ).toEqual([41, 42, 43])
  })
})
