import { randomInt, randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Controller } from '../bot/controller.ts'
import type { Instant } from '../casework/ticket.ts'
import type { Cipher } from '../prisma/cipher.ts'
import type { Commit } from '../prisma/committer.ts'
import type { Database } from '../prisma/database.ts'
import type { CommittedTurn } from '../prisma/turns.ts'
import type { Channels } from './channels.ts'
import type { Scan } from './files/scan.ts'
import type { FileStore } from './files/store.ts'
import type { Revoice } from './files/voice.ts'
import type { Hub, StaffHub } from './hub.ts'
import type { Mailbox } from './mailbox.ts'
import type { Choose } from './model.ts'
import type { KnowledgeKeeper } from './office.ts'
import type { Partners } from './partners.ts'
import type { Pushes } from './pushes.ts'

/** The parts that a running process is made of, passed as one plain value. */
export type Shell = {
  readonly db: Database
  readonly cipher: Cipher
  readonly commit: Commit
  readonly mailbox: Mailbox
  readonly knowledge: KnowledgeKeeper
  readonly controller: Controller
  readonly channels: Channels
  readonly partners: Partners
  /** where the staff are called on their phones */
  readonly pushes: Pushes
  /** the address of the pages, where it is known */
  readonly origin: string | undefined
  /** what citizens sent: photos and papers */
  readonly store: FileStore
  readonly scan: Scan | undefined
  readonly revoice: Revoice
  /** the office's own model, where it has one */
  readonly choose: Choose | undefined
  /** new messages and states, by person id */
  readonly chats: Hub<CommittedTurn>
  readonly staff: StaffHub
  /** that somebody of the staff types to a person, by person id */
  readonly typing: Hub<'staff'>
  /** the newest version of each conversation and case that this process's sockets were told of lately, by id */
  readonly told: Map<string, number>
  /** when each tick last ran, and when it last failed, in this process */
  readonly ticks: Map<string, { readonly at: Instant; readonly lateMs: number; readonly failedAt?: Instant }>
  /** shown names of staff, by id */
  readonly names: ReadonlyMap<string, string>
  readonly now: () => Instant
  readonly log: Logger
}

export const newId = (): string => randomUUID()

/** Six digits that can be read out over the phone; guessing is throttled and needs the number besides. */
export const newQueryCode = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0')
