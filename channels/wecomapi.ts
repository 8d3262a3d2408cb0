import { createHash } from 'node:crypto'
import { ChannelError, type ChannelErrorCode, type FreshToken, type Wire } from './contract.ts'
import { askJson, postJson } from './platform.ts'

export type Corporation = { readonly corpId: string; readonly secret: string; readonly apiBase: string }

const staleToken = new Set([40014, 42001])

/**
 * What happens next: https://developer.work.weixin.qq.com/document/path/90313
 * A code that is not here is a message that the platform will not take for this person.
 */
const meanings: Readonly<Record<number, ChannelErrorCode>> = {
  [-1]: 'busy',
  45009: 'busy',
  40014: 'busy',
  42001: 'busy',
  // Wrong secret or company, an address that is not on the list, an interface that is not granted, an account that is not this app's.
  40001: 'barred',
  40013: 'barred',
  48002: 'barred',
  60020: 'barred',
  95004: 'barred',
  95011: 'barred',
  95012: 'barred',
}

type Answer = Readonly<Record<string, unknown>>

/** Posts with the app's token; a token that is refused is renewed once. @throws ChannelError */
export async function callWecom(path: string, body: unknown, corporation: Corporation, wire: Wire): Promise<Answer> {
  const token = await wecomToken(corporation, wire)
  const answer = await post(path, token, body, corporation, wire)
  if (!staleToken.has(codeOf(answer))) return settled(answer)
  const renewed = await wecomToken(corporation, wire, token)
  return settled(await post(path, renewed, body, corporation, wire))
}

const post = (path: string, token: string, body: unknown, { apiBase }: Corporation, wire: Wire): Promise<Answer> =>
  postJson(`${apiBase}${path}?access_token=${encodeURIComponent(token)}`, body, wire)

const codeOf = (answer: Answer): number => Number(answer['errcode'] ?? 0)

function settled(answer: Answer): Answer {
  const code = codeOf(answer)
  if (code === 0) return answer
  throw new ChannelError(meanings[code] ?? 'refused', `platform answered ${code}`, { number: code })
}

/** Each app of a company has a token of its own. The key by which it is shared stands in the database in the clear, and must tell nothing of the secret. */
export const wecomToken = (corporation: Corporation, wire: Wire, stale?: string): Promise<string> =>
  wire.tokens(`wecom:${corporation.corpId}:${digest(corporation.secret)}`, () => freshToken(corporation, wire), stale)

const digest = (secret: string): string => createHash('sha256').update(`bandecheng ${secret}`).digest('hex').slice(0, 16)

/** Whoever asks gets the same token until it ends. */
async function freshToken({ corpId, secret, apiBase }: Corporation, wire: Wire): Promise<FreshToken> {
  const answer = await askJson(`${apiBase}/cgi-bin/gettoken?corpid=${encodeURIComponent(corpId)}&corpsecret=${encodeURIComponent(secret)}`, {}, wire)
  const { access_token: token, expires_in: seconds } = answer
  if (typeof token === 'string' && typeof seconds === 'number') return { token, livesMs: seconds * 1000 }
  const code = codeOf(answer)
  throw new ChannelError(meanings[code] === 'barred' ? 'barred' : 'busy', `platform gave no token (${code})`)
}
