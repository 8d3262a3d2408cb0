import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { running } from '../../casework/clocks.ts'
import { decide } from '../../casework/decide.ts'
import type { Command, Stamped } from '../../casework/decision.ts'
import { evolve } from '../../casework/evolve.ts'
import { caseFile } from '../../casework/ledger.ts'
import { ledger as callbackLedger } from '../../casework/ledgers/callback.ledger.ts'
import { ledger as helpLedger } from '../../casework/ledgers/help.ledger.ts'
import { ledger as intakeLedger } from '../../casework/ledgers/intake.ledger.ts'
import { ledger as orderLedger } from '../../casework/ledgers/order.ledger.ts'
import { ledger as supervisionLedger } from '../../casework/ledgers/supervision.ledger.ts'
import { ledger as workLedger } from '../../casework/ledgers/work.ledger.ts'
import { notices } from '../../casework/notice.ts'
import { offers } from '../../casework/offers.ts'
import { finalStages } from '../../casework/stages.ts'
import type { Actor, Instant, Level, Result, SurveyAnswer, Ticket } from '../../casework/ticket.ts'
import { fire, timers } from '../../casework/timer.ts'
import { citizenView, ticketLamp } from '../../casework/view.ts'
import { silentUnits } from '../../casework/work.ts'
import { aTicket, bot, chief, citizen, clerk, clock, commands, director, lead, monday, office, otherChief, registering, supervisor } from './support.ts'

const people: readonly Actor[] = [citizen, bot, clock, clerk, chief, otherChief, lead, supervisor, director]
const answers: readonly (SurveyAnswer | undefined)[] = [
  { solved: 'yes', rating: 5 },
  { solved: 'partly' },
  { solved: 'no', rating: 1 },
  { solved: 'explained', rating: 2 },
  { solved: 'explained', rating: 4 },
  undefined,
]
const outcomes = ['answered', 'noAnswer', 'off', 'refused', 'wrongNumber'] as const
const results: readonly Result[] = ['done', 'alternative', 'partly', 'lawfullyImpossible']

/** Any command with any filling, by anybody, after any while. */
const move = fc.record({
  command: fc.constantFrom(...Object.values(commands)),
  by: fc.constantFrom(...people),
  minutes: fc.nat({ max: 3 * 1_440 }),
  level: fc.constantFrom<Level>(1, 2, 3),
  answer: fc.constantFrom(...answers),
  outcome: fc.constantFrom(...outcomes),
  result: fc.constantFrom(...results),
  approved: fc.boolean(),
  days: fc.integer({ min: 0, max: 12 }),
  /** takes a command that the case allows instead, so that walks get far */
  legal: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  pick: fc.nat({ max: 9_999 }),
})
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never

function filled({ command, level, answer, outcome, result, approved, days }: Move): Command {
  switch (command.type) {
    case 'triage':
    case 'raise':
      return { ...command, level }
    case 'callback':
      return { type: 'callback', outcome, ...(answer && { answer }) }
    case 'resolve':
      return { ...command, result, basis: '《民法典》' }
    case 'check':
      return { ...command, approved }
    case 'extend':
      return { ...command, allowance: { amount: days, unit: 'workingDays' } }
    default:
      return command
  }
}

function legalMove(ticket: Ticket, one: Move, at: Instant): { command: Command; by: Actor } {
  const asides = ['withdraw', 'merge', 'transfer', 'decline']
  const onward: readonly string[] = [
    'assign',
    'accept',
    silentUnits(ticket).length ? 'opine' : '',
    'contact',
    'resolve',
    'check',
    'reply',
    'callback',
    'archive',
    'resume',
    ticket.stage === 'registered' ? 'triage' : '',
  ]
  const wanted = Object.values(commands).filter(({ type }) => (one.pick % 4 ? onward.includes(type) : !asides.includes(type)))
  const allowed = wanted.flatMap((command) =>
    people.flatMap((by) => {
      const real = filled({ ...one, command })
      return decide(ticket, real, by, at, office).ok ? [{ command: real, by }] : []
    }),
  )
  return allowed[Math.floor(one.pick / 4) % Math.max(1, allowed.length)] ?? { command: filled(one), by: one.by }
}

type Walked = { ticket: Ticket; journal: Stamped[]; states: Ticket[]; now: Instant }

function walk(moves: readonly Move[]): Walked {
  let ticket = aTicket()
  let now = monday
  const journal: Stamped[] = []
  const states = [ticket]
  for (const one of moves) {
    now += one.minutes * 60_000
    const { command, by } = one.legal ? legalMove(ticket, one, now) : { command: filled(one), by: one.by }
    const decision = decide(ticket, command, by, now, office)
    if (!decision.ok) {
      expect(decision.refusal.detail).toMatch(/[\u4e00-\u9fff]/)
      continue
    }
    for (const event of decision.events) {
      journal.push({ event, by, at: now })
      ticket = evolve(ticket, { event, by, at: now })
    }
    states.push(ticket)
  }
  return { ticket, journal, states, now }
}

const walks = fc.array(fc.noBias(move), { minLength: 15, maxLength: 40, size: 'max' }).map(walk)
const runs = { numRuns: 60 }

const ledgers = [callbackLedger, helpLedger, intakeLedger, orderLedger, supervisionLedger, workLedger]
const register = decide(undefined, registering, citizen, monday, office)
const registered = (register.ok ? register.events : []).map((event): Stamped => ({ event, by: citizen, at: monday }))

describe('whatever anybody does with a case', () => {
  it('each ledger rebuilt later for any moment equals the one that was made at that moment', () => {
    let lines = 0
    fc.assert(
      fc.property(walks, ({ journal }) => {
        const all = [...registered, ...journal]
        for (const until of new Set(all.map((line) => line.at))) {
          const then = all.filter((line) => line.at <= until)
          const context = { now: until, office, viewer: director }
          for (const ledger of ledgers) {
            const made = ledger.lines({ ticket: then.reduce<Ticket | undefined>(evolve, undefined) as Ticket, journal: then }, context, 1)
            const rebuilt = caseFile(all, until)
            expect(rebuilt && ledger.lines(rebuilt, context, 1)).toEqual(made)
            lines += made.length
          }
        }
      }),
      { numRuns: 20 },
    )
    expect(lines).toBeGreaterThan(500)
  })

  it('it is archived only after a reply and a callback outcome', () => {
    let archived = 0
    fc.assert(
      fc.property(walks, ({ ticket, journal }) => {
        if (ticket.stage !== 'archived') return
        archived += 1
        const types = journal.map(({ event }) => event.type)
        const lastReply = types.lastIndexOf('replied')
        const lastCallback = types.lastIndexOf('calledBack')
        expect(lastReply).toBeGreaterThan(-1)
        expect(lastCallback).toBeGreaterThan(lastReply)
        expect(types.lastIndexOf('reopened')).toBeLessThan(lastReply)
      }),
      runs,
    )
    expect(archived).toBeGreaterThan(2)
  })

  it('its version counts its events', () => {
    fc.assert(
      fc.property(walks, ({ ticket, journal }) => {
        expect(ticket.version).toBe(aTicket().version + journal.length)
      }),
      runs,
    )
  })

  it('it has at most one running clock of a kind, and none when it is at its end', () => {
    fc.assert(
      fc.property(walks, ({ states }) => {
        for (const ticket of states) {
          const kinds = running(ticket).map((one) => `${one.kind} ${one.ref}`)
          expect(new Set(kinds).size).toBe(kinds.length)
          if (finalStages.includes(ticket.stage)) expect(kinds).toEqual([])
        }
      }),
      runs,
    )
  })

  it('no clock ends before it starts, and a new round starts with its full allowance', () => {
    fc.assert(
      fc.property(walks, ({ journal }) => {
        for (const { event, at } of journal) {
          if (event.type === 'clockMoved') expect(event.pausedMs).toBeGreaterThanOrEqual(0)
          if (event.type !== 'clockStarted') continue
          const { deadline } = event
          expect(deadline.startedAt).toBe(at)
          expect(deadline.dueAt).toBe(office.calendar.due(at, deadline.allowance))
        }
      }),
      runs,
    )
  })

  it('reopening keeps the history of the clocks before', () => {
    fc.assert(
      fc.property(walks, ({ states }) => {
        for (const [index, ticket] of states.entries()) {
          const before = states[index - 1]
          if (!before || ticket.reopened === before.reopened) continue
          const old = ticket.deadlines.filter((one) => one.round <= before.reopened + 1)
          expect(old.map(({ kind, startedAt, dueAt }) => [kind, startedAt, dueAt])).toEqual(
            before.deadlines.map(({ kind, startedAt, dueAt }) => [kind, startedAt, dueAt]),
          )
          expect(ticket.level).toBe(Math.min(3, before.level + 1))
        }
      }),
      runs,
    )
  })

  it('notices, timers, buttons, lamp and progress can always be made', () => {
    fc.assert(
      fc.property(walks, ({ journal, states, now }) => {
        for (const [index, ticket] of states.entries()) {
          const before = states[index - 1]
          for (const timer of timers(before, ticket, office)) fire(timer, ticket, office)
          for (const by of people) offers(ticket, by, office)
          ticketLamp(ticket, now, office)
          expect(citizenView(ticket, now, office).next).toMatch(/[\u4e00-\u9fff]/)
          const keys = journal.flatMap((stamped) => notices(before, ticket, stamped, office).map((one) => one.key))
          expect(keys.every(Boolean)).toBe(true)
        }
      }),
      { numRuns: 20 },
    )
  })
})
