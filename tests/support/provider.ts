import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'

/** An identity provider at the border: it checks what a real one checks, and vouches for whom the test says. */
export type Provider = {
  readonly url: string
  /** Plays the browser at the provider's page: logs in as `account` and gives the address that the browser is sent back to. */
  readonly approve: (authorizationUrl: string, account: string) => URL
  readonly close: () => Promise<void>
}

type Grant = { readonly account: string; readonly challenge: string; readonly nonce: string; readonly redirect: string }

export async function startProvider(clientId: string, secret: string): Promise<Provider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const grants = new Map<string, Grant>()
  let url = ''
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const idToken = ({ account, nonce }: Grant): string => {
    const seconds = Math.floor(Date.now() / 1_000)
    const claims = { iss: url, aud: clientId, sub: account, preferred_username: account, nonce, iat: seconds, exp: seconds + 60 }
    const body = `${part({ alg: 'RS256', kid: 'k' })}.${part(claims)}`
    return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`
  }
  const exchange = (form: URLSearchParams, authorization: string | undefined): object | undefined => {
    const code = form.get('code') ?? ''
    const grant = grants.get(code)
    grants.delete(code)
    const client = form.get('client_secret') === secret || authorization === `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!client || !grant || grant.challenge !== challenge || grant.redirect !== form.get('redirect_uri')) return undefined
    return { access_token: randomUUID(), token_type: 'Bearer', id_token: idToken(grant) }
  }
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '', url).pathname
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const endpoints = { issuer: url, authorization_endpoint: `${url}/login`, token_endpoint: `${url}/token`, jwks_uri: `${url}/keys` }
    const answers: Record<string, () => object | undefined> = {
      '/.well-known/openid-configuration': () => ({ ...endpoints, response_types_supported: ['code'], subject_types_supported: ['public'] }),
      '/keys': () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] }),
      '/token': () => exchange(new URLSearchParams(body), request.headers.authorization),
    }
    const answer = answers[path]?.()
    response.writeHead(answer ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? { error: 'invalid_grant' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return {
    url,
    approve: (authorizationUrl, account) => {
      const asked = new URL(authorizationUrl).searchParams
      const code = randomUUID()
      const redirect = asked.get('redirect_uri') ?? ''
      grants.set(code, { account, challenge: asked.get('code_challenge') ?? '', nonce: asked.get('nonce') ?? '', redirect })
      const back = new URL(redirect)
      back.searchParams.set('code', code)
      back.searchParams.set('state', asked.get('state') ?? '')
      return back
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
