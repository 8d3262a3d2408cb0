import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

/** A peer that does not read is cut off here: what it misses it reads by `sync` when it comes back. */
const mostBuffered = 1_000_000
const pingEveryMs = 30_000
/** Behind this a close frame was lost or the peer is gone. */
const closePatienceMs = 2_000

export type Sockets = {
  /** Whether another citizen's socket may come, from this address: asked before the upgrade, so that whoever is refused learns when to come again. */
  readonly room: (address: string) => boolean
  /** Keeps an eye on an open socket until it closes. Staff come without an address: they are let in however many citizens there are. */
  readonly admit: (socket: WebSocket, address?: string) => void
  readonly send: (socket: WebSocket, frame: unknown) => void
  readonly size: () => number
  readonly close: () => Promise<void>
}

/** Pings, cuts off silent and slow peers, and closes all of them in time at shutdown: none of it is done by the library. */
export function createSockets(limits: { readonly most: number; readonly perAddress: number }): Sockets {
  const answering = new Map<WebSocket, boolean>()
  const from = new Map<string, number>()
  const count = (address: string, by: 1 | -1): void => {
    const open = (from.get(address) ?? 0) + by
    if (open > 0) from.set(address, open)
    else from.delete(address)
  }
  const pinger = setInterval(() => {
    for (const [socket, answered] of answering) {
      if (!answered) socket.terminate()
      answering.set(socket, false)
      socket.ping()
    }
  }, pingEveryMs)
  pinger.unref()
  return {
    room: (address) => answering.size < limits.most && (from.get(address) ?? 0) < limits.perAddress,
    admit: (socket, address) => {
      answering.set(socket, true)
      if (address !== undefined) count(address, 1)
      socket.on('pong', () => answering.set(socket, true))
      socket.on('close', () => {
        answering.delete(socket)
        if (address !== undefined) count(address, -1)
      })
      // A broken connection is closed by the library; without a listener its error would end the process.
      socket.on('error', () => socket.terminate())
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

/**
 * Frees an open socket of its upgrade, 4.7 KB that nobody reads any more: the library's listener for errors holds request and reply, the line holds
 * the answer. Call it before `admit`, which listens for errors itself.
 */
export function untie(socket: WebSocket, { raw }: { readonly raw: IncomingMessage }): void {
  socket.removeAllListeners('error')
  const line: Socket & { readonly _httpMessage?: ServerResponse | null } = raw.socket
  line._httpMessage?.detachSocket(line)
}

/**
 * Lets one turn begin in each round of the event loop, in the order of their arrival. On SQLite a turn that has begun runs to its end; with this, staff and
 * health checks are served between two turns, and what comes faster than it is served is counted as waiting instead of filling the sockets.
 */
export function createTurnstile(): () => Promise<void> {
  const waiting: (() => void)[] = []
  const next = (): void => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(next)
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (waiting.length === 1) setImmediate(next)
    })
}

/** A bucket that refills steadily: `perMinute` on average, half of it at once. */
export function createRate(perMinute: number, now: () => number): { readonly take: () => boolean; readonly full: () => boolean } {
  const most = Math.max(5, perMinute / 2)
  let left = most
  let filledAt = now()
  const fill = (): void => {
    const at = now()
    // A clock that is set back takes nothing away.
    left = Math.min(most, left + (Math.max(0, at - filledAt) * perMinute) / 60_000)
    filledAt = at
  }
  return {
    take: () => {
      fill()
      if (left < 1) return false
      left -= 1
      return true
    },
    full: () => {
      fill()
      return left === most
    },
  }
}

/** Until the next one may be sent at this pace, in milliseconds. */
export const pauseMs = (perMinute: number): number => Math.ceil(60_000 / perMinute)

/** Buckets by name (a visitor, an address), so that a second connection has no second allowance. Those that are full again are forgotten. */
export function createRates(perMinute: number, now: () => number): { readonly take: (name: string) => boolean; readonly size: () => number } {
  const buckets = new Map<string, ReturnType<typeof createRate>>()
  let sweptAt = now()
  return {
    take: (name) => {
      if (Math.abs(now() - sweptAt) > 60_000) {
        sweptAt = now()
        for (const [other, bucket] of buckets) if (bucket.full()) buckets.delete(other)
      }
      const bucket = buckets.get(name) ?? createRate(perMinute, now)
      buckets.set(name, bucket)
      return bucket.take()
    },
    size: () => buckets.size,
  }
}
