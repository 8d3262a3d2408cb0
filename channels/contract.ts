/** An instant in integer milliseconds since 1970-01-01T00:00:00Z. Plain JSON, equal on every database. */
export type Instant = number

/** Someone at the far end of a channel. `id` is unique within the channel and never chosen by the client. */
export type Person = {
  readonly channel: string
  readonly id: string
  readonly name?: string
  readonly phone?: string
}

export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choice'; readonly value: string; readonly text: string }
  | { readonly kind: 'media'; readonly media: 'image' | 'voice' | 'video' | 'file'; readonly ref: string; readonly name?: string }
  | { readonly kind: 'location'; readonly latitude: number; readonly longitude: number; readonly label?: string }
  | { readonly kind: 'event'; readonly event: string }

/** One arrival. `externalId` is the idempotency key: unique within its channel. */
export type InboundMessage = {
  readonly externalId: string
  readonly sender: Person
  readonly content: Content
  readonly sentAt: Instant
}

/** A tap-able answer. `value` goes back as it is (`guide:…`, `aspect:…`, `door:…`, `human`, `rate:…`); `text` is shown. */
export type Choice = { readonly value: string; readonly text: string }

/** A guide as a foldable card; channels without cards print the headings and lines as text. */
export type GuideCard = {
  readonly guideId: string
  readonly title: string
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[]
  /** Shown under the card: review date, and what is still to be confirmed by the office. */
  readonly note: string
}

export type Attachment = { readonly name: string; readonly ref: string }

export type OutboundMessage = {
  readonly text: string
  readonly choices?: readonly Choice[]
  readonly card?: GuideCard
  readonly attachments?: readonly Attachment[]
}

export type HttpRequest = {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export type HttpReply = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }

/** What a channel may carry: lengths in characters, windows in milliseconds. */
export type ChannelLimits = {
  readonly textLength: number
  readonly choices: number
  readonly replyWindowMs?: number
  readonly quota?: number
}

export type FreshToken = { readonly token: string; readonly livesMs: number }

/**
 * Access tokens of the platforms, kept outside the channels: of all who ask for one key at a time, one fetches and the others wait for it.
 * `stale` is a token that the platform has just refused; it is not given out again.
 */
export type Tokens = (key: string, renew: () => Promise<FreshToken>, stale?: string) => Promise<string>

/** How a channel reaches the outside: injected, so that tests and simulators stand in for the platform. */
export type Wire = { readonly fetch: typeof fetch; readonly now: () => Instant; readonly tokens: Tokens }

export type Receipt = {
  readonly messages: readonly InboundMessage[]
  /** what the platform is told when everything is stored */
  readonly ack: HttpReply
  /** Answers in the platform's own request, where it takes answers there; undefined when they do not fit and must be sent. */
  readonly answer?: (message: OutboundMessage) => HttpReply | undefined
}

export type ChannelSpec<Config = unknown> = {
  readonly name: string
  readonly limits: ChannelLimits
  /** Parses the channel's settings. @throws Error naming every fault. */
  readonly parseConfig: (raw: unknown) => Config
  /** Verifies and decodes one request; pure. @throws ChannelError 'forged' | 'malformed' */
  readonly receive: (request: HttpRequest, config: Config, now: Instant) => Receipt
  /** Cuts a message into what the channel carries at once; a retry then goes on where it stopped. */
  readonly parts: (message: OutboundMessage) => readonly OutboundMessage[]
  /** Delivers one part under a stable idempotency key. @throws ChannelError 'busy' | 'unreachable' | 'refused' */
  readonly send: (to: Person, message: OutboundMessage, key: string, config: Config, wire: Wire) => Promise<{ readonly externalId?: string }>
}

export type ChannelErrorCode = 'forged' | 'malformed' | 'busy' | 'unreachable' | 'refused'

/** A fault at a channel's border; `code` says whether to retry (`busy`, `unreachable`), give up (`refused`) or reject (`forged`, `malformed`). */
export class ChannelError extends Error {
  readonly code: ChannelErrorCode
  constructor(code: ChannelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ChannelError'
    this.code = code
  }
}
