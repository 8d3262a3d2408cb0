import { reactive } from 'vue'
import type { ChatClientFrame, ChatMessage, ChatServerFrame, ChatState } from '../../api/contract.ts'
import { fileProblems } from '../../texts/files.ts'
import { RequestError } from '../http.ts'
import { token } from '../identity.ts'
import { newKey } from '../key.ts'
import { recall, remember } from '../memory.ts'
import { openLink } from '../socket.ts'
import { upload } from '../upload.ts'
import { enter } from './enter.ts'
import { dropParcel, keepParcel, parcelOf } from './parcels.ts'

export type Choice = NonNullable<ChatMessage['choices']>[number]
export type Card = NonNullable<ChatMessage['card']>

type Say = Extract<ChatClientFrame, { type: 'say' }>

/** A message that the server has not acknowledged: kept until it is, and sent again with the same key. */
export type Unsent = Omit<Say, 'content'> & { content: Say['content']; readonly at: number; failed?: boolean; note?: string; percent?: number }

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
  /** up to here the citizen has had what staff said on the screen; the server may not know it yet */
  let saw = 0
  /** keys of the files that are on their way */
  const carried = new Set<string>()

  const link = openLink<ChatServerFrame>({
    path: '/api/chat',
    before: enter,
    token,
    onOpen: () => {
      chat.link = 'open'
      asked = undefined
      sync()
      tellSeen()
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

  function deliver(one: Unsent): void {
    const { type, key, content } = one
    if (content.kind === 'media' && !content.ref) void carry(one)
    else if (link.send({ type, key, content } satisfies ChatClientFrame)) expectAnswer()
  }

  /** First the file under the message's own key, then the message that names it; what breaks off begins again when the line is back. */
  async function carry(one: Unsent): Promise<void> {
    const { key, content } = one
    if (content.kind !== 'media' || carried.has(key)) return
    carried.add(key)
    try {
      const file = await parcelOf(key)
      if (!file) throw new RequestError('lost', fileProblems.unknown, 400)
      const kept = await upload({ path: '/api/files', key, file, name: content.name ?? '' }, (percent) => {
        one.percent = percent
      })
      one.content = { ...content, media: kept.media, ref: kept.id, name: kept.name }
      dropParcel(key)
      keep()
    } catch (error) {
      const known = error instanceof RequestError ? error : undefined
      if (known && known.status >= 400 && known.status < 500 && known.status !== 429) {
        one.failed = true
        one.note = known.message
        keep()
      } else if (chat.link === 'open') setTimeout(() => chat.unsent.includes(one) && deliver(one), 3_000)
    } finally {
      carried.delete(key)
      delete one.percent
    }
    if (one.content.kind === 'media' && one.content.ref && chat.unsent.includes(one)) deliver(one)
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
    if (mine) add([{ seq, author: 'citizen', at: mine.at, key, ...shown(mine.content) }])
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
    // What was read stays read, in whatever order the states come.
    const seen = Math.max(state.seen, chat.state?.seen ?? 0)
    if (!chat.state || state.version >= chat.state.version) chat.state = { ...state, seen }
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
    dropParcel(key)
    keep()
  }

  const keep = () => remember('unsent', chat.unsent)

  function say(content: Say['content']): void {
    remember('talked', true)
    chat.unsent.push({ type: 'say', key: newKey(), content, at: Date.now() })
    keep()
    const mine = chat.unsent[chat.unsent.length - 1]
    if (mine) deliver(mine)
    if (chat.link === 'open' && chat.state?.owner !== 'staff') showTyping('bot')
  }

  function sendFile(file: File): void {
    const key = newKey()
    keepParcel(key, file)
    chat.unsent.push({
      type: 'say',
      key,
      content: { kind: 'media', media: file.type.startsWith('image/') ? 'image' : 'file', ref: '', name: file.name },
      at: Date.now(),
    })
    keep()
    const mine = chat.unsent[chat.unsent.length - 1]
    if (mine && chat.link === 'open') deliver(mine)
  }

  function resend(one: Unsent): void {
    one.failed = false
    delete one.note
    keep()
    if (chat.link === 'open') deliver(one)
    else link.restart()
  }

  const tellSeen = (): unknown => saw > 0 && link.send({ type: 'seen', seq: saw } satisfies ChatClientFrame)

  /** To be called while the talk is on the screen. */
  function seen(): void {
    const last = chat.messages.reduce((most, { author, seq }) => (author === 'staff' ? Math.max(most, seq) : most), 0)
    if (last <= saw) return
    saw = last
    tellSeen()
  }

  function typing(): void {
    if (Date.now() - typedAt < typingEveryMs) return
    typedAt = Date.now()
    link.send({ type: 'typing' } satisfies ChatClientFrame)
  }

  return { chat, say, sendFile, resend, drop: (one: Unsent) => forget(one.key), seen, typing, close: link.close }
}

/** What is said, as the page shows it before and after the server has it. */
export function shown(content: Say['content']): Pick<ChatMessage, 'text' | 'file'> {
  if (content.kind !== 'media') return { text: content.text }
  const name = content.name ?? ''
  return { text: name, ...(content.ref ? { file: { id: content.ref, media: content.media === 'image' ? 'image' : 'file', name } } : {}) }
}
