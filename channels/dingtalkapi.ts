import { ChannelError, type ChannelErrorCode, type FreshToken, type Wire } from './contract.ts'
import { askJson } from './platform.ts'

export type DingtalkApp = { readonly clientId: string; readonly clientSecret: string; readonly apiBase: string }
type Answer = Readonly<Record<string, unknown>>

/** Faults come with a status and `{code, message}`. https://open.dingtalk.com/document/orgapp/error-code */
const statuses = [200, 400, 401, 403, 404, 429]
const isStale = (code: string): boolean => /InvalidAuthentication|InvalidAccessToken/i.test(code)

/** Posts with the app's token; a token that is refused is renewed once. @throws ChannelError */
export async function callDingtalk(path: string, body: unknown, app: DingtalkApp, wire: Wire): Promise<Answer> {
  const key = `dingtalk:${app.clientId}`
  const token = await wire.tokens(key, () => freshToken(app, wire))
  const answer = await post(path, body, app, wire, { 'x-acs-dingtalk-access-token': token })
  if (!isStale(codeOf(answer))) return settled(answer)
  const renewed = await wire.tokens(key, () => freshToken(app, wire), token)
  return settled(await post(path, body, app, wire, { 'x-acs-dingtalk-access-token': renewed }))
}

/** Without a token, for the calls that carry id and secret themselves. @throws ChannelError */
export const askDingtalk = async (path: string, body: unknown, app: DingtalkApp, wire: Wire): Promise<Answer> => settled(await post(path, body, app, wire))

function post(path: string, body: unknown, { apiBase }: DingtalkApp, wire: Wire, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const init = { method: 'POST', headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return askJson(`${apiBase}${path}`, init, wire, statuses)
}

const codeOf = ({ code }: Answer): string => (typeof code === 'string' ? code : '')

function settled(answer: Answer): Answer {
  const code = codeOf(answer)
  if (code === '') return answer
  throw new ChannelError(meaningOf(code), `platform answered ${code.slice(0, 80)}`)
}

function meaningOf(code: string): ChannelErrorCode {
  if (/throttl|toomany|ServiceUnavailable|systemError/i.test(code)) return 'busy'
  // Wrong id or secret, a permission that is not granted, an address that is not on the list, a robot that is not this app's.
  return isStale(code) || /forbidden|invalidClient|invalidAppKey|unauthorized|robot/i.test(code) ? 'barred' : 'refused'
}

async function freshToken(app: DingtalkApp, wire: Wire): Promise<FreshToken> {
  const { accessToken: token, expireIn: seconds } = await askDingtalk(
    '/v1.0/oauth2/accessToken',
    { appKey: app.clientId, appSecret: app.clientSecret },
    app,
    wire,
  )
  if (typeof token === 'string' && typeof seconds === 'number') return { token, livesMs: seconds * 1000 }
  throw new ChannelError('busy', 'platform gave no token')
}
