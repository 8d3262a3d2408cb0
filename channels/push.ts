import type { HttpReply, HttpRequest, Instant, Wire } from './contract.ts'

/** One call to a member of staff. It lies open on a locked screen and at a foreign company: no names, no matter, nothing confidential. */
export type Call = {
  readonly title: string
  readonly lines: readonly string[]
  /** the case in the console, where the reader must log in */
  readonly link?: { readonly text: string; readonly url: string }
  /** a button: a tap on it says `words` to us in the name of whoever taps */
  readonly sign?: { readonly text: string; readonly words: string }
}

export type Callee = { readonly kind: 'person'; readonly id: string } | { readonly kind: 'group' }

/** Words or a tap of somebody whom the platform has named. `externalId`: the same words pushed again have the same. */
export type StaffWords = {
  readonly externalId: string
  readonly from: string
  readonly text: string
  /** lets the card that was tapped be changed, once */
  readonly code?: string
}

export type StaffReceipt = { readonly said: readonly StaffWords[]; readonly ack: HttpReply }

/** A frame of the platform's open connection: what was said, what to answer once that is stored, and whether to connect anew. */
export type Frame = { readonly said: readonly StaffWords[]; readonly answer?: string; readonly ends?: true }

export type Stream = {
  /** The address to connect to now, good for one connection. @throws ChannelError */
  readonly open: (wire: Wire) => Promise<string>
  /** @throws ChannelError 'malformed' */
  readonly read: (frame: string) => Frame
}

/** What the settings allow: calls to single persons, to one group of all, and whether the platform tells us what they answer. */
export type Ways = { readonly person: boolean; readonly group?: { readonly perMinute: number }; readonly hears: boolean }

/** A platform on which the staff are called: one `*.push.ts` each. */
export type PushSpec<Config = unknown> = {
  readonly name: string
  /** @throws Error naming every fault */
  readonly parseConfig: (raw: unknown) => Config
  readonly ways: (config: Config) => Ways
  /** `code` is that of a tap: the card is changed instead of a new one sent. @throws ChannelError */
  readonly send: (to: Callee, call: Call, key: string, config: Config, wire: Wire, code?: string) => Promise<void>
  /** Verifies and decodes one request; pure. @throws ChannelError 'forged' | 'malformed' */
  readonly receive?: (request: HttpRequest, config: Config, now: Instant) => StaffReceipt
  readonly stream?: (config: Config) => Stream | undefined
}
