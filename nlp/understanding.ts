/** What a citizen's message means, as far as words can tell. Plain JSON; produced by `createUnderstanding` in engine.ts. */

export type IntentName =
  | 'guide' // asks how or where to do something
  | 'unresolved' // tells of something that could not be done
  | 'status' // asks where a registered case stands
  | 'human' // wants a person
  | 'chitchat'
  | 'offtopic'
  | 'emergency' // life or danger, plainly or veiled
  | 'boundary' // litigation, arbitration, petition, discipline, administrative review: another door by law
  | 'abuse'
  | 'affirm'
  | 'deny'
  | 'feedback' // 「答非所问」: rejects or praises what was just answered

export type Intent = { readonly name: IntentName /** 0..1, calibrated */; readonly confidence: number }

/** The part of a guide that a question asks for. */
export type Aspect =
  | 'where'
  | 'materials'
  | 'steps'
  | 'time'
  | 'fee'
  | 'amount'
  | 'deadline'
  | 'age'
  | 'online'
  | 'who'
  | 'proxy'
  | 'hours'
  | 'phone'
  | 'basis'
  | 'missing'

export type EntityKind =
  | 'name'
  | 'phone'
  | 'idNumber'
  /** meant as an identity number, and is none by length or check digit */
  | 'wrongIdNumber'
  | 'company'
  | 'address'
  | 'district'
  | 'department'
  | 'date'
  | 'visits'
  | 'told'
  | 'written'
  | 'missingPapers'
  | 'onBehalfOf'
  | 'secrecy'
  | 'anonymity'
  | 'ticketNumber'
  | 'queryCode'
  | 'rating'

/** A fact found in the text. `value` is normalised: digits half-width, dates as `findDates` gives them (Asia/Shanghai), booleans 'true' | 'false', ratings '1'..'5'. */
export type Entity = { readonly kind: EntityKind; readonly value: string /** UTF-16 offsets into `text` */; readonly start: number; readonly end: number }

export type BoundaryDoor = 'litigation' | 'arbitration' | 'petition' | 'discipline' | 'review' | 'disclosure'

/** A finding that a person should see (未一次性告知, 吃拿卡要 …), with the words that led to it. */
export type Flag = { readonly name: string; readonly words: string }

export type Understanding = {
  /** The text as the engine reads it: half-width, simplified characters, trimmed; same offsets as `entities`. */
  readonly text: string
  /** Best first; never empty. */
  readonly intents: readonly Intent[]
  readonly aspect?: Aspect
  readonly entities: readonly Entity[]
  /** There may be danger to a life: too little to call a person, too much to pass over in silence. */
  readonly worrying: boolean
  readonly urgency: 'routine' | 'urgent' | 'critical'
  readonly door?: BoundaryDoor
  /** Cause of a stuck case: the block_cause list of casework/ticket.ts. */
  readonly cause?: { readonly name: string; readonly words: string }
  readonly flags: readonly Flag[]
  /** The message takes back something said before (「不对，是…」). */
  readonly correction: boolean
  /** A death in the family and nothing but that: a kind word and what comes first, no alarm. */
  readonly bereaved: boolean
  /** Leaves the present task (「算了」「不办了」). */
  readonly cancel: boolean
  /** Asks why something is asked (「问这个干嘛」). */
  readonly asksWhy: boolean
  /** Will not say what was asked (「不想说」「保密」). */
  readonly declines: boolean
}

/** Words that the office brings along and the language models cannot know. */
export type OfficeWords = {
  readonly departments: readonly { readonly id: string; readonly name: string; readonly aliases: readonly string[] }[]
  readonly districts: readonly string[]
}

/** `today` is YYYY-MM-DD in Asia/Shanghai, to resolve 「上周三」. `expecting` names the fact that was just asked for, so that a bare 「王芳」 is a name. */
export type ReadContext = { readonly today: string; readonly expecting?: string }
