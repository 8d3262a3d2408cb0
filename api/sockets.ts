import type { WebSocket } from 'ws'

/** A peer that does not read is cut off here: what it misses it reads by `sync` when it comes back. */
const mostBuffered = 1_000_000
const pingEveryMs = 30_000
/** Behind this a close frame was lost or the peer is gone. */
const closePatienceMs = 2_000

export type Sockets = {
  /** Keeps an eye on an open socket until it closes; undefined when the process has all it can take. */
  readonly admit: (socket: WebSocket) => boolean
  readonly send: (socket: WebSocket, frame: unknown) => void
  readonly size: () => number
  readonly close: () => Promise<void>
}

/** Pings, cuts off silent and slow peers, and closes all of them in time at shutdown: none of it is done by the library. */
export function createSockets(most: number): Sockets {
  const answering = new Map<WebSocket, boolean>()
  const pinger = setInterval(() => {
    for (const [socket, answered] of answering) {
      if (!answered) socket.terminate()
      answering.set(socket, false)
      socket.ping()
    }
  }, pingEveryMs)
  pinger.unref()
  return {
    admit: (socket) => {
      if (answering.size >= most) {
        socket.close(1013)
        return false
      }
      answering.set(socket, true)
      socket.on('pong', () => answering.set(socket, true))
      socket.on('close', () => answering.delete(socket))
      // A broken connection is closed by the library; without a listener its error would end the process.
      socket.on('error', () => socket.terminate())
      return true
    },
    send: (socket, frame) => {
      if (socket.bufferedAmount > mostBuffered) socket.terminate()
      else socket.send(JSON.stringify(frame))
    },
    size: () => answering.size,
    close: async () => {
      clearInterval(pinger)
      for (const socket of answering.keys()) socket.close(1012)
      const silent = setTimeout(() => {
        for (const socket of answering.keys()) socket.terminate()
      }, closePatienceMs)
      await Promise.all([...answering.keys()].map((socket) => new Promise((resolve) => socket.on('close', resolve))))
      clearTimeout(silent)
    },
  }
}

/** A bucket that refills steadily: `perMinute` on average, half of it at once. */
export function createRate(perMinute: number, now: () => number): { readonly take: () => boolean; readonly waitMs: number } {
  const most = Math.max(5, perMinute / 2)
  let left = most
  let filledAt = now()
  return {
    take: () => {
      const at = now()
      // A clock that is set back takes nothing away.
      left = Math.min(most, left + (Math.max(0, at - filledAt) * perMinute) / 60_000)
      filledAt = at
      if (left < 1) return false
      left -= 1
      return true
    },
    waitMs: Math.ceil(60_000 / perMinute),
  }
}
