/** A guide (办事指南): what to bring, where to go, how long it takes. Facts have a basis; what only the office knows stands in `confirm`. */
export type Guide = {
  /** Stable slug: lower-case words and hyphens. */
  readonly id: string
  readonly title: string
  /** Field of public service: one of the fields in prisma/seed/fields.yaml, e.g. 市场准入. */
  readonly field: string
  /** Id of the department in prisma/seed/departments.yaml. */
  readonly department: string
  /** What citizens call it: old words, slang, short forms. */
  readonly names: readonly string[]
  /** How people ask for it, as they would type. */
  readonly asks: readonly string[]
  readonly who: string
  readonly materials: readonly { readonly name: string; readonly copies?: string; readonly issuer?: string; readonly note?: string }[]
  readonly steps: readonly string[]
  readonly where: string
  readonly time: { readonly legal?: string; readonly promised?: string }
  readonly fee: string
  /** What the citizen is given, where the matter is a benefit: how much, and what it depends on. */
  readonly amount?: string
  readonly online?: string
  readonly proxy: string
  readonly pitfalls: readonly { readonly reason: string; readonly remedy: string }[]
  readonly basis: readonly { readonly title: string; readonly article?: string /** in force since, YYYY-MM-DD */; readonly since: string }[]
  /** Local facts that the office still has to confirm, in words: 窗口与楼层, 咨询电话 … */
  readonly confirm: readonly string[]
  /** YYYY-MM-DD */
  readonly reviewedOn: string
}

export type GuideHit = { readonly id: string; readonly title: string /** 0..1, calibrated: the share of such answers that are right */; readonly score: number }

/** `answer`: the first hit is it; `choose`: offer the hits with 「都不是」; `none`: say so and offer a person. */
export type GuideMatch = { readonly decision: 'answer' | 'choose' | 'none' /** best first, at most five */; readonly guides: readonly GuideHit[] }
