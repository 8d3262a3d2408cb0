import { ElMessage } from 'element-plus'
import { ref } from 'vue'
import { common } from '../../texts/console.ts'
import { messageOf, RequestError } from '../http.ts'
import { newKey } from '../key.ts'

/**
 * Sends commands one at a time. A command keeps its id until the server has answered it, so that a retry after a lost answer
 * is not a second command.
 */
export function useCommand() {
  const busy = ref(false)
  const problem = ref('')
  /** of the problem */
  const code = ref('')
  let id = newKey()

  /** True when it was done; on a newer version `reload` brings it and the person is told. */
  async function run(send: (commandId: string) => Promise<void>, reload: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = ''
    code.value = ''
    try {
      await send(id)
      id = newKey()
      return true
    } catch (error) {
      code.value = error instanceof RequestError ? error.code : ''
      const stale = error instanceof RequestError && error.status === 409
      problem.value = stale && error.code === 'stale' ? common.stale : messageOf(error)
      if (stale) {
        id = newKey()
        await reload()
      }
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, code, run }
}

export const saved = (): void => {
  ElMessage.success(common.saved)
}
