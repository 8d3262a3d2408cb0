import type { Guide } from '../nlp/guide.ts'
import { hears } from '../texts/hears.ts'

const longest = 18

/**
 * What the citizen wants to get done, in their own words: 「房产证」 of 「房产证一直办不下来」.
 * `names` are what citizens call the guides that the words are near to; such a name in the text is the surest sign.
 */
export function matterIn(text: string, names: readonly string[] = []): string | undefined {
  const corrected = clean(hears.matterNot.exec(text)?.[1])
  if (corrected) return nounIn(corrected) ?? corrected
  const told = hears.toldBy.find(([pattern]) => pattern.test(text))?.[1]
  if (told) return told
  const named = longestIn(text, names)
  const noun = nounIn(text)
  const action = noun && hears.action.test(noun) ? clean(hears.matterAction.exec(text)?.[0]) : undefined
  if (action) return action
  // What is named first is the matter; what comes after is mostly a paper that is asked for.
  if (noun && (!named || noun.includes(named) || text.indexOf(noun) < text.indexOf(named))) return noun
  return (
    named ?? (hears.complaint.test(text) ? hears.attitude : undefined) ?? clean(hears.matterTail.exec(text)?.[1]) ?? clean(hears.matterHead.exec(text)?.[1])
  )
}

/** The answer to 「您要办的是哪件事？」: the whole of it, without 「就是我要办」. */
export function matterAnswer(text: string, names: readonly string[] = []): string | undefined {
  // 「说缺发票」 tells where it got stuck, not what it is about.
  const isWhole = text.length <= longest && !hears.tellsLack.test(text)
  return (isWhole ? clean(text) : undefined) ?? matterIn(text, names)
}

function longestIn(text: string, names: readonly string[]): string | undefined {
  let found: string | undefined
  for (const name of names) {
    // What is missing is a paper for the matter, not the matter.
    const isWanted = text.includes(name) && !hears.lacking.test(text.slice(0, text.indexOf(name)))
    if (name.length > (found?.length ?? 1) && isWanted && clean(name) === name) found = name
  }
  return found
}

/** The first noun that is a matter: a certificate, a benefit, a registration. */
function nounIn(text: string): string | undefined {
  for (const [whole] of text.matchAll(new RegExp(hears.matterNoun, 'gu'))) {
    const noun = clean(whole.replace(hears.matterNounStart, ''))
    if (noun) return noun
  }
  return undefined
}

function clean(words: string | undefined): string | undefined {
  if (!words) return undefined
  const matter = words.replace(hears.matterLead, '').replace(hears.relative, '').replace(hears.particles, '').trim()
  const isUsable = matter.length >= 2 && matter.length <= longest && /\p{Script=Han}|[A-Za-z]{2}/u.test(matter)
  return isUsable && !hears.vague.test(matter) && !hears.notMatter.test(matter) ? matter : undefined
}

/** 「是公司不是个体户」: the part of the matter that is taken back gives way to what it should be. */
export function swapped(text: string, matter: string | undefined): string | undefined {
  const [, is, isNot] = hears.isNot.exec(text) ?? []
  const [, wasNot, was] = hears.notIs.exec(text) ?? []
  const [wrong, right] = isNot ? [isNot, is] : [wasNot, was]
  return matter && wrong && right && matter.includes(wrong) ? matter.replace(wrong, right) : undefined
}

/** The guide's title without its explanation in brackets, as a person would say it. */
export function spokenTitle(guide: Guide): string {
  return guide.title.replace(/[\uFF08(].*$/, '') || guide.title
}

/** Whether the words name the guide's matter, not only sound like questions or troubles about it. */
export function speaksOf(text: string, guide: Guide): boolean {
  const isNamed = guide.names.some((one) => one.length >= 2 && !hears.notMatter.test(one) && text.includes(one))
  return isNamed || [guide.title, ...guide.names].some((one) => isTelling(commonRun(text, one)))
}

const isTelling = (run: string) => run.length >= 3 && !hears.notMatter.test(run)

/** The longest run of characters that both have. */
export function commonRun(a: string, b: string): string {
  let best = ''
  for (let from = 0; from < b.length; from++) {
    while (from + best.length < b.length && a.includes(b.slice(from, from + best.length + 1))) best = b.slice(from, from + best.length + 1)
  }
  return best
}
