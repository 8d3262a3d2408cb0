import { createHash, createHmac } from 'node:crypto'
import { ChannelError, type ChannelErrorCode, type OutboundMessage, type Person, type Sent, type Wire } from './contract.ts'
import { askJson } from './platform.ts'
import type { Tencent } from './smsconfig.ts'
import { filledTemplate, shortKey } from './smstemplate.ts'

/** Beginnings of codes, the longer first: https://cloud.tencent.com/document/api/382/55981 */
const meanings: readonly (readonly [string, ChannelErrorCode])[] = [
  ['LimitExceeded', 'busy'],
  ['RequestLimitExceeded', 'busy'],
  ['InternalError', 'busy'],
  ['AuthFailure', 'barred'],
  ['UnauthorizedOperation', 'barred'],
  ['FailedOperation.InsufficientBalance', 'barred'],
  ['FailedOperation.Signature', 'barred'],
  ['FailedOperation.Template', 'barred'],
]

/** One message. The vendor neither passes over a repeated one nor tells of it, so that after a lost answer a person phones. */
export async function sendTencent(to: Person, message: OutboundMessage, key: string, config: Tencent, wire: Wire): Promise<Sent> {
  const template = filledTemplate(message, config.templates)
  const body = JSON.stringify({
    PhoneNumberSet: [`+86${to.id}`],
    SmsSdkAppId: config.appId,
    SignName: config.signName,
    TemplateId: template.id,
    TemplateParamSet: Object.values(template.params),
    SessionContext: shortKey(key),
  })
  const answer = await answered(body, config, wire)
  const { Error: fault, SendStatusSet: states } = objectOf(answer['Response'])
  const state = objectOf(Array.isArray(states) ? states[0] : undefined)
  const code = String(objectOf(fault)['Code'] ?? state['Code'] ?? '')
  if (code === 'Ok') return typeof state['SerialNo'] === 'string' ? { externalId: state['SerialNo'] } : {}
  throw new ChannelError(meanings.find(([start]) => code.startsWith(start))?.[1] ?? 'refused', `vendor answered ${code.slice(0, 80)}`)
}

async function answered(body: string, { secretId, secretKey, region, apiBase }: Tencent, wire: Wire): Promise<Readonly<Record<string, unknown>>> {
  const seconds = Math.floor(wire.now() / 1000)
  const { host } = new URL(apiBase)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    host,
    'x-tc-action': 'SendSms',
    'x-tc-version': '2021-01-11',
    'x-tc-timestamp': String(seconds),
    'x-tc-region': region,
    authorization: tencentAuthorization({ secretId, secretKey, host, service: 'sms', body, seconds }),
  }
  try {
    return await askJson(`${apiBase}/`, { method: 'POST', headers, body }, wire)
  } catch (fault) {
    if (fault instanceof ChannelError && fault.code === 'unreachable')
      throw new ChannelError('refused', 'nobody knows whether the vendor took it', { cause: fault })
    throw fault
  }
}

type Signed = {
  readonly secretId: string
  readonly secretKey: string
  readonly host: string
  readonly service: string
  readonly body: string
  readonly seconds: number
}

/** TC3-HMAC-SHA256: https://cloud.tencent.com/document/api/382/52072 */
export function tencentAuthorization({ secretId, secretKey, host, service, body, seconds }: Signed): string {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  const keyed = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  const day = new Date(seconds * 1000).toISOString().slice(0, 10)
  const scope = `${day}/${service}/tc3_request`
  const canonical = ['POST', '/', '', `content-type:application/json; charset=utf-8\nhost:${host}\n`, 'content-type;host', hash(body)].join('\n')
  const key = keyed(keyed(keyed(`TC3${secretKey}`, day), service), 'tc3_request')
  const signature = keyed(key, ['TC3-HMAC-SHA256', String(seconds), scope, hash(canonical)].join('\n')).toString('hex')
  return `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? { ...value } : {})
