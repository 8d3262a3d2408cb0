import type { Conversation } from '../bot/turn.ts'
import { maySee } from '../casework/access.ts'
import { unitName } from '../casework/case.ts'
import { dateOf } from '../casework/day.ts'
import { maskAll, maskText } from '../casework/mask.ts'
import type { Ticket } from '../casework/ticket.ts'
import { conversationById, messagesAfter, type StoredMessage } from '../prisma/conversations.ts'
import { openHandover } from '../prisma/handovers.ts'
import { isLastDone } from '../prisma/jobs.ts'
import { type NotePlace, notesOf } from '../prisma/notes.ts'
import { quotaOf } from '../prisma/quotas.ts'
import type { ListedConversation } from '../prisma/reads.ts'
import type { Sql } from '../prisma/sql.ts'
import type { StaffMember } from '../prisma/staff.ts'
import { ticketsOfConversation } from '../prisma/tickets.ts'
import { problems } from '../texts/api.ts'
import { roleTitles } from '../texts/casework.ts'
import { understoodKinds } from '../texts/talk.ts'
import type { ConversationView, DraftView, HandoverView, NoteView, UnderstoodView } from './contract.ts'
import { proposed } from './intake.ts'
import { presenceOf } from './presence.ts'
import { ProblemError } from './problems.ts'
import { hiddenTalks, refuseHiddenTalk } from './secrecy.ts'
import type { Server } from './server.ts'
import { actorOf } from './session.ts'
import type { Shell } from './shell.ts'
import { chatMessage, contentText, conversationRow, factsShown, ticketRow } from './views.ts'
import { sessionKey } from './workers/sessions.ts'

/** So many messages of a talk are shown, and the last of the citizen's are read again for what the program has understood in them. */
const shown = 500
const read = 20

/** A conversation with all that stands beside it, its numbers masked unless it is shown in full, which is noted. @throws ProblemError 'notFound' */
export async function talkView(server: Server, id: string, staff: StaffMember, inFull = false): Promise<ConversationView> {
  const { shell } = server
  const given = <T>(value: T): T => (inFull ? value : maskAll(value))
  await refuseHiddenTalk(shell, staff, id)
  const conversation = await conversationById(shell.db.read, shell.cipher, id)
  if (!conversation) throw new ProblemError('notFound', problems.notFound)
  const { office } = shell.knowledge.current()
  const counted = shell.channels.get(conversation.channel)?.limits.quota !== undefined
  const [messages, tickets, quota, notes, handover, presence] = await Promise.all([
    messagesAfter(shell.db.read, shell.cipher, id, Math.max(0, conversation.seq - shown), shown),
    ticketsOfConversation(shell.db.read, shell.cipher, id),
    counted ? quotaOf(shell.db.read, conversation.personId, shell.now()) : undefined,
    noteViews(shell, { conversationId: id }, staff, inFull),
    handoverView(shell, id, staff),
    presenceOf(shell, id),
  ])
  const last = messages.at(-1)
  if (!last) throw new ProblemError('notFound', problems.notFound)
  const seen = tickets.filter((ticket) => maySee(ticket, actorOf(staff), office))
  const row = { conversation, urgent: seen.some((ticket) => ticket.urgent), lastAt: last.at, last }
  return {
    ...conversationRow(row, staff.id, shell.names),
    ...((await speaksElsewhere(shell, shell.db.read, conversation, staff)) ? { elsewhere: true as const } : {}),
    messages: messages.map((message) => given(chatMessage(message))),
    tickets: seen.map((ticket) => ticketRow(ticket, shell.now(), office)),
    facts: factsShown(given(conversation.memory.facts)),
    notes,
    ...(handover ? { handover: given(handover) } : {}),
    understood: messages.slice(-read).flatMap((message) => understood(shell, message)),
    draft: draftOf(shell, given(conversation.memory.facts)),
    presence,
    ...(counted ? { quota: { left: (quota?.words ?? 0) + (quota?.taps ?? 0), until: quota?.until ?? 0 } } : {}),
  }
}

/** Whether whoever has a talk answers in the platform's own program; not before the platform has taken that, for it may refuse. */
export async function speaksElsewhere({ channels }: Shell, sql: Sql, { id, channel, owner }: Conversation, staff: StaffMember): Promise<boolean> {
  if (owner.kind !== 'staff' || owner.staffId !== staff.id || !channels.get(channel)?.speaksThere(staff.account)) return false
  return isLastDone(sql, sessionKey(id))
}

export async function visibleTalks({ shell }: Server, staff: StaffMember, rows: readonly ListedConversation[]): Promise<ListedConversation[]> {
  const ids = rows.map(({ conversation }) => conversation.id)
  const hidden = await hiddenTalks(shell, staff, ids)
  return rows.filter(({ conversation }) => !hidden.has(conversation.id))
}

export async function noteViews(shell: Shell, place: NotePlace, staff: StaffMember, inFull = false): Promise<NoteView[]> {
  const notes = await notesOf(shell.db.read, shell.cipher, place)
  return notes.map(({ staffId, text, ...note }) => ({
    ...note,
    text: inFull ? text : maskText(text),
    by: shell.names.get(staffId) ?? '',
    mine: staffId === staff.id,
  }))
}

async function handoverView(shell: Shell, id: string, staff: StaffMember): Promise<HandoverView | undefined> {
  const offer = await openHandover(shell.db.read, shell.cipher, id)
  if (!offer) return undefined
  const { fromId, toId, toRole, note, at } = offer
  return {
    from: shell.names.get(fromId) ?? '',
    to: toId === undefined ? (roleTitles[toRole as keyof typeof roleTitles] ?? '') : (shell.names.get(toId) ?? ''),
    note,
    at,
    mine: fromId === staff.id,
    mayAnswer: fromId !== staff.id && mayTake(offer, staff),
  }
}

export const mayTake = (offer: { readonly toId: string | undefined; readonly toRole: string | undefined }, { id, roles }: StaffMember): boolean =>
  offer.toId === id || roles.some((role) => role === offer.toRole)

/** The engine reads a trimmed text in which no character moves: its offsets are shifted by what was trimmed. */
function understood(shell: Shell, { seq, author, at, body }: StoredMessage): UnderstoodView[] {
  if (author !== 'citizen' || !('content' in body) || body.content.kind !== 'text') return []
  const text = contentText(body.content)
  const shift = text.length - text.trimStart().length
  const found = shell.knowledge.current().understand(text, { today: dateOf(at) })
  if (found.text.length !== text.trim().length) return []
  const phrase = (words: string, label: string) => {
    const start = found.text.indexOf(words)
    return words && start >= 0 ? [{ start, end: start + words.length, label }] : []
  }
  const all = [
    ...found.entities.map(({ kind, start, end }) => ({ start, end, label: understoodKinds[kind] })),
    ...(found.cause ? phrase(found.cause.words, found.cause.name) : []),
    ...found.flags.flatMap(({ name, words }) => phrase(words, name)),
  ].sort((a, b) => a.start - b.start || b.end - a.end)
  const marks = all.filter((mark, index) => all.slice(0, index).every((one) => one.end <= mark.start))
  return marks.length ? [{ seq, marks: marks.map((mark) => ({ ...mark, start: mark.start + shift, end: mark.end + shift })) }] : []
}

function draftOf(shell: Shell, facts: Ticket['facts']): DraftView {
  const { office } = shell.knowledge.current()
  const { cause, category, level, demandClass, departments, reasons, flags } = proposed(shell, { facts, urgent: false })
  return {
    ...(facts.matter ? { matter: facts.matter } : {}),
    ...(cause ? { cause } : {}),
    ...(category ? { category } : {}),
    level,
    demandClass: office.policy.demandClasses[demandClass],
    departments: departments.map((id) => unitName(id, office)),
    reasons,
    flags: flags.map(({ name }) => name),
  }
}
