import { commandTitles } from '../texts/casework.ts'
import type { CommandType } from './decision.ts'
import type { Role, Stage } from './ticket.ts'

export type Option = { readonly value: string | number; readonly label: string }

export type Field = {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'longtext' | 'choice' | 'department' | 'departments' | 'boolean' | 'number' | 'allowance' | 'survey' | 'lesson' | 'facts'
  readonly required: boolean
  readonly options?: readonly Option[]
  /** proposed value: from the bot's proposal or the ticket */
  readonly value?: unknown
}

/** One row of the stage table: from which stages, by which roles, to which stage. */
export type Step = {
  readonly command: CommandType
  readonly title: string
  readonly from: readonly Stage[]
  readonly to?: Stage
  /** where a "no" leads: a check not passed, a citizen not satisfied */
  readonly back?: Stage
  readonly roles: readonly Role[]
  /** who else may, besides staff */
  readonly others?: readonly ('citizen' | 'bot' | 'clock' | 'outside')[]
  /** chief and liaison act for the lead department only */
  readonly ofUnit?: true
  /** follows from another command and is no button of its own */
  readonly inside?: true
  /** whether it may be done while the clock is stopped; default no */
  readonly paused?: 'also' | 'only'
  readonly fields: readonly Field[]
}

export const text = (name: string, title: string): Field => ({ name, label: title, kind: 'text', required: true })
export const long = (name: string, title: string): Field => ({ name, label: title, kind: 'longtext', required: true })
export const optional = (field: Field): Field => ({ ...field, required: false })
export const choice = (name: string, title: string, options: readonly Option[] = []): Field => ({ name, label: title, kind: 'choice', required: true, options })
export const named = (titles: Readonly<Record<string, string>>): Option[] => Object.entries(titles).map(([value, title]) => ({ value, label: title }))
export const same = (words: readonly string[]): Option[] => words.map((word) => ({ value: word, label: word }))

export const step = (command: CommandType, rest: Omit<Step, 'command' | 'title'>): Step => ({ command, title: commandTitles[command], ...rest })
