/** Files that wait to be sent: in the browser's own database, so that a reload on a bad line does not lose the photo that was just taken. */

const held = new Map<string, Blob>()

function store<T>(mode: IDBTransactionMode, act: (files: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open('bandecheng', 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore('files')
      opening.onerror = () => resolve(undefined)
      opening.onsuccess = () => {
        const database = opening.result
        const asked = act(database.transaction('files', mode).objectStore('files'))
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => resolve(undefined)
        asked.transaction?.addEventListener('complete', () => database.close())
      }
    } catch {
      resolve(undefined) // closed in private windows: then it lasts as long as the page
    }
  })
}

export function keepParcel(key: string, file: Blob): void {
  held.set(key, file)
  void store('readwrite', (files) => files.put(file, key))
}

export const parcelOf = async (key: string): Promise<Blob | undefined> => held.get(key) ?? (await store<Blob>('readonly', (files) => files.get(key)))

export function dropParcel(key: string): void {
  held.delete(key)
  void store('readwrite', (files) => files.delete(key))
}
