import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { attachmentPlace } from '../../prisma/attachments.ts'
import type { Cipher } from '../../prisma/cipher.ts'

/** The folder of files, outside of what is served: sealed, named by id, never by what somebody called them. */
export type FileStore = {
  /** on disk when it returns; the same id again overwrites */
  readonly put: (id: string, bytes: Buffer) => Promise<void>
  /** undefined when it is not there */
  readonly take: (id: string) => Promise<Buffer | undefined>
  readonly remove: (id: string) => Promise<void>
  /** ids of files that were put there before a moment */
  readonly older: (before: number) => Promise<string[]>
  /** Seals anew with the newest key what an older one sealed; gives how many files that were. */
  readonly reseal: () => Promise<number>
}

export function openStore(folder: string, cipher: Cipher): FileStore {
  const fileOf = (id: string): string => {
    if (!/^[\w-]{16,64}$/.test(id)) throw new Error('not the id of a file')
    return join(folder, id.slice(0, 2), id)
  }
  const put = async (id: string, bytes: Buffer): Promise<void> => {
    const file = fileOf(id)
    const unfinished = `${file}.${process.pid}.unfinished`
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const handle = await open(unfinished, 'w', 0o600)
    try {
      await handle.writeFile(cipher.sealBytes(bytes, attachmentPlace(id)))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, file)
  }
  return {
    put,
    take: async (id) => {
      try {
        return cipher.openBytes(await readFile(fileOf(id)), attachmentPlace(id))
      } catch (fault) {
        if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined
        throw fault
      }
    },
    remove: (id) => rm(fileOf(id), { force: true }),
    older: async (before) => {
      const found: string[] = []
      for (const { name, parentPath } of await filesUnder(folder)) if ((await stat(join(parentPath, name))).mtimeMs < before) found.push(name)
      return found
    },
    reseal: async () => {
      let done = 0
      for (const { name, parentPath } of await filesUnder(folder)) {
        const sealed = await readFile(join(parentPath, name))
        if (cipher.isCurrent(sealed)) continue
        await put(name, cipher.openBytes(sealed, attachmentPlace(name)))
        done += 1
      }
      return done
    },
  }
}

async function filesUnder(folder: string) {
  if (!existsSync(folder)) return []
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter((one) => one.isFile() && !one.name.endsWith('.unfinished'))
}
