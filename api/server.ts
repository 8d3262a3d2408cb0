import type { FastifyRequest } from 'fastify'
import type { Config } from './config.ts'
import type { Desk } from './desk.ts'
import type { Shell } from './shell.ts'
import type { Sockets } from './sockets.ts'
import type { Signer, VisitorTokens } from './tokens.ts'

/** What routes are given: the shell, and what belongs to HTTP. */
export type Server = {
  readonly shell: Shell
  readonly desk: Desk
  readonly sockets: Sockets
  readonly visitors: VisitorTokens
  /** of addresses of files */
  readonly links: Signer
  /** of passes to a case, for whoever has proven that it is theirs */
  readonly passes: Signer
  readonly config: Config
  /** of the program */
  readonly version: string
  /** after a change of the list of staff */
  readonly refreshNames: () => Promise<void>
  /** whether cookies may be limited to HTTPS for this request */
  readonly secure: (request: FastifyRequest) => boolean
}
