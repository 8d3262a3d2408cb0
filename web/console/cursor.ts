import { nextTick, type Ref, ref } from 'vue'
import { useKeys } from './keys.ts'

/** j and k go down and up a list, Enter opens what they have come to; before the first key nothing is marked (-1). */
export function useCursor<Row>(rows: () => readonly Row[], open: (row: Row) => void): Ref<number> {
  const cursor = ref(-1)
  async function move(step: number): Promise<void> {
    cursor.value = Math.max(0, Math.min(rows().length - 1, cursor.value + step))
    await nextTick()
    document.querySelector('.cursor')?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({
    j: () => void move(1),
    k: () => void move(-1),
    Enter: () => {
      const row = rows()[cursor.value]
      if (row !== undefined) open(row)
    },
  })
  return cursor
}
