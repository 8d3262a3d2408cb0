import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

/** Every setting of the process, read from the environment; .env.example lists the same names and is tested against this. */
export const configSchema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|postgres(ql)?:\/\/.+)/, 'file:… or postgresql://…')
    .default('file:data/bandecheng.db')
    .describe('file:… for the embedded SQLite database, postgresql://… for PostgreSQL'),
  HOST: z.string().default('0.0.0.0').describe('address to listen on'),
  PORT: port.default(3000).describe('port to listen on; 0 takes any free one'),
  PUBLIC_ORIGIN: z
    .string()
    .regex(/^https?:\/\/[^/]+$/, 'https://host, without a path')
    .optional()
    .describe('the address that citizens and staff see, when it is not the one that reaches the process (reverse proxy)'),
  TRUST_PROXY: z
    .preprocess((given) => (given === 'true' ? 1 : given === 'false' ? 0 : given), z.coerce.number().int().min(0).max(9))
    .default(0)
    .describe('reverse proxies in front, one behind the other, that add to X-Forwarded-For; what stands left of their entries is not believed'),
  DATA_KEY: z
    .string()
    .regex(/^((sm4:)?[A-Za-z0-9+/]{43}=)( +(sm4:)?[A-Za-z0-9+/]{43}=)*$/, '32 bytes in base64; several keys, the oldest first, with a space between them')
    .optional()
    .describe('key for personal data, or several, the oldest first; without it the key file is used, and made at the first start'),
  DATA_KEY_FILE: z.string().default('data/data.key').describe('where the key is kept when DATA_KEY is not set; back it up apart from the database'),
  FILES_DIR: z.string().default('data/files').describe('folder for what citizens send (photos, papers), sealed; several processes must share it'),
  CLAMD: z.string().optional().describe('where ClamAV listens (a socket file, or host:port): every file is scanned before anybody can open it'),
  SCAN_COMMAND: z.string().optional().describe('instead of CLAMD: a scanner that reads a file from standard input and ends with 0 (clean) or 1 (infected)'),
  VOICE_COMMAND: z
    .string()
    .optional()
    .describe(
      'makes voice messages playable in a browser: reads AMR from standard input and writes WAV or MP3 to standard output; see docs/operations.zh-CN.md',
    ),
  WIDGET_SITES: z
    .string()
    .regex(/^(https?:\/\/[^\s/;,]+(\s+|$))*$/, 'addresses like https://www.example.gov.cn, separated by spaces')
    .default('')
    .describe('addresses of the sites that may show the chat in their pages, separated by spaces; see docs/widget.zh-CN.md'),
  CHAT_PER_MINUTE: z.coerce.number().int().positive().default(60).describe('messages that one visitor may send in a minute'),
  RATE_LIMIT: z.coerce
    .number()
    .int()
    .positive()
    .default(3_000)
    .describe('HTTP requests, and chat messages, that one address may send in a minute; an office shares one address'),
  MAX_SOCKETS: z.coerce.number().int().positive().default(12_000).describe('open chat connections of citizens that the process accepts'),
  SOCKETS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .positive()
    .default(3_000)
    .describe('open chat connections from one address; many citizens share one behind a telephone network or an office'),
  CHANNELS_FILE: z.string().optional().describe('YAML file with the settings of the remote channels, one entry for each; see docs/channels'),
  PARTNERS_FILE: z.string().optional().describe('YAML file with the systems that hand over cases (provincial platform, 12345); see docs/channels/partners.md'),
  OPEN311: z
    .enum(['off', 'on'])
    .default('off')
    .describe('on: anybody may read field, unit, stage and times of cases that are not restricted (Open311 GeoReport v2); see docs/channels/partners.md'),
  TWO_FACTOR: z
    .enum(['offered', 'admins', 'everyone'])
    .default('offered')
    .describe('who must log in with an authenticator app besides the password: offered, admins, everyone'),
  PASSWORD_DAYS: z.coerce.number().int().min(0).default(0).describe('days after which staff must change their password; 0 for never'),
  OIDC_ISSUER: z.url().optional().describe('address of the identity provider that staff sign on with (OpenID Connect)'),
  OIDC_CLIENT_ID: z.string().optional().describe('name of this desk at the identity provider'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('secret of this desk at the identity provider'),
  OIDC_ACCOUNT_CLAIM: z.string().default('preferred_username').describe('which claim of the identity provider is the account here'),
  MODEL_URL: z
    .url()
    .optional()
    .describe('base address of an OpenAI-compatible model inside the intranet, which may say which of the offered guides is meant; off without it'),
  MODEL_NAME: z.string().default('default').describe('name of the model there'),
  MODEL_KEY: z.string().optional().describe('key of the model, where it wants one'),
  METRICS_TOKEN: z.string().min(16).optional().describe('Prometheus sends it as bearer token to /metrics; without it there are no metrics'),
  CACHE_DIR: z.string().default('data/cache').describe('where learnt models are kept between two starts; may be emptied at any time'),
  LOG_DIR: z.string().optional().describe('folder for logs, one file a day; without it they go to standard output'),
  LOG_DAYS: z.coerce.number().int().min(180).default(200).describe('days that log files are kept; the law asks for six months'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('what is logged'),
})

export type Config = Readonly<z.output<typeof configSchema>> & { readonly dataKey: string }

/** Settings that cannot be used; the message lists every fault. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`settings that cannot be used:\n  ${faults.join('\n  ')}`)
    this.name = 'ConfigError'
  }
}

/** @throws ConfigError with all faults at once */
export function readConfig(environment: NodeJS.ProcessEnv = ownEnvironment()): Config {
  // An empty line in .env means "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = configSchema.safeParse(given)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  return Object.freeze({ ...parsed.data, dataKey: parsed.data.DATA_KEY ?? keyFromFile(parsed.data.DATA_KEY_FILE) })
}

/** The settings of the demo: a database and a key of its own, unless others are named. @throws ConfigError with all faults at once */
export const readDemoConfig = (): Config =>
  readConfig({ DATABASE_URL: 'file:data/demo.db', DATA_KEY_FILE: 'data/demo.key', FILES_DIR: 'data/demo-files', ...ownEnvironment() })

/** What is set in the environment wins over the .env file beside the program. */
function ownEnvironment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return process.env
}

function keyFromFile(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    // `wx`: of two processes that start at once, one makes the key and the other reads it.
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  }
  return readFileSync(file, 'utf8').trim()
}
