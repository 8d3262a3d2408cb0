import { ref } from 'vue'
import { ask } from './session.ts'

type Department = { readonly id: string; readonly name: string }

/** Read once a visit: departments change by a reorganisation, not by the hour. */
export const departments = ref<readonly Department[]>([])
/** Fields of public service that a guide may belong to. */
export const fields = ref<readonly string[]>([])

export const unitName = (id: string): string => departments.value.find((one) => one.id === id)?.name ?? id

export const forgetDepartments = (): void => {
  departments.value = []
}

export async function readDepartments(): Promise<void> {
  if (departments.value.length) return
  try {
    const found = await ask<{ rows: readonly Department[]; fields: readonly string[] }>('GET', 'departments')
    departments.value = found.rows
    fields.value = found.fields
  } catch {
    return // the filter stays without its choices; the next page tries again
  }
}
