import { letterFillers } from './data/talk.ts'
import { shorthand, thesaurus } from './data/thesaurus.ts'
import type { Document } from './document.ts'
import { soundGram } from './grams.ts'
import { initials, readPinyin, sound } from './pinyin.ts'
import type { Part } from './search.ts'

/** What Latin letters in a question mean: a word of the guides (hpv), the initials of a name, or pinyin. */
export type Letters = { readonly isWord: (letters: string) => boolean; readonly read: (run: string) => Part[] }

type Forms = ReadonlyMap<string, readonly string[]>

const longestWord = 8

export function createLetters(documents: readonly Document[]): Letters {
  const words = [...thesaurus.flatMap((line) => line.slice(0, 3)), ...documents.flatMap((document) => document.names)]
  const spoken = words.filter((word) => word.length >= 2 && word.length <= longestWord)
  // Two letters may stand for anything; only those that people really use are read.
  const short = new Map([
    ...group(spoken, (word) => {
      const letters = initials(word)
      return letters.length >= 3 ? letters : undefined
    }),
    ...thesaurus.flatMap((line) => line.filter((word) => /^[a-z]{2,}$/.test(word)).map((word): [string, string[]] => [word, line.slice(0, 1)])),
    ...shorthand,
  ])
  const full = group([...spoken, ...thesaurus.flat()], soundsOf)
  const latin = new Set(documents.flatMap(({ names, asks }) => [...names, ...asks].flatMap((text) => text.match(/[a-z]{2,}/g) ?? [])))
  return {
    isWord: (letters) => latin.has(letters),
    read: (run) => readRun(run.split(/[ ,\uff0c]+/), short, full),
  }
}

function group(words: readonly string[], key: (word: string) => string | undefined): Forms {
  const forms = new Map<string, string[]>()
  for (const word of words) {
    const form = key(word)
    const known = form === undefined ? undefined : forms.get(form)
    if (known) {
      if (known.length < 4 && !known.includes(word)) known.push(word)
    } else if (form !== undefined) forms.set(form, [word])
  }
  return forms
}

function soundsOf(word: string): string | undefined {
  const heard = Array.from(word, (char) => sound(char.charCodeAt(0)))
  return word.length >= 2 && heard.every((one) => one > 0) ? heard.join() : undefined
}

/** 「sfz diu le」: the initials of a name, then pinyin; the words that they most likely are also stand together, as they would be written. */
function readRun(tokens: readonly string[], short: Forms, full: Forms): Part[] {
  const parts: Part[] = []
  const found: (readonly string[])[] = []
  let spelt: string[] = []
  const endSpelt = () => {
    const sounds = readPinyin(spelt.join(' ').replace(letterFillers, ' ')) ?? []
    spelt = []
    if (sounds.length === 0) return
    parts.push({ text: '', weight: 2, grams: sounds.slice(1).map((one, at) => soundGram(sounds[at] ?? 0, one)) })
    found.push(...wordsOf(sounds, full))
  }
  for (const token of tokens) {
    const words = short.get(token)
    if (!words) spelt.push(token)
    else {
      endSpelt()
      found.push(words)
    }
  }
  endSpelt()
  if (found.length > 1) parts.push({ text: found.map(([word]) => word).join(''), weight: 0.95 })
  return [...parts, ...found.flatMap((words) => words.slice(0, 2).map((text) => ({ text, weight: 0.9 })))]
}

/** The longest known words that sound so, from left to right. */
function wordsOf(sounds: readonly number[], full: Forms): (readonly string[])[] {
  const found: (readonly string[])[] = []
  for (let at = 0; at < sounds.length; at++) {
    for (let length = Math.min(longestWord, sounds.length - at); length > 1; length--) {
      const words = full.get(sounds.slice(at, at + length).join())
      if (!words) continue
      found.push(words)
      at += length - 1
      break
    }
  }
  return found
}
