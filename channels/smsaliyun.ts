import { createHmac } from 'node:crypto'
import { ChannelError, type ChannelErrorCode, type OutboundMessage, type Person, type Sent, type Wire } from './contract.ts'
import { askJson } from './platform.ts'
import type { Aliyun } from './smsconfig.ts'
import { filledTemplate, shortKey } from './smstemplate.ts'

/** https://help.aliyun.com/zh/sms/developer-reference/api-error-codes; what is not here the vendor will never send. */
const meanings: Readonly<Record<string, ChannelErrorCode>> = {
  Throttling: 'busy',
  'Throttling.User': 'busy',
  ServiceUnavailable: 'busy',
  InternalError: 'busy',
  'isp.SYSTEM_ERROR': 'busy',
  'isv.BUSINESS_LIMIT_CONTROL': 'busy',
  InvalidAccessKeyId: 'barred',
  'InvalidAccessKeyId.NotFound': 'barred',
  SignatureDoesNotMatch: 'barred',
  Forbidden: 'barred',
  'isv.ACCOUNT_ABNORMAL': 'barred',
  'isv.ACCOUNT_NOT_EXISTS': 'barred',
  'isv.OUT_OF_SERVICE': 'barred',
  'isv.AMOUNT_NOT_ENOUGH': 'barred',
  'isv.SMS_SIGNATURE_ILLEGAL': 'barred',
  'isv.SMS_TEMPLATE_ILLEGAL': 'barred',
}

type Asked = { readonly key: string; readonly refusals: number }

/**
 * One message. The vendor does not pass over a repeated one, but it refuses a used nonce: with the nonce made from our key a try after a lost
 * answer is sent, or is known to have arrived. Then nobody knows whether the message went out, and a person phones. What the vendor has said not
 * to have taken needs another nonce.
 */
export async function sendAliyun(to: Person, message: OutboundMessage, { key, refusals }: Asked, config: Aliyun, wire: Wire): Promise<Sent> {
  const template = filledTemplate(message, config.templates)
  const outId = shortKey(key)
  const parameters = {
    AccessKeyId: config.accessKeyId,
    Action: 'SendSms',
    Format: 'JSON',
    OutId: outId,
    PhoneNumbers: to.id,
    RegionId: 'cn-hangzhou',
    SignName: config.signName,
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: refusals === 0 ? outId : shortKey(`${key}~${refusals}`),
    SignatureVersion: '1.0',
    TemplateCode: template.id,
    TemplateParam: JSON.stringify(template.params),
    Timestamp: new Date(wire.now()).toISOString().replace(/\.\d{3}/, ''),
    Version: '2017-05-25',
  }
  const body = new URLSearchParams({ ...parameters, Signature: aliyunSignature('POST', parameters, config.accessKeySecret) })
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const { Code } = await askJson(`${config.apiBase}/`, { method: 'POST', headers, body: body.toString() }, wire, [200, 400, 403, 404])
  if (Code === 'OK') return { externalId: outId }
  throw new ChannelError(meanings[String(Code)] ?? 'refused', `vendor answered ${String(Code).slice(0, 60)}`, { untaken: true })
}

/** https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism */
export function aliyunSignature(method: string, parameters: Readonly<Record<string, string>>, secret: string): string {
  const query = Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&')
  return createHmac('sha1', `${secret}&`)
    .update(`${method}&${encoded('/')}&${encoded(query)}`)
    .digest('base64')
}

/** RFC 3986: also what encodeURIComponent leaves. */
const encoded = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
