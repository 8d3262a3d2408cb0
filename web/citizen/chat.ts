import { reactive } from 'vue'
import type { ChatClientFrame, ChatMessage, ChatServerFrame, ChatState } from '../../api/contract.ts'
import { request } from '../http.ts'
import { newKey } from '../key.ts'
import { recall, remember } from '../memory.ts'
import { openLink } from '../socket.ts'

export type Choice = NonNullable<ChatMessage['choices']>[number]
export type Card = NonNullable<ChatMessage['card']>

type Say = Extract<ChatClientFrame, { type: 'say' }>

/** A message that the server has not acknowledged: kept until it is, and sent again with the same key. */
export type Unsent = Say & { readonly at: number; failed?: boolean; note?: string }

export type Chat = {
  messages: ChatMessage[]
  unsent: Unsent[]
  state: ChatState | undefined
  link: 'connecting' | 'open' | 'down'
  /** the first read is complete: an empty conversation is really empty */
  level: boolean
  typing: 'bot' | 'staff' | undefined
}

// Longer than any turn takes; a link that swallows frames this long is dead although it looks open.
const answerWithinMs = 10_000
const typingForMs = 15_000
const typingEveryMs = 4_000

export function openChat() {
  const chat = reactive<Chat>({ messages: [], unsent: recall<Unsent[]>('unsent', []), state: undefined, link: 'connecting', level: false, typing: undefined })
  /** everything up to here has arrived without a gap */
  let last = 0
  let asked: { after: number; times: number } | undefined
  let watch: ReturnType<typeof setTimeout> | undefined
  let typingUntil: ReturnType<typeof setTimeout> | undefined
  let typedAt = 0

  const link = openLink<ChatServerFrame>({
    path: '/api/chat',
    before: () => request('POST', '/api/visitor'),
    onOpen: () => {
      chat.link = 'open'
      asked = undefined
      sync()
      for (const one of chat.unsent) if (!one.failed) deliver(one)
    },
    onDown: () => {
      chat.link = 'down'
      chat.typing = undefined
      clearTimeout(watch)
    },
    onWake: () => sync(),
    onFrame: take,
  })

  function expectAnswer(): void {
    clearTimeout(watch)
    watch = setTimeout(link.restart, answerWithinMs)
  }

  function sync(): void {
    asked = { after: last, times: asked?.after === last ? asked.times + 1 : 1 }
    if (link.send({ type: 'sync', after: last } satisfies ChatClientFrame)) expectAnswer()
  }

  function deliver({ type, key, content }: Unsent): void {
    if (link.send({ type, key, content } satisfies ChatClientFrame)) expectAnswer()
  }

  function take(frame: ChatServerFrame): void {
    clearTimeout(watch)
    switch (frame.type) {
      case 'ack':
        acknowledged(frame.key, frame.seq)
        break
      case 'nack':
        refused(frame)
        break
      case 'typing':
        showTyping(frame.author)
        break
      case 'messages':
        received(frame)
        break
      default:
        frame satisfies never
    }
  }

  function acknowledged(key: string, seq: number): void {
    const mine = chat.unsent.find((one) => one.key === key)
    if (mine) add([{ seq, author: 'citizen', at: mine.at, text: mine.content.text, key }])
    forget(key)
    advance()
  }

  function refused({ key, text, retryMs }: Extract<ChatServerFrame, { type: 'nack' }>): void {
    // without a key: our last reading failed
    if (!key && retryMs !== undefined) setTimeout(sync, retryMs)
    const mine = chat.unsent.find((one) => one.key === key)
    if (!mine) return
    chat.typing = undefined
    mine.note = text
    if (retryMs === undefined) mine.failed = true
    else setTimeout(() => chat.unsent.includes(mine) && !mine.failed && deliver(mine), retryMs)
    keep()
  }

  function received({ messages, state, more }: Extract<ChatServerFrame, { type: 'messages' }>): void {
    add(messages)
    for (const { key } of messages) if (key) forget(key)
    if (messages.some(({ author }) => author !== 'citizen')) chat.typing = undefined
    if (!chat.state || state.version >= chat.state.version) chat.state = state
    advance()
    if (more || state.seq > last) fetchRest(state.seq, more)
    else isLevel()
  }

  function isLevel(): void {
    asked = undefined
    chat.level = true
  }

  /** Reads on until level. A gap that the server itself does not fill after three requests is none. */
  function fetchRest(upTo: number, more: boolean): void {
    if (asked && asked.after === last && asked.times >= 3 && !more) {
      last = upTo
      isLevel()
    } else sync()
  }

  function add(messages: readonly ChatMessage[]): void {
    for (const message of messages) {
      const at = chat.messages.findIndex(({ seq }) => seq >= message.seq)
      if (at < 0) chat.messages.push(message)
      else chat.messages.splice(at, chat.messages[at]?.seq === message.seq ? 1 : 0, message)
    }
  }

  function advance(): void {
    for (const { seq } of chat.messages) if (seq === last + 1) last = seq
  }

  function showTyping(author: 'bot' | 'staff'): void {
    chat.typing = author
    clearTimeout(typingUntil)
    typingUntil = setTimeout(() => {
      chat.typing = undefined
    }, typingForMs)
  }

  function forget(key: string): void {
    const at = chat.unsent.findIndex((one) => one.key === key)
    if (at < 0) return
    chat.unsent.splice(at, 1)
    keep()
  }

  const keep = () => remember('unsent', chat.unsent)

  function say(content: Say['content']): void {
    chat.unsent.push({ type: 'say', key: newKey(), content, at: Date.now() })
    keep()
    const mine = chat.unsent[chat.unsent.length - 1]
    if (mine) deliver(mine)
    if (chat.link === 'open' && chat.state?.owner !== 'staff') showTyping('bot')
  }

  function resend(one: Unsent): void {
    one.failed = false
    delete one.note
    keep()
    if (chat.link === 'open') deliver(one)
    else link.restart()
  }

  function typing(): void {
    if (Date.now() - typedAt < typingEveryMs) return
    typedAt = Date.now()
    link.send({ type: 'typing' } satisfies ChatClientFrame)
  }

  return { chat, say, resend, drop: (one: Unsent) => forget(one.key), typing, close: link.close }
}
