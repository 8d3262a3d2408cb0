import { dateOf, dayMs, instantOf } from '../../casework/day.ts'
import type { Instant, Ticket } from '../../casework/ticket.ts'
import { held, openTasks, orders } from '../../casework/work.ts'
import { nextRunAt } from '../../prisma/jobs.ts'
import { markDemo } from '../../prisma/office.ts'
import { type Demo, loadDemo } from '../../prisma/seed/demo.ts'
import { demo as words } from '../../texts/demo.ts'
import { createApp } from '../app.ts'
import type { Config } from '../config.ts'
import { createDesk } from '../desk.ts'
import type { Opened } from '../start.ts'
import { runDeliveries } from '../workers/deliveries.ts'
import { runDueJobs } from '../workers/timers.ts'
import { type Citizen, createCitizen, visitorOf } from './citizen.ts'
import { type Month, monthUntil } from './month.ts'
import { demoPlatforms } from './platforms.ts'
import { createDemoStaff, type DemoStaff, type Hired } from './staff.ts'
import { casesOf, type DemoCase, type DemoStep } from './usual.ts'

/** A clock that the demo moves. */
export type DemoClock = { readonly now: () => Instant; readonly set: (at: Instant) => void }

export type Played = { readonly from: Instant; readonly to: Instant; readonly people: readonly Hired[] }

type Came = { readonly citizen: Citizen; readonly conversationId: string | undefined; readonly ticketId: string | undefined }
type World = { readonly shell: Opened['shell']; readonly clock: DemoClock; readonly staff: DemoStaff; readonly came: Map<string, Came> }

/** The tick of the schedule. */
const tickMs = 10_000

/**
 * Plays a month of an office's life up to `now` on a fresh database, through the same doors as people and platforms: routes, desk, workers.
 * The clock stands at the end of it afterwards.
 */
export async function playDemo({ shell: opened }: Opened, config: Config, clock: DemoClock, now: Instant): Promise<Played> {
  const { calendar } = opened.knowledge.current().office
  const demo = loadDemo()
  const month = monthUntil(now, calendar)
  const cases = withPhones(casesOf(demo, month, calendar))
  const unreachable = new Map(
    cases.flatMap(({ key, facts, unreachableFrom: from }) =>
      from === undefined ? [] : [visitorOf(key), String(facts['phone'])].map((id) => [id, from] as const),
    ),
  )
  const shell = { ...opened, channels: await demoPlatforms(unreachable, clock.now) }
  const from = instantOf(dateOf(Math.min(...cases.map((one) => one.at))), '08:00')
  clock.set(from)
  await markDemo(shell.db, from)
  const app = await createApp(shell, { ...config, RATE_LIMIT: Number.MAX_SAFE_INTEGER })
  const world: World = { shell, clock, staff: createDemoStaff(app, shell), came: new Map() }
  const people = await world.staff.hire(demo.people)
  await world.staff.policy('ma', (policy) => ({ ...policy, centre: { ...words.centre, code: '0000' } }))
  for (const { at, run } of eventsOf(world, cases, demo, month)) {
    await passTo(world, at)
    await run()
  }
  await passTo(world, month.end)
  await app.close()
  return { from, to: month.end, people }
}

/** Numbers that nobody has to think about. */
const withPhones = (cases: readonly DemoCase[]): DemoCase[] =>
  cases.map((one, index) => {
    const same = cases.findIndex((other) => other.facts['name'] === one.facts['name'] && other.facts['name'] !== undefined)
    return { ...one, facts: { ...one.facts, phone: `1390000${String((same < 0 ? index : same) + 1).padStart(4, '0')}` } }
  })

type Event = { readonly at: Instant; readonly run: () => Promise<void> }

function eventsOf(world: World, cases: readonly DemoCase[], demo: Demo, month: Month): Event[] {
  const desk = createDesk(world.shell)
  const events = cases.flatMap((one): Event[] => [
    {
      at: one.at,
      run: () =>
        come(
          world,
          one,
          createCitizen(world.shell, desk, one, (ms) => world.clock.set(world.clock.now() + ms)),
        ),
    },
    ...one.steps.map((step) => ({ at: step.at, run: () => take(world, one, step) })),
  ])
  return [...events, ...evenings(world, demo, month)].filter((event) => event.at <= month.end).sort((a, b) => a.at - b.at)
}

/** Every second working day people tick off what they were told up to the day before. */
function evenings({ staff, clock }: World, { people }: Demo, month: Month): Event[] {
  const readers = people.filter(({ roles, account }) => !roles.includes('admin') && account !== 'lin')
  const days = Array.from({ length: 10 }, (_, index) => month.at(`-${2 * index + 1} 16:55`))
  return days.map((at) => ({
    at,
    run: async () => {
      for (const { account } of readers) await staff.tidy(account, clock.now() - dayMs)
    },
  }))
}

async function come(world: World, one: DemoCase, citizen: Citizen): Promise<void> {
  const { staff, came } = world
  if (one.channel !== 'counter' && one.channel !== 'phone') return void came.set(one.key, { citizen, ...(await citizen.come()) })
  if (one.partOf !== undefined) return void came.set(one.key, { citizen, conversationId: undefined, ticketId: await partOf(world, one.partOf) })
  const { channel, demand, urgent, facts } = one
  const { row } = await staff.register(one.by ?? '', { channel, demand, urgent, facts })
  came.set(one.key, { citizen, conversationId: undefined, ticketId: row.id })
}

async function partOf({ staff, came }: World, key: string): Promise<string | undefined> {
  const { ticket } = await staff.ticket('chen', came.get(key)?.ticketId ?? '')
  const split = ticket.work?.findLast((one) => one.type === 'split')
  return split?.type === 'split' ? staff.find('chen', split.into) : undefined
}

async function take(world: World, { key }: DemoCase, { who, what }: DemoStep): Promise<void> {
  const { staff, came } = world
  const one = came.get(key)
  if (!one) throw new Error(`${key} has not come yet`)
  if (who === 'citizen')
    return what.type === 'survey' ? one.citizen.rate(what as unknown as Parameters<Citizen['rate']>[0]) : void (await one.citizen.say(String(what['text'])))
  if (one.conversationId !== undefined && ['takeover', 'say', 'handback'].includes(what.type)) return staff.talk(who, one.conversationId, what)
  const { row, ticket } = await staff.ticket(who, one.ticketId ?? '')
  await staff.command(who, row.id, row.version, await filled(world, what, ticket))
}

/** Puts in what is known only when the step is taken: the open task, the last order or record, another case's number. */
async function filled({ staff, came }: World, what: DemoStep['what'], ticket: Ticket): Promise<DemoStep['what']> {
  const value = async (given: unknown): Promise<unknown> => {
    if (given === '$task') return openTasks(ticket).at(-1)?.id
    if (given === '$order') return orders(ticket).at(-1)?.id
    if (given === '$record') return held(ticket).at(-1)?.id
    const key = typeof given === 'string' ? /^\$number:(.+)$/.exec(given)?.[1] : undefined
    return key === undefined ? given : (await staff.ticket('chen', came.get(key)?.ticketId ?? '')).row.number
  }
  const entries = await Promise.all(Object.entries(what).map(async ([name, given]) => [name, await value(given)] as const))
  return { ...Object.fromEntries(entries), type: what.type }
}

/** Lets time pass as the schedule would: every due job at the tick after its time. */
async function passTo({ shell, clock }: World, to: Instant): Promise<void> {
  for (;;) {
    const next = await nextRunAt(shell.db.read)
    if (next === undefined || next > to) break
    const tick = Math.ceil(Math.max(next, clock.now()) / tickMs) * tickMs
    if (tick > to) break
    // What could not be done at this tick is looked at again at the next.
    clock.set(tick > clock.now() ? tick : clock.now() + tickMs)
    await runDueJobs(shell)
    await runDeliveries(shell)
  }
  clock.set(Math.max(clock.now(), to))
}
