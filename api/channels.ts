import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import type {
  ChannelLimits,
  ChannelSpec,
  Fetched,
  FreshToken,
  HttpRequest,
  Instant,
  News,
  OutboundMessage,
  Page,
  Person,
  Pull,
  Receipt,
  Sent,
  Speaker,
  Tokens,
  Trial,
  Wire,
} from '../channels/contract.ts'
import { ConfigError } from './config.ts'
import { boundPush, loadPushes, type Push, type Pushes } from './pushes.ts'
import { sendersOf } from './senders.ts'

/** A channel with its settings. */
export type Channel = {
  readonly limits: ChannelLimits
  readonly receive: (request: HttpRequest, now: Instant) => Receipt
  readonly parts: (message: OutboundMessage) => readonly OutboundMessage[]
  readonly send: (to: Person, message: OutboundMessage, key: string, trial?: Trial) => Promise<Sent>
  readonly forms: readonly { readonly id: string; readonly send: (to: Person, news: News, key: string) => Promise<Sent> }[]
  readonly pull: ((ask: Pull, cursor: string | undefined) => Promise<Page>) | undefined
  readonly session: ((to: Person, speaker: Speaker) => Promise<void>) | undefined
  readonly speaksThere: (agent: string) => boolean
  readonly setUp: (() => Promise<void>) | undefined
  readonly media: ((ref: string) => Promise<Fetched>) | undefined
  readonly handedOn: boolean
  readonly receipts: boolean
  readonly byHand: boolean
}
export type Channels = ReadonlyMap<string, Channel>

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'channels')

/** Every channel in channels/, by name. */
export async function loadChannels(): Promise<Map<string, ChannelSpec>> {
  const files = (await readdir(folder)).filter((file) => /^[a-z]+\.channel\.(ts|js)$/.test(file)).sort()
  const specs = await Promise.all(files.map(async (file): Promise<ChannelSpec> => (await import(pathToFileURL(join(folder, file)).href)).channel))
  return new Map(specs.map((spec) => [spec.name, spec]))
}

/** Every platform on which the staff are called, by name. */
export const loadStaffPlatforms = () => loadPushes(folder)

/** Opens the channels, and the platforms that call the staff, that the settings file names. @throws ConfigError with all faults at once */
export async function openChannels(file: string | undefined, wire: Wire): Promise<{ readonly channels: Channels; readonly pushes: Pushes }> {
  const channels = new Map<string, Channel>()
  const pushes = new Map<string, Push>()
  if (file === undefined) return { channels, pushes }
  const [specs, platforms] = await Promise.all([loadChannels(), loadStaffPlatforms()])
  const faults: string[] = []
  for (const [name, raw] of Object.entries(readSettings(file))) {
    const [spec, platform] = [specs.get(name), platforms.get(name)]
    try {
      const { settings, only } = sendersOf(name, raw)
      const [channel, push] = [spec && bound(spec, spec.parseConfig(settings), wire), platform && boundPush(platform, platform.parseConfig(settings), wire)]
      if (channel) channels.set(name, { ...channel, receive: only(channel.receive) })
      else if (push) pushes.set(name, { ...push, receive: push.receive && only(push.receive) })
      else throw new Error(`${name}: there is no such channel; known are ${[...specs.keys(), ...platforms.keys()].join(', ')}`)
    } catch (fault) {
      faults.push(`CHANNELS_FILE: ${fault instanceof Error ? fault.message : String(fault)}`)
    }
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return { channels, pushes }
}

function readSettings(file: string): object {
  try {
    const settings: unknown = parse(readFileSync(file, 'utf8'))
    if (typeof settings === 'object' && settings !== null) return settings
  } catch {
    // The parser's message quotes the line, and the line may hold a secret.
  }
  throw new ConfigError([`CHANNELS_FILE: ${file} cannot be read as YAML with one entry for each channel`])
}

function bound(spec: ChannelSpec, config: unknown, wire: Wire): Channel {
  const { pull, session, media } = spec
  const setUp = spec.setUp?.(config)
  return {
    limits: spec.limits,
    receive: (request, now) => spec.receive(request, config, now),
    parts: (message) => spec.parts(message, config),
    send: (to, message, key, trial) => spec.send(to, message, key, config, wire, trial),
    forms: (spec.forms?.(config) ?? []).map(({ id, send }) => ({ id, send: (to, news, key) => send(to, news, key, wire) })),
    pull: pull && ((ask, cursor) => pull(ask, cursor, config, wire)),
    session: session && ((to, speaker) => session(to, speaker, config, wire)),
    speaksThere: (agent) => spec.speaksThere?.(agent, config) ?? false,
    setUp: setUp && (() => setUp(wire)),
    media: media && ((ref) => media(ref, config, wire)),
    handedOn: spec.handedOn ?? false,
    receipts: spec.receipts?.(config) ?? false,
    byHand: spec.byHand?.(config) ?? false,
  }
}

/** A token is renewed when a fifth of its life is left, so that none runs out between being asked for and being used. */
export const usedLife = 0.8

type Kept = { readonly fresh: Promise<FreshToken>; until: number }

export function createTokens(now: () => Instant): Tokens {
  const kept = new Map<string, Kept>()
  const ask: Tokens = async (key, renew, stale) => {
    const known = kept.get(key)
    const token = known && now() < known.until ? (await known.fresh).token : undefined
    if (token !== undefined && token !== stale) return token
    // Someone else has begun to renew it meanwhile.
    if (kept.get(key) !== known) return ask(key, renew, stale)
    const next: Kept = { fresh: renew(), until: Number.POSITIVE_INFINITY }
    kept.set(key, next)
    try {
      const fresh = await next.fresh
      next.until = now() + fresh.livesMs * usedLife
      return fresh.token
    } catch (fault) {
      kept.delete(key)
      throw fault
    }
  }
  return ask
}
