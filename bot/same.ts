import { duplicates } from '../casework/repeat.ts'
import type { Ticket } from '../casework/ticket.ts'
import { hears } from '../texts/hears.ts'
import { intake as words } from '../texts/intake.ts'
import type { Draft } from './draft.ts'
import { allowed, name, ticketEffect } from './intake.ts'
import { chosen, focusOn, remember, say, top, wordsOf } from './reply.ts'
import type { Lookup, Turn, TurnInput } from './turn.ts'

export const sameStep = 'same'

/**
 * "This is already case N": offered for the citizen's own cases only. Another person's case, however alike, is named to staff and never here:
 * whoever types a stranger's phone number must not learn what that person has complained of.
 */
export async function offerSame(input: TurnInput, lookup: Lookup, draft: Draft): Promise<Turn | undefined> {
  const { conversation, now } = input
  const told = { personId: conversation.personId, facts: draft.facts }
  const own = (await lookup.ownTickets()).filter((ticket) => allowed(input, ticket, { type: 'amend', facts: {} }))
  const [same] = duplicates(told, own, now)
  return same && offer(input, same.ticket, draft)
}

function offer(input: TurnInput, { id, number, facts }: Ticket, draft: Draft): Turn {
  const text = words.same(number, facts.matter)
  const choices = [{ value: `same:${id}`, text: words.sameYes }, words.sameNo]
  return say(
    input,
    { text, choices },
    { focus: focusOn(name, sameStep, { ticketId: id, question: text, findings: draft.findings }), memory: remember(input, { facts: draft.facts }) },
  )
}

/** What the citizen says to the offer; 'another' when it is another matter, undefined when nothing was offered. */
export async function answerSame(input: TurnInput, lookup: Lookup, draft: Draft): Promise<Turn | 'another' | undefined> {
  const { focus } = input.conversation
  const value = chosen(input)
  const id = value?.startsWith('same:') ? value.slice('same:'.length) : focus?.skill === name && focus.step === sameStep ? focus.slots['ticketId'] : undefined
  const offered = typeof id === 'string' ? (await lookup.ownTickets()).find((one) => one.id === id) : undefined
  if (value === words.sameNo.value) return 'another'
  if (!offered) return undefined
  if (value !== undefined) return value.startsWith('same:') ? joined(input, offered, draft) : undefined
  const text = wordsOf(input)
  if (hears.another.test(text) || hears.notSame.test(text) || top(input) === 'deny') return 'another'
  if (hears.same.test(text) || top(input) === 'affirm') return joined(input, offered, draft)
  // Whatever else is said, nothing is lost: a case of its own, which staff can still merge.
  return input.understanding.cancel ? undefined : 'another'
}

/** What was told goes into the case that is there: one case, however often it is told. */
function joined(input: TurnInput, same: Ticket, { facts }: Draft): Turn {
  const { story, ...said } = facts
  return say(input, words.already(same.number), {
    memory: remember(input, { facts: { ...same.facts, ...said }, ticketId: same.id, asked: [] }),
    focus: focusOn(name, 'registered', { ticketId: same.id, number: same.number }),
    effects: [ticketEffect(same.id, { type: 'amend', facts: said, note: story ?? '' })],
    outcome: 'ticket',
  })
}
