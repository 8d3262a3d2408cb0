import { dateOf, instantOf } from '../../casework/day.ts'
import type { WorkingCalendar } from '../../casework/policy.ts'
import type { Instant } from '../../casework/ticket.ts'
import type { Demo, DemoStory, UsualCase } from '../../prisma/seed/demo.ts'
import { demo } from '../../texts/demo.ts'
import type { Month } from './month.ts'

export type DemoStep = { readonly at: Instant; readonly who: string; readonly what: { readonly type: string } & Readonly<Record<string, unknown>> }
export type DemoCase = Omit<DemoStory, 'at' | 'steps' | 'unreachableFrom'> & {
  readonly at: Instant
  readonly unreachableFrom?: Instant
  readonly steps: readonly DemoStep[]
}

/** All cases and conversations with the instants of their steps. */
export function casesOf({ stories, usual, people }: Demo, month: Month, calendar: WorkingCalendar): DemoCase[] {
  const told = stories.map((story): DemoCase => {
    const steps = story.steps.map(([when, who, what]): DemoStep => ({ at: month.at(when), who, what }))
    const { at, unreachableFrom, ...rest } = story
    return { ...rest, at: month.at(at), ...(unreachableFrom !== undefined && { unreachableFrom: month.at(unreachableFrom) }), steps }
  })
  const chiefOf = (unit: string): string => people.find((one) => one.unit === unit)?.account ?? 'chen'
  return [...told, ...usual.map((one) => usualCase(one, month, calendar, chiefOf(one.lead)))]
}

/** A case that takes its usual course: each step so many working hours after the one before, the callback and the filing on the days after. */
function usualCase(one: UsualCase, month: Month, calendar: WorkingCalendar, chief: string): DemoCase {
  const at = month.at(one.at)
  const hours = (from: Instant, amount: number): Instant => calendar.due(from, { amount, unit: 'workingHours' })
  const nextDay = (from: Instant, time: string): Instant => instantOf(dateOf(calendar.due(from, { amount: 1, unit: 'workingDays' })), time)
  const triaged = hours(at, 0.5)
  const assigned = hours(triaged, 0.2)
  const accepted = hours(assigned, 0.2)
  const contacted = hours(accepted, 0.4)
  const resolved = hours(contacted, one.hours)
  const checked = hours(resolved, 1)
  const replied = hours(checked, 0.5)
  const called = nextDay(replied, '11:10')
  const isChat = one.channel === 'web' || one.channel === 'wechat' || one.channel === 'sms'
  const answer = { solved: one.solved, rating: one.rating }
  const steps: DemoStep[] = [
    {
      at: triaged,
      who: 'chen',
      what: { type: 'triage', demandClass: one.class, level: one.level, cause: one.cause, lead: one.lead, reason: demo.reasonOf(one.matter) },
    },
    { at: assigned, who: 'chen', what: { type: 'assign', note: demo.note.assign } },
    { at: accepted, who: chief, what: { type: 'accept' } },
    ...(one.level === 1 ? [{ at: accepted + 60_000, who: chief, what: { type: 'arrive', note: demo.note.arrive } }] : []),
    { at: contacted, who: chief, what: { type: 'contact', how: demo.note.how, note: demo.note.contact } },
    { at: resolved, who: chief, what: { type: 'resolve', result: 'done', text: one.did } },
    { at: checked, who: 'lin', what: { type: 'check', approved: true, note: demo.note.check } },
    { at: replied, who: 'lin', what: { type: 'reply', text: one.reply, basis: one.basis, contact: demo.contact } },
    isChat
      ? { at: called, who: 'citizen', what: { type: 'survey', ...answer } }
      : { at: called, who: 'xu', what: { type: 'callback', outcome: 'answered', answer } },
    { at: nextDay(called, '09:35'), who: 'lin', what: { type: 'archive', lesson: { cause: one.lesson, oneOfAKind: false } } },
  ]
  const { key, channel, name, matter, story, told } = one
  return {
    key,
    at,
    channel,
    by: 'chen',
    urgent: false,
    demand: 'cannot',
    registers: true,
    facts: { name, matter, story, ...(told && { told }) },
    tells: isChat ? [story] : [],
    steps: steps.filter((step) => step.at < month.end),
  }
}
