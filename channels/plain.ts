import type { GuideCard, OutboundMessage } from './contract.ts'

/** A message as plain text: cards as headings and lines, choices as numbers that the citizen answers with. */
export function plainText({ text, card, choices }: OutboundMessage): string {
  const listed = (choices ?? []).map((choice, index) => `${index + 1}. ${choice.text}`)
  return [text, ...(card ? [cardText(card)] : []), listed.join('\n')].filter((part) => part !== '').join('\n\n')
}

const cardText = ({ title, sections, note }: GuideCard): string =>
  [title, ...sections.map(({ heading, lines }) => [heading, ...lines].join('\n')), note].filter((part) => part !== '').join('\n\n')

/**
 * Cuts text so that each piece measures at most `most`, at the end of a line where there is one in the later half, and never inside a
 * character.
 */
export function cutText(text: string, most: number, measure: (text: string) => number): string[] {
  const pieces: string[] = []
  let rest = text
  while (measure(rest) > most) {
    const head = longestHead(rest, most, measure)
    const line = head.lastIndexOf('\n')
    const cut = line > head.length / 2 ? line : head.length
    pieces.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
  }
  return [...pieces, rest].filter((piece) => piece !== '')
}

function longestHead(text: string, most: number, measure: (text: string) => number): string {
  let size = 0
  let length = 0
  for (const character of text) {
    size += measure(character)
    if (size > most && length > 0) break
    length += character.length
  }
  return text.slice(0, length)
}

export const utf8Bytes = (text: string): number => Buffer.byteLength(text)
