import { ref } from 'vue'
import { recall, remember } from './memory.ts'

/** Inside a foreign page browsers keep no cookies for us: there the widget carries its signed token itself. */
export const embedded = location.pathname.split('/')[1] === 'widget'
/** Of the pages that know the visitor; in a foreign page only those under /widget may be shown. */
const base = embedded ? '/widget' : ''
/** Where the talk is. */
export const home = base || '/'
export const progressPage = `${base}/progress`
export const minePage = `${base}/privacy`

/** Where a browser lets frames keep nothing, the frame's own name holds the token as long as the foreign page is open. */
export const token = (): string => (embedded ? recall('token', '') || window.name : '')

export function keepToken(value: string): void {
  remember('token', value)
  if (embedded) window.name = value
}

export const identity = (): Record<string, string> => (token() ? { 'x-bandecheng-visitor': token() } : {})

/** Whether the citizen looks at the widget's panel; a page of its own is always open. */
export const panelOpen = ref(!embedded)

/** What the foreign page may know: how many messages wait, and that the page shown can be closed from within. No word of the talk ever goes there. */
export const tellHost = (message: { readonly unread: number } | { readonly bar: true } | { readonly close: true }): void => {
  if (embedded) window.parent.postMessage({ bandecheng: message }, '*')
}

if (embedded)
  window.addEventListener('message', ({ source, data }) => {
    if (source === window.parent && typeof data?.bandecheng?.open === 'boolean') panelOpen.value = data.bandecheng.open
  })
