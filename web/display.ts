import { ref, watchEffect } from 'vue'
import { recall, remember } from './memory.ts'

/** 0: standard; 1–3: 长辈版 at 24, 32 and 40 px, that is 18 to 30 pt as 工信部《互联网网站适老化通用设计规范》 asks for. */
export const size = ref(recall<number>('size', 0))

watchEffect(() => {
  document.documentElement.className = size.value > 0 ? `elder elder-${size.value}` : ''
  remember('size', size.value)
})

export const toggleElder = (): void => {
  size.value = size.value > 0 ? 0 : 1
}
export const larger = (): void => {
  size.value = Math.min(3, size.value + 1)
}
export const smaller = (): void => {
  size.value = Math.max(1, size.value - 1)
}
