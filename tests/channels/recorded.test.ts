import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadChannels, loadStaffPlatforms } from '../../api/channels.ts'
import { ChannelError, type HttpReply, type HttpRequest, type Page, type Wire } from '../../channels/contract.ts'
import type { Frame } from '../../channels/push.ts'

const folder = 'tests/fixtures/channels'

/** What a platform has sent, recorded at its simulator with the clock standing still, and what it says. */
type Recording = {
  readonly at: number
  readonly settings: unknown
  /** the platform signs nothing: whoever knows the address is the platform */
  readonly unsigned?: true
  readonly pushes?: readonly { readonly what: string; readonly request: Recorded; readonly arrives: object; readonly ack: string }[]
  /** what was read when it was asked for */
  readonly pages?: readonly { readonly what: string; readonly answer: object; readonly arrives: object }[]
  /** what came over a connection that we opened */
  readonly frames?: readonly { readonly what: string; readonly frame: object; readonly arrives: object; readonly answer?: object }[]
}
type Recorded = Omit<HttpRequest, 'headers' | 'body'> & { readonly body: string }
type Read = (request: HttpRequest, at: number) => { readonly ack: HttpReply }

/** NAME.json, or NAME.WAY.json where a platform has several ways. */
const recordings = readdirSync(folder).map((file) => {
  const recording: Recording = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  return { file, name: file.split('.')[0] ?? '', recording }
})
const channels = await loadChannels()
const platforms = await loadStaffPlatforms()
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const asHttp = ({ body, ...rest }: Recorded): HttpRequest => ({ ...rest, headers: {}, body: Buffer.from(body) })

/** What becomes of it: taken, or turned away by a ChannelError; any other fault is a crash. */
function fate(work: () => unknown): string {
  try {
    work()
    return 'taken'
  } catch (fault) {
    return fault instanceof ChannelError ? fault.code : `crash: ${fault}`
  }
}

test('every channel and every platform of the staff has recordings, and a page that says how to set it up', () => {
  const names = [...channels.keys(), ...platforms.keys()]
  expect(names.filter((name) => !recordings.some((one) => one.name === name))).toEqual([])
  // Ways in that have no platform are set up as well.
  expect([...names, 'counter', 'partners', '12345'].filter((name) => !existsSync(`docs/channels/${name}.md`))).toEqual([])
  expect(recordings.filter((one) => !names.includes(one.name))).toEqual([])
})

describe.each(recordings.filter(({ recording }) => recording.pushes))('pushes of $file', ({ name, recording }) => {
  const { at, unsigned, pushes = [] } = recording
  const read = ((): Read => {
    const [channel, platform] = [channels.get(name), platforms.get(name)]
    const config = (channel ?? platform)?.parseConfig(recording.settings)
    return (request, now) => channel?.receive(request, config, now) ?? platform?.receive?.(request, config, now) ?? expect.unreachable(name)
  })()
  const arrivals = (request: HttpRequest, now: number): unknown => {
    const { ack: _ack, late: _late, answer: _answer, ...arrives } = read(request, now) as ReturnType<Read> & Record<string, unknown>
    return plain(arrives)
  }
  const all = pushes.map((push) => ({ ...push, request: asHttp(push.request) }))

  test.each(all)('$what: read as what it is, and acknowledged', ({ request, arrives, ack }) => {
    expect(arrivals(request, at)).toEqual(arrives)
    expect(read(request, at).ack).toMatchObject({ status: 200, body: ack })
  })

  test.each(all)('$what: pushed again it has the same keys', ({ request }) => {
    const keys = (now: number): string => JSON.stringify(arrivals(request, now), (name, value) => (name === 'sentAt' ? undefined : value))
    expect(keys(at + 8_000)).toBe(keys(at))
  })

  test.each(all)('$what: forged it is turned away', ({ request }) => {
    const signed = Object.keys(request.query).filter((one) => /^(msg_)?signature$|^timestamp$|^nonce$/.test(one))
    const forgeries = unsigned
      ? ['', 'x', '/x'].map((end) => ({ ...request, path: end === '' ? request.path.slice(0, -1) : request.path + end }))
      : signed.flatMap((one) => ['', `${request.query[one]}0`, '0'].map((value) => ({ ...request, query: { ...request.query, [one]: value } })))
    expect(forgeries.length).toBeGreaterThan(2)
    expect(forgeries.map((forgery) => fate(() => read(forgery, at)))).toEqual(forgeries.map(() => 'forged'))
  })

  test.each(all.filter(({ request }) => request.query['msg_signature'] !== undefined))('$what: under the signature of another it is turned away', (push) => {
    const others = all.filter((one) => one !== push && one.request.method === 'POST' && one.request.query['msg_signature'])
    expect(others.map(({ request }) => fate(() => read({ ...push.request, method: 'POST', body: request.body }, at)))).toEqual(others.map(() => 'forged'))
  })

  test.skipIf(unsigned).each(all)('$what: heard on the way and played again after eleven minutes it is turned away', ({ request }) => {
    expect([11, -11].map((minutes) => fate(() => read(request, at + minutes * 60_000)))).toEqual(['forged', 'forged'])
  })

  test.each(all.filter(({ request }) => request.method === 'POST'))('$what: malformed it is turned away, however it was damaged', ({ request }) => {
    const { body } = request
    const fates = (bodies: readonly Buffer[]): Set<string> => new Set(bodies.map((damaged) => fate(() => read({ ...request, body: damaged }, at))))
    const declared = Buffer.concat([Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]>'), body])
    const whole = [Buffer.alloc(0), Buffer.concat([body, Buffer.alloc(1 << 20, ' ')]), Buffer.concat([body, Buffer.from([0xff])]), declared]
    const cut = Array.from(body, (_, length) => body.subarray(0, length))
    const turned = Array.from(body, (byte, place) => Buffer.concat([body.subarray(0, place), Buffer.from([byte ^ 0x55]), body.subarray(place + 1)]))
    for (const code of fates([...whole, ...cut])) expect(['forged', 'malformed']).toContain(code)
    for (const code of fates(turned)) expect(['taken', 'forged', 'malformed']).toContain(code)
  })
})

describe.each(recordings.filter(({ recording }) => recording.pages))('pages of $file', ({ name, recording }) => {
  const channel = channels.get(name)
  const config = channel?.parseConfig(recording.settings)
  const pull = async (answer: unknown): Promise<Page | undefined> => {
    const wire: Wire = { fetch: (async () => Response.json(answer)) as typeof fetch, now: () => recording.at, tokens: async () => 'token' }
    return channel?.pull?.({ name: 'place' }, undefined, config, wire)
  }

  test.each(recording.pages ?? [])('$what: read as what they are', async ({ answer, arrives }) => {
    expect(plain(await pull(answer))).toEqual(arrives)
  })

  test.each(recording.pages ?? [])('$what: a line that cannot be read stops none that follow', async ({ answer }) => {
    const lines = Object.entries(answer).find((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
    if (!lines) return expect.unreachable('no list')
    const [list, good] = lines
    const strange = [null, 7, [], {}, { msgid: {} }, { ...(good[1] as object), text: null }, { ...(good[1] as object), origin: 'x' }]
    const page = await pull({ ...answer, [list]: good.flatMap((line) => [...strange, line]) })
    expect(page?.messages.map((one) => one.externalId)).toEqual((await pull(answer))?.messages.map((one) => one.externalId))
  })
})

describe.each(recordings.filter(({ recording }) => recording.frames))('frames of $file', ({ name, recording }) => {
  const platform = platforms.get(name)
  const stream = platform?.stream?.(platform.parseConfig(recording.settings))
  const read = (frame: string): Frame => stream?.read(frame) ?? expect.unreachable(name)
  const frames = recording.frames ?? []

  test.each(frames)('$what: read as what it is, answered, and sent again it has the same keys', ({ frame, arrives, answer }) => {
    const { answer: given, ...read1 } = read(JSON.stringify(frame))
    expect(plain(read1)).toEqual(arrives)
    expect(given === undefined ? undefined : JSON.parse(given)).toEqual(answer)
    expect(read(JSON.stringify(frame))).toEqual(read(JSON.stringify(frame)))
  })

  test.each(frames)('$what: malformed it is turned away', ({ frame }) => {
    const text = JSON.stringify(frame)
    const cut = Array.from(text, (_, length) => text.slice(0, length))
    const turned = Array.from(text, (letter, place) => text.slice(0, place) + String.fromCharCode(letter.charCodeAt(0) ^ 0x15) + text.slice(place + 1))
    expect(new Set(cut.map((one) => fate(() => read(one))))).toEqual(new Set(['malformed']))
    for (const code of new Set(turned.map((one) => fate(() => read(one))))) expect(['taken', 'malformed']).toContain(code)
  })
})
