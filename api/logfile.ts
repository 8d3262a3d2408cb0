import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DestinationStream, destination } from 'pino'
import { addDays, dateOf } from '../casework/day.ts'

const name = /^bandecheng-(\d{4}-\d{2}-\d{2})\.log$/
const fileOf = (folder: string, day: string): string => join(folder, `bandecheng-${day}.log`)

/** One file a day of Asia/Shanghai; files older than `keptDays` are removed when a new day begins. */
export function dailyLog(folder: string, keptDays: number, now: () => number): DestinationStream {
  mkdirSync(folder, { recursive: true })
  let day = dateOf(now())
  const out = destination({ dest: fileOf(folder, day), append: true, sync: true })
  const turnOver = (): void => {
    const today = dateOf(now())
    if (today === day) return
    day = today
    out.reopen(fileOf(folder, day))
    const oldest = addDays(day, -keptDays)
    for (const file of readdirSync(folder)) if ((name.exec(file)?.[1] ?? day) < oldest) rmSync(join(folder, file))
  }
  return {
    write: (line) => {
      turnOver()
      out.write(line)
    },
  }
}
