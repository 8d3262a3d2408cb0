import { decide } from '../casework/decide.ts'
import type { Command } from '../casework/decision.ts'
import { maskPhone, maskText } from '../casework/mask.ts'
import { promise } from '../casework/promise.ts'
import type { Facts, Ticket } from '../casework/ticket.ts'
import type { OutboundMessage } from '../channels/contract.ts'
import { bot } from '../texts/bot.ts'
import { hears } from '../texts/hears.ts'
import { intake as words } from '../texts/intake.ts'
import { propose } from './diagnosis.ts'
import { type Draft, knowsWhatHappened } from './draft.ts'
import { spokenTitle } from './matter.ts'
import { focusOn, remember, say } from './reply.ts'
import type { Effect, Lookup, Turn, TurnInput } from './turn.ts'

export const name = 'intake'

/** Questions of the intake, in the order in which they are asked. `asking` tells the engine what a bare answer may be. */
export const questions = {
  matter: { asking: 'matter' },
  stuck: { asking: 'told' },
  contact: { asking: 'name' },
} as const
export type Question = keyof typeof questions

/** What whoever will not be asked is not asked: for him it counts as asked already. */
export const unneeded: readonly string[] = ['stuck', 'contact', 'name', 'department']

/** What may be asked once more after the case is registered, at most this many. */
const mostAfterwards = 2

/** The next thing that is missing, or undefined when the case can be registered. */
export function missing(draft: Draft, asked: readonly string[]): Question | undefined {
  const { facts } = draft
  const times = (question: Question) => asked.filter((one) => one === question).length
  // Who tells a story instead of naming the matter is not asked again: a person will name it.
  // How someone behaves at a window is a matter by itself.
  const needsMatter = !facts.matter && draft.findings.cause?.name !== hears.manners
  if (needsMatter && times('matter') < mostAsked(facts.story)) return 'matter'
  if (!knowsWhatHappened(draft) && times('stuck') < 1) return 'stuck'
  // Nothing is asked twice: whoever passes over the question has answered it.
  return facts.phone || times('contact') >= 1 ? undefined : 'contact'
}

const mostAsked = (story = '') => (story.length >= 50 ? 0 : story.length >= 8 ? 1 : 2)

export function ask(input: TurnInput, draft: Draft, question: Question, lead: string, choices: OutboundMessage['choices'] = []): Turn {
  const before = input.conversation.memory.asked
  const text = questionText(question, draft.facts)
  const { asking } = questions[question]
  const asked = [...before, question]
  return say(
    input,
    { text: lead + text, choices },
    {
      focus: focusOn(name, question, { asking, question: text, findings: draft.findings }),
      memory: remember(input, { facts: draft.facts, asked }),
    },
  )
}

export function questionText(question: Question, facts: Facts): string {
  switch (question) {
    case 'matter':
      return words.askMatter
    case 'stuck':
      return facts.matter ? words.askStuck(facts.matter) : words.askStuckPlain
    case 'contact':
      if (facts.anonymous) return words.askPhoneAnonymous
      return facts.name ? words.askPhone : words.askContact
    default:
      return question satisfies never
  }
}

/** Registers at once, without a form to confirm, and reads back what was noted. */
export async function register(input: TurnInput, lookup: Lookup, draft: Draft, lead: string): Promise<Turn> {
  const { conversation, now, office } = input
  const minted = await lookup.mintTicket()
  const guide = lookup.guide(draft.facts.guideId ?? draft.findings.guideId ?? '')
  const facts: Facts = {
    ...draft.facts,
    matter: draft.facts.matter ?? (guide && draft.facts.guideId ? spokenTitle(guide) : undefined) ?? gist(draft.facts.story),
    ...(!draft.facts.phone && { anonymous: true }),
  }
  const { urgent } = draft.findings
  const command: Command = {
    type: 'register',
    id: minted.id,
    number: minted.number,
    channel: conversation.channel,
    personId: conversation.personId,
    conversationId: conversation.id,
    demand: 'cannot',
    urgent,
    facts,
    proposal: propose({ facts, findings: draft.findings, guide, office }),
  }
  const after = afterwards(
    facts,
    conversation.memory.asked.filter((one) => one === 'name' || one === 'department'),
  )
  const first = words.registered(lead, minted.number, minted.code) + promise(office, now, urgent).text
  const second = words.readBack(noted(input, facts)) + (facts.phone ? '' : words.anonymous)
  // The case has the guide now; a second case is not about it by default.
  const { guideId: _, ...memory } = remember(input, { facts, ticketId: minted.id, asked: after ? [after.key] : [] })
  return say(input, [{ text: first }, { text: after ? second + words.oneMore(after.text) : second }], {
    focus: registered(minted.id, minted.number, after),
    memory,
    effects: [{ kind: 'ticket', ticketId: minted.id, command, code: minted.code }],
    outcome: 'ticket',
    guides: guide ? [{ id: guide.id, title: guide.title }] : [],
  })
}

type Afterwards = { readonly key: 'name' | 'department'; readonly text: string }

/** The one question that is worth asking once the case is safe. */
export function afterwards(facts: Facts, asked: readonly string[]): Afterwards | undefined {
  if (asked.length >= mostAfterwards) return undefined
  if (!facts.department && !facts.guideId && !asked.includes('department')) return { key: 'department', text: words.askDepartment }
  if (!facts.name && !facts.anonymous && !asked.includes('name')) return { key: 'name', text: words.askName }
  return undefined
}

export function registered(ticketId: string, number: string, after: Afterwards | undefined): NonNullable<Turn['focus']> {
  return focusOn(name, 'registered', { ticketId, number, ...(after && { asking: after.key, question: after.text }) })
}

/** Whether the rules of the case allow the citizen this now. */
export function allowed(input: TurnInput, ticket: Ticket, command: Command): boolean {
  const by = { kind: 'citizen', id: input.conversation.personId } as const
  return decide(ticket, command, by, input.now, input.office).ok
}

export function ticketEffect(ticketId: string, command: Command): Effect {
  return { kind: 'ticket', ticketId, command }
}

function noted(input: TurnInput, facts: Facts) {
  const department = input.office.departments.find((one) => one.id === facts.department)?.name ?? facts.department
  return {
    matter: facts.matter ?? bot.untold,
    who: facts.name,
    phone: facts.phone && maskPhone(facts.phone),
    department,
    told: facts.told && maskText(facts.told),
    missingPapers: facts.missingPapers,
    visits: facts.visits,
    happenedOn: facts.happenedOn,
    onBehalfOf: facts.onBehalfOf,
    company: facts.company,
    story: facts.story && maskText(facts.story),
    confidential: facts.confidential,
  }
}

/** Stands for the matter that nobody named: the clause that says what is wanted, else the one that says most. */
function gist(story: string | undefined): string {
  const clauses = (story ?? '').split(hears.clauseEnd).filter((clause) => clause.length >= 4)
  const telling = clauses.filter((clause) => !hears.grumble.test(clause))
  const wanted = clauses.find((clause) => hears.wants.test(clause))
  const longest = (telling.length > 0 ? telling : clauses).reduce((best, clause) => (clause.length > best.length ? clause : best), '')
  return (wanted ?? longest).slice(0, 20) || bot.untold
}
