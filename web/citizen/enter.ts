import { request } from '../http.ts'
import { embedded, identity, keepToken, token } from '../identity.ts'

/** A widget that was opened in a window of its own hands its talk over: to a page of this very origin, and to no other. */
const handOverMs = 1_500
let handed: Promise<string> | undefined

/** Makes this browser a visitor, or the one that it already is. */
export async function enter(): Promise<void> {
  if (embedded) {
    keepToken((await request<{ token: string }>('POST', '/api/visitor?embedded=1')).token)
    return
  }
  handed ??= location.search === '?popout' && window.opener ? askOpener(window.opener) : Promise.resolve('')
  const given = await handed
  await request('POST', '/api/visitor', undefined, given ? { 'x-bandecheng-visitor': given } : identity())
  if (given) history.replaceState(null, '', '/')
  handed = Promise.resolve('')
}

function askOpener(opener: Window): Promise<string> {
  return new Promise((resolve) => {
    const done = (value: string): void => {
      window.removeEventListener('message', hear)
      resolve(value)
    }
    const hear = ({ origin, source, data }: MessageEvent): void => {
      if (origin === location.origin && source === opener && typeof data?.token === 'string') done(data.token)
    }
    window.addEventListener('message', hear)
    setTimeout(done, handOverMs, '')
    opener.postMessage({ bandecheng: 'ready' }, location.origin)
  })
}

export function popOut(): void {
  const opened = window.open('/?popout', '_blank')
  const hear = ({ origin, source, data }: MessageEvent): void => {
    if (origin !== location.origin || source !== opened || data?.bandecheng !== 'ready') return
    opened?.postMessage({ token: token() }, location.origin)
    window.removeEventListener('message', hear)
  }
  window.addEventListener('message', hear)
}
