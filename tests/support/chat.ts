import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import type { ChatClientFrame, ChatMessage, ChatServerFrame, ChatState } from '../../api/contract.ts'

/** A citizen's client as the page behaves: keeps what is not acknowledged, sends it again under the same key, reads on from its last place. */
export type ChatClient = {
  /** to another process of the same office, where `to` names one */
  readonly connect: (to?: string) => Promise<void>
  /** resolves when acknowledged, over as many connections as it takes */
  readonly say: (text: string, value?: string) => Promise<number>
  /** a message that names a file which was uploaded */
  readonly sendFile: (file: { readonly id: string; readonly media: 'image' | 'voice' | 'video' | 'file'; readonly name: string }) => Promise<number>
  /** everything heard so far, in the order of its places */
  readonly heard: () => readonly ChatMessage[]
  readonly acknowledged: () => ReadonlyMap<string, number>
  readonly state: () => ChatState | undefined
  /** resolves when a message that fits has been heard */
  readonly wait: (fits: (message: ChatMessage) => boolean) => Promise<ChatMessage>
  readonly waitState: (fits: (state: ChatState) => boolean) => Promise<ChatState>
  /** says that what staff said up to here is on the screen */
  readonly saw: (seq: number) => void
  readonly drop: () => void
  /** resolves when the connection is gone */
  readonly closed: () => Promise<void>
  readonly cookie: () => string
}

type Pending = { readonly frame: Extract<ChatClientFrame, { type: 'say' }>; readonly resolve: (seq: number) => void; readonly reject: (fault: Error) => void }

export function createChatClient(url: string, known = ''): ChatClient {
  const pending = new Map<string, Pending>()
  const acknowledged = new Map<string, number>()
  const heard = new Map<number, ChatMessage>()
  const waiters = new Set<() => void>()
  let cookie = known
  let socket: WebSocket | undefined
  let state: ChatState | undefined

  const send = (frame: ChatClientFrame): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }
  const last = (): number => {
    let seq = 0
    while (heard.has(seq + 1)) seq++
    return seq
  }
  const take = (frame: ChatServerFrame): void => {
    if (frame.type === 'ack') {
      acknowledged.set(frame.key, frame.seq)
      pending.get(frame.key)?.resolve(frame.seq)
      pending.delete(frame.key)
    } else if (frame.type === 'nack') {
      const waiting = pending.get(frame.key)
      if (frame.retryMs !== undefined) setTimeout(() => waiting && send(waiting.frame), frame.retryMs)
      else waiting?.reject(new Error(frame.code))
    } else if (frame.type === 'messages') {
      for (const message of frame.messages) heard.set(message.seq, message)
      if (!state || frame.state.version >= state.version) state = frame.state
      if (frame.more || last() < frame.state.seq) send({ type: 'sync', after: last() })
    }
    for (const waiter of waiters) waiter()
  }
  const deliver = (content: Pending['frame']['content']): Promise<number> =>
    new Promise((resolve, reject) => {
      const frame = { type: 'say', key: randomUUID(), content } as const
      pending.set(frame.key, { frame, resolve, reject })
      send(frame)
    })
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find()
        if (found === undefined) return
        waiters.delete(look)
        resolve(found)
      }
      waiters.add(look)
      look()
    })

  return {
    connect: async (to = url) => {
      if (!cookie) cookie = await visitorCookie(to)
      const opening = new WebSocket(`${to.replace(/^http/, 'ws')}/api/chat`, { headers: { cookie } })
      socket = opening
      opening.on('message', (data) => take(JSON.parse(String(data))))
      await new Promise<void>((resolve, reject) => {
        opening.once('open', () => resolve())
        opening.once('error', reject)
      })
      opening.on('error', () => opening.terminate())
      send({ type: 'sync', after: last() })
      for (const { frame } of pending.values()) send(frame)
    },
    say: (text, value) => deliver(value === undefined ? { kind: 'text', text } : { kind: 'choice', text, value }),
    sendFile: ({ id, media, name }) => deliver({ kind: 'media', media, ref: id, name }),
    heard: () => [...heard.values()].sort((a, b) => a.seq - b.seq),
    acknowledged: () => acknowledged,
    state: () => state,
    wait: (fits) => until(() => [...heard.values()].sort((a, b) => a.seq - b.seq).find(fits)),
    waitState: (fits) => until(() => (state && fits(state) ? state : undefined)),
    saw: (seq) => send({ type: 'seen', seq }),
    drop: () => socket?.terminate(),
    closed: () => new Promise((resolve) => (socket && socket.readyState < WebSocket.CLOSING ? socket.once('close', () => resolve()) : resolve())),
    cookie: () => cookie,
  }
}

export async function visitorCookie(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/visitor`, { method: 'POST' })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
