import { dateOf } from '../../casework/day.ts'
import type { Ticket } from '../../casework/ticket.ts'
import { citizenView } from '../../casework/view.ts'
import { humanDoor, progressDoor, progress as words } from '../../texts/bot.ts'
import { hears } from '../../texts/hears.ts'
import { digress } from '../digression.ts'
import { allowed, ticketEffect } from '../intake.ts'
import { chosen, confidence, focusOn, openQuestion, remember, say, top, wordsOf } from '../reply.ts'
import type { Lookup, Skill, Turn, TurnInput } from '../turn.ts'
import { spokenDay } from '../when.ts'

const name = 'progress'

const sure = 0.5
/** Whoever is being asked what is meant says it in other words (「红色的那个」); that is no question about a case. */
const sureAfterMisses = 0.8

/** Where a case stands: for whoever registered it here, or proves it by code or phone. */
export const skill: Skill = { name, steps: ['number', 'proof'], claim, respond }

function claim(input: TurnInput): number {
  const value = chosen(input)
  if (value !== undefined) return value === progressDoor.value || value === words.urge.value || value.startsWith('ticket:') ? 0.95 : 0
  if (input.content.kind !== 'text') return 0
  const { entities } = input.understanding
  if (entities.some((entity) => entity.kind === 'ticketNumber')) return 0.93
  if (input.conversation.focus?.skill === name) return entities.some((entity) => entity.kind === 'queryCode' || entity.kind === 'phone') ? 0.93 : 0.7
  const text = wordsOf(input)
  if (input.conversation.memory.ticketId && text.length <= 14 && hears.news.test(text) && !input.understanding.correction) return 0.88
  if (!input.conversation.focus && hears.doneYet.test(text)) return 0.91
  return top(input) === 'status' && confidence(input, 'status') >= (input.conversation.memory.misses > 0 ? sureAfterMisses : sure)
    ? 0.6 + 0.3 * confidence(input, 'status')
    : 0
}

async function respond(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const value = chosen(input)
  const found = (kind: string) => input.understanding.entities.find((entity) => entity.kind === kind)?.value
  const { focus } = input.conversation
  const kept = focus?.skill === name ? focus.slots['number'] : undefined
  const number = found('ticketNumber') ?? (typeof kept === 'string' ? kept : undefined)
  const code = found('queryCode') ?? (focus?.step === 'proof' ? bareCode(wordsOf(input)) : undefined)
  const phone = found('phone')
  const own = await lookup.ownTickets()
  if (value?.startsWith('ticket:'))
    return tellOwn(
      input,
      lookup,
      own.find((ticket) => ticket.id === value.slice('ticket:'.length)),
    )
  if (value === words.urge.value) return urge(input, lookup)
  if (number) return byNumber(input, lookup, own, number, { ...(code && { code }), ...(phone && { phone }) })
  const text = wordsOf(input)
  if (focus?.skill === name && own.length === 0 && (hears.forgot.test(text) || hears.manyDigits.test(text))) {
    return say(input, { text: hears.forgot.test(text) ? words.forgot : words.wrong, choices: [humanDoor] }, { focus })
  }
  if (focus?.skill === name && !code && !phone && top(input) !== 'status') return undefined
  if (own.length === 0) return digress(input, say(input, words.ask, { focus: focusOn(name, 'number', { asking: 'ticketNumber' }) }))
  return own.length === 1 ? tellOwn(input, lookup, own[0]) : choose(input, own)
}

async function byNumber(
  input: TurnInput,
  lookup: Lookup,
  own: readonly Ticket[],
  number: string,
  proof: { code?: string; phone?: string },
): Promise<Turn | undefined> {
  const mine = own.find((ticket) => ticket.number === number)
  if (mine) return tellOwn(input, lookup, mine)
  const asking = hears.forgot.test(wordsOf(input)) ? words.forgotCode : words.askProof(number)
  if (!proof.code && !proof.phone) return say(input, asking, { focus: focusOn(name, 'proof', { number, asking: 'queryCode' }) })
  const ticket = await lookup.provenTicket(number, proof)
  // One answer for a wrong number and a wrong proof: a stranger learns nothing by trying.
  const told = tell(input, ticket)
  // The code stands on the receipt alone; a phone number is known to many.
  if (ticket && told) return proof.code ? { ...told, effects: [...told.effects, { kind: 'bind', ticketId: ticket.id }] } : told
  return say(input, { text: words.wrong, choices: [humanDoor] }, { focus: focusOn(name, 'number', { asking: 'ticketNumber' }) })
}

/** A case that was merged is told of as the one it went into. */
const tellOwn = async (input: TurnInput, lookup: Lookup, ticket: Ticket | undefined): Promise<Turn | undefined> =>
  tell(input, ticket && (await lookup.ticket(ticket.id)))

function tell(input: TurnInput, ticket: Ticket | undefined): Turn | undefined {
  if (!ticket) return undefined
  const { now, office } = input
  const view = citizenView(ticket, now, office)
  const today = dateOf(now)
  const parts = [
    words.line(view.number, view.matter, view.stageTitle),
    view.next,
    view.dueAt !== undefined && !view.overdue && !view.next.includes(words.byLatest) ? words.due(spokenDay(dateOf(view.dueAt), today)) : '',
    view.reply ? words.reply(view.reply.text, view.reply.basis) : '',
  ]
  const isOpen = allowed(input, ticket, { type: 'amend', facts: {} })
  const turn = say(
    input,
    { text: parts.join(''), choices: isOpen ? [words.urge, humanDoor] : [humanDoor] },
    {
      // A proven case becomes the one that is talked about; what is then added goes into it.
      memory: remember(input, { ticketId: ticket.id }),
      outcome: 'status',
    },
  )
  return openQuestion(input.conversation.focus) ? { ...digress(input, turn), memory: remember(input, {}) } : turn
}

function choose(input: TurnInput, own: readonly Ticket[]): Turn {
  const choices = own.slice(0, 4).map((ticket) => ({ value: `ticket:${ticket.id}`, text: `${ticket.facts.matter ?? ticket.number}` }))
  return digress(input, say(input, { text: words.several, choices }, { outcome: 'status' }))
}

/** 催一下: the citizen's words go into the case, where whoever handles it sees them. */
async function urge(input: TurnInput, lookup: Lookup): Promise<Turn | undefined> {
  const { ticketId } = input.conversation.memory
  const ticket = ticketId === undefined ? undefined : await lookup.ticket(ticketId)
  const command = { type: 'amend', facts: {}, note: words.urgeNote(wordsOf(input)) } as const
  if (!ticket || !allowed(input, ticket, command)) return undefined
  return say(input, words.urged(ticket.number), { effects: [ticketEffect(ticket.id, command)], outcome: 'status' })
}

function bareCode(text: string): string | undefined {
  const code = text.trim()
  return hears.queryCode.test(code) ? code : undefined
}
