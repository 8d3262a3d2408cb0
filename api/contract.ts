/** What web/ and the server say to each other over HTTP and WebSocket. Types only; instants are integer milliseconds (UTC). */

import type { Area } from '../casework/areas.ts'
import type { Dashboard } from '../casework/dashboard.ts'
import type { TicketEvent } from '../casework/decision.ts'
import type { Switch } from '../casework/documents.ts'
import type { Duty } from '../casework/duties.ts'
import type { Edition } from '../casework/edition.ts'
import type { Improvement } from '../casework/improvement.ts'
import type { OutsideView } from '../casework/outside.ts'
import type { CalendarYear, Department, Policy } from '../casework/policy.ts'
import type { CommandOffer } from '../casework/stages.ts'
import type { Actor, Deadline, Role, Ticket } from '../casework/ticket.ts'
import type { CitizenView } from '../casework/view.ts'
import type { Choice, Content, GuideCard, Instant, OutboundMessage } from '../channels/contract.ts'
import type { Guide } from '../nlp/guide.ts'
import type { OfficeDocument } from '../prisma/documents.ts'

export type ChatAuthor = 'citizen' | 'bot' | 'staff' | 'system'

/** One message at its place in the conversation. */
export type ChatMessage = {
  readonly seq: number
  readonly author: ChatAuthor
  /** shown name of a staff author */
  readonly name?: string
  readonly at: Instant
  readonly text: string
  readonly choices?: readonly Choice[]
  readonly card?: GuideCard
  /** a picture or paper that was sent */
  readonly file?: FileRef
  /** the client's key, on the citizen's own messages */
  readonly key?: string
}

/** What a message says of a file; the rest is asked for by its id. */
export type FileRef = { readonly id: string; readonly media: 'image' | 'voice' | 'video' | 'file'; readonly name: string }

/** GET /api/files/:id, GET /api/staff/files/:id. `url` is good for some minutes, for whoever asked; without it nobody may open the file (yet). */
export type FileView = FileRef & {
  readonly bytes: number
  readonly at: Instant
  readonly state: 'fetching' | 'lost' | 'checking' | 'ready' | 'refused'
  readonly url?: string
  /** who of the office added it; told to staff only */
  readonly by?: string
}

export type ChatState = {
  readonly owner: 'bot' | 'staff'
  readonly staffName?: string
  readonly queued: boolean
  readonly version: number
  readonly seq: number
  /** place up to which a person of the office has had the talk on the screen */
  readonly seen: number
}

/** Citizen → server on WS /api/chat. `key` is made by the client, kept until acknowledged, and sent again unchanged. */
export type ChatClientFrame =
  | { readonly type: 'say'; readonly key: string; readonly content: Extract<Content, { kind: 'text' } | { kind: 'choice' } | { kind: 'media' }> }
  | { readonly type: 'sync'; readonly after: number }
  | { readonly type: 'typing' }
  /** what staff said up to here has been on the screen */
  | { readonly type: 'seen'; readonly seq: number }

/** Server → citizen. `ack` comes only after the commit. A push is a hint: a gap in `seq` is closed by `sync`. */
export type ChatServerFrame =
  | { readonly type: 'ack'; readonly key: string; readonly seq: number }
  | {
      readonly type: 'nack'
      readonly key: string
      readonly code: 'tooLong' | 'malformed' | 'unknownFile' | 'busy' | 'rate'
      readonly text: string
      readonly retryMs?: number
    }
  | {
      readonly type: 'messages'
      readonly messages: readonly ChatMessage[]
      readonly state: ChatState /** more to fetch after the last of these */
      readonly more: boolean
    }
  | { readonly type: 'typing'; readonly author: 'bot' | 'staff' }

/** GET /api/office */
export type OfficeView = {
  readonly name: string
  readonly city: string
  readonly slogan: string
  readonly open: boolean
  readonly hoursText: string
  readonly nextOpening?: Instant
}

/**
 * POST /api/progress { number, code? , phone? } → 200 ProgressView, or 404 Problem, the same for a wrong number and a wrong proof.
 * Without code and phone: a case of the visitor's own talk.
 * `pass` stands for the proof for half an hour: in the header x-bandecheng-pass of all that is then done with the case.
 */
export type ProgressView = CitizenView & {
  readonly pass: string
  readonly trail: readonly { readonly at: Instant; readonly text: string }[]
  readonly files: readonly FileView[]
  readonly may: { readonly add: boolean; readonly withdraw: boolean; readonly rate: boolean }
  /** the reply has been rated, here or elsewhere */
  readonly rated: boolean
}

/** Every error answer: a stable code and a sentence in Chinese. */
export type Problem = { readonly code: string; readonly message: string }

/** GET /api/mine: what this office keeps of the visitor's talk. `chatDays`, `identityDays`: after how many days it is deleted, or made nameless. */
export type MineView = {
  readonly messages: number
  readonly since?: Instant
  readonly facts: Readonly<Record<string, string>>
  readonly tickets: readonly { readonly number: string; readonly matter: string; readonly stageTitle: string; readonly open: boolean }[]
  readonly files: readonly FileView[]
  readonly chatDays: number
  readonly identityDays: number
}

/** GET /api/public/figures: a figure of fewer than five cases is `few`, so that nobody is recognised in it. */
export type PublicFigure = {
  readonly title: string
  readonly meaning: string
  readonly of?: number
  readonly count?: number
  readonly percent?: number
  readonly few: boolean
}
export type PublicView = {
  readonly from: string
  readonly to: string
  readonly registered: number
  readonly finished: number
  readonly rates: readonly PublicFigure[]
  readonly fields: readonly { readonly title: string; readonly count: number }[]
  readonly otherFields: number
  readonly limits: readonly { readonly title: string; readonly text: string }[]
}

export type StaffView = {
  readonly id: string
  readonly account: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly unit?: string
  /** what the roles work with: the console's menu */
  readonly areas: readonly Area[]
  readonly mustChangePassword: boolean
  /** whether an authenticator app is bound, and whether one must be before anything else */
  readonly secondFactor: boolean
  readonly mustEnrol: boolean
}

/** GET /api/staff/sessions: where one is logged in. `device` is what the browser calls itself. */
export type SessionView = {
  readonly id: string
  readonly createdAt: Instant
  readonly seenAt: Instant
  readonly device: string
  readonly current: boolean
}

/** GET /api/staff/handles: where the reader can be called on the phone. `hears`: a binding code can be sent there. */
export type HandlesView = { readonly platforms: readonly { readonly name: string; readonly hears: boolean; readonly bound: boolean }[] }

/** POST /api/staff/second-factor: what the authenticator app is shown; it is bound when a code of it is sent back. */
export type EnrolmentView = { readonly secret: string; readonly url: string; readonly qr: string }

export type ConversationRow = {
  readonly id: string
  readonly channel: string
  /** masked */
  readonly person: string
  readonly lastText: string
  readonly lastAt: Instant
  readonly owner: 'bot' | 'staff'
  readonly staffName?: string
  readonly mine: boolean
  readonly queuedAt?: Instant
  readonly queueReason?: string
  readonly urgent: boolean
  readonly version: number
}

export type ConversationView = ConversationRow & {
  /** where the platform counts: how many messages may still be sent, and until when */
  readonly quota?: { readonly left: number; readonly until: Instant }
  /** whoever has it speaks in the platform's own program, and not from here */
  readonly elsewhere?: true
  readonly messages: readonly ChatMessage[]
  readonly tickets: readonly TicketRow[]
  readonly facts: Readonly<Record<string, string>>
  readonly notes: readonly NoteView[]
  readonly handover?: HandoverView
  readonly understood: readonly UnderstoodView[]
  readonly draft: DraftView
  readonly presence: Extract<LiveFrame, { type: 'presence' }>
}

/** GET /api/staff/texts, and texts/list.xlsx: what people send by hand. POST /api/staff/texts { ids, sent } notes what became of them. */
export type HandText = { readonly id: number; readonly at: Instant; readonly phone: string; readonly number?: string; readonly text: string }

/** POST /api/staff/conversations/:id/commands { commandId, version, command } */
export type ConversationCommand =
  | { readonly type: 'takeover' }
  /** `seen`: place of the last message on the sender's screen. What was answered after it holds this one back (409 'answered') unless `anyway`. */
  | { readonly type: 'say'; readonly text: string; readonly seen?: number | undefined; readonly anyway?: boolean | undefined }
  | { readonly type: 'handback'; readonly summary?: string }
  /** offers it to one person or to all of a role; it stays with the owner until somebody accepts */
  | { readonly type: 'transfer'; readonly to: { readonly staffId: string } | { readonly role: Role }; readonly note: string }
  | { readonly type: 'accept' }
  | { readonly type: 'refuse'; readonly reason: string }
  | { readonly type: 'recall' }

/** POST /api/staff/conversations/:id/notes, /api/staff/tickets/:id/notes { id, text }; `@姓名` in it is told to that colleague. */
export type NoteView = { readonly id: string; readonly by: string; readonly at: Instant; readonly text: string; readonly mine: boolean }

/** POST /api/staff/tickets/:id/reveal: the case with all its numbers; who has asked is kept. POST /api/staff/conversations/:id/reveal gives a ConversationView. */
export type Revealed = {
  readonly phone: string | undefined
  readonly idNumber: string | undefined
  readonly view: TicketView
  readonly notes: readonly NoteView[]
}

/** An open offer to hand the conversation on, as this person sees it. */
export type HandoverView = {
  readonly from: string
  readonly to: string
  readonly note: string
  readonly at: Instant
  readonly mayAnswer: boolean
  readonly mine: boolean
}

/** What the program has understood of one message of the citizen: parts of its text with what they are. Offsets are UTF-16, into `text` of the message. */
export type UnderstoodView = { readonly seq: number; readonly marks: readonly { readonly start: number; readonly end: number; readonly label: string }[] }

/** What would be registered if somebody confirmed it now. */
export type DraftView = {
  readonly matter?: string
  readonly cause?: string
  readonly category?: string
  readonly level: 1 | 2 | 3
  readonly demandClass: string
  readonly departments: readonly string[]
  readonly reasons: readonly string[]
  readonly flags: readonly string[]
}

/** GET /api/staff/phrases: what the desk says often, with the initials of its reading. POST { version, rows: texts }. */
export type PhraseView = { readonly text: string; readonly initials: string }

export type TicketRow = {
  readonly id: string
  readonly number: string
  readonly matter: string
  /** masked */
  readonly person: string
  readonly stage: Ticket['stage']
  readonly stageTitle: string
  readonly level: 1 | 2 | 3
  readonly lead?: string
  readonly leadName?: string
  readonly registeredAt: Instant
  /** of the clock that presses, whose name is `clock` */
  readonly dueAt?: Instant
  readonly clock?: string
  readonly lamp: 'green' | 'yellow' | 'red' | 'late' | 'none'
  readonly urgent: boolean
  readonly version: number
}

/** GET /api/staff/tickets/:id/alike, POST /api/staff/alike: a case that may be the same. `likeness` is 0 to 1. */
export type AlikeRow = { readonly row: TicketRow; readonly likeness: number; readonly samePerson: boolean }

/** GET /api/staff/improvements. `effect`: cases of that kind in `days` days before it was done and after, counted up to `until` (YYYY-MM-DD). */
export type ImprovementView = Improvement & {
  readonly overdue: boolean
  readonly effect?: { readonly before: number; readonly after: number; readonly days: number; readonly until: string }
}

/** GET /api/staff/tickets/:id/links. POST there answers with `address` besides, once. */
export type OutsideLinkRow = {
  readonly invitation: string
  readonly unit: string
  readonly question: string
  readonly expiresAt: Instant
  readonly state: 'open' | 'opened' | 'answered' | 'revoked' | 'expired'
}

/** POST /api/outside { token }, POST /api/outside/answer { token, name, text } → 404 or 410 Problem when the link is wrong or over. */
export type OutsidePageView = OutsideView & { readonly expiresAt: Instant; readonly answeredAt?: Instant }

/** GET /api/staff/documents: the newest version, with the office's own settings that its rules are, and the chart of a 流程 (SVG). */
export type DocumentView = OfficeDocument & { readonly switches: readonly Switch[]; readonly chart?: string }

export type JournalLine = {
  readonly seq: number
  readonly at: Instant
  readonly by: Actor
  readonly byName: string
  readonly event: TicketEvent
  readonly text: string
  readonly hash: string
}

export type TicketView = {
  readonly row: TicketRow
  readonly ticket: Ticket
  readonly journal: readonly JournalLine[]
  readonly deadlines: readonly (Deadline & { readonly title: string; readonly lamp: TicketRow['lamp'] })[]
  readonly offers: readonly CommandOffer[]
  /** for a unit that was called to the case: only what concerns it */
  readonly part?: true
}

/** The office's receipt, as the console shows and prints it. */
export type ReceiptView = {
  readonly title: string
  readonly intro: string
  readonly form: readonly (readonly [label: string, value: string])[]
  readonly closing: readonly string[]
  readonly signs: readonly string[]
  readonly seal?: { readonly office: string; readonly on: string }
  readonly qr?: { readonly image: string; readonly words: string }
}

/** POST /api/staff/tickets. The query code is told this once: asked again under the same key, `code` is empty. */
export type RegisteredView = TicketView & { readonly code: string; readonly receipt: ReceiptView }

/** POST /api/staff/tickets/:id/commands: the command's `fields` as a plain object. 409 Problem 'stale' with a newer version, 422 Problem with the refusal's code. */
export type TicketCommandBody = {
  readonly commandId: string
  readonly version: number
  readonly command: { readonly type: string } & Readonly<Record<string, unknown>>
}

/** Server → staff on WS /api/staff/live: hints to read again. */
export type LiveFrame =
  | { readonly type: 'conversation'; readonly id: string }
  | { readonly type: 'ticket'; readonly id: string }
  | { readonly type: 'hello'; readonly online: number }
  /** who has the conversation open, and who types; whoever is not heard of again within 45 s has left */
  | {
      readonly type: 'presence'
      readonly id: string
      readonly people: readonly { readonly id: string; readonly name: string; readonly windows: number; readonly typing: boolean }[]
      readonly citizenTypes: boolean
      /** place up to which the citizen has had the talk on the screen; no channel but the web tells of it */
      readonly seen: number
    }

/** Staff → server on WS /api/staff/live: which conversation this window shows (none: it was left), whether something is typed in it, and up to which place it is on the screen. */
export type StaffFrame = { readonly type: 'look'; readonly id?: string | undefined; readonly typing: boolean; readonly seen?: number | undefined }

/** GET /api/staff/audit, the latest first. `action` is a constant of the program; texts/audit.ts has its name. */
export type AuditRow = { readonly id: number; readonly at: Instant; readonly name: string; readonly action: string; readonly subject: string }

/** GET /api/staff/health: of the process that answers. `schema` is the last migration, `stored` what stands in the database. */
export type HealthView = {
  readonly at: Instant
  readonly version: string
  readonly node: string
  readonly schema: string
  readonly startedAt: Instant
  readonly databaseMs: number
  readonly sockets: number
  readonly stored: Readonly<Record<string, number>>
  /** `lateMs`: one that has not run for so long has stopped */
  readonly ticks: readonly { readonly what: string; readonly at: Instant; readonly lateMs: number; readonly failedAt?: Instant }[]
  readonly guides: number
  readonly departments: number
  readonly channels: readonly string[]
}

/** GET /api/staff/calendar, /api/staff/departments */
export type CalendarYearView = CalendarYear
export type DepartmentView = Department

/** GET /api/staff/names: who works here now, to be mentioned or to be given a conversation. */
export type PersonName = { readonly id: string; readonly name: string; readonly roles: readonly Role[]; readonly unit?: string }

/** GET /api/staff/policy/history, the rules in force first. */
export type PolicyVersion = { readonly version: number; readonly policy: Policy; readonly at: Instant; readonly by: string }

/** GET /api/staff/dashboard?from&to (YYYY-MM-DD, both counted; without them the last 30 days) */
export type DashboardView = Omit<Dashboard, 'red' | 'departments'> & {
  readonly at: Instant
  readonly from: string
  readonly to: string
  readonly red: readonly (Omit<Dashboard['red'][number], 'clock'> & { readonly clock: string; readonly leadName: string })[]
  readonly departments: readonly (Dashboard['departments'][number] & { readonly name: string })[]
}

/** GET, POST /api/staff/views: one's own filters of the list of cases; `query` is that of the page's address. */
export type SavedView = { readonly name: string; readonly query: string }

export type TodayView = {
  /** what this person's roles have on their list, the most pressing first */
  readonly duties: readonly Duty[]
  readonly toAssign: readonly TicketRow[]
  /** assigned and not yet accepted by the unit */
  readonly unsigned: readonly TicketRow[]
  /** resolved, to be checked by another than who did it */
  readonly toCheck: readonly TicketRow[]
  readonly toReply: readonly TicketRow[]
  readonly toArchive: readonly TicketRow[]
  /** questions without an answer */
  readonly missed: number
  /** text messages to be sent by hand, for whom it is and where the office has no gateway */
  readonly texts?: number
  readonly waiting: readonly ConversationRow[]
  readonly toTriage: readonly TicketRow[]
  readonly due: readonly TicketRow[]
  readonly late: readonly TicketRow[]
  readonly callbacks: readonly TicketRow[]
  /** what this person's roles or unit must know or do; POST /api/staff/notices/:id/done ticks one off */
  readonly notices: readonly {
    readonly id: number
    readonly ticketId: string | undefined
    readonly conversationId: string | undefined
    readonly text: string
    readonly at: Instant
  }[]
  /** improvements of the review that are due within three days or late, of what this person may see */
  readonly improvements: readonly { readonly id: string; readonly title: string; readonly dueOn: string; readonly overdue: boolean }[]
  /** things that stopped and need a person: dead deliveries, a calendar year without its notice */
  readonly alarms: readonly { readonly code: string; readonly text: string; readonly at: Instant }[]
}

/** GET /api/staff/guides. `coming`: approved and not begun; `new`: a draft only; `ended`: no longer served. */
export type GuideRow = {
  readonly id: string
  readonly title: string
  readonly field: string
  readonly department: string
  readonly reviewedOn: string
  readonly standing: 'served' | 'ended' | 'coming' | 'new'
  /** not reviewed for a year */
  readonly isOld: boolean
  readonly endsOn: string | undefined
  /** what waits for approval */
  readonly drafts: readonly (GuideKey & { readonly by: readonly string[] })[]
}

/** Names a draft as it was read: POST /api/staff/guides/decisions answers 409 'stale' when it has moved on. */
export type GuideKey = { readonly guideId: string; readonly version: number; readonly revision: number }

export type EditionView = Edition & {
  readonly guide: Guide
  readonly authors: string
  readonly decider: string | undefined
  /** whether the reader has written on it */
  readonly mine: boolean
  /** why the reader cannot decide on it */
  readonly no: string | undefined
  /** from what is in force (for drafts) or was before (for the others) */
  readonly differences: readonly { readonly part: string; readonly gone: readonly string[]; readonly come: readonly string[] }[]
}

/** GET /api/staff/guides/:id: all versions, the newest first. */
export type GuidePageView = {
  readonly row: GuideRow | undefined
  readonly mayWrite: boolean
  /** the version in force */
  readonly current: number | undefined
  readonly versions: readonly EditionView[]
}

export type GuideTrial = { readonly replies: readonly OutboundMessage[]; readonly guides: readonly { readonly id: string; readonly title: string }[] }

/** POST /api/staff/guides/import: what a workbook changes; `faults` name their place in words (`said`) and in parts. */
export type BookPreview = {
  readonly same: number
  readonly rows: readonly { readonly id: string; readonly title: string; readonly isNew: boolean; readonly parts: readonly string[] }[]
  readonly faults: readonly { readonly sheet: string; readonly row?: number; readonly column?: string; readonly text: string; readonly said: string }[]
}

/** GET /api/staff/missed?state=…: questions that ask for the same thing stand together, the largest group first. Numbers in them are masked. */
export type MissedView = {
  readonly counts: Readonly<Record<'open' | 'pending' | 'resolved' | 'ignored', number>>
  readonly groups: readonly MissedGroup[]
}

export type MissedGroup = {
  readonly questions: readonly { readonly id: number; readonly text: string; readonly why: string; readonly at: Instant }[]
  /** guides that were near, the most frequent first */
  readonly near: readonly { readonly id: string; readonly title: string }[]
  readonly owner: { readonly name: string; readonly mine: boolean } | undefined
  /** the guide that shall answer or answers it */
  readonly guide: { readonly id: string; readonly title: string } | undefined
  readonly reason: string | undefined
}

/** What asking again has shown. `served`: in force at once; else the draft waits for approval, and this is what it will do. */
export type AskedAgain = { readonly served: boolean; readonly asked: number; readonly answered: number; readonly offered: number }

/** POST /api/staff/exchange/12345: what became of each row; `code` proves a case to its citizen and is told this once. */
export type ImportedOrders = {
  readonly taken: readonly { readonly row: number; readonly externalId: string; readonly number: string; readonly repeated: boolean; readonly code?: string }[]
  readonly faults: readonly { readonly row: number; readonly text: string }[]
}
