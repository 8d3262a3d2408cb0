import { WebSocket } from 'ws'
import type { Frame } from '../channels/push.ts'
import { hear } from './hearing.ts'
import type { Push } from './pushes.ts'
import type { Shell } from './shell.ts'

/** Between two tries to connect, growing: https://open.dingtalk.com/document/direction/stream-mode-protocol-access-description */
const pauses = { first: 1_000, longest: 60_000 } as const
/** A connection that has not answered a ping by the next one is dead, though nobody has said so. */
const beatMs = 20_000

type Stream = NonNullable<Push['stream']>

/** Opens the connections on which platforms tell what the staff say, and opens them anew whenever they end. */
export function openStreams(shell: Shell): { readonly close: () => void } {
  const closers = [...shell.pushes].flatMap(([platform, { stream }]) => (stream ? [keepOpen(shell, platform, stream)] : []))
  return {
    close: () => {
      for (const close of closers) close()
    },
  }
}

function keepOpen(shell: Shell, platform: string, stream: Stream): () => void {
  let closed = false
  let socket: WebSocket | undefined
  let timer: NodeJS.Timeout | undefined
  let pause: number = pauses.first
  const what = `stream ${platform}`
  const beat = (failed: boolean): void => void shell.ticks.set(what, { at: shell.now(), lateMs: 60_000, ...(failed ? { failedAt: shell.now() } : {}) })
  const again = (): void => {
    if (closed) return
    timer = setTimeout(() => void connect(), pause)
    pause = Math.min(pauses.longest, pause * 2)
  }
  const connect = async (): Promise<void> => {
    try {
      const url = await stream.open()
      if (closed) return
      socket = new WebSocket(url)
    } catch (fault) {
      beat(true)
      shell.log.warn({ err: fault, platform }, 'no connection to the platform')
      return again()
    }
    attend(socket, {
      opened: () => {
        pause = pauses.first
        beat(false)
      },
      alive: () => beat(false),
      heard: (text, reply) => take(shell, platform, stream, text, reply),
      ended: again,
    })
  }
  void connect()
  return () => {
    closed = true
    clearTimeout(timer)
    socket?.terminate()
  }
}

type Attention = {
  readonly opened: () => void
  readonly alive: () => void
  readonly heard: (text: string, reply: (answer: string) => void) => Promise<Frame | undefined>
  readonly ended: () => void
}

function attend(socket: WebSocket, { opened, alive, heard, ended }: Attention): void {
  let answered = true
  const beating = setInterval(() => {
    if (!answered) return socket.terminate()
    answered = false
    socket.ping()
  }, beatMs)
  socket.on('open', opened)
  socket.on('pong', () => {
    answered = true
    alive()
  })
  socket.on('message', (data) => {
    void heard(String(data), (text) => socket.readyState === WebSocket.OPEN && socket.send(text)).then((frame) => {
      if (frame?.ends) socket.close()
    })
  })
  // The reason follows as `close`.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearInterval(beating)
    ended()
  })
}

/** Answers when it is stored, and not before: what is not answered comes again. */
async function take(shell: Shell, platform: string, stream: Stream, text: string, reply: (answer: string) => void): Promise<Frame | undefined> {
  try {
    const frame = stream.read(text)
    for (const words of frame.said) await hear(shell, platform, words)
    if (frame.answer !== undefined) reply(frame.answer)
    return frame
  } catch (fault) {
    shell.log.warn({ err: fault, platform }, 'frame of the platform not taken')
    return undefined
  }
}
