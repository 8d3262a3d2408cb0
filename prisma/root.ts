import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The same file runs from the source tree and from dist/: the nearest package.json above is the project.
function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from))
}

const root = findRoot(dirname(fileURLToPath(import.meta.url)))

/** Absolute path of a file that ships with the project: migrations, seed, built pages. */
export const projectFile = (...parts: readonly string[]): string => join(root, ...parts)
