/** What was learnt. `grams` and `idf` lie in the order of their ids; `weights` are those of all labels, gram by gram, the bias last. */
export type Learnt = { readonly labels: readonly string[]; readonly grams: Float64Array; readonly idf: Float32Array; readonly weights: Float32Array }

/**
 * Keeps what took long to learn from one start to the next. Whoever provides it makes sure that what another release of this code has put there is
 * not taken.
 */
export type Shelf = { readonly take: (name: string) => Uint8Array | undefined; readonly put: (name: string, bytes: Uint8Array) => void }

/** Another name for other examples or another way of learning. */
export function nameOf(examples: readonly { readonly text: string; readonly label: string }[], training: object): string {
  let [one, two] = [0x811c9dc5, 0x01000193]
  const add = (text: string): void => {
    for (let at = 0; at < text.length; at++) {
      one = Math.imul(one ^ text.charCodeAt(at), 0x01000193)
      two = Math.imul(two ^ text.charCodeAt(at), 0x85ebca6b) + at
    }
  }
  for (const { label, text } of examples) add(`${label}\t${text}\n`)
  add(JSON.stringify(training))
  return `${(one >>> 0).toString(16)}${(two >>> 0).toString(16)}`
}

/** Four lengths, then grams, idf and weights as they lie in memory, then the labels. */
export function pack({ labels, grams, idf, weights }: Learnt): Uint8Array {
  const names = new TextEncoder().encode(JSON.stringify(labels))
  const lengths = Float64Array.of(grams.length, idf.length, weights.length, names.length)
  const parts = [lengths, grams, idf, weights, names].map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function unpack(bytes: Uint8Array): Learnt {
  // A copy: views of eight bytes must begin at a multiple of eight, which a buffer from a file need not.
  const { buffer } = bytes.slice()
  const [grams = 0, idf = 0, weights = 0, names = 0] = new Float64Array(buffer, 0, 4)
  let at = 32
  const next = (length: number): number => {
    at += length
    return at - length
  }
  return {
    grams: new Float64Array(buffer, next(grams * 8), grams),
    idf: new Float32Array(buffer, next(idf * 4), idf),
    weights: new Float32Array(buffer, next(weights * 4), weights),
    labels: JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, next(names), names))) as string[],
  }
}
