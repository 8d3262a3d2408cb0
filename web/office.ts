import { onMounted, ref } from 'vue'
import type { OfficeView } from '../api/contract.ts'
import { request } from './http.ts'

/** Name and hours of the office; the pages work without them. */
export function useOffice() {
  const office = ref<OfficeView>()
  onMounted(async () => {
    try {
      office.value = await request<OfficeView>('GET', '/api/office')
    } catch {
      office.value = undefined
    }
  })
  return office
}
