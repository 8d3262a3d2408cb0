import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { decide } from '../../casework/decide.ts'
import type { Command, CommandType } from '../../casework/decision.ts'
import { did } from '../../casework/joint.ts'
import type { Actor, Stage, Ticket } from '../../casework/ticket.ts'
import type { Work } from '../../casework/work.ts'
import { stageTitles } from '../../texts/casework.ts'
import { applied, aTicket, at, bot, citizen, clock, commands, lead, monday, office, registering, staff, supervisor, take } from './support.ts'

/** Command → the places of a case, parted by blanks → who may, parted by blanks. */
type Allowed = Readonly<Record<string, Readonly<Record<string, string>>>>
const fixture = parse(readFileSync(new URL('../fixtures/allowed.yaml', import.meta.url), 'utf8')) as Readonly<Record<'running' | 'stopped', Allowed>>

/** One of each kind, none of whom has had the case in hand before. */
const people: Readonly<Record<string, Actor>> = {
  citizen,
  bot,
  clock,
  outside: { kind: 'outside', name: '省厅' },
  clerk: staff('a', ['clerk']),
  chief: staff('b', ['chief'], 'natural'),
  liaison: staff('c', ['liaison'], 'natural'),
  supporter: staff('d', ['chief'], 'tax'),
  stranger: staff('e', ['chief'], 'market'),
  lead: staff('f', ['lead']),
  supervisor: staff('g', ['supervisor']),
  discipline: staff('h', ['discipline']),
  director: staff('i', ['director']),
  mayor: staff('j', ['mayor']),
  admin: staff('k', ['admin']),
}

const stages = Object.keys(stageTitles) as Stage[]
type Place = Stage | 'none' | 'checked'
const places: readonly Place[] = ['none', ...stages, 'checked']

const later = at('2026-04-20', '10:00')

/** What a command needs on the case besides its place: a meeting that was called, an order that was answered. */
const needs: Partial<Record<CommandType, readonly Work[]>> = {
  answer: [{ type: 'asked', id: 'one', ask: 'withdraw', words: '不办了', reason: '已办好', byId: 'somebody' }],
  attend: [{ type: 'convened', id: 'one', agenda: '票据', when: '下午', place: '三楼', units: ['natural', 'tax'] }],
  minute: [{ type: 'convened', id: 'one', agenda: '票据', when: '下午', place: '三楼', units: ['natural', 'tax'] }],
  finish: [{ type: 'tasked', id: 'one', unit: 'natural', text: '补票据' }],
  signOrder: [anOrder()],
  answerOrder: [anOrder(), { type: 'orderSigned', id: 'one' }],
  verifyOrder: [anOrder(), { type: 'orderSigned', id: 'one' }, { type: 'orderAnswered', id: 'one', text: '已办' }],
  appeal: [aRecord()],
  decideAppeal: [aRecord(), { type: 'appealed', id: 'one', text: '不符' }],
  returnPapers: [{ type: 'papersTaken', id: 'one', items: '合同', from: '刘芳' }],
  uninvite: [{ type: 'invited', id: 'one', unit: '省厅', question: '能否' }],
  state: [{ type: 'invited', id: 'one', unit: '省厅', question: '能否' }],
  callback: [{ type: 'surveyed' }],
}

function anOrder(): Work {
  return { type: 'ordered', id: 'one', kind: 'order', number: '政服督〔2026〕9号', unit: 'natural', cause: '超期', demand: '三日内办结' }
}

function aRecord(): Work {
  return { type: 'held', id: 'one', tier: 1, unit: 'natural', evidence: '见回访', outcome: '记录在案', byId: 'somebody' }
}

/** The commands of the other tests, about what `needs` has put on the case. */
function about(type: CommandType, ticket: Ticket | undefined): Command {
  if (type === 'register') return registering
  const one = { task: 'one', order: 'one', record: 'one', taken: 'one', invitation: 'one' }
  const command: Command = commands[type]
  if (command.type === 'remind') return { ...command, deadline: ticket?.deadlines.find((clock) => clock.metAt === undefined)?.kind ?? command.deadline }
  return Object.fromEntries(Object.entries(command).map(([name, value]) => [name, one[name as keyof typeof one] ?? value])) as Command
}

function ticketAt(place: Place, type: CommandType, stopped: boolean): Ticket | undefined {
  if (place === 'none') return undefined
  const reached = place === 'checked' ? take(aTicket({ stage: 'resolved' }), commands.check, supervisor, monday) : aTicket({ stage: place })
  const worked = applied(reached, [{ type: 'amended', facts: {} }, ...(needs[type] ?? []).map((work) => did('', work))], clock, monday)
  const unset = { kind: 'reply', round: 1, startedAt: monday, allowance: { amount: 1, unit: 'workingDays' }, year: 2026 } as const
  const ticket = { ...worked, ...(type === 'invite' && { level: 3 as const }), ...(type === 'recount' && { unset: [unset] }) }
  return stopped ? take(ticket, commands.pause, lead, monday) : ticket
}

const isStoppable = (place: Place): boolean => ['triaged', 'assigned', 'accepted', 'handling'].includes(place)
const types = ['register', ...Object.keys(commands)] as CommandType[]

function decided(stopped: boolean): { allowed: Set<string>; refusals: string[] } {
  const allowed = new Set<string>()
  const refusals: string[] = []
  for (const type of types) {
    for (const place of places.filter((one) => !stopped || isStoppable(one))) {
      const ticket = ticketAt(place, type, stopped)
      for (const [who, by] of Object.entries(people)) {
        const decision = decide(ticket, about(type, ticket), by, stopped ? later : monday, office)
        if (decision.ok) allowed.add(`${type} at ${place} by ${who}`)
        else refusals.push(decision.refusal.detail)
      }
    }
  }
  return { allowed, refusals }
}

const listed = (table: Allowed): string[] =>
  Object.entries(table).flatMap(([type, rows]) =>
    Object.entries(rows).flatMap(([at, who]) => at.split(' ').flatMap((place) => who.split(' ').map((one) => `${type} at ${place} by ${one}`))),
  )

describe.each([
  { clock: 'runs', table: fixture.running, stopped: false },
  { clock: 'is stopped', table: fixture.stopped, stopped: true },
])('while the clock of a case $clock', ({ table, stopped }) => {
  const { allowed, refusals } = decided(stopped)

  it('everybody may do in every place what the golden table says, and nothing else', () => {
    const expected = listed(table)

    expect(expected.filter((one) => !allowed.has(one))).toEqual([])
    expect([...allowed].filter((one) => !expected.includes(one))).toEqual([])
    expect(expected.filter((one, index) => expected.indexOf(one) !== index)).toEqual([])
  })

  it('everything else is refused with a reason in Chinese', () => {
    expect(refusals.length).toBeGreaterThan(stopped ? 1_500 : 9_000)
    expect(refusals.filter((reason) => !/[\u4e00-\u9fff]/.test(reason) || /undefined|null|NaN|\[object|“”/.test(reason))).toEqual([])
  })
})
