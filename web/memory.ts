/** What the browser keeps between visits. Where storage is closed (private windows) it lasts as long as the page. */
const fallback = new Map<string, string>()
const name = (key: string) => `bandecheng.${key}`

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value)
  fallback.set(key, text)
  try {
    localStorage.setItem(name(key), text)
  } catch {
    return // full or forbidden: the page's own copy is enough to go on
  }
}

export function recall<Value>(key: string, otherwise: Value): Value {
  try {
    const text = localStorage.getItem(name(key)) ?? fallback.get(key)
    return text === undefined ? otherwise : (JSON.parse(text) as Value)
  } catch {
    const text = fallback.get(key)
    return text === undefined ? otherwise : (JSON.parse(text) as Value)
  }
}

export function forget(key: string): void {
  fallback.delete(key)
  try {
    localStorage.removeItem(name(key))
  } catch {
    return // nothing was kept there
  }
}
