import { onScopeDispose } from 'vue'

type Keys = Readonly<Record<string, () => void>>

/** Single keys, as long as the component lives; never while something is typed, and never with a modifier. */
export function useKeys(keys: Keys): void {
  const onKey = (event: KeyboardEvent): void => {
    const { target } = event
    const typing = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
    const isBox = target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type)
    if ((typing && !isBox) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return
    // A dialogue on top has its own keys.
    if (document.querySelector('.el-overlay:not([style*="display: none"])') && event.key !== '?') return
    const action = keys[event.key]
    if (!action) return
    // Whatever has the focus does by Enter what it is there for.
    if (event.key === 'Enter' && target instanceof HTMLElement && target.closest('a, button, input, summary')) return
    event.preventDefault()
    action()
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}
