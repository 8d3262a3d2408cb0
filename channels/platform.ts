import { ChannelError, type Fetched, type Wire } from './contract.ts'

/** A platform that has not answered by then has likely lost the request; two tries with their tokens still fit into a worker's lease. */
const patienceMs = 10_000

/** Posts to a platform and reads its JSON. @throws ChannelError 'busy' | 'unreachable', without the address: it may carry secrets */
export async function postJson(
  url: string,
  body: unknown,
  wire: Wire,
  headers: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  return askJson(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) }, wire)
}

/** Any request whose answer is an object in JSON; a status that carries no answer of the platform's own is a fault. @throws ChannelError */
export async function askJson(url: string, init: RequestInit, wire: Wire, statuses: readonly number[] = [200]): Promise<Readonly<Record<string, unknown>>> {
  const answer = await reached(() => wire.fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) }))
  if (!statuses.includes(answer.status)) {
    await answer.body?.cancel()
    // An answer of its own, if a bad one: it has not taken the message.
    throw new ChannelError(answer.status === 429 || answer.status >= 500 ? 'busy' : 'unreachable', `platform answered ${answer.status}`)
  }
  const read: unknown = await reached(() => answer.json())
  if (typeof read !== 'object' || read === null) throw new ChannelError('unreachable', 'platform answered no object')
  return { ...read }
}

/** The cause keeps the code of the network's fault alone, for the message of fetch may name the whole address. */
export async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (fault) {
    throw new ChannelError('unreachable', `platform was not reached (${fault instanceof Error ? fault.name : 'unknown'})`)
  }
}

/** A file, as long as it is not larger than `most` bytes. @throws ChannelError */
export async function bytesOf(url: string, wire: Wire, most: number): Promise<Fetched> {
  const answer = await reached(() => wire.fetch(url, { signal: AbortSignal.timeout(patienceMs) }))
  if (answer.status !== 200 || Number(answer.headers.get('content-length') ?? 0) > most) {
    await answer.body?.cancel()
    throw new ChannelError(answer.status === 200 ? 'refused' : 'unreachable', `platform answered ${answer.status}`)
  }
  const bytes = Buffer.from(await reached(() => answer.arrayBuffer()))
  if (bytes.length > most) throw new ChannelError('refused', 'file is too large')
  const name = nameIn(answer.headers.get('content-disposition') ?? '')
  return { bytes, type: answer.headers.get('content-type') ?? '', ...(name === undefined ? {} : { name }) }
}

/** RFC 6266; a name in bytes of UTF-8 comes through fetch as Latin-1. */
function nameIn(disposition: string): string | undefined {
  const [, coded] = /filename\*=utf-8''([^;]+)/i.exec(disposition) ?? []
  const [, plain] = /filename="?([^";]+)"?/i.exec(disposition) ?? []
  try {
    return coded === undefined ? plain && Buffer.from(plain, 'latin1').toString('utf8') : decodeURIComponent(coded)
  } catch {
    return plain
  }
}
