import { describe, expect, it } from 'vitest'
import { decide } from '../../casework/decide.ts'
import { flowchart } from '../../casework/flowchart.ts'
import { notices } from '../../casework/notice.ts'
import { offers } from '../../casework/offers.ts'
import type { Stage } from '../../casework/ticket.ts'
import { timers } from '../../casework/timer.ts'
import { applied, aTicket, at, chief, clerk, clock, commands, director, lead, monday, office, otherChief, staff, take } from './support.ts'

const nextDay = at('2026-03-10', '15:00')
const { reassign } = commands

describe('a case that is given to another department', () => {
  it.each(['assigned', 'accepted', 'handling'] as const)('from "%s" waits for the other to sign, and the former lead keeps nothing to do', (stage) => {
    const after = take(aTicket({ stage }), reassign, clerk, nextDay)

    expect(after).toMatchObject({ stage: 'assigned', lead: 'market', leads: ['natural', 'market'] })
    expect(after.acceptedBy).toBeUndefined()
    expect(offers(after, otherChief, office).map(({ type }) => type)).toContain('accept')
    expect(offers(after, chief, office)).toEqual([])
  })

  it('keeps the day that was promised to the citizen, and starts the clocks of the hand-over anew', () => {
    const before = aTicket({ stage: 'handling' })
    const after = take(before, reassign, clerk, nextDay)
    const clockOf = (ticket: typeof after, kind: string) =>
      ticket.deadlines.find((one) => one.kind === kind && one.metAt === undefined && one.cancelledAt === undefined)

    expect(clockOf(after, 'resolution')).toEqual(clockOf(before, 'resolution'))
    expect([clockOf(after, 'acceptance'), clockOf(after, 'firstContact')].map((one) => one?.startedAt)).toEqual([nextDay, nextDay])
    expect(timers(before, after, office).map((timer) => timer.kind === 'mark' && timer.deadline)).not.toContain('resolution')
  })

  it('loses no supporting department unless one is left out, whose clock ends, and one that joins has its own', () => {
    const before = aTicket({ stage: 'assigned' })
    const kept = take(before, reassign, clerk, nextDay)
    const changed = take(before, { ...reassign, supporting: ['hrss'] }, clerk, nextDay)
    const opinions = (ticket: typeof kept) =>
      ticket.deadlines.filter(({ kind, cancelledAt }) => kind === 'opinion' && cancelledAt === undefined).map(({ ref, startedAt }) => [ref, startedAt])

    expect([kept.supporting, opinions(kept)]).toEqual([['tax'], [['tax', monday]]])
    expect([changed.supporting, opinions(changed)]).toEqual([['hrss'], [['hrss', nextDay]]])
  })

  it('tells the citizen, the department that has it now, and the one that had it', () => {
    const before = aTicket({ stage: 'handling' })
    const decision = decide(before, reassign, clerk, nextDay, office)
    if (!decision.ok) throw new Error(decision.refusal.detail)
    const after = applied(before, decision.events, clerk, nextDay)
    const told = decision.events.flatMap((event) => notices(before, after, { event, by: clerk, at: nextDay }, office))

    expect(told.find((one) => one.to === 'citizen')?.text).toContain('市市场监督管理局')
    expect(told.flatMap((one) => (one.to === 'unit' ? [one.unit] : []))).toEqual(['natural', 'market', 'tax'])
    expect(told.find((one) => one.to === 'unit' && one.unit === 'natural')?.text).toContain('不再办理')
  })

  it('is moved by the desk and the leaders, with a reason, to another department that may know of it', () => {
    const handling = aTicket({ stage: 'handling' })
    const refusal = (by = clerk, command: object = {}, ticket = handling) => {
      const decision = decide(ticket, { ...reassign, ...command }, by, nextDay, office)
      return decision.ok ? 'taken' : decision.refusal.code
    }

    expect([clerk, lead, director, staff('d', ['discipline'])].map((by) => refusal(by))).toEqual(['taken', 'taken', 'taken', 'taken'])
    expect([chief, otherChief, clock].map((by) => refusal(by))).toEqual(['wrongRole', 'wrongRole', 'wrongRole'])
    expect(refusal(clerk, { reason: ' ' })).toBe('missingFact')
    expect(refusal(clerk, { lead: 'natural' })).toBe('limit')
    expect(refusal(clerk, { lead: 'nobody' })).toBe('unknownDepartment')
    const secret = take(aTicket(), { type: 'amend', facts: { confidential: true, department: '市场监管局' } }, clerk, monday)
    const moved = take(take(secret, commands.triage, clerk, monday), commands.assign, clerk, monday)
    expect(refusal(clerk, {}, moved)).toBe('wrongUnit')
  })

  it('may be moved while the clock stands, for a case that became secret cannot wait', () => {
    const paused = take(aTicket({ stage: 'handling' }), commands.pause, lead, monday)

    expect(take(paused, reassign, clerk, nextDay)).toMatchObject({ stage: 'assigned', paused: { why: 'citizen' } })
  })

  it('stands in the flow chart and among the buttons, drawn from the stage table', () => {
    for (const stage of ['accepted', 'handling'] satisfies Stage[]) expect(flowchart()).toContain(`${stage} -->|改派| assigned`)
    const offer = offers(aTicket({ stage: 'accepted' }), clerk, office).find(({ type }) => type === 'reassign')
    expect(offer?.fields.map(({ name, required, value }) => [name, required, value])).toEqual([
      ['lead', true, undefined],
      ['supporting', false, ['tax']],
      ['reason', true, undefined],
    ])
  })
})
