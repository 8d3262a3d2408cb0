import { ref } from 'vue'

type Recognition = {
  lang: string
  interimResults: boolean
  onresult: ((event: { readonly results: ArrayLike<ArrayLike<{ readonly transcript: string }>> }) => void) | null
  onerror: (() => void) | null
  onend: (() => void) | null
  start: () => void
  stop: () => void
}
type Voices = { SpeechRecognition?: new () => Recognition; webkitSpeechRecognition?: new () => Recognition }

const { SpeechRecognition, webkitSpeechRecognition } = window as unknown as Voices
const Listener = SpeechRecognition ?? webkitSpeechRecognition

export const canRead = 'speechSynthesis' in window
export const canListen = Listener !== undefined

/** what is being read aloud now */
export const reading = ref('')

export function readAloud(text: string): void {
  speechSynthesis.cancel()
  if (reading.value === text) {
    reading.value = ''
    return
  }
  const speech = new SpeechSynthesisUtterance(text)
  speech.lang = 'zh-CN'
  speech.rate = 0.9
  speech.onend = speech.onerror = () => {
    if (reading.value === text) reading.value = ''
  }
  reading.value = text
  speechSynthesis.speak(speech)
}

type Hears = { readonly heard: (text: string) => void; readonly failed: () => void; readonly ended: () => void }

/** Listens once; returns how to stop. `failed`: no microphone, no permission, or nothing was understood. */
export function listen({ heard, failed, ended }: Hears): () => void {
  if (!Listener) return () => undefined
  const listener = new Listener()
  listener.lang = 'zh-CN'
  listener.interimResults = true
  listener.onresult = ({ results }) => heard(Array.from(results, (result) => result[0]?.transcript ?? '').join(''))
  listener.onerror = failed
  listener.onend = ended
  listener.start()
  return () => listener.stop()
}
