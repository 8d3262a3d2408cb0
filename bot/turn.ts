import type { Command } from '../casework/decision.ts'
import type { Office } from '../casework/policy.ts'
import type { Facts, Ticket } from '../casework/ticket.ts'
import type { Content, Instant, OutboundMessage } from '../channels/contract.ts'
import type { Guide, GuideMatch } from '../nlp/guide.ts'
import type { IntentName, Understanding } from '../nlp/understanding.ts'

/** The place in a flow, by name: plain JSON that survives a deploy. An unknown skill or step is treated as no focus. */
export type Focus = { readonly skill: string; readonly step: string; readonly slots: Readonly<Record<string, unknown>> }

/** What the conversation remembers across flows. Plain JSON, encrypted at rest. */
export type Memory = {
  readonly facts: Facts
  /** the guide that is being talked about */
  readonly guideId?: string
  /** the case that is being talked about, and was proven to belong to this citizen */
  readonly ticketId?: string
  /** the question that was last answered or missed */
  readonly lastQuestion?: string
  /** clarifications in a row without an answer */
  readonly misses: number
  /** facts that were already asked for */
  readonly asked: readonly string[]
  /** choices that were last offered, so that 「第二个」 finds its value */
  readonly offered: readonly { readonly value: string; readonly text: string }[]
  /** the survey that waits for its answer */
  readonly callback?: { readonly ticketId: string; readonly number: string; readonly round: number }
  /** when it was asked whether there is danger, the words that led to it, and whether the answer was no */
  readonly worry?: { readonly askedAt: Instant; readonly words: string; readonly isFine?: boolean }
  /** what the bot said last and how many times in a row */
  readonly said?: { readonly text: string; readonly times: number }
  /** what the citizen said last, the newest first, how many turns in a row said nothing new, and when */
  readonly loop?: { readonly texts: readonly string[]; readonly times: number; readonly at: Instant }
}

export const emptyMemory: Memory = { facts: {}, misses: 0, asked: [], offered: [] }

export type Owner = { readonly kind: 'bot' } | { readonly kind: 'staff'; readonly staffId: string }

export type Conversation = {
  readonly id: string
  readonly channel: string
  readonly personId: string
  readonly owner: Owner
  /** since when it has been in the human queue; undefined when not in it */
  readonly queuedAt?: Instant
  readonly queueReason?: string
  /** place of the last message */
  readonly seq: number
  readonly version: number
  /** places of the last messages that the other side has had on its screen */
  readonly seen?: { readonly byStaff: number; readonly byCitizen: number }
  readonly focus?: Focus
  readonly memory: Memory
}

export type TurnInput = {
  readonly conversation: Conversation
  readonly content: Content
  readonly understanding: Understanding
  readonly now: Instant
  readonly office: Office
}

/** Reads that a skill may await. They belong to this conversation's person; nothing here lets a citizen see another's case. */
export type Lookup = {
  readonly guide: (id: string) => Guide | undefined
  readonly match: (text: string) => GuideMatch
  /** Which of the titles the question means, by a model of the office: its place; undefined where there is none, or it does not know. */
  readonly choose?: (question: string, titles: readonly string[]) => Promise<number | undefined>
  readonly guidesOfField: (field: string) => readonly Guide[]
  /** Cases registered from this conversation or by its proven person, newest first. */
  readonly ownTickets: () => Promise<readonly Ticket[]>
  readonly ticket: (id: string) => Promise<Ticket | undefined>
  /** The case of that number if code or phone proves it; undefined alike for a wrong number and a wrong proof. */
  readonly provenTicket: (number: string, proof: { readonly code?: string; readonly phone?: string }) => Promise<Ticket | undefined>
  /** The page where this person sees, takes along and deletes what is kept of them; undefined where a person must see to it. */
  readonly ownPage?: { readonly minutes: number } | undefined
  /** A fresh id, number and query code; a number is never used twice, gaps do not matter. */
  readonly mintTicket: () => Promise<{ readonly id: string; readonly number: string; readonly code: string }>
  /** Staff able to take a conversation over now. */
  readonly staffOnline: () => number
}

/** What the turn asks the shell to do, in the turn's transaction. */
export type Effect =
  | {
      readonly kind: 'ticket'
      readonly ticketId: string
      readonly command: Command /** with `register` only: the query code, stored as a hash and encrypted */
      readonly code?: string
    }
  | { readonly kind: 'queue'; readonly reason: string; readonly urgent: boolean }
  | { readonly kind: 'leaveQueue' }
  /** The person has proven with the code of the receipt that the case is theirs: its phone is theirs here too. */
  | { readonly kind: 'bind'; readonly ticketId: string }
  /** Where the news of this case's citizen shall go first. */
  | { readonly kind: 'prefer'; readonly ticketId: string; readonly channel: string }
  /** a question that was not answered, or whose answer was rejected */
  | { readonly kind: 'missed'; readonly question: string; readonly why: 'none' | 'rejected' | 'choose'; readonly guides: readonly string[] }

/** The state after the turn, as `npm run converse` prints it. */
export type Outcome = 'guide' | 'ticket' | 'handoff' | 'status' | 'clarify' | 'refuse'

export type Turn = {
  readonly replies: readonly OutboundMessage[]
  readonly focus: Focus | undefined
  readonly memory: Memory
  readonly effects: readonly Effect[]
  readonly outcome: Outcome
  readonly intent: IntentName
  /** guides that were answered from or offered, best first */
  readonly guides: readonly { readonly id: string; readonly title: string }[]
  /** The error behind an apology, for the shell to log. */
  readonly fault?: unknown
}

export type Skill = {
  readonly name: string
  /** Names of the places in its flow; a focus on any other step, left by an older release, is dropped. */
  readonly steps: readonly string[]
  /** 0..1: how sure this skill is that the message is its own; the highest claim answers first, 1 interrupts whatever is running. `match` is the guides' search, done once a turn. */
  readonly claim: (input: TurnInput, match: Lookup['match']) => number
  /** undefined: not mine after all, ask the next. */
  readonly respond: (input: TurnInput, lookup: Lookup) => Promise<Turn | undefined>
}
