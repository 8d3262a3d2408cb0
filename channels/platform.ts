import { ChannelError, type Wire } from './contract.ts'

/** A platform that has not answered by then has likely lost the request; two tries with their tokens still fit into a worker's lease. */
const patienceMs = 10_000

/** Posts to a platform and reads its JSON. @throws ChannelError 'busy' | 'unreachable', without the address: it may carry secrets */
export async function postJson(
  url: string,
  body: unknown,
  wire: Wire,
  headers: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await reached(() =>
    wire.fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    }),
  )
  if (answer.status !== 200) {
    await answer.body?.cancel()
    throw new ChannelError(answer.status === 429 ? 'busy' : 'unreachable', `platform answered ${answer.status}`)
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
