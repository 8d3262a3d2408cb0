import { ref } from 'vue'
import type { PersonName } from '../../api/contract.ts'
import { ask } from './session.ts'

/** Colleagues, to be mentioned or to be given a conversation; read once a visit. */
export const names = ref<readonly PersonName[]>([])

export async function readNames(): Promise<void> {
  if (names.value.length) return
  try {
    names.value = (await ask<{ rows: readonly PersonName[] }>('GET', 'names')).rows
  } catch {
    return // the choice stays empty; the next page tries again
  }
}
