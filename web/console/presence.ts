import { computed, onScopeDispose, ref, type ShallowRef, watch } from 'vue'
import type { ConversationView } from '../../api/contract.ts'
import { onHint, onLive, tellLive } from './live.ts'
import { me } from './session.ts'

type Presence = ConversationView['presence']

const everyMs = 20_000
const typingEveryMs = 4_000
/** After so long without a word of it nobody types any more; a window that is not heard of has left. */
const typingForMs = 9_000
const goneAfterMs = 45_000

/** Says that this window shows the conversation and whether something is typed in it, and knows who else does. */
export function usePresence(id: string, data: ShallowRef<ConversationView | undefined>) {
  const heard = ref<{ readonly presence: Presence; readonly at: number }>()
  const now = ref(Date.now())
  let typedAt = 0
  /** the citizen's last words that are on this screen */
  const seen = computed(() => data.value?.messages.findLast(({ author }) => author === 'citizen')?.seq)
  const visible = () => document.visibilityState === 'visible'
  const look = (typing = false): void => tellLive({ type: 'look', id, typing, ...(visible() && seen.value !== undefined ? { seen: seen.value } : {}) })
  const lookNow = (): void => {
    if (visible()) look(Date.now() - typedAt < typingEveryMs)
  }

  const take = (presence: Presence | undefined): void => {
    if (presence) heard.value = { presence, at: Date.now() }
  }
  onHint((hint) => hint.type === 'presence' && hint.id === id && take(hint))
  onLive(() => look())
  watch(() => data.value?.presence, take, { immediate: true })
  look()
  watch(seen, lookNow)
  document.addEventListener('visibilitychange', lookNow)
  const timer = setInterval(() => {
    now.value = Date.now()
  }, 3_000)
  const heartbeat = setInterval(lookNow, everyMs)
  onScopeDispose(() => {
    clearInterval(timer)
    clearInterval(heartbeat)
    document.removeEventListener('visibilitychange', lookNow)
    tellLive({ type: 'look', typing: false })
  })

  const age = computed(() => (heard.value ? Math.max(0, now.value - heard.value.at) : Number.POSITIVE_INFINITY))
  const people = computed(() => (age.value < goneAfterMs ? (heard.value?.presence.people ?? []) : []))
  const others = computed(() => people.value.filter((one) => one.id !== me.value?.id))
  return {
    looking: computed(() => others.value.map(({ name }) => name)),
    typing: computed(() => (age.value < typingForMs ? others.value.filter((one) => one.typing).map(({ name }) => name) : [])),
    otherWindow: computed(() => people.value.some((one) => one.id === me.value?.id && one.windows > 1)),
    citizenTypes: computed(() => age.value < typingForMs && (heard.value?.presence.citizenTypes ?? false)),
    /** place up to which the citizen has read */
    read: computed(() => heard.value?.presence.seen ?? 0),
    /** to be called at every key; says it at most every four seconds */
    types: (): void => {
      if (Date.now() - typedAt < typingEveryMs) return
      typedAt = Date.now()
      look(true)
    },
    stopped: (): void => {
      typedAt = 0
      look()
    },
  }
}
