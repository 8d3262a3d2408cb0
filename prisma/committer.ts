import { setImmediate as nextRound } from 'node:timers/promises'
import type { Database } from './database.ts'
import { isDuplicate, type Sql } from './sql.ts'

/** The stored state has moved on since it was read: read again and decide again. */
export class StaleError extends Error {
  readonly what: 'conversation' | 'ticket' | 'improvement' | 'document'
  readonly id: string
  constructor(what: 'conversation' | 'ticket' | 'improvement' | 'document', id: string) {
    super(`${what} ${id} has moved on`)
    this.name = 'StaleError'
    this.what = what
    this.id = id
  }
}

/** An arrival or command under this key is stored already. */
export class DuplicateError extends Error {
  constructor(cause: unknown) {
    super('stored already', { cause })
    this.name = 'DuplicateError'
  }
}

export type Commit = <T>(work: (sql: Sql) => Promise<T>) => Promise<T>

type Waiting = { readonly work: (sql: Sql) => Promise<unknown>; readonly resolve: (value: never) => void; readonly reject: (fault: unknown) => void }

/** More than this in one transaction keeps the first of them waiting for longer than an fsync saves. */
const largestGroup = 64

/**
 * Group commit: the turns that wait while the disk is busy go down together in one transaction, so one fsync serves many citizens.
 * A turn that fails alone fails alone: when a group fails, each of its turns is tried by itself.
 */
export function createCommitter(db: Database): Commit {
  let waiting: Waiting[] = []
  let busy = false
  /** Turns begin one in each round of the event loop: as long as each round brings another one, they go down together. */
  const gathered = async (): Promise<void> => {
    for (let before = 0; before < waiting.length && waiting.length < largestGroup; ) {
      before = waiting.length
      await nextRound()
    }
  }
  const drain = async (): Promise<void> => {
    busy = true
    while (waiting.length > 0) {
      await gathered()
      const group = waiting.slice(0, largestGroup)
      waiting = waiting.slice(largestGroup)
      await settle(db, group)
    }
    busy = false
  }
  return <T>(work: (sql: Sql) => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve, reject })
      if (!busy) void drain()
    })
}

async function settle(db: Database, group: readonly Waiting[]): Promise<void> {
  try {
    const results = await db.write(async (sql) => {
      const done: unknown[] = []
      for (const one of group) done.push(await one.work(sql))
      return done
    })
    group.forEach((one, index) => {
      one.resolve(results[index] as never)
    })
  } catch (fault) {
    if (group.length > 1) for (const one of group) await settle(db, [one])
    else group[0]?.reject(isDuplicate(fault) ? new DuplicateError(fault) : fault)
  }
}
