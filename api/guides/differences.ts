import type { Guide } from '../../nlp/guide.ts'
import { guidance } from '../../texts/guidance.ts'
import { parts } from '../../texts/guides.ts'

/** One part of a guide in which two texts differ: the lines that are gone and those that have come. A first text differs from none. */
export type Difference = { readonly part: string; readonly gone: readonly string[]; readonly come: readonly string[] }

export function differences(before: Guide | undefined, after: Guide): Difference[] {
  if (!before) return []
  const old = new Map(linesOf(before))
  return linesOf(after).flatMap(([part, come]): Difference[] => {
    const gone = old.get(part) ?? []
    if (gone.length === come.length && gone.every((line, at) => line === come[at])) return []
    const less = { part, gone: gone.filter((line) => !come.includes(line)), come: come.filter((line) => !gone.includes(line)) }
    // Only the order has changed: both are shown as a whole.
    return [less.gone.length + less.come.length > 0 ? less : { part, gone, come }]
  })
}

function linesOf(guide: Guide): [string, readonly string[]][] {
  return [
    [parts.title, [guide.title]],
    [parts.field, [guide.field]],
    [parts.department, [guide.department]],
    [parts.names, guide.names],
    [parts.asks, guide.asks],
    [parts.who, [guide.who]],
    [parts.materials, guide.materials.map((one) => guidance.material(one.name, one.copies, one.issuer, one.note))],
    [parts.steps, guide.steps],
    [parts.where, [guide.where]],
    [parts.legal, some(guide.time.legal)],
    [parts.promised, some(guide.time.promised)],
    [parts.fee, [guide.fee]],
    [parts.amount, some(guide.amount)],
    [parts.online, some(guide.online)],
    [parts.proxy, [guide.proxy]],
    [parts.pitfalls, guide.pitfalls.map((one) => guidance.pitfall(one.reason, one.remedy))],
    [parts.basis, guide.basis.map((one) => guidance.basisLine(one.title, one.article, one.since))],
    [parts.confirm, guide.confirm],
    [parts.reviewedOn, [guide.reviewedOn]],
  ]
}

const some = (text: string | undefined): string[] => (text === undefined ? [] : [text])
