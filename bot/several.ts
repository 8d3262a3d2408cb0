import type { Guide, GuideMatch } from '../nlp/guide.ts'
import { hears } from '../texts/hears.ts'
import { speaksOf } from './matter.ts'
import type { Lookup } from './turn.ts'

/** One of several requests in a message: the guide that answers it, or those it may mean. */
export type Request = { readonly text: string; readonly match: GuideMatch; readonly guide: Guide; readonly isSure: boolean }

/** The two requests of a message that has two: 「身份证和户口本一起补办」, 「…，顺便问一下护照」, 「执照丢了，公章也丢了」. */
export function twoRequests(text: string, lookup: Lookup): readonly [Request, Request] | undefined {
  for (const split of [joined(text), text.split(hears.also), hears.lost2.test(text) ? text.replace(hears.too, '').split(hears.clauseEnd) : []]) {
    const [one, other, ...more] = split.filter((part) => part.trim().length >= 2)
    if (!one || !other || more.length > 0) continue
    const [first, second] = [request(one, lookup), request(other, lookup)]
    if (first && second && first.guide.id !== second.guide.id) return [first, second]
  }
  return undefined
}

/** The verb behind both belongs to each. */
function joined(text: string): readonly string[] {
  const [, lead = '', one, other, verb] = hears.joined.exec(text) ?? []
  return one && other && verb ? [lead + one + verb, lead + other + verb] : []
}

/** Beside another request there is no time to ask which: what is likely is answered. */
const likely = 0.45

function request(text: string, lookup: Lookup): Request | undefined {
  const match = lookup.match(text)
  const guide = match.decision === 'none' ? undefined : lookup.guide(match.guides[0]?.id ?? '')
  return guide && speaksOf(text, guide) ? { text, match, guide, isSure: match.decision === 'answer' || (match.guides[0]?.score ?? 0) >= likely } : undefined
}
