import { describe, expect, it } from 'vitest'
import { isHiddenFrom, maySee } from '../../casework/access.ts'
import { dateOf } from '../../casework/day.ts'
import { decide } from '../../casework/decide.ts'
import type { Command } from '../../casework/decision.ts'
import { offers } from '../../casework/offers.ts'
import { suggestedOrder, suggestedTiers } from '../../casework/supervision.ts'
import type { Actor, Ticket } from '../../casework/ticket.ts'
import { fire, timers } from '../../casework/timer.ts'
import { type Done, isOverturned, openTasks, orders, silentUnits } from '../../casework/work.ts'
import { aTicket, at, chief, citizen, clerk, commands, director, lead, liaison, monday, office, otherChief, staff, supervisor, take } from './support.ts'

const handling = aTicket({ stage: 'handling' })
const without = ({ byId: _, ...line }: Extract<Done, { type: 'held' }>): Done => line
const refusedFor = (code: string) => ({ ok: false, refusal: { code } })

describe('a supporting department', () => {
  const accepted = aTicket({ stage: 'accepted' })

  it('must give its opinion before the case is resolved', () => {
    const contacted = take(accepted, commands.contact, chief, monday)

    expect(decide(contacted, commands.resolve, chief, monday, office)).toMatchObject({
      ok: false,
      refusal: { detail: '协办单位市税务局还没有给出意见，不能办结。' },
    })
    expect(silentUnits(take(contacted, commands.opine, liaison, monday))).toEqual([])
  })

  it('has a clock of its own, met by its opinion', () => {
    const clock = accepted.deadlines.find((one) => one.kind === 'opinion')
    const given = take(accepted, commands.opine, liaison, monday).deadlines.find((one) => one.kind === 'opinion')

    expect([clock?.ref, clock && dateOf(clock.dueAt)]).toEqual(['tax', '2026-03-11'])
    expect(given?.metAt).toBe(monday)
  })

  it('speaks for itself only', () => {
    expect(decide(accepted, { ...commands.opine, unit: 'tax' }, otherChief, monday, office)).toMatchObject(refusedFor('wrongUnit'))
    expect(decide(accepted, { ...commands.opine, unit: 'tax' }, clerk, monday, office).ok).toBe(true)
  })
})

describe('a request of the department', () => {
  const extension = { type: 'ask', ask: 'extend', allowance: { amount: 3, unit: 'workingDays' }, reason: '档案在外地' } as const

  it('takes effect when it is approved, and not before', () => {
    const asked = take(handling, extension, chief, monday)
    const approved = take(asked, commands.answer, lead, monday)
    const due = (ticket: typeof handling) => dateOf(ticket.deadlines.find((one) => one.kind === 'resolution')?.dueAt ?? 0)

    expect([due(asked), due(approved)]).toEqual(['2026-03-16', '2026-03-19'])
    expect(
      take(take(handling, { type: 'ask', ask: 'pause', why: 'superior', reason: '等批复' }, chief, monday), commands.answer, lead, monday).paused?.why,
    ).toBe('superior')
  })

  it('changes nothing when it is refused, and is not asked twice at a time', () => {
    const asked = take(handling, extension, chief, monday)

    expect(decide(asked, extension, chief, monday, office)).toMatchObject(refusedFor('limit'))
    expect(take(asked, { ...commands.answer, approved: false }, lead, monday).deadlines).toEqual(handling.deadlines)
  })

  it('is held to the same limits as a direct extension', () => {
    const asked = take(handling, { ...extension, allowance: { amount: 30, unit: 'workingDays' } }, chief, monday)

    expect(decide(asked, commands.answer, lead, monday, office)).toMatchObject(refusedFor('limit'))
  })

  it('is never approved by whoever asked, nor does whoever has the case in hand stop its clock', () => {
    const both = staff('both', ['chief', 'lead'], 'natural')
    const asked = take(handling, extension, both, monday)

    expect(decide(asked, commands.answer, both, monday, office)).toMatchObject(refusedFor('sameDoer'))
    expect(decide(handling, commands.pause, both, monday, office)).toMatchObject(refusedFor('sameDoer'))
    expect(decide(handling, commands.extend, both, monday, office)).toMatchObject(refusedFor('sameDoer'))
    expect(decide(asked, commands.answer, lead, monday, office).ok).toBe(true)
  })

  it('withdraws a case only with the citizen’s own words and the consent of another, and never once it is resolved', () => {
    const fresh = aTicket()
    const wordless = { type: 'ask', ask: 'withdraw', reason: '不办了' } as const

    expect(decide(fresh, commands.withdraw, clerk, monday, office)).toMatchObject({ ok: false })
    expect(decide(fresh, wordless, clerk, monday, office)).toMatchObject(refusedFor('missingFact'))
    const asked = take(fresh, commands.ask, clerk, monday)
    expect([asked.stage, take(asked, commands.answer, lead, monday).stage]).toEqual(['registered', 'withdrawn'])
    expect(decide(aTicket({ stage: 'resolved' }), commands.ask, clerk, monday, office).ok).toBe(false)
  })
})

describe('a case is not archived', () => {
  const closed = aTicket({ stage: 'closed' })

  it('while an order is not verified', () => {
    const ordered = take(closed, commands.order, supervisor, monday)
    const [order] = orders(ordered)
    const of = { order: order?.id ?? '' }

    expect(decide(ordered, commands.archive, clerk, monday, office)).toMatchObject({ ok: false, refusal: { code: 'missingFact' } })
    const signed = take(ordered, { ...commands.signOrder, ...of }, chief, monday)
    const verified = take(take(signed, { ...commands.answerOrder, ...of }, chief, monday), { ...commands.verifyOrder, ...of }, supervisor, monday)
    expect(decide(verified, commands.archive, clerk, monday, office).ok).toBe(true)
  })

  it('while the 通报 that followed an order is not verified; the order itself ended with it', () => {
    const ordered = take(closed, commands.order, supervisor, monday)
    const named = take(ordered, { ...commands.order, kind: 'circular', number: '政服通〔2026〕1号' }, supervisor, monday)
    const of = { order: orders(named)[1]?.id ?? '' }
    expect(decide(named, commands.archive, clerk, monday, office)).toMatchObject({ ok: false, refusal: { code: 'missingFact' } })

    const answered = take(take(named, { ...commands.signOrder, ...of }, chief, monday), { ...commands.answerOrder, ...of }, chief, monday)
    const verified = take(answered, { ...commands.verifyOrder, ...of }, supervisor, monday)
    expect(decide(verified, commands.archive, clerk, monday, office).ok).toBe(true)
  })

  it('while a task of a meeting is not done', () => {
    const tasked = take(take(aTicket({ stage: 'handling' }), commands.convene, lead, monday), commands.task, lead, monday)
    const way: [Command, Actor][] = [
      [commands.resolve, chief],
      [commands.check, supervisor],
      [commands.reply, clerk],
      [commands.callback, citizen],
    ]
    const open = way.reduce((one, [command, by]) => take(one, command, by, monday), tasked)

    expect(decide(open, commands.archive, clerk, monday, office)).toMatchObject({ ok: false, refusal: { detail: expect.stringContaining('补开契税票据') } })
    const done = take(open, { ...commands.finish, task: openTasks(open)[0]?.id ?? '' }, liaison, monday)
    expect(decide(done, commands.archive, clerk, monday, office).ok).toBe(true)
  })

  it('while an appeal waits, which is heard once', () => {
    const judge = staff('judge', ['supervisor', 'director'])
    const kept = take(closed, commands.hold, judge, monday)
    const record = { record: kept.work?.findLast((one) => one.type === 'held')?.id ?? '' }
    const appealed = take(kept, { ...commands.appeal, ...record }, chief, monday)

    expect(decide(appealed, commands.archive, clerk, monday, office)).toMatchObject({ ok: false, refusal: { code: 'missingFact' } })
    expect(decide(appealed, { ...commands.decideAppeal, ...record }, judge, monday, office)).toMatchObject(refusedFor('sameDoer'))
    const decided = take(appealed, { ...commands.decideAppeal, ...record }, director, monday)
    expect(decide(decided, { ...commands.appeal, ...record }, chief, monday, office)).toMatchObject(refusedFor('limit'))
    expect(decide(decided, commands.archive, clerk, monday, office).ok).toBe(true)
  })
})

describe('an order that was not answered well', () => {
  it('is given its time again', () => {
    const ordered = take(handling, commands.order, supervisor, monday)
    const of = { order: orders(ordered)[0]?.id ?? '' }
    const answered = take(take(ordered, { ...commands.signOrder, ...of }, chief, monday), { ...commands.answerOrder, ...of }, chief, monday)
    const later = at('2026-03-11', '10:00')
    const refused = take(answered, { ...commands.verifyOrder, ...of, approved: false }, supervisor, later)
    const open = refused.deadlines.filter((one) => one.kind === 'order' && one.metAt === undefined)

    expect(open.map((one) => dateOf(one.dueAt))).toEqual(['2026-03-16'])
    expect(decide(refused, { ...commands.verifyOrder, ...of }, supervisor, later, office)).toMatchObject(refusedFor('wrongStage'))
  })
})

describe('a meeting', () => {
  const called = take(handling, commands.convene, lead, monday)

  it('is attended by the departments that were called', () => {
    expect(take(called, commands.attend, chief, monday).work?.at(-1)).toMatchObject({ type: 'attended', unit: 'natural', name: '李科长' })
    expect(decide(called, commands.attend, otherChief, monday, office)).toMatchObject(refusedFor('wrongUnit'))
    expect(decide(handling, commands.attend, chief, monday, office)).toMatchObject(refusedFor('wrongStage'))
  })

  it('ends with minutes before the next is called', () => {
    expect(decide(called, commands.convene, lead, monday, office)).toMatchObject(refusedFor('limit'))
    expect(decide(take(called, commands.minute, lead, monday), commands.convene, lead, monday, office).ok).toBe(true)
  })

  it('leaves tasks, each with a clock that reminds its department', () => {
    const tasked = take(called, commands.task, lead, monday)
    const [open] = openTasks(tasked)
    const timer = timers(called, tasked, office).find((one) => one.kind === 'mark' && one.mark === 'due')
    if (!open || !timer) throw new Error('no task')

    expect([timer.kind === 'mark' && timer.ref, dateOf(timer.runAt)]).toEqual([open.id, '2026-03-11'])
    expect(fire(timer, tasked, office).command).toMatchObject({ deadline: 'task', ref: open.id })
    expect(decide(tasked, { ...commands.finish, task: open.id }, otherChief, monday, office)).toMatchObject(refusedFor('wrongUnit'))
    const done = take(tasked, { ...commands.finish, task: open.id }, liaison, monday)
    expect(openTasks(done)).toEqual([])
    expect(fire(timer, done, office)).toEqual({})
  })
})

describe('supervision', () => {
  const ordered = take(handling, commands.order, supervisor, monday)
  const [order] = orders(ordered)
  const id = order?.id ?? ''

  it('keeps the number of each order and starts a clock for the answer', () => {
    expect(order?.number).toBe('政服督〔2026〕1号')
    expect(ordered.deadlines.find((one) => one.kind === 'order')?.ref).toBe(id)
  })

  it('goes from order through signature and answer to verification', () => {
    expect(decide(ordered, { ...commands.answerOrder, order: id }, chief, monday, office)).toMatchObject(refusedFor('wrongStage'))
    expect(decide(ordered, { ...commands.signOrder, order: id }, liaison, monday, office)).toMatchObject(refusedFor('wrongUnit'))
    const answered = take(take(ordered, { ...commands.signOrder, order: id }, chief, monday), { ...commands.answerOrder, order: id }, chief, monday)
    const verified = take(answered, { ...commands.verifyOrder, order: id }, supervisor, monday)

    expect(verified.deadlines.find((one) => one.kind === 'order')?.metAt).toBe(monday)
    expect(offers(verified, supervisor, office).some((one) => one.type === 'verifyOrder')).toBe(false)
  })

  it('names nobody in a circular who was not ordered before', () => {
    const circular = { ...commands.order, kind: 'circular' } as const

    expect(decide(handling, circular, supervisor, monday, office)).toMatchObject(refusedFor('limit'))
    expect(decide(ordered, circular, supervisor, monday, office).ok).toBe(true)
  })

  it('is suggested step by step as the case gets later', () => {
    const suggested = (ticket: typeof handling, date: string) => suggestedOrder(ticket, at(date, '10:00'), office)?.what

    expect(suggested(handling, '2026-03-16')).toBeUndefined()
    expect(suggested(handling, '2026-03-17')).toBe('urge')
    expect(suggested(handling, '2026-03-19')).toBe('order')
    expect(suggested(ordered, '2026-03-19')).toBeUndefined()
    expect(suggested(ordered, '2026-03-26')).toBe('circular')
    const patient = { ...office, policy: { ...office.policy, orders: { ...office.policy.orders, circularAfter: 6 } } }
    expect(suggestedOrder(ordered, at('2026-03-26', '10:00'), patient)).toBeUndefined()
  })
})

describe('accountability', () => {
  it('is suggested by the facts and decided by a person of the right rank', () => {
    const told = take(handling, { type: 'amend', facts: { told: '不能办', written: false, visits: 3 } }, clerk, monday)

    expect(suggestedTiers(told, office).map((one) => one.what)).toEqual([2])
    expect(decide(told, { ...commands.hold, tier: 2 }, supervisor, monday, office)).toMatchObject(refusedFor('wrongRole'))
    const held = take(told, { ...commands.hold, tier: 2 }, director, monday)
    expect(suggestedTiers(held, office)).toEqual([])
  })

  it('may be appealed by the unit, and is decided by the director', () => {
    const held = take(handling, commands.hold, supervisor, monday)
    const record = held.work?.at(-1)
    const id = record?.type === 'held' ? record.id : ''

    expect(decide(held, { ...commands.appeal, record: id }, liaison, monday, office)).toMatchObject(refusedFor('wrongUnit'))
    const appealed = take(held, { ...commands.appeal, record: id }, chief, monday)
    expect(offers(appealed, director, office).some((one) => one.type === 'decideAppeal')).toBe(true)
    expect(take(appealed, { ...commands.decideAppeal, record: id, upheld: false }, director, monday).work?.at(-1)).toMatchObject({ upheld: false })
  })

  it('is not judged by whoever made it, and one that was undone says so', () => {
    const held = take(handling, commands.hold, director, monday)
    const record = held.work?.flatMap((one) => (one.type === 'held' ? [one.id] : []))[0] ?? ''
    const appealed = take(held, { ...commands.appeal, record }, chief, monday)

    expect(decide(appealed, { ...commands.decideAppeal, record }, director, monday, office)).toMatchObject(refusedFor('sameDoer'))
    const undone = take(appealed, { ...commands.decideAppeal, record, upheld: false }, staff('d2', ['discipline']), monday)
    expect([isOverturned(appealed, record), isOverturned(undone, record)]).toEqual([false, true])
  })

  it('tells people of one name apart, and knows them by their name only in lines from before people were kept by more', () => {
    const [one, other] = ['d1', 'd2'].map((id): Actor => ({ kind: 'staff', id, name: '王主任', roles: ['director'] }))
    if (!one || !other) throw new Error('no people')
    const held = take(handling, commands.hold, one, monday)
    const record = held.work?.flatMap((line) => (line.type === 'held' ? [line.id] : []))[0] ?? ''
    const appealed = take(held, { ...commands.appeal, record }, chief, monday)
    const old = { ...appealed, work: (appealed.work ?? []).map((line) => (line.type === 'held' ? without(line) : line)) }
    const decided = (ticket: Ticket, by: Actor) => decide(ticket, { ...commands.decideAppeal, record }, by, monday, office)

    expect(decided(appealed, one)).toMatchObject(refusedFor('sameDoer'))
    expect(decided(appealed, other).ok).toBe(true)
    expect(decided(old, other)).toMatchObject(refusedFor('sameDoer'))
  })

  it('of the third tier hides the case from the unit from then on', () => {
    const discipline = staff('d', ['discipline'])
    const held = take(handling, { ...commands.hold, tier: 3 }, discipline, monday)

    expect([maySee(handling, chief, office), maySee(held, chief, office), isHiddenFrom(held, 'natural', office)]).toEqual([true, false, true])
  })
})

describe('papers of the citizen', () => {
  it('are signed for when they are taken and when they are given back, and hold the file open until then', () => {
    const taken = take(handling, commands.takePapers, chief, monday)
    const id = taken.work?.flatMap((one) => (one.type === 'papersTaken' ? [one.id] : []))[0] ?? ''
    const resolved = take(taken, commands.resolve, chief, monday)
    const replied = take(take(resolved, commands.check, supervisor, monday), commands.reply, clerk, monday)
    const closed = take(replied, commands.callback, citizen, monday)

    expect(decide(closed, commands.archive, clerk, monday, office)).toMatchObject({
      ok: false,
      refusal: { detail: expect.stringContaining('购房合同') },
    })
    const back = take(closed, { ...commands.returnPapers, taken: id }, clerk, monday)
    expect(decide(back, { ...commands.returnPapers, taken: id }, clerk, monday, office)).toMatchObject(refusedFor('wrongStage'))
    expect(take(back, commands.archive, clerk, monday).stage).toBe('archived')
    expect(back.work?.at(-1)).toMatchObject({ type: 'papersReturned', to: '刘芳' })
  })
})
