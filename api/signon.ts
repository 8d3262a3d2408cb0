import * as oidc from 'openid-client'
import type { Config } from './config.ts'

/** Signing staff on through the authority's own identity provider (OpenID Connect, code flow with PKCE). */
export type SignOn = {
  /** Where the browser goes, and what must come back with it; kept in a sealed cookie meanwhile. */
  readonly begin: (callback: string) => Promise<{ readonly url: string; readonly pending: Pending }>
  /** The account that the provider vouches for. @throws Error when the answer is forged, stale or refused */
  readonly finish: (answer: URL, pending: Pending) => Promise<string | undefined>
}

export type Pending = { readonly verifier: string; readonly state: string; readonly nonce: string; readonly until: number }

/** Long enough to find the phone for the provider's own second factor. */
const patienceMs = 10 * 60_000

/** Undefined when no provider is set up. The provider is asked for its settings at the first sign-on, and again after a failure. */
export function createSignOn(config: Config, now: () => number): SignOn | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret, OIDC_ACCOUNT_CLAIM: claim } = config
  if (!issuer || !clientId) return undefined
  let found: Promise<oidc.Configuration> | undefined
  const provider = (): Promise<oidc.Configuration> => {
    // A provider inside the intranet may speak plain HTTP; the address is the administrator's own.
    const insecure = issuer.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : {}
    found ??= oidc.discovery(new URL(issuer), clientId, secret, undefined, insecure).catch((fault: unknown) => {
      found = undefined
      throw fault
    })
    return found
  }
  return {
    begin: async (callback) => {
      const pending = {
        verifier: oidc.randomPKCECodeVerifier(),
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        until: now() + patienceMs,
      }
      const url = oidc.buildAuthorizationUrl(await provider(), {
        redirect_uri: callback,
        scope: 'openid profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        state: pending.state,
        nonce: pending.nonce,
      })
      return { url: url.href, pending }
    },
    finish: async (answer, { verifier, state, nonce, until }) => {
      if (now() > until) throw new Error('the sign-on took too long')
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
      const tokens = await oidc.authorizationCodeGrant(await provider(), answer, checks)
      const account = tokens.claims()?.[claim]
      return typeof account === 'string' ? account : undefined
    },
  }
}
