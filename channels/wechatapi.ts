import { ChannelError, type FreshToken, type Wire } from './contract.ts'
import { postJson } from './platform.ts'

export type Account = { readonly appId: string; readonly secret: string; readonly apiBase: string }

/** https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html */
const staleToken = new Set([40001, 40014, 42001])
const later = new Set([-1, 45009, 45011])

/** Posts with the account's token; a token that is refused is renewed once. @throws ChannelError 'busy' | 'unreachable' | 'refused' */
export async function callWechat(path: string, body: unknown, account: Account, wire: Wire): Promise<void> {
  const key = `wechat:${account.appId}`
  const token = await wire.tokens(key, () => freshToken(account, wire))
  const code = await post(path, token, body, account, wire)
  if (!staleToken.has(code)) return settled(code)
  const renewed = await wire.tokens(key, () => freshToken(account, wire), token)
  settled(await post(path, renewed, body, account, wire))
}

async function post(path: string, token: string, body: unknown, { apiBase }: Account, wire: Wire): Promise<number> {
  const answer = await postJson(`${apiBase}${path}?access_token=${encodeURIComponent(token)}`, body, wire)
  return Number(answer['errcode'] ?? 0)
}

function settled(code: number): void {
  if (code === 0) return
  // A second refusal of the token in a row is the platform's trouble or a wrong secret; both pass only with time or with a person.
  if (later.has(code) || staleToken.has(code)) throw new ChannelError('busy', `platform answered ${code}`)
  throw new ChannelError('refused', `platform answered ${code}`)
}

/** The stable token: whoever asks gets the same one until it ends, so that several processes do not push out each other's. */
async function freshToken({ appId, secret, apiBase }: Account, wire: Wire): Promise<FreshToken> {
  const body = { grant_type: 'client_credential', appid: appId, secret, force_refresh: false }
  const answer = await postJson(`${apiBase}/cgi-bin/stable_token`, body, wire)
  const { access_token: token, expires_in: seconds, errcode } = answer
  if (typeof token === 'string' && typeof seconds === 'number') return { token, livesMs: seconds * 1000 }
  throw new ChannelError('busy', `platform gave no token (${Number(errcode ?? 0)})`)
}
