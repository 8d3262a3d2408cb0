// What goes wrong between a platform and the office, the same for every simulator: with the calls that the office makes, and with the pushes
// that the platform makes. Nothing here is imported from the product.
import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * What the next calls of the office meet, one after another. `code`: one of the platform's own. `lost`: taken and shown to the citizen, but the
 * answer never arrives. `hang`: not taken, and never answered; `hung` is told of it. `token`: the office's token has ended by then.
 */
export type Fault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'code'; readonly code: number | string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'hang'; readonly hung?: () => void }
  | { readonly kind: 'token' }

/** True when the call has met a platform that is down: answered without having been read, or never. */
export function isOutage(fault: Fault | undefined, response: ServerResponse): boolean {
  if (fault?.kind === 'status') response.writeHead(fault.status).end()
  if (fault?.kind === 'hang') fault.hung?.()
  return fault?.kind === 'status' || fault?.kind === 'hang'
}

/** Answers, unless the answer is to be lost on its way. */
export function answerWith(fault: Fault | undefined, request: IncomingMessage, response: ServerResponse, value: object, status = 200): void {
  if (fault?.kind === 'lost') request.socket.destroy()
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/**
 * What befalls the next pushes, one after another. The first five are a stranger's copies, sent before the true one, and must be turned away:
 * signed with a wrong secret, of eleven minutes ago, of 1 MB, with a DOCTYPE, with entities that blow up. `skewed`: the platform's clock is nine
 * minutes ahead. `replayed`: heard on the way and sent again, now and before the next. `tripled`: three times at once, of which the platform
 * hears the last. `reordered`: comes after the next. `dropped`: never comes.
 */
export const spoils = ['forged', 'stale', 'huge', 'doctype', 'bomb', 'skewed', 'replayed', 'tripled', 'reordered', 'dropped'] as const
export type Spoil = (typeof spoils)[number]

/** How a push is made: its time stamp, whether with the right secret, and what is done to the message before it is signed. */
export type Making = { readonly at: number; readonly forged: boolean; readonly change: (message: string) => string }
export type Push = { readonly url: string; readonly body: string }
export type Heard = { readonly status: number; readonly body: string }
export type Make = (how: Making) => Push

/** The platform is content neither now nor after another try. */
export class BadReply extends Error {}

type Setting = {
  readonly now: () => number
  readonly troubles: string[]
  readonly type: string
  /** tries in all that follow at once */
  readonly tries?: number
  /** and after so many milliseconds each */
  readonly retryMs?: readonly number[]
  readonly post?: (push: Push) => Promise<Heard>
}

const minute = 60_000
const patienceMs = 5_000
const unchanged = (message: string): string => message
const doctype = '<!DOCTYPE xml [<!ENTITY a "a">]>'
const laughs = Array.from({ length: 9 }, (_, depth) => `<!ENTITY l${depth + 1} "${`&l${depth};`.repeat(10)}">`).join('')
const bomb = (message: string): string => `<!DOCTYPE xml [<!ENTITY l0 "ha">${laughs}]>${message.replace('</xml>', '<Bomb>&l9;</Bomb></xml>')}`

export type Line = ReturnType<typeof openLine>

/** The way from a platform to the office's webhook. */
export function openLine({ now, troubles, type, tries = 1, retryMs = [], post = (push) => posted(push, type) }: Setting) {
  const next: Spoil[] = []
  const held: (() => Promise<void>)[] = []
  let heardBefore: Push | undefined
  let later: { readonly at: number; readonly run: () => Promise<void> }[] = []

  const note = (fault: unknown): void => void troubles.push(String(fault))
  const own = (make: Make, at = now()): Push => make({ at, forged: false, change: unchanged })

  /** A stranger's request must be turned away, and must not hurt. */
  const refused = async (spoil: Spoil, push: Push): Promise<void> => {
    const { status } = await post(push).catch((fault: unknown) => ({ status: `${fault}` }))
    if (typeof status !== 'number' || status < 400 || status >= 500) note(`${spoil}: answered ${status}`)
  }
  /** Whatever is answered here, the platform does not hear it. */
  const unheard = async (push: Push): Promise<void> => {
    const heard = await post(push).catch(() => undefined)
    if (heard && heard.status >= 500) note(`answered ${heard.status}`)
  }

  const strangers: Readonly<Partial<Record<Spoil, (make: Make) => readonly Push[]>>> = {
    forged: (make) => [make({ at: now(), forged: true, change: unchanged })],
    stale: (make) => [own(make, now() - 11 * minute)],
    huge: (make) => [{ ...own(make), body: own(make).body + ' '.repeat(1 << 20) }],
    doctype: (make) => [{ ...own(make), body: doctype + own(make).body }, make({ at: now(), forged: false, change: (message) => doctype + message })],
    bomb: (make) => [{ ...own(make), body: bomb(own(make).body) }, make({ at: now(), forged: false, change: bomb })],
  }

  const attempt = async (push: Push, hear: (heard: Heard) => void, left = tries, waits = retryMs): Promise<void> => {
    try {
      hear(await post(push))
    } catch (fault) {
      if (left > 1 && !(fault instanceof BadReply)) return attempt(push, hear, left - 1, waits)
      const [wait, ...rest] = waits
      if (wait === undefined || fault instanceof BadReply) return note(fault)
      later.push({ at: now() + wait, run: () => attempt(push, hear, 1, rest) })
    }
  }

  const deliver = async (make: Make, hear: (heard: Heard) => void): Promise<void> => {
    const spoil = next.shift()
    for (const push of (spoil && strangers[spoil]?.(make)) ?? []) await refused(spoil as Spoil, push)
    if (heardBefore) await unheard(heardBefore)
    heardBefore = undefined
    if (spoil === 'dropped') return
    const push = own(make, now() + (spoil === 'skewed' ? 9 * minute : 0))
    const deliverIt = (): Promise<void> => attempt(push, hear)
    if (spoil === 'reordered') return void held.push(deliverIt)
    const early = spoil === 'tripled' ? [unheard(push), unheard(push)] : []
    await deliverIt()
    await Promise.all(early)
    if (spoil === 'replayed') await unheard(push)
    if (spoil === 'replayed') heardBefore = push
    for (const late of held.splice(0)) await late()
  }

  return {
    spoils: next,
    deliver,
    /** tries again what is due to be tried again by now */
    tick: async (): Promise<void> => {
      const due = later.filter((one) => one.at <= now())
      later = later.filter((one) => one.at > now())
      for (const one of due) await one.run()
    },
    /** how many pushes wait for another try */
    waiting: (): number => later.length,
  }
}

async function posted({ url, body }: Push, type: string): Promise<Heard> {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type }, signal: AbortSignal.timeout(patienceMs) })
  return { status: answer.status, body: await answer.text() }
}
