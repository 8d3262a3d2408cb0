import { ref } from 'vue'
import { ask } from './session.ts'

type Department = { readonly id: string; readonly name: string }

/** Read once a visit: departments change by a reorganisation, not by the hour. */
export const departments = ref<readonly Department[]>([])

export async function readDepartments(): Promise<void> {
  if (departments.value.length) return
  try {
    departments.value = (await ask<{ rows: readonly Department[] }>('GET', 'departments')).rows
  } catch {
    return // the filter stays without its choices; the next page tries again
  }
}
