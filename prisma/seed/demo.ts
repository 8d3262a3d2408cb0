import { z } from 'zod'
import type { Role } from '../../casework/ticket.ts'
import { readSeed } from './files.ts'

// The month of the demo, as data: who works at the office, who comes, and who does what when. api/demo/ plays it.

const text = z.string().trim().min(1)

/** `-19 09:12`: that many working days before the last day; `-25m`: that many minutes before the end. */
const when = z.string().regex(/^-(\d{1,2} \d\d:\d\d|\d{1,3}m)$/, '-DAYS HH:MM or -MINUTESm')

const roles = ['clerk', 'chief', 'lead', 'liaison', 'supervisor', 'discipline', 'director', 'mayor', 'admin'] as const satisfies readonly Role[]
const people = z.array(z.strictObject({ account: text, name: text, roles: z.array(z.enum(roles)).min(1), unit: text.optional() }))

/** When, who (an account, or `citizen`), and what: a command of the case, or words in the conversation. */
const step = z.tuple([when, text, z.looseObject({ type: text })])

const story = z.strictObject({
  key: text,
  at: when,
  channel: z.enum(['counter', 'phone', 'web', 'wechat', 'sms']),
  /** the account that enters it, at the counter and on the phone */
  by: text.optional(),
  /** the case that it is split off */
  partOf: text.optional(),
  urgent: z.boolean().default(false),
  demand: z.enum(['how', 'where', 'cannot']).default('cannot'),
  facts: z.looseObject({}).default({}),
  /** what the citizen says first, in a conversation */
  tells: z.array(text).default([]),
  /** false: a conversation that needs no case */
  registers: z.boolean().default(true),
  /** from then on the platform no longer delivers to this citizen */
  unreachableFrom: when.optional(),
  steps: z.array(step).default([]),
})

/** A case that takes its usual course, on one line; the steps follow from the times. */
const usual = z.strictObject({
  key: text,
  at: when,
  channel: z.enum(['counter', 'phone', 'web', 'wechat', 'sms']),
  name: text,
  matter: text,
  story: text,
  told: text.optional(),
  lead: text,
  level: z.union([z.literal(1), z.literal(2)]).default(1),
  class: z.enum(['clear', 'bottleneck', 'unclear']).default('clear'),
  cause: text,
  /** working hours from the first contact to the result */
  hours: z.number().positive(),
  did: text,
  reply: text,
  basis: text,
  solved: z.enum(['yes', 'partly', 'no', 'explained']).default('yes'),
  rating: z.int().min(1).max(5).default(5),
  lesson: text,
})

export type DemoPerson = z.output<typeof people>[number]
export type DemoStory = z.output<typeof story>
export type UsualCase = z.output<typeof usual>
export type Demo = { readonly people: readonly DemoPerson[]; readonly stories: readonly DemoStory[]; readonly usual: readonly UsualCase[] }

/** @throws Error naming every fault */
export function loadDemo(): Demo {
  const stories = ['seed', 'supervised', 'aside', 'today', 'chats'].flatMap((name) => readSeed(`demo/${name}.yaml`, z.array(story)))
  return { people: readSeed('demo/people.yaml', people), stories, usual: readSeed('demo/usual.yaml', z.array(usual)) }
}
