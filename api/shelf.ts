import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Shelf } from '../nlp/engine.ts'
import { projectFile } from '../prisma/root.ts'

const stamp = projectFile('dist', '.built')

/**
 * Learnt models as files, so that the second start need not learn again. Undefined when the program runs from its sources: what a change of code
 * makes of the same sentences cannot be told there. A file is used by the build that wrote it alone.
 */
export function openShelf(folder: string, warn: (fault: unknown) => void): Shelf | undefined {
  if (!import.meta.url.includes('/dist/') || !existsSync(stamp)) return undefined
  const build = `${Math.round(statSync(stamp).mtimeMs)}-`
  const fileOf = (name: string): string => join(folder, `${build}${name}.model`)
  return {
    take: (name) => (existsSync(fileOf(name)) ? readFileSync(fileOf(name)) : undefined),
    put: (name, bytes) => {
      try {
        mkdirSync(folder, { recursive: true })
        for (const file of readdirSync(folder)) if (file.endsWith('.model') && !file.startsWith(build)) rmSync(join(folder, file), { force: true })
        // Under another name first: a process that is killed here must not leave half a model.
        const unfinished = `${fileOf(name)}.${process.pid}`
        writeFileSync(unfinished, bytes)
        renameSync(unfinished, fileOf(name))
      } catch (fault) {
        // Only the next start is slower.
        warn(fault)
      }
    },
  }
}
