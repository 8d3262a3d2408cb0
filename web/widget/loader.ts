import { widget as words } from '../../texts/citizen.ts'

// Runs in foreign pages: no style sheets, no style attributes and no images, so that it works under a strict policy of theirs; styles are set
// through the object model, which such policies allow.

const script = document.currentScript as HTMLScriptElement | null
const origin = script ? new URL(script.src).origin : ''
const { label, side = 'right' } = script?.dataset ?? {}
/** Whoever has opened it once has it loaded in the background on the next pages, so that the badge can tell of answers. */
const known = 'bandecheng.widget'

function remembers(): boolean {
  try {
    return sessionStorage.getItem(known) === '1'
  } catch {
    return false
  }
}

function style(element: HTMLElement, rules: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(rules)) element.style.setProperty(name, rules[name] ?? '')
}

function start(): void {
  const button = document.createElement('button')
  const badge = document.createElement('span')
  const panel = document.createElement('div')
  let frame: HTMLIFrameElement | undefined
  let open = false
  let loaded = false
  /** the page in the frame has a button of its own that closes it */
  let closes = false

  button.type = 'button'
  button.textContent = label || words.button
  button.setAttribute('aria-expanded', 'false')
  button.setAttribute('aria-label', label || words.button)
  const corner = { position: 'fixed', [side === 'left' ? 'left' : 'right']: '20px', 'z-index': '2147483000' }
  style(button, {
    ...corner,
    bottom: '20px',
    'min-width': '60px',
    'min-height': '60px',
    padding: '0 22px',
    border: '0',
    'border-radius': '30px',
    background: '#0f5a6e',
    color: '#fff',
    font: '600 18px/1.3 sans-serif',
    cursor: 'pointer',
    'box-shadow': '0 4px 16px rgba(0,0,0,.3)',
  })
  style(badge, {
    display: 'none',
    'margin-left': '8px',
    padding: '0 9px',
    'border-radius': '12px',
    background: '#b3261e',
    'line-height': '24px',
  })
  style(panel, { ...corner, display: 'none', overflow: 'hidden', background: '#fff', 'box-shadow': '0 8px 32px rgba(0,0,0,.35)' })
  const inCorner = {
    [side === 'left' ? 'left' : 'right']: '20px',
    top: 'auto',
    bottom: '92px',
    width: '400px',
    'max-width': 'calc(100vw - 40px)',
    height: '640px',
    'max-height': 'calc(100vh - 112px)',
    'border-radius': '14px',
  }
  /** On a phone it has the whole screen, from when it can be closed from within. */
  const whole = { top: '0', bottom: '0', left: '0', right: '0', width: 'auto', 'max-width': 'none', height: 'auto', 'max-height': 'none', 'border-radius': '0' }

  function place(): void {
    const all = closes && window.innerWidth <= 520
    style(panel, { left: 'auto', right: 'auto', ...(all ? whole : inCorner), display: open ? 'block' : 'none' })
    style(button, { display: all && open ? 'none' : 'block' })
  }

  function load(): void {
    if (frame) return
    frame = document.createElement('iframe')
    frame.title = words.frame
    frame.src = `${origin}/widget`
    frame.allow = 'microphone; clipboard-write'
    style(frame, { width: '100%', height: '100%', border: '0' })
    frame.onload = () => {
      loaded = true
      tell()
    }
    panel.appendChild(frame)
  }

  const tell = (): void => {
    if (loaded) frame?.contentWindow?.postMessage({ bandecheng: { open } }, origin)
  }

  function show(now: boolean): void {
    open = now
    if (now) load()
    place()
    button.setAttribute('aria-expanded', String(now))
    if (now) {
      try {
        sessionStorage.setItem(known, '1')
      } catch {
        // then the badge waits until it is opened again
      }
    }
    tell()
    if (now) frame?.focus()
    else button.focus()
  }

  function count(unread: number): void {
    badge.textContent = String(unread)
    style(badge, { display: unread > 0 ? 'inline-block' : 'none' })
    button.setAttribute('aria-label', words.unread(label || words.button, unread))
  }

  button.onclick = () => show(!open)
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && open) show(false)
  })
  window.addEventListener('message', ({ origin: from, source, data }) => {
    if (from !== origin || source !== frame?.contentWindow) return
    const said = data?.bandecheng
    if (typeof said?.unread === 'number') count(said.unread)
    if (said?.bar === true) {
      closes = true
      place()
    }
    if (said?.close === true) show(false)
  })
  window.addEventListener('resize', place)
  button.appendChild(badge)
  document.body.appendChild(panel)
  document.body.appendChild(button)
  if (remembers()) setTimeout(load, 2_000)
}

if (document.body) start()
else document.addEventListener('DOMContentLoaded', start)
