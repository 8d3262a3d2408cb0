/** One turn at a time for each key (a person who talks, a conversation that is told of), first in, first out; different keys run side by side. */
export type Mailbox = { readonly run: <T>(key: string, turn: () => Promise<T>) => Promise<T>; readonly size: () => number }

export function createMailbox(): Mailbox {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run: (key, turn) => {
      const result = (tails.get(key) ?? Promise.resolve()).then(turn)
      const tail = result.then(
        () => undefined,
        () => undefined,
      )
      tails.set(key, tail)
      void tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key)
      })
      return result
    },
    size: () => tails.size,
  }
}
