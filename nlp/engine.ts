import type { Guide, GuideMatch } from './guide.ts'
import type { Understanding } from './understanding.ts'

/** Words that the office brings along and the language models cannot know. */
export type OfficeWords = {
  readonly departments: readonly { readonly id: string; readonly name: string; readonly aliases: readonly string[] }[]
  readonly districts: readonly string[]
}

/** `today` is YYYY-MM-DD in Asia/Shanghai, to resolve 「上周三」. `expecting` names the fact that was just asked for, so that a bare 「王芳」 is a name. */
export type ReadContext = { readonly today: string; readonly expecting?: string }

export type Understand = (text: string, context: ReadContext) => Understanding

/** An immutable index over guides; build a new one when guides change. */
export type GuideIndex = { readonly match: (text: string) => GuideMatch; readonly size: number }

export declare function createUnderstanding(words: OfficeWords): Understand
export declare function createGuideIndex(guides: readonly Guide[]): GuideIndex
