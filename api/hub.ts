import type { LiveFrame } from './contract.ts'

type Listener<T> = (event: T) => void

/** Who wants to hear of what in this process. A push is a hint: whoever misses it reads again. */
export type Hub<Event> = {
  readonly listen: (key: string, listener: Listener<Event>) => () => void
  readonly tell: (key: string, event: Event) => void
  readonly listeners: (key: string) => number
}

export function createHub<Event>(): Hub<Event> {
  const listeners = new Map<string, Set<Listener<Event>>>()
  return {
    listen: (key, listener) => {
      const set = listeners.get(key) ?? new Set()
      listeners.set(key, set.add(listener))
      return () => {
        set.delete(listener)
        if (set.size === 0) listeners.delete(key)
      }
    },
    tell: (key, event) => {
      for (const listener of listeners.get(key) ?? []) listener(event)
    },
    listeners: (key) => listeners.get(key)?.size ?? 0,
  }
}

/** All members of staff who have the console open listen under this key. */
export const allStaff = 'staff'
export type StaffHub = Hub<LiveFrame>
