/** A WebSocket that comes back by itself: with back-off, and at once when the network or the page wakes. */
export type Link = { readonly send: (frame: unknown) => boolean; readonly restart: () => void; readonly close: () => void }

type Options<Frame> = {
  readonly path: string
  /** a token that a socket cannot carry in a header */
  readonly token?: () => string
  /** asked before each opening, e.g. for a session cookie; a throw counts as a failed attempt */
  readonly before?: () => Promise<unknown>
  readonly onOpen: () => void
  readonly onDown: () => void
  readonly onFrame: (frame: Frame) => void
  /** the page is looked at again while the socket seems open */
  readonly onWake: () => void
}

const firstWaitMs = 500
// Longer waits save nothing for one citizen and make the recovery of a whole office look broken.
const longestWaitMs = 15_000

export function openLink<Frame>(options: Options<Frame>): Link {
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let attempt = 0
  let closed = false

  const isOpen = () => socket?.readyState === WebSocket.OPEN

  async function open(): Promise<void> {
    clearTimeout(timer)
    attempt += 1
    const mine = attempt
    socket?.close()
    try {
      await options.before?.()
    } catch {
      return mine === attempt ? later() : undefined
    }
    if (closed || mine !== attempt) return
    const carried = options.token?.()
    const made = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${options.path}`, carried ? ['bandecheng', carried] : [])
    socket = made
    made.onopen = () => {
      failures = 0
      options.onOpen()
    }
    made.onmessage = ({ data }) => options.onFrame(JSON.parse(String(data)) as Frame)
    made.onclose = () => {
      if (mine === attempt) later()
    }
  }

  function later(): void {
    options.onDown()
    if (closed) return
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** failures) * (0.5 + Math.random() / 2)
    failures += 1
    clearTimeout(timer)
    timer = setTimeout(open, wait)
  }

  function restart(): void {
    failures = 0
    options.onDown()
    void open()
  }

  function wake(): void {
    if (closed || document.visibilityState === 'hidden') return
    if (isOpen()) options.onWake()
    else restart()
  }

  function cut(): void {
    options.onDown()
    socket?.close()
  }

  window.addEventListener('online', wake)
  window.addEventListener('offline', cut)
  document.addEventListener('visibilitychange', wake)
  void open()

  return {
    send: (frame) => {
      if (!socket || !isOpen()) return false
      socket.send(JSON.stringify(frame))
      return true
    },
    restart,
    close: () => {
      closed = true
      clearTimeout(timer)
      socket?.close()
      window.removeEventListener('online', wake)
      window.removeEventListener('offline', cut)
      document.removeEventListener('visibilitychange', wake)
    },
  }
}
