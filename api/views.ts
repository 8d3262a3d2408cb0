import type { Conversation } from '../bot/turn.ts'
import { lamp, pressingClock } from '../casework/clocks.ts'
import { maskAll, maskName, maskText } from '../casework/mask.ts'
import { offers } from '../casework/offers.ts'
import type { Office } from '../casework/policy.ts'
import { stageTitle } from '../casework/stages.ts'
import type { Actor, Facts, Instant, Ticket } from '../casework/ticket.ts'
import { ticketLamp } from '../casework/view.ts'
import type { Content } from '../channels/contract.ts'
import type { StoredMessage } from '../prisma/conversations.ts'
import type { ListedConversation } from '../prisma/reads.ts'
import type { JournalEntry } from '../prisma/tickets.ts'
import { botName, citizenName, clockName, eventLabel, locationLabel, mediaLabels } from '../texts/api.ts'
import { clockTitles } from '../texts/casework.ts'
import { fileNotes } from '../texts/files.ts'
import type { ChatMessage, ChatState, ConversationRow, FileRef, TicketRow, TicketView } from './contract.ts'
import { journalText } from './journal.ts'

export function chatMessage(stored: StoredMessage): ChatMessage {
  const { seq, author, at, body } = stored
  // The key of an arrival is `visitor:key`; the client knows its own part only.
  const key = stored.externalId?.slice(stored.externalId.indexOf(':') + 1)
  if ('content' in body) {
    const file = fileOf(stored.externalId, body.content)
    return { seq, author, at, text: contentText(body.content), ...(file ? { file } : {}), ...(key === undefined ? {} : { key }) }
  }
  const { text, choices, card, attachments } = body.message
  const [sent] = attachments ?? []
  const file = sent && { id: sent.ref, media: sent.media, name: sent.name }
  return {
    seq,
    author,
    at,
    text,
    ...(file ? { file } : {}),
    ...(body.name ? { name: body.name } : {}),
    ...(choices ? { choices } : {}),
    ...(card ? { card } : {}),
  }
}

/** A file is named by its id in our own store; one without a name was sent through a platform that hands out none. */
function fileOf(externalId: string | undefined, content: Content): FileRef | undefined {
  if (content.kind === 'text' && content.sound !== undefined) return { id: content.sound, media: 'voice', name: fileNotes.unnamed.voice }
  if (content.kind !== 'media') return undefined
  return content.name === undefined || externalId === undefined ? undefined : { id: content.ref, media: content.media, name: content.name }
}

export function contentText(content: Content): string {
  switch (content.kind) {
    case 'text':
    case 'choice':
      return content.text
    case 'media':
      return content.name ?? mediaLabels[content.media]
    case 'location':
      return locationLabel(content.label)
    case 'event':
      return eventLabel
    default:
      return content satisfies never
  }
}

export function chatState(conversation: Conversation, names: ReadonlyMap<string, string>): ChatState {
  const { owner, queuedAt, version, seq, seen } = conversation
  const staffName = owner.kind === 'staff' ? names.get(owner.staffId) : undefined
  return { owner: owner.kind, ...(staffName ? { staffName } : {}), queued: queuedAt !== undefined, version, seq, seen: seen?.byStaff ?? 0 }
}

/** How a person is shown in lists: never the full name, and something to tell two strangers apart. */
export const personLabel = (name: string | undefined, personId: string): string => (name ? maskName(name) : `${citizenName}·${personId.slice(0, 4)}`)

export function conversationRow(
  { conversation, urgent, lastAt, last }: ListedConversation,
  staffId: string,
  names: ReadonlyMap<string, string>,
): ConversationRow {
  const { id, channel, owner, queuedAt, queueReason, version, memory, personId } = conversation
  const staffName = owner.kind === 'staff' ? names.get(owner.staffId) : undefined
  return {
    id,
    channel,
    person: personLabel(memory.facts.name, personId),
    lastText: maskText(chatMessage(last).text).slice(0, 80),
    lastAt,
    owner: owner.kind,
    ...(staffName ? { staffName } : {}),
    mine: owner.kind === 'staff' && owner.staffId === staffId,
    ...(queuedAt === undefined ? {} : { queuedAt }),
    ...(queueReason === undefined ? {} : { queueReason }),
    urgent,
    version,
  }
}

/** Facts as label → value. */
export const factsShown = (facts: Facts): Record<string, string> => Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, String(value)]))

export function ticketRow(ticket: Ticket, now: Instant, office: Office): TicketRow {
  const { id, number, stage, level, lead, registeredAt, urgent, version, facts } = ticket
  const clock = pressingClock(ticket)
  const leadName = office.departments.find((one) => one.id === lead)?.name
  return {
    id,
    number,
    matter: maskText(facts.matter ?? facts.story?.slice(0, 40) ?? ''),
    person: personLabel(facts.name, ticket.personId ?? ticket.id),
    stage,
    stageTitle: stageTitle(stage),
    level,
    ...(lead === undefined ? {} : { lead }),
    ...(leadName === undefined ? {} : { leadName }),
    registeredAt,
    ...(clock ? { dueAt: clock.dueAt, clock: clockTitles[clock.kind] } : {}),
    lamp: ticketLamp(ticket, now, office),
    urgent,
    version,
  }
}

/** For whom and when a case is shown; `inFull`: with all numbers, which is noted. */
export type Showing = { readonly by: Actor; readonly now: Instant; readonly office: Office; readonly inFull: boolean }

/** The case, or the part of it that `seenBy` leaves, with the numbers in it masked, whoever wrote them: the full ones are shown by a request of their own. */
export function ticketView(ticket: Ticket, journal: readonly JournalEntry[], { by, now, office, inFull }: Showing): TicketView {
  const masked = maskAll(ticket)
  const shown = <T>(value: T): T => (inFull ? value : maskAll(value))
  return {
    row: ticketRow(ticket, now, office),
    ticket: inFull ? ticket : masked,
    journal: journal.map(({ seq, stamped, hash }) => ({
      seq,
      at: stamped.at,
      by: stamped.by,
      byName: nameOfActor(stamped.by),
      event: shown(stamped.event),
      text: shown(journalText(stamped.event, office)),
      hash,
    })),
    deadlines: ticket.deadlines.map((deadline) => ({
      ...deadline,
      title: clockTitles[deadline.kind],
      lamp: lamp(deadline, now, office, ticket.paused?.since),
    })),
    // Offered on the masked case, so that no form is prefilled with a full number.
    offers: offers(masked, by, office),
  }
}

export function nameOfActor(by: Actor): string {
  if (by.kind === 'staff' || by.kind === 'outside') return by.name
  return by.kind === 'citizen' ? citizenName : by.kind === 'bot' ? botName : clockName
}
