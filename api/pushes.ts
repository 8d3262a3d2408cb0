import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { HttpRequest, Instant, Wire } from '../channels/contract.ts'
import type { Call, Callee, PushSpec, StaffReceipt, Stream, Ways } from '../channels/push.ts'

/** A platform on which the staff are called, with its settings. */
export type Push = {
  readonly ways: Ways
  readonly send: (to: Callee, call: Call, key: string, code?: string) => Promise<void>
  readonly receive: ((request: HttpRequest, now: Instant) => StaffReceipt) | undefined
  readonly stream: { readonly open: () => Promise<string>; readonly read: Stream['read'] } | undefined
}
export type Pushes = ReadonlyMap<string, Push>

/** Every platform in the folder, by name. */
export async function loadPushes(folder: string): Promise<Map<string, PushSpec>> {
  const files = (await readdir(folder)).filter((file) => /^[a-z]+\.push\.(ts|js)$/.test(file)).sort()
  const specs = await Promise.all(files.map(async (file): Promise<PushSpec> => (await import(pathToFileURL(join(folder, file)).href)).push))
  return new Map(specs.map((spec) => [spec.name, spec]))
}

export function boundPush(spec: PushSpec, config: unknown, wire: Wire): Push {
  const { receive } = spec
  const stream = spec.stream?.(config)
  return {
    ways: spec.ways(config),
    send: (to, call, key, code) => spec.send(to, call, key, config, wire, code),
    receive: receive && ((request, now) => receive(request, config, now)),
    stream: stream && { open: () => stream.open(wire), read: stream.read },
  }
}
