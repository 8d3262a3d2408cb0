import { describe, expect, it } from 'vitest'
import { maySee } from '../../casework/access.ts'
import { decide } from '../../casework/decide.ts'
import type { Command, Notice } from '../../casework/decision.ts'
import { maskId, maskName, maskPhone, maskText } from '../../casework/mask.ts'
import { notices } from '../../casework/notice.ts'
import { parseTicketNumber, shortNumber, ticketNumber } from '../../casework/number.ts'
import { offers } from '../../casework/offers.ts'
import { promise } from '../../casework/promise.ts'
import { readCommand } from '../../casework/read.ts'
import type { Actor, Ticket } from '../../casework/ticket.ts'
import { citizenView } from '../../casework/view.ts'
import { applied, aTicket, at, bot, chief, citizen, clerk, clock, commands, lead, monday, office, registering, staff, supervisor, take } from './support.ts'

function told(ticket: Ticket | undefined, command: Command, by: Actor, when = monday): Notice[] {
  const decision = decide(ticket, command, by, when, office)
  if (!decision.ok) throw new Error(decision.refusal.detail)
  const after = applied(ticket, decision.events, by, when)
  return decision.events.flatMap((event) => notices(ticket, after, { event, by, at: when }, office))
}
const toWhom = (list: readonly Notice[]) => list.map((one) => (one.to === 'citizen' ? 'citizen' : one.to === 'unit' ? one.unit : one.role))

const bribe: Command = { ...registering, proposal: { ...registering.proposal, cause: '吃拿卡要', flags: [{ name: '吃拿卡要', words: '要红包' }] } }

describe('the notices', () => {
  it('tell the citizen who has the case and until when', () => {
    const list = told(aTicket({ stage: 'triaged' }), commands.assign, clerk)

    expect(list.find((one) => one.to === 'citizen')?.text).toContain('市自然资源和规划局办理')
    expect(list.find((one) => one.to === 'citizen')?.text).toContain('最迟2026年3月16日办结')
    expect(toWhom(list)).toEqual(['citizen', 'natural', 'tax', 'lead'])
  })

  it('call the section chief of the department for a case of level 1', () => {
    const ticket = take(aTicket(), { ...commands.triage, level: 1 }, clerk, monday)

    expect(told(ticket, commands.assign, clerk).some((one) => one.to === 'unit' && one.text.includes('15分钟'))).toBe(true)
  })

  it('have keys that are the same each time and different from each other', () => {
    const first = told(aTicket({ stage: 'triaged' }), commands.assign, clerk)
    const second = told(aTicket({ stage: 'triaged' }), commands.assign, clerk)

    expect(first).toEqual(second)
    expect(new Set(first.map((one) => one.key)).size).toBe(first.length)
  })

  it('add the supervisor when a deadline has passed', () => {
    const handling = aTicket({ stage: 'handling' })

    expect(toWhom(told(handling, { type: 'remind', deadline: 'resolution', mark: 'p80' }, clock))).toEqual(['natural'])
    expect(toWhom(told(handling, { type: 'remind', deadline: 'resolution', mark: 'late1' }, clock))).toEqual(['natural', 'supervisor'])
  })

  it('tell the citizen also in words that fit the narrowest form of a text message, and never a decline without its door', () => {
    const checked = take(take(aTicket({ stage: 'handling' }), commands.resolve, chief, monday), commands.check, supervisor, monday)
    const paused = take(aTicket({ stage: 'handling' }), { type: 'pause', why: 'citizen', reason: '身份证' }, lead, monday)
    const briefOf = (ticket: Ticket, command: Command, by: Actor) =>
      told(ticket, command, by).flatMap((one) => (one.to === 'citizen' ? [one.brief] : []))[0] ?? []
    const shortest = [
      briefOf(aTicket({ stage: 'triaged' }), commands.assign, clerk),
      briefOf(aTicket({ stage: 'handling' }), { type: 'pause', why: 'citizen', reason: '身份证' }, lead),
      briefOf(aTicket({ stage: 'handling' }), { type: 'pause', why: 'superior', reason: '等省厅答复' }, lead),
      briefOf(paused, { type: 'resume', reason: '已补' }, lead),
      briefOf(aTicket({ stage: 'handling' }), commands.extend, lead),
      briefOf(checked, commands.reply, clerk),
      briefOf(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'answered', answer: { solved: 'no' } }, citizen),
    ].map((texts) => texts.at(-1)?.length ?? 99)

    expect(Math.max(...shortest)).toBeLessThanOrEqual(12)
    for (const text of briefOf(aTicket(), commands.decline, clerk)) expect(text).toContain('人民法院')
  })

  it('tell the citizen of reply, extension, refusal and reopening', () => {
    const checked = take(take(aTicket({ stage: 'handling' }), commands.resolve, chief, monday), commands.check, supervisor, monday)

    expect(told(checked, commands.reply, clerk)[0]).toMatchObject({ to: 'citizen', text: expect.stringContaining('已办好，请来领证') })
    expect(told(aTicket({ stage: 'handling' }), commands.extend, lead)[0]).toMatchObject({ to: 'citizen', text: expect.stringContaining('2026年3月23日') })
    expect(told(aTicket(), commands.decline, clerk)[0]).toMatchObject({ to: 'citizen', text: expect.stringContaining('人民法院') })
    expect(toWhom(told(aTicket({ stage: 'replied' }), { type: 'callback', outcome: 'answered', answer: { solved: 'no' } }, citizen))).toContain('director')
  })
})

describe('a case that is closed without an answer', () => {
  it.each([
    ['noAnswer', true],
    ['off', true],
    ['refused', false],
    ['wrongNumber', false],
  ] as const)('is told of after %s: %s', (outcome, isTold) => {
    const call: Command = { type: 'callback', outcome }
    const days = Array.from({ length: office.policy.callback.attempts }, (_, index) => at(`2026-03-1${index}`, '10:00'))
    const called = days.slice(0, -1).reduce((one, day) => take(one, call, supervisor, day), aTicket({ stage: 'replied' }))

    const texts = told(called, call, supervisor, days.at(-1)).flatMap((one) => (one.to === 'citizen' ? [one.text] : []))
    expect(texts).toEqual(isTold ? [expect.stringContaining('没有联系上您')] : [])
  })
})

describe('a case of extortion', () => {
  const ticket = take(undefined, bribe, bot, monday)

  it('is made confidential and told to the discipline office', () => {
    expect(ticket.facts.confidential).toBe(true)
    expect(toWhom(told(undefined, bribe, bot))).toEqual(['clerk', 'discipline'])
  })

  it('cannot be given to the unit complained of', () => {
    expect(decide(ticket, { ...commands.triage, cause: '吃拿卡要' }, clerk, monday, office)).toMatchObject({ ok: false, refusal: { code: 'wrongUnit' } })
    expect(decide(ticket, { ...commands.triage, cause: '吃拿卡要', lead: 'window', supporting: [] }, clerk, monday, office).ok).toBe(true)
  })

  it('is not proposed to the unit complained of, nor offered for it', () => {
    const triage = offers(ticket, clerk, office).find((one) => one.type === 'triage')
    const leadField = triage?.fields.find((one) => one.name === 'lead')

    expect(leadField?.value).toBe('tax')
    expect(leadField?.options?.some((one) => one.value === 'natural')).toBe(false)
  })

  it('is invisible to the unit complained of, in whatever role', () => {
    expect(maySee(ticket, chief, office)).toBe(false)
    expect(maySee(ticket, staff('x', ['director'], 'natural'), office)).toBe(false)
    expect(maySee(ticket, staff('y', ['discipline']), office)).toBe(true)
  })
})

describe('who may see a case', () => {
  it('is the desk, the units that work on it, and the citizen whose it is', () => {
    const ticket = aTicket({ stage: 'assigned' })

    expect([clerk, chief, staff('t', ['liaison'], 'tax'), citizen].map((by) => maySee(ticket, by, office))).toEqual([true, true, true, true])
    expect([staff('m', ['chief'], 'market'), staff('a', ['admin']), { kind: 'citizen', id: 'other' } as const].map((by) => maySee(ticket, by, office))).toEqual(
      [false, false, false],
    )
  })
})

describe('the progress shown to the citizen', () => {
  it('says who has the case, until when, and what comes next', () => {
    const view = citizenView(aTicket({ stage: 'handling' }), monday, office)

    expect(view).toMatchObject({ stageTitle: '正在办', department: '市自然资源和规划局', overdue: false, dueAt: at('2026-03-16', '17:00') })
    expect(view.next).toBe('市自然资源和规划局正在办理，最迟2026年3月16日办结。')
    expect(view.steps.map((one) => one.done)).toEqual([true, true, true, false, false, false, false])
  })

  it('says of a case that no unit has yet when its last day will be known, and after the triage how long it will be', () => {
    const noteOf = (change: Partial<Ticket>) => citizenView(aTicket({ deadlines: [], ...change }), monday, office).dueNote

    expect(noteOf({ stage: 'registered' })).toBe('由哪个单位办定下来以后，这里写明哪天办结')
    expect(noteOf({ stage: 'triaged', level: 2 })).toMatch(/^转给承办单位后\d+个工作日内办结/)
    expect(noteOf({ stage: 'archived' })).toBeUndefined()
  })

  it('claims neither that somebody was asked who was not reached, nor that all is done where the law does not allow it', () => {
    const titleOf = (stage: Ticket['stage']) => citizenView({ ...aTicket(), stage }, monday, office).stageTitle

    expect(titleOf('closed')).toBe('已答复您，回访结束')
    expect(titleOf('archived')).toBe('已办结归档')
  })

  it('is honest when the case is late', () => {
    const view = citizenView(aTicket({ stage: 'handling' }), at('2026-03-17', '09:00'), office)

    expect(view.overdue).toBe(true)
    expect(view.next).toContain('已超过办理时限')
  })
})

describe('the promise at registration', () => {
  it('names a time of today while there is enough of the day left, else of the next working day', () => {
    expect(promise(office, monday).text).toBe('今天17:00前会有工作人员与您联系。')
    expect(promise(office, at('2026-03-09', '15:00')).text).toBe('2026年3月10日17:00前会有工作人员与您联系。')
    expect(promise(office, at('2026-03-13', '20:00')).text).toBe('现在不是上班时间，2026年3月16日17:00前会有工作人员与您联系。')
  })

  it('names no date for a year whose calendar is not known', () => {
    const { text, by } = promise(office, at('2026-12-31', '16:30'))

    expect(by).toBeUndefined()
    expect(text).not.toMatch(/\d/)
  })
})

describe('masks', () => {
  it('keep what is needed to tell people apart and no more', () => {
    expect(['张三', '刘芳芳', '欧阳小红', '王'].map(maskName)).toEqual(['张*', '刘*芳', '欧**红', '王'])
    expect(['13812345678', '138-1234-5678', '12345'].map(maskPhone)).toEqual(['138****5678', '138****5678', '***45'])
    expect(maskId('14100119900101123X')).toBe('**************123X')
  })

  it('find numbers in free text', () => {
    expect(maskText('我电话13812345678，身份证14100119900101123X，去了3次')).toBe('我电话138****5678，身份证**************123X，去了3次')
  })
})

describe('the ticket number', () => {
  const number = ticketNumber({ code: '1410', on: '2026-03-15', serial: 7 })

  it('is read back however it is written or said', () => {
    const [, , , check] = number.split('-')
    const spoken = `幺四幺零二零二六零三幺五零零零七${'零一二三四五六七八九'[Number(check)]}`
    for (const text of [
      number,
      number.replaceAll('-', ''),
      ` ${number.replaceAll('-', ' ')} `,
      [...number].map((c) => (/\d/.test(c) ? String.fromCodePoint(c.charCodeAt(0) + 0xfee0) : c)).join(''),
      spoken,
    ]) {
      expect(parseTicketNumber(text)).toEqual({ code: '1410', on: '2026-03-15', serial: 7, number })
    }
  })

  it('shows every single wrong digit', () => {
    const digits = number.replaceAll('-', '')
    for (let at = 0; at < digits.length; at += 1) {
      for (let digit = 0; digit <= 9; digit += 1) {
        if (String(digit) === digits[at]) continue
        expect(parseTicketNumber(`${digits.slice(0, at)}${digit}${digits.slice(at + 1)}`)?.number).not.toBe(number)
      }
    }
    const wrong = `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 1) % 10}`
    expect(parseTicketNumber(wrong)).toBeUndefined()
  })

  it('is none when it is something else', () => {
    for (const text of ['', '13812345678', '查进度', '20260315']) expect(parseTicketNumber(text)).toBeUndefined()
    expect(shortNumber(number)).toBe(number.replaceAll('-', '').slice(-5))
  })
})

describe('a command from a client', () => {
  it('is read by its kind and without anything else', () => {
    const body = { ...commands.triage, level: '2', admin: true, supporting: ['tax'] }

    expect(readCommand(body)).toEqual({ ok: true, command: commands.triage })
    const called = { type: 'callback', outcome: 'answered', answer: { solved: 'partly', contacted: false }, recording: 'A-7' }
    expect(readCommand(called)).toEqual({ ok: true, command: called })
    for (const command of Object.values(commands))
      if (!['remind', 'nudge', 'survey', 'absorb', 'invite', 'uninvite', 'state', 'split'].includes(command.type))
        expect(readCommand(command)).toEqual({ ok: true, command })
    const { into: _, ...split } = commands.split
    expect(readCommand(commands.split)).toEqual({ ok: true, command: split })
  })

  it('tells when it happened only by days and months that are on the calendar', () => {
    const on = (happenedOn: string) => readCommand({ ...commands.amend, facts: { happenedOn } })

    for (const good of ['2026-03-05', '2026-03', '2025-12/2026-02', '2026-01-19/2026-02-16'])
      expect(on(good)).toMatchObject({ command: { facts: { happenedOn: good } } })
    for (const bad of ['2026-99-99/2026-99-99', '2026-13', '2026-02-30', '2026-03/2026-00', '昨天']) expect(JSON.stringify(on(bad))).not.toContain('happenedOn')
  })

  it('is refused with the field that is wrong', () => {
    expect(readCommand({ ...commands.triage, level: 4 })).toMatchObject({ ok: false, refusal: { detail: '“响应级别”填得不对，请检查。' } })
    expect(readCommand({ type: 'triage' })).toMatchObject({ ok: false, refusal: { detail: '请填写“诉求类别”。' } })
    expect(readCommand({ type: 'register' }).ok).toBe(false)
    expect(readCommand({ type: 'nonsense' }).ok).toBe(false)
  })
})
