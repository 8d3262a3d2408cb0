import { hears } from '../texts/hears.ts'

const longest = 18

/** What the citizen wants to get done, in their own words: 「房产证」 of 「房产证一直办不下来」. */
export function matterIn(text: string): string | undefined {
  for (const pattern of [hears.matterNot, hears.matterTail, hears.matterHead]) {
    const found = clean(pattern.exec(text)?.[1])
    if (found) return found
  }
  return undefined
}

/** The answer to 「您要办的是哪件事？」: the whole of it, without 「就是我要办」. */
export function matterAnswer(text: string): string | undefined {
  return text.length <= longest ? (clean(text) ?? matterIn(text)) : matterIn(text)
}

function clean(words: string | undefined): string | undefined {
  if (!words) return undefined
  const matter = words.replace(hears.matterLead, '').replace(hears.relative, '').replace(hears.particles, '').trim()
  return matter.length < 2 || matter.length > longest || hears.vague.test(matter) || !/\p{Script=Han}|[A-Za-z]{2}/u.test(matter) ? undefined : matter
}
