/** First come, first served; `acquire` gives the function that releases. */
export function createLock(): { readonly acquire: () => Promise<() => void> } {
  let tail: Promise<void> = Promise.resolve()
  return {
    acquire: () => {
      const before = tail
      let release = (): void => undefined
      tail = new Promise((resolve) => {
        release = resolve
      })
      return before.then(() => release)
    },
  }
}
