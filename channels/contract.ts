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
  /** `sound`: the recording of words that were spoken and that the platform has written down */
  | { readonly kind: 'text'; readonly text: string; readonly sound?: string }
  | { readonly kind: 'choice'; readonly value: string; readonly text: string }
  | { readonly kind: 'media'; readonly media: 'image' | 'voice' | 'video' | 'file'; readonly ref: string; readonly name?: string }
  | { readonly kind: 'location'; readonly latitude: number; readonly longitude: number; readonly label?: string }
  /** `code` entitles to one message in answer, for some seconds and outside the quota. */
  | { readonly kind: 'event'; readonly event: string; readonly code?: string }

/** What an arrival lets us send: words open the quota anew, a tap adds some for a moment. */
export type Opening = { readonly by: 'words' | 'tap'; readonly messages: number; readonly ms: number }

/** One arrival. `externalId` is the idempotency key: unique within its channel. */
export type InboundMessage = {
  readonly externalId: string
  readonly sender: Person
  readonly content: Content
  readonly sentAt: Instant
  readonly opens?: Opening
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

export type Attachment = { readonly name: string; readonly ref: string; readonly media: 'image' | 'file' }

/**
 * The news of a case as fields, for platforms that carry prepared forms only. `texts`: what has happened, in full and then in fewer and fewer
 * words. `asks`: it is the survey, and the last of them says how to answer.
 */
export type News = { readonly number: string; readonly matter: string; readonly texts: readonly string[]; readonly at: Instant; readonly asks: boolean }

export type OutboundMessage = {
  readonly text: string
  /** the same in fewer and fewer words, for forms with little room */
  readonly brief?: readonly string[]
  readonly choices?: readonly Choice[]
  readonly card?: GuideCard
  readonly attachments?: readonly Attachment[]
  readonly news?: News
}

export type HttpRequest = {
  /** of whoever sends it, as the proxy has told it */
  readonly address?: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export type HttpReply = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }

/** What a channel may carry: lengths in characters, times in milliseconds. */
export type ChannelLimits = {
  readonly textLength: number
  readonly choices: number
  readonly replyWindowMs?: number
  /** messages for each arrival; the shell counts them by what the arrivals open */
  readonly quota?: number
  /** a message that is sent again under its key is taken and counted once */
  readonly keyed?: true
  /** how long an answer waits for the platform's own request to carry it */
  readonly inPlaceMs?: number
  /** choices are shown as things to tap, and need not be written out */
  readonly menus?: boolean
}

export type FreshToken = { readonly token: string; readonly livesMs: number }

/**
 * Access tokens of the platforms, kept outside the channels: of all who ask for one key at a time, one fetches and the others wait for it.
 * `stale` is a token that the platform has just refused; it is not given out again.
 */
export type Tokens = (key: string, renew: () => Promise<FreshToken>, stale?: string) => Promise<string>

/** How a channel reaches the outside: injected, so that tests and simulators stand in for the platform. */
export type Wire = { readonly fetch: typeof fetch; readonly now: () => Instant; readonly tokens: Tokens }

/**
 * What a platform says later of a message that it took; `externalId` is what `send` returned, or `otherwise`, where the platform names a message
 * only now.
 */
export type Fate = { readonly externalId: string; readonly otherwise?: string; readonly delivered: boolean; readonly reason?: string }

/** Whether a citizen wants to be told by a form. */
export type Consent = { readonly person: Person; readonly form: string; readonly given: boolean }

/** Words of an agent who answered in the platform's own program. */
export type Said = { readonly to: Person; readonly by: string; readonly externalId: string; readonly text: string }

/** A human session that has ended at the platform at that instant, in whole seconds; `code` entitles to one last message, for some seconds. */
export type Ended = { readonly person: Person; readonly externalId: string; readonly at: Instant; readonly code?: string }

/** An agent whom the platform has given the conversation to; `agent`: that one's account at the desk, where it is known. */
export type Given = { readonly person: Person; readonly by: string; readonly agent?: string }

/** What has arrived, by push or by pull. */
export type Arrivals = {
  readonly messages: readonly InboundMessage[]
  readonly fates?: readonly Fate[]
  readonly consents?: readonly Consent[]
  /** those whose personal data must be deleted because they left */
  readonly gone?: readonly Person[]
  readonly said?: readonly Said[]
  readonly taken?: readonly Given[]
  readonly ended?: readonly Ended[]
}

/** Something waits at the platform: `name` says where, the token is good for minutes. `push`: by which the same push is known again. */
export type Pull = { readonly name: string; readonly token?: string; readonly push?: string }

/** `restarted`: the platform did not know the cursor, and was read from where it begins: much of this was read before. */
export type Page = Arrivals & { readonly cursor: string; readonly more: boolean; readonly restarted?: true }

export type Receipt = Arrivals & {
  readonly pull?: Pull
  /** what the platform is told when everything is stored */
  readonly ack: HttpReply
  /**
   * What the platform is told when its patience ends first: its push is then kept whole and dealt with later. Where it is undefined the platform is
   * told that it must push again.
   */
  readonly late?: HttpReply
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
  readonly parts: (message: OutboundMessage, config: Config) => readonly OutboundMessage[]
  /** Delivers one part under a stable idempotency key. @throws ChannelError */
  readonly send: (to: Person, message: OutboundMessage, key: string, config: Config, wire: Wire, trial?: Trial) => Promise<Sent>
  /** The prepared forms for news, which are allowed outside the window, in the order in which they are tried. */
  readonly forms?: (config: Config) => readonly Form[]
  /** Reads one page of what waits at the platform. @throws ChannelError */
  readonly pull?: (ask: Pull, cursor: string | undefined, config: Config, wire: Wire) => Promise<Page>
  /** True for the account of an agent who, once they have taken over, speaks in the platform's own program and cannot from here. */
  readonly speaksThere?: (agent: string, config: Config) => boolean
  /** Tells the platform who speaks now. @throws ChannelError */
  readonly session?: (to: Person, speaker: Speaker, config: Config, wire: Wire) => Promise<void>
  /** What the platform must be told once when the program starts, where the settings ask for it. It @throws ChannelError */
  readonly setUp?: (config: Config) => ((wire: Wire) => Promise<void>) | undefined
  /** Fetches what a media message refers to. @throws ChannelError */
  readonly media?: (ref: string, config: Config, wire: Wire) => Promise<Fetched>
  /** True where addresses are handed on, as numbers of phones are: whoever writes from one now need not be who wrote from it before. */
  readonly handedOn?: true
  /** True where the platform says of each message what became of it: one that it says nothing of has not arrived. */
  readonly receipts?: (config: Config) => boolean
  /** True where a person at the office sends the messages by hand. */
  readonly byHand?: (config: Config) => boolean
}

/** `code`: that of the event that is answered. `refusals`: how often the platform has said itself that it did not take this message. */
export type Trial = { readonly code?: string | undefined; readonly refusals?: number }

/** A file as the platform hands it out; `name`: what the sender called it, where the platform tells. */
export type Fetched = { readonly bytes: Buffer; readonly type: string; readonly name?: string }

/** Who speaks in a conversation; `agent` is the account of the person who took over. */
export type Speaker = { readonly kind: 'bot' } | { readonly kind: 'human'; readonly agent: string }

/** A form as the platform has granted it. Its `send` @throws ChannelError */
export type Form = { readonly id: string; readonly send: (to: Person, news: News, key: string, wire: Wire) => Promise<Sent> }

/**
 * `externalId`: by which the platform will tell what became of it. `unsure`: nobody knows whether it was taken, and a second one would be one too
 * many; what the platform tells later decides.
 */
export type Sent = { readonly externalId?: string; readonly unsure?: true }

export type ChannelErrorCode = 'forged' | 'malformed' | 'busy' | 'unreachable' | 'refused' | 'unwanted' | 'closed' | 'barred'

/**
 * A fault at a channel's border. `code` says what happens next: `busy`, `unreachable`: again later; `refused`: never to this person by this way;
 * `unwanted`: not before this person says that they want this form; `closed`: not before the citizen writes again; `barred`: not before the office has repaired its account; `forged`, `malformed`: turned away.
 */
export class ChannelError extends Error {
  readonly code: ChannelErrorCode
  /** the platform's own number of the fault, where it gives one */
  readonly number: number | undefined
  /** the platform has said itself that it took nothing */
  readonly untaken: boolean
  constructor(code: ChannelErrorCode, message: string, options?: ErrorOptions & { readonly number?: number; readonly untaken?: boolean }) {
    super(message, options)
    this.name = 'ChannelError'
    this.code = code
    this.number = options?.number
    this.untaken = options?.untaken ?? false
  }
}
