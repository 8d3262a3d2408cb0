import { onScopeDispose, ref, shallowRef } from 'vue'
import type { LiveFrame, StaffFrame } from '../../api/contract.ts'
import { messageOf } from '../http.ts'
import { type Link, openLink } from '../socket.ts'
import { me } from './session.ts'

type Hint = Exclude<LiveFrame, { type: 'hello' }>

const listeners = new Set<(hint: Hint) => void>()
export const live = ref(true)
let link: Link | undefined
const openers = new Set<() => void>()

/** Hints of what has changed; lists are re-read without them too, so a lost hint costs at most half a minute. */
export function startLive(): void {
  link ??= openLink<LiveFrame>({
    path: '/api/staff/live',
    onOpen: () => {
      live.value = true
      for (const opener of openers) opener()
    },
    onDown: () => {
      live.value = false
    },
    onWake: () => undefined,
    onFrame: (frame) => {
      if (frame.type !== 'hello') for (const listener of listeners) listener(frame)
    },
  })
}

/** Lost when the connection is: whoever needs it says it again in `onLive`. */
export const tellLive = (frame: StaffFrame): void => void link?.send(frame)

/** Called at every opening of the connection, as long as the component lives. */
export function onLive(opener: () => void): void {
  openers.add(opener)
  onScopeDispose(() => openers.delete(opener))
}

/** Every hint, as long as the component lives. */
export function onHint(listener: (hint: Hint) => void): void {
  listeners.add(listener)
  onScopeDispose(() => listeners.delete(listener))
}

export function stopLive(): void {
  link?.close()
  link = undefined
}

const everyMs = 30_000
// A talk in full flow gives several hints a second.
const gatherMs = 250

/** Data that is read now, on hints that matter, twice a minute, and when the page is looked at again. The newest reading wins. */
export function useReading<Data>(read: () => Promise<Data>, matters: (hint: Hint) => boolean = ({ type }) => type !== 'presence') {
  const data = shallowRef<Data>()
  const problem = ref('')
  const at = ref(0)
  let turn = 0
  let shown = 0
  let gathering: ReturnType<typeof setTimeout> | undefined

  async function reload(): Promise<void> {
    // A reading that was put off until after the logout would only be refused.
    if (!me.value) return
    const mine = ++turn
    try {
      const found = await read()
      if (mine < shown) return
      shown = mine
      data.value = found
      at.value = Date.now()
      problem.value = ''
    } catch (error) {
      if (mine >= shown) problem.value = messageOf(error)
    }
  }
  const soon = (): void => {
    clearTimeout(gathering)
    gathering = setTimeout(reload, gatherMs)
  }
  const heed = (hint: Hint): void => {
    if (matters(hint)) soon()
  }
  const onLook = (): void => {
    if (document.visibilityState === 'visible') soon()
  }
  /** Shows what a command has answered, and drops readings that began before it. */
  const show = (found: Data): void => {
    shown = ++turn
    data.value = found
    at.value = Date.now()
    problem.value = ''
  }

  const timer = setInterval(reload, everyMs)
  listeners.add(heed)
  // What was missed while the line was cut is read as soon as it is back.
  onLive(soon)
  window.addEventListener('focus', onLook)
  document.addEventListener('visibilitychange', onLook)
  onScopeDispose(() => {
    clearInterval(timer)
    clearTimeout(gathering)
    listeners.delete(heed)
    window.removeEventListener('focus', onLook)
    document.removeEventListener('visibilitychange', onLook)
  })
  void reload()
  return { data, problem, at, reload, show }
}
