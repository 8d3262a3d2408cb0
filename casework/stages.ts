import type { CommandType } from './decision.ts'
import type { Role, Stage } from './ticket.ts'

export type Field = {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'longtext' | 'choice' | 'department' | 'departments' | 'boolean' | 'number' | 'allowance' | 'survey' | 'lesson'
  readonly required: boolean
  readonly options?: readonly { readonly value: string | number; readonly label: string }[]
  /** proposed value: from the bot's proposal or the ticket */
  readonly value?: unknown
}

/** A button of the console, as the stage table allows it to this actor now. */
export type CommandOffer = { readonly type: CommandType; readonly title: string; readonly fields: readonly Field[] }

/** One row of the stage table: from which stages, by which roles, to which stage. */
export type Step = {
  readonly command: CommandType
  readonly title: string
  readonly from: readonly Stage[]
  readonly to?: Stage
  readonly roles: readonly Role[]
  readonly fields: readonly Field[]
}
