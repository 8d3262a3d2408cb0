/** What a re-ranking sees of a hit, each 0..1: see `compare`. */
export type Feature = number

export type Field = { readonly text: string; readonly weight: number }
export type Document = {
  readonly id: string
  readonly fields: readonly Field[]
  /** Short texts by which the document is known whole. */
  readonly names: readonly string[]
  /** Questions that it answers. */
  readonly asks: readonly string[]
}
export type SearchHit = { readonly at: number; readonly features: readonly Feature[] }
/** A hit of the first pass. */
export type Pooled = { readonly at: number; readonly score: number }
