import { ChannelError, type ChannelErrorCode, type FreshToken, type Wire } from './contract.ts'
import { postJson } from './platform.ts'

export type Account = { readonly appId: string; readonly secret: string; readonly apiBase: string }

const staleToken = new Set([40001, 40014, 42001])

/**
 * What happens next: https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html
 * A code that is not here is a message that the platform will never take.
 */
const meanings: Readonly<Record<number, ChannelErrorCode>> = {
  // The platform's trouble passes; so do the limits of a day and of a minute.
  [-1]: 'busy',
  45009: 'busy',
  45011: 'busy',
  // A token that is refused twice in a row: the platform's trouble, or a secret that was changed. Both pass only with time or with a person.
  40001: 'busy',
  40014: 'busy',
  42001: 'busy',
  // Not subscribed, or the one message of the consent is used up.
  43101: 'unwanted',
  // Outside the 48 hours, or the five messages are used up.
  45015: 'closed',
  45047: 'closed',
  // The address is not on the account's list, the secret is wrong, the interface is not granted, the account is banned.
  40013: 'barred',
  40125: 'barred',
  40164: 'barred',
  48001: 'barred',
  48004: 'barred',
  50002: 'barred',
}

type Answer = Readonly<Record<string, unknown>>

/** Posts with the account's token; a token that is refused is renewed once. @throws ChannelError */
export async function callWechat(path: string, body: unknown, account: Account, wire: Wire): Promise<Answer> {
  const key = `wechat:${account.appId}`
  const token = await wire.tokens(key, () => freshToken(account, wire))
  const answer = await post(path, token, body, account, wire)
  if (!staleToken.has(codeOf(answer))) return settled(answer)
  const renewed = await wire.tokens(key, () => freshToken(account, wire), token)
  return settled(await post(path, renewed, body, account, wire))
}

const post = (path: string, token: string, body: unknown, { apiBase }: Account, wire: Wire): Promise<Answer> =>
  postJson(`${apiBase}${path}?access_token=${encodeURIComponent(token)}`, body, wire)

const codeOf = (answer: Answer): number => Number(answer['errcode'] ?? 0)

function settled(answer: Answer): Answer {
  const code = codeOf(answer)
  if (code === 0) return answer
  throw new ChannelError(meanings[code] ?? 'refused', `platform answered ${code}`, { number: code })
}

/** The account's token, for what is fetched and not posted. */
export const wechatToken = (account: Account, wire: Wire, stale?: string): Promise<string> =>
  wire.tokens(`wechat:${account.appId}`, () => freshToken(account, wire), stale)

/** The stable token: whoever asks gets the same one until it ends, so that several processes do not push out each other's. */
async function freshToken({ appId, secret, apiBase }: Account, wire: Wire): Promise<FreshToken> {
  const body = { grant_type: 'client_credential', appid: appId, secret, force_refresh: false }
  const answer = await postJson(`${apiBase}/cgi-bin/stable_token`, body, wire)
  const { access_token: token, expires_in: seconds } = answer
  if (typeof token === 'string' && typeof seconds === 'number') return { token, livesMs: seconds * 1000 }
  const code = codeOf(answer)
  throw new ChannelError(meanings[code] === 'barred' ? 'barred' : 'busy', `platform gave no token (${code})`)
}
