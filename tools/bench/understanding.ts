import { benchMatch } from '../benchmatch.ts'
import type { Say } from './database.ts'

/** Reading a message, and matching it against many guides. */
export async function understanding(say: Say): Promise<ReturnType<typeof benchMatch>> {
  const figures = benchMatch()
  say(`at 5,000 guides: p50 ${figures.understandP50} ms, p99 ${figures.understandP99} ms`)
  say(`match at 100,000 items: p99 ${figures.at100k} ms in ${figures.at100kMb} MB; ready after ${figures.ready} ms`)
  return figures
}
