import { describe, expect, it } from 'vitest'
import { decide } from '../../casework/decide.ts'
import type { Command, CommandType } from '../../casework/decision.ts'
import { flowchartSvg } from '../../casework/drawing.ts'
import { flowchart } from '../../casework/flowchart.ts'
import { offers } from '../../casework/offers.ts'
import { finalStages, sevenStage, stageTitle, steps } from '../../casework/stages.ts'
import type { Actor, Role, Stage } from '../../casework/ticket.ts'
import { roleTitles, stageTitles } from '../../texts/casework.ts'
import {
  aTicket,
  bot,
  chief,
  citizen,
  clerk,
  clock,
  commands,
  director,
  lead,
  monday,
  office,
  otherChief,
  registering,
  staff,
  supervisor,
  take,
} from './support.ts'

const stages = Object.keys(stageTitles) as Stage[]
const roles = Object.keys(roleTitles) as Role[]
const everyone: Actor[] = [citizen, bot, clock, ...roles.map((role) => staff(`some ${role}`, [role], 'natural'))]
const everything = Object.values(commands) as Command[]
const chinese = /[\u4e00-\u9fff]/

const rowOf = (type: CommandType, stage: Stage) => steps.find((one) => one.command === type && one.from.includes(stage))
const mayByTable = (type: CommandType, stage: Stage, by: Actor) => {
  const row = rowOf(type, stage)
  return row !== undefined && (by.kind === 'staff' ? by.roles.some((role) => row.roles.includes(role)) : (row.others ?? []).includes(by.kind))
}

describe('the stage table', () => {
  it('leads a case through all stages to the archive', () => {
    expect(aTicket({ stage: 'archived' }).stage).toBe('archived')
  })

  it('refuses every illegal transition by every role with a reason in Chinese', () => {
    let refused = 0
    for (const stage of stages) {
      const ticket = aTicket({ stage })
      for (const command of everything) {
        for (const by of everyone) {
          if (mayByTable(command.type, stage, by)) continue
          const decision = decide(ticket, command, by, monday, office)
          expect([stage, command.type, by, decision.ok]).toEqual([stage, command.type, by, false])
          if (!decision.ok) expect(decision.refusal.detail).toMatch(chinese)
          refused += 1
        }
      }
    }
    expect(refused).toBeGreaterThan(2_000)
  })

  it('moves a case only to the stage that its row names', () => {
    for (const stage of stages) {
      for (const command of everything) {
        for (const by of everyone) {
          const decision = decide(aTicket({ stage }), command, by, monday, office)
          if (!decision.ok) continue
          const after = take(aTicket({ stage }), command, by, monday)
          const row = rowOf(command.type, stage)
          expect([stage, row?.to, row?.back]).toContain(after.stage)
        }
      }
    }
  })

  it('does not let another department act on the case', () => {
    for (const [stage, type] of [
      ['assigned', 'accept'],
      ['accepted', 'contact'],
      ['handling', 'resolve'],
      ['assigned', 'return'],
    ] as const) {
      const decision = decide(aTicket({ stage }), commands[type], otherChief, monday, office)
      expect(decision).toMatchObject({ ok: false, refusal: { code: 'wrongUnit' } })
    }
  })

  it('lets nobody check what he has done himself', () => {
    const both = staff('chief-1', ['chief', 'supervisor'], 'natural')
    const ticket = take(aTicket({ stage: 'handling' }), commands.resolve, both, monday)

    expect(decide(ticket, commands.check, both, monday, office)).toMatchObject({ ok: false, refusal: { code: 'sameDoer' } })
    expect(decide(ticket, commands.check, supervisor, monday, office).ok).toBe(true)
  })

  it('has a result checked by the desk, or by another of the unit that has the case, and by no other unit', () => {
    const resolved = aTicket({ stage: 'resolved' })
    const checkedBy = (by: Actor) => decide(resolved, commands.check, by, monday, office)

    expect(checkedBy(staff('chief-9', ['chief'], 'natural')).ok).toBe(true)
    expect(checkedBy(chief)).toMatchObject({ ok: false, refusal: { code: 'sameDoer' } })
    expect(checkedBy(otherChief)).toMatchObject({ ok: false, refusal: { code: 'wrongUnit' } })
    expect(checkedBy(staff('chief-9', ['chief'], 'tax'))).toMatchObject({ ok: false, refusal: { code: 'wrongUnit' } })
    expect(checkedBy(clerk).ok).toBe(true)
  })

  it('lets no handler ask whether he has handled the case well', () => {
    expect(decide(aTicket({ stage: 'replied' }), commands.callback, clerk, monday, office)).toMatchObject({ ok: false, refusal: { code: 'sameDoer' } })
    expect(decide(aTicket({ stage: 'replied' }), commands.callback, supervisor, monday, office).ok).toBe(true)
  })

  it('says no by law only with a basis and a release from above', () => {
    const resolve = { ...commands.resolve, result: 'lawfullyImpossible' } as const
    expect(decide(aTicket({ stage: 'handling' }), resolve, chief, monday, office)).toMatchObject({ ok: false, refusal: { code: 'missingFact' } })

    const ticket = take(aTicket({ stage: 'handling' }), { ...resolve, basis: '《民法典》第二百零九条' }, chief, monday)
    expect(decide(ticket, commands.check, clerk, monday, office)).toMatchObject({ ok: false, refusal: { code: 'wrongRole' } })
    expect(decide(ticket, commands.check, lead, monday, office).ok).toBe(true)
  })

  it('gives a refused result back to the doer with the clock still running', () => {
    const handling = aTicket({ stage: 'handling' })
    const resolved = take(handling, commands.resolve, chief, monday)
    const back = take(resolved, { type: 'check', approved: false, note: '票据未核' }, supervisor, monday)

    expect(back).toEqual({ ...handling, version: back.version })
  })

  it('asks for every required field by its name', () => {
    expect(decide(aTicket(), { ...commands.triage, reason: '  ' }, clerk, monday, office)).toMatchObject({ ok: false, refusal: { detail: '请填写“理由”。' } })
    expect(decide(undefined, { ...registering, facts: { phone: '13800001111' } }, bot, monday, office)).toMatchObject({
      ok: false,
      refusal: { code: 'missingFact' },
    })
  })

  it('knows the departments', () => {
    expect(decide(aTicket(), { ...commands.triage, lead: 'nobody' }, clerk, monday, office)).toMatchObject({
      ok: false,
      refusal: { code: 'unknownDepartment' },
    })
  })

  it('takes back the kind of help and the plan that a new triage leaves out', () => {
    const planned = take(aTicket(), { ...commands.triage, category: '不动产', help: 'assist', plan: '先登记后补票' }, clerk, monday)
    expect(planned).toMatchObject({ help: 'assist', plan: '先登记后补票' })

    const again = take(planned, commands.triage, clerk, monday)
    expect([again.help, again.plan, again.category]).toEqual([undefined, undefined, '不动产'])
  })

  it('registers a case once', () => {
    expect(decide(aTicket(), registering, bot, monday, office)).toMatchObject({ ok: false, refusal: { code: 'alreadyRegistered' } })
  })

  it('names one of the seven stages for every stage but the ones aside', () => {
    expect(stages.filter((stage) => !sevenStage(stage))).toEqual(finalStages.filter((stage) => stage !== 'archived'))
    expect(sevenStage('handling')).toEqual({ index: 4, title: '限时办结' })
  })
})

describe('the buttons of the console', () => {
  const people = [clerk, chief, otherChief, lead, supervisor, director]

  it('are exactly what decide accepts', () => {
    for (const stage of stages) {
      for (const by of people) {
        const ticket = aTicket({ stage })
        const offered = new Set<string>(offers(ticket, by, office).map((one) => one.type))
        for (const command of everything) {
          const decision = decide(ticket, command, by, monday, office)
          const inside = rowOf(command.type, stage)?.inside === true
          if (decision.ok) expect([stage, command.type, offered.has(command.type)]).toEqual([stage, command.type, !inside])
          else if (offered.has(command.type)) expect([stage, command.type, decision.refusal.code]).toEqual([stage, command.type, 'offered but refused'])
        }
      }
    }
  })

  it('say what to ask on the phone, with the name of the office, the matter and the number', () => {
    const call = offers(aTicket({ stage: 'replied' }), supervisor, office).find((one) => one.type === 'callback')

    expect(call?.script?.join()).toMatch(new RegExp(`${office.policy.centre.name}.*不动产证.*${registering.number}.*联系过您吗.*办成了吗`))
    expect(call?.fields.find(({ name }) => name === 'outcome')?.options?.map(({ label }) => label)).toEqual(['接通', '无人接听', '关机', '空号或错号', '拒访'])
  })

  it('start from the proposal', () => {
    const triage = offers(aTicket(), clerk, office).find((one) => one.type === 'triage')
    const values = Object.fromEntries((triage?.fields ?? []).map((field) => [field.name, field.value]))

    expect(values).toMatchObject({ demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: ['tax'], reason: '缺部分票据' })
  })
})

it('draws every stage and every move in the flowchart', () => {
  const chart = flowchart()

  for (const stage of stages) expect(chart).toContain(`  ${stage}["${stageTitle(stage)}"]`)
  expect(chart).toContain('registered -->|研判| triaged')
  expect(chart).toContain('replied -.->|登记回访：未通过| triaged')
})

it("draws the printed flowchart from the same table, the user's words escaped", () => {
  const svg = flowchartSvg('窗口<流程>')

  for (const stage of stages) expect(svg).toContain(`>${stageTitle(stage)}</text>`)
  expect(svg).toContain('窗口&lt;流程>')
  expect(svg).not.toMatch(/NaN|undefined/)
})
