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
  const look = (typing = false): void => tellLive({ type: 'look', id, typing })

  const take = (presence: Presence | undefined): void => {
    if (presence) heard.value = { presence, at: Date.now() }
  }
  onHint((hint) => hint.type === 'presence' && hint.id === id && take(hint))
  onLive(() => look())
  watch(() => data.value?.presence, take, { immediate: true })
  look()
  const timer = setInterval(() => {
    now.value = Date.now()
  }, 3_000)
  const heartbeat = setInterval(() => document.visibilityState === 'visible' && look(Date.now() - typedAt < typingEveryMs), everyMs)
  onScopeDispose(() => {
    clearInterval(timer)
    clearInterval(heartbeat)
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
